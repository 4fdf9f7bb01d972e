// Texts: one for every code, "unknown" for all others, and never NULL.
#include <catch2/catch.hpp>
#include <set>

#include "base/status.hpp"
#include "sdk/abi/abi_support.hpp"

namespace
{
using Text = const char* (*)(std::uint32_t);

void check(Text text, const std::set<std::uint32_t>& codes)
{
    std::set<std::string> seen;
    for (std::uint32_t code = 0; code < 70000; ++code)
    {
        const char* const t = text(code);
        REQUIRE(t != nullptr);
        if (codes.count(code) == 0)
        {
            if (std::string(t) != "unknown")
                FAIL("code " << code << " is " << t);
            continue;
        }
        REQUIRE(std::string(t) != "unknown");
        if (!seen.insert(t).second)
            FAIL("two codes are " << t);
    }
    REQUIRE(seen.size() == codes.size());
    REQUIRE(std::string(text(UINT32_MAX)) == "unknown");
    // A code is 16 bits inside; one that is congruent to a known code is not that code.
    REQUIRE(std::string(text(0x10001)) == "unknown");
}
}  // namespace

TEST_CASE("Every code has a text of its own")
{
    check(&mote_status_text, {MOTE_OK, MOTE_MALFORMED, MOTE_INVALID_ARGUMENT, MOTE_MEMORY_TOO_SMALL,
                              MOTE_LIMIT_EXCEEDED, MOTE_UNSUPPORTED});
    check(&mote_stage_text, {
#define MOTE_STAGE(code, name, text) code,
#include "base/stage_table.inc"
#undef MOTE_STAGE
                            });
    check(&mote_reason_text, {
#define MOTE_REASON(code, name, text) code,
#include "base/reason_table.inc"
#undef MOTE_REASON
                             });
    check(&mote_field_text, {
#define MOTE_FIELD(code, name, text) code,
#include "base/field_table.inc"
#undef MOTE_FIELD
                            });
}

TEST_CASE("The version is the header's, and the variant has a name")
{
    REQUIRE(mote_abi_version() == MOTE_ABI_VERSION);
    bool known = false;
    for (const mote_core* core : mote::test::runnable_cores())
        known = known || std::string(core->name) == mote_arch_name();
    REQUIRE(known);
}
