// Bundles and proofs taken apart: what is in them, hiding ones, and every way of ending too early.
#include <catch2/catch.hpp>
#include <memory>

#include "base/status.hpp"
#include "sdk/abi/abi_support.hpp"

using namespace mote;
using namespace mote::test;

namespace
{
/// All zero behind the struct size.
template <class Out>
bool is_zeroed(const Out& out)
{
    const auto* const p = reinterpret_cast<const std::uint8_t*>(&out);
    for (std::size_t i = sizeof out.struct_size; i < sizeof out; ++i)
        if (p[i] != 0)
            return false;
    return out.struct_size == sizeof out;
}

template <class Out>
Out stale()
{
    Out out;
    std::memset(&out, 0x5a, sizeof out);
    out.struct_size = sizeof out;
    return out;
}

/// Calls with the first `cut` bytes, alone in a block of memory.
template <class Out, class Call>
void check_cut(const Call& call, mote_span bytes, std::size_t cut)
{
    const std::unique_ptr<std::uint8_t[]> exact(new std::uint8_t[cut]);
    if (cut != 0)
        std::memcpy(exact.get(), bytes.data, cut);
    Out out = stale<Out>();
    mote_verdict v = stale_verdict();
    const mote_status status = call(&out, &v, exact.get(), cut);
    if (status != MOTE_MALFORMED || v.accepted != 0 || v.reason == 0 || v.offset > cut ||
        v.stage != static_cast<std::uint32_t>(Stage::decode) || !is_zeroed(out))
        FAIL("cut at " << cut << ": status " << status << " reason " << v.reason);
}

/// Lengths to cut at: all near both ends, a sample between.
std::vector<std::size_t> cuts(std::size_t size)
{
    std::vector<std::size_t> out;
    for (std::size_t cut = 0; cut < size; cut += cut < 64 || cut + 64 > size ? 1 : 997)
        out.push_back(cut);
    for (std::size_t k = 1; k < 64 && k < size; ++k)
        out.push_back(size - k);
    return out;
}
}  // namespace

TEST_CASE("A bundle gives its parts in order, and all of them")
{
    for (const char* name : accepted_bundles)
    {
        const OpenBundle b(name);
        const mote_jolt_bundle& p = b.parts;
        REQUIRE(p.panic == 0);
        REQUIRE(p.key.data == b.bytes.data());
        REQUIRE(p.setup.data > p.key.data + p.key.bytes);
        REQUIRE(p.proof.data > p.setup.data + p.setup.bytes);
        REQUIRE(p.trusted_advice.bytes == 0);
        REQUIRE(p.trusted_advice.data == nullptr);
        REQUIRE(std::memcmp(p.key_digest, p.key.data + p.key.bytes - 32, 32) == 0);
        // Behind the proof stands the byte that says there is no commitment.
        REQUIRE(p.proof.data + p.proof.bytes + 1 == b.bytes.data() + b.bytes.size());
        REQUIRE(p.outputs.bytes >= 1);
        REQUIRE(p.outputs.data[0] == 15);
        REQUIRE(p.setup_digest[0] == 0x07);
        REQUIRE(p.setup_digest[31] == 0x0f);
        REQUIRE(p.memory_layout.max_input_size != 0);
        REQUIRE(p.memory_layout.io_end > p.memory_layout.input_start);
    }
}

TEST_CASE("Hiding bundles are rejected with a reason people can read")
{
    for (const char* name : {"zk-muldiv", "zk-committed-muldiv", "zk-advice-consumer"})
    {
        const Buffer bytes = bundle_file(name);
        for (const mote_core* core : runnable_cores())
        {
            auto out = stale<mote_jolt_bundle>();
            mote_verdict v = stale_verdict();
            REQUIRE(core->bundle_open(&out, &v, bytes.data(), bytes.size()) == MOTE_OK);
            REQUIRE(v.accepted == 0);
            REQUIRE(v.reason == static_cast<std::uint32_t>(Reason::unsupported_hiding));
            REQUIRE(std::string(mote_reason_text(v.reason)) == "unsupported: hiding proof");
            REQUIRE(is_zeroed(out));
            REQUIRE(v.offset < bytes.size());

            // The proof alone says the same, to those who describe it and those who verify it.
            const std::size_t proof_at =
                static_cast<std::size_t>(BundleEdit(bytes).range("proof").offset);
            auto info = stale<mote_jolt_proof_info>();
            v = stale_verdict();
            REQUIRE(core->proof_describe(&info, &v, bytes.data() + proof_at,
                                         bytes.size() - proof_at) == MOTE_OK);
            REQUIRE(v.accepted == 0);
            REQUIRE(v.reason == static_cast<std::uint32_t>(Reason::unsupported_hiding));
            REQUIRE(is_zeroed(info));

            const OpenBundle b("muldiv");
            const Opened opened(core, b);
            REQUIRE(opened.verify(v, b.io(), {bytes.data() + proof_at, bytes.size() - proof_at},
                                  nullptr) == MOTE_OK);
            REQUIRE(v.accepted == 0);
            REQUIRE(v.reason == static_cast<std::uint32_t>(Reason::unsupported_hiding));
        }
    }
}

TEST_CASE("Headline values of a proof agree with a second reader")
{
    for (const char* name : accepted_bundles)
    {
        const OpenBundle b(name);
        const BundleEdit edit(b.bytes);
        for (const mote_core* core : runnable_cores())
        {
            auto info = stale<mote_jolt_proof_info>();
            mote_verdict v = stale_verdict();
            REQUIRE(core->proof_describe(&info, &v, b.parts.proof.data, b.parts.proof.bytes) ==
                    MOTE_OK);
            REQUIRE(is_accepted(v));
            REQUIRE(info.trace_length == edit.value("proof.trace_length"));
            REQUIRE(info.ram_words == edit.value("proof.ram_K"));
            REQUIRE(info.instruction_commitments == edit.count("proof.commitments.instruction_ra"));
            REQUIRE(info.ram_commitments == edit.count("proof.commitments.ram_ra"));
            REQUIRE(info.bytecode_commitments == edit.count("proof.commitments.bytecode_ra"));
            REQUIRE(info.opening_bytes == edit.value("proof.opening#"));
            REQUIRE(info.untrusted_advice == 0);
            REQUIRE(info.log_k_chunk == edit.value("proof.one_hot_config.log_k_chunk"));
            const char* const with_rounds[] = {"s1", "s2", "s3", "s4", "s5", "s6a", "s6b", "s7"};
            const std::size_t numbers[] = {1, 3, 4, 5, 6, 7, 8, 9};
            for (std::size_t i = 0; i < 8; ++i)
                REQUIRE(info.sumcheck_rounds[numbers[i]] ==
                        edit.count(std::string("proof.sumchecks.") + with_rounds[i]));
        }
    }
}

TEST_CASE("Bundles and proofs that end too early are malformed and leave nothing behind")
{
    const OpenBundle b("committed-muldiv");
    for (const mote_core* core : runnable_cores())
    {
        const mote_span whole{b.bytes.data(), b.bytes.size()};
        for (const std::size_t cut : cuts(whole.bytes))
            check_cut<mote_jolt_bundle>(core->bundle_open, whole, cut);
        for (const std::size_t cut : cuts(b.parts.proof.bytes))
            check_cut<mote_jolt_proof_info>(core->proof_describe, b.parts.proof, cut);
    }
}

TEST_CASE("Keys and setups that end too early are malformed, and so is one byte more")
{
    const OpenBundle b("committed-muldiv");
    for (const mote_core* core : runnable_cores())
    {
        using Size = mote_status (*)(size_t*, mote_verdict*, const uint8_t*, size_t);
        const std::pair<Size, mote_span> calls[] = {{core->key_size, b.parts.key},
                                                    {core->setup_size, b.parts.setup}};
        for (const auto& [call, span] : calls)
        {
            for (const std::size_t cut : cuts(span.bytes))
            {
                const Buffer bytes(span.data, span.data + cut);
                std::size_t size = 99;
                mote_verdict v = stale_verdict();
                if (call(&size, &v, bytes.data(), cut) != MOTE_MALFORMED || size != 0 ||
                    v.accepted != 0 || v.offset > cut)
                    FAIL("cut at " << cut);
            }
            Buffer longer(span.data, span.data + span.bytes);
            longer.push_back(0);
            std::size_t size = 99;
            mote_verdict v = stale_verdict();
            REQUIRE(call(&size, &v, longer.data(), longer.size()) == MOTE_MALFORMED);
            REQUIRE(v.reason == static_cast<std::uint32_t>(Reason::trailing_bytes));
            REQUIRE(size == 0);
        }
    }
}
