// The contract of verify_piop: memory, missing parts, what is reported while it runs.
#include "jolt/verify_piop.hpp"

#include <catch2/catch.hpp>

#include "piop_support.hpp"
#include "tools/aligned_memory.hpp"

using namespace mote;
using namespace mote::test;

TEST_CASE("verification needs exactly the memory it says and gives it back", "[jolt]")
{
    for (const std::string name : {"muldiv", "committed-muldiv", "piop/limits"})
    {
        INFO(name);
        PiopCase c(name);
        const std::size_t bytes = jolt::piop_memory_bytes(c.key());
        const PiopRun run = run_piop(c.input(), bytes);
        CHECK(run.status == Status::ok);
        CHECK(run.memory_left_taken == 0);

        for (const std::size_t fewer : {bytes - Arena::alignment - 1, bytes / 2, std::size_t{0}})
        {
            const PiopRun small = run_piop(c.input(), fewer);
            CHECK(small.status == Status::memory_too_small);
            CHECK(small.memory_left_taken == 0);
            CHECK(small.states.size() == 1);
        }
    }
}

TEST_CASE("an arena that is not aligned any more is enough as well", "[jolt]")
{
    PiopCase c("committed-muldiv");
    const std::size_t bytes = jolt::piop_memory_bytes(c.key());
    const mote::test::AlignedMemory memory = mote::test::aligned_memory(bytes + 1);
    Arena arena(memory.get(), bytes + 1);
    REQUIRE(arena.take<std::uint8_t>(1) != nullptr);
    transcript::Transcript transcript("Jolt");
    jolt::OpeningStatement statement;
    Report report;
    CHECK(jolt::verify_piop(c.input(), arena, transcript, {}, statement, report) == Status::ok);
    CHECK(arena.used() == 1);
}

TEST_CASE("stages are announced once, in order, up to the one that rejects", "[jolt]")
{
    PiopCase c("committed-muldiv");
    const std::vector<Stage> all = {Stage::preamble,       Stage::stage1_uniskip, Stage::stage1,
                                    Stage::stage2_uniskip, Stage::stage2,         Stage::stage3,
                                    Stage::stage4,         Stage::stage5,         Stage::stage6a,
                                    Stage::stage6b,        Stage::stage7,         Stage::stage8};
    CHECK(run_piop(c).stages == all);

    c.proof.claims.stage4.ram_val_check.ram_inc += field::Fr::one();
    const PiopRun run = run_piop(c);
    CHECK(run.status == Status::rejected);
    CHECK(run.report.stage == Stage::stage4);
    CHECK(run.report.reason == Reason::final_claim);
    CHECK(run.report.field == Field::sumcheck_4);
    CHECK(run.stages == std::vector<Stage>(all.begin(), all.begin() + 7));
}

TEST_CASE("a caller that forgets a part is told so", "[jolt]")
{
    const auto check = [](PiopCase& c, auto spoil)
    {
        REQUIRE(run_piop(c, false).status == Status::ok);
        spoil(c);
        const PiopRun run = run_piop(c);
        CHECK(run.status == Status::invalid_argument);
        CHECK(run.states.size() == 1);
    };
    const curve::Gt* jolt::Elements::* const elements[] = {
        &jolt::Elements::rd_inc,         &jolt::Elements::ram_inc,
        &jolt::Elements::instruction_ra, &jolt::Elements::ram_ra,
        &jolt::Elements::bytecode_ra,    &jolt::Elements::untrusted_advice,
        &jolt::Elements::trusted_advice};
    for (const auto element : elements)
    {
        PiopCase c("piop/full-with-advice");
        check(c, [&](PiopCase& x) { x.elements.*element = nullptr; });
    }
    {
        PiopCase c("committed-muldiv");
        check(c, [](PiopCase& x) { x.key().chunk_commitments = nullptr; });
    }
    {
        PiopCase c("committed-muldiv");
        check(c, [](PiopCase& x) { x.key().image_commitment = nullptr; });
    }
    for (const std::size_t bytes : {1U, 383U})
    {
        PiopCase c("piop/full-with-advice");
        check(c, [&](PiopCase& x)
              { x.parts.trusted_advice.bytes = x.parts.trusted_advice.bytes.first(bytes); });
    }
    // What does not occur may be missing.
    PiopCase c("muldiv");
    c.elements.untrusted_advice = c.elements.trusted_advice = nullptr;
    CHECK(run_piop(c, false).status == Status::ok);
}
