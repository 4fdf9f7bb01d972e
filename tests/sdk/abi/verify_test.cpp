// What a verification says: accepted bundles, and everything a caller can give that makes it say no.
#include <catch2/catch.hpp>
#include <utility>

#include "base/status.hpp"
#include "sdk/abi/abi_support.hpp"

using namespace mote;
using namespace mote::test;

namespace
{
bool says(const mote_verdict& v, Stage stage, Reason reason, Field field)
{
    return v.accepted == 0 && v.stage == static_cast<std::uint32_t>(stage) &&
           v.reason == static_cast<std::uint32_t>(reason) &&
           v.field == static_cast<std::uint32_t>(field);
}

struct Seen
{
    std::vector<std::uint32_t> stages;
    std::vector<std::uint32_t> steps;
    Buffer last_state;
    static void stage(void* context, std::uint32_t stage)
    {
        static_cast<Seen*>(context)->stages.push_back(stage);
    }
    static void step(void* context, std::uint32_t steps, const std::uint8_t* state)
    {
        Seen& seen = *static_cast<Seen*>(context);
        seen.steps.push_back(steps);
        seen.last_state.assign(state, state + 32);
    }
};
}  // namespace

TEST_CASE("Every variant accepts upstream's transparent proofs")
{
    REQUIRE(!runnable_cores().empty());
    for (const char* name : accepted_bundles)
    {
        const OpenBundle b(name);
        for (const mote_core* core : runnable_cores())
        {
            INFO(name << " " << core->name);
            const Opened opened(core, b);
            REQUIRE(opened.verify_size() <= std::size_t{2} << 20);
            mote_verdict v;
            REQUIRE(opened.verify(v, b) == MOTE_OK);
            REQUIRE(is_accepted(v));
        }
    }
}

TEST_CASE("The exported functions go to the variant that mote_arch_name() names")
{
    const OpenBundle b("committed-muldiv");
    std::size_t size = 0;
    REQUIRE(mote_jolt_key_size(&size, nullptr, b.parts.key.data, b.parts.key.bytes) == MOTE_OK);
    Guarded key_memory(size);
    mote_verdict v = stale_verdict();
    mote_jolt_key* key = nullptr;
    REQUIRE(mote_jolt_key_open(&key, &v, key_memory.data(), size, "jolt-69eea119", b.parts.key.data,
                               b.parts.key.bytes, b.parts.key_digest) == MOTE_OK);
    REQUIRE(is_accepted(v));
    const mote_core* const used = reinterpret_cast<const mote_core_object*>(key)->core;
    REQUIRE(std::string(used->name) == mote_arch_name());

    REQUIRE(mote_dory_setup_size(&size, &v, b.parts.setup.data, b.parts.setup.bytes) == MOTE_OK);
    Guarded setup_memory(size);
    mote_dory_setup* setup = nullptr;
    REQUIRE(mote_dory_setup_open(&setup, &v, setup_memory.data(), size, b.parts.setup.data,
                                 b.parts.setup.bytes, b.parts.setup_digest) == MOTE_OK);
    REQUIRE(mote_jolt_verify_size(&size, key, setup) == MOTE_OK);
    Guarded memory(size);
    const mote_public_io io = b.io();
    v = stale_verdict();
    REQUIRE(mote_jolt_verify(&v, memory.data(), size, key, setup, &io, b.parts.proof.data,
                             b.parts.proof.bytes, nullptr, nullptr) == MOTE_OK);
    REQUIRE(is_accepted(v));
    REQUIRE(key_memory.intact());
    REQUIRE(setup_memory.intact());
    REQUIRE(memory.intact());
}

TEST_CASE("A key describes its program")
{
    for (const char* name : accepted_bundles)
    {
        const OpenBundle b(name);
        for (const mote_core* core : runnable_cores())
        {
            const Opened opened(core, b);
            mote_jolt_key_info info;
            std::memset(&info, 0x5a, sizeof info);
            info.struct_size = sizeof info;
            REQUIRE(core->key_describe(&info, opened.key) == MOTE_OK);
            REQUIRE(info.struct_size == sizeof info);
            REQUIRE(info.committed == (std::string(name) == "committed-muldiv" ? 1U : 0U));
            REQUIRE(std::memcmp(info.digest, b.parts.key_digest, 32) == 0);
            REQUIRE(std::memcmp(&info.memory_layout, &b.parts.memory_layout,
                                sizeof info.memory_layout) == 0);
            REQUIRE(info.bytecode_length != 0);
            REQUIRE((info.bytecode_length & (info.bytecode_length - 1)) == 0);
            REQUIRE(info.max_trace_length >= 512);
            REQUIRE(info.image_words != 0);
            REQUIRE(info.entry_address >= 0x80000000U);
        }
    }
}

TEST_CASE("Proofs of one bundle under the key of another are not accepted")
{
    const mote_core* const core = runnable_cores().back();
    const OpenBundle bundles[] = {OpenBundle("muldiv"), OpenBundle("committed-muldiv")};
    for (const OpenBundle& k : bundles)
    {
        const Opened opened(core, k);
        for (const OpenBundle& p : bundles)
            for (const OpenBundle* io : {&k, &p})
            {
                mote_verdict v;
                const mote_status status =
                    opened.verify(v, io->io(), p.parts.proof, p.parts.trusted_advice.data);
                REQUIRE((status == MOTE_OK || status == MOTE_MALFORMED));
                REQUIRE((v.accepted == 1) == (&k == &p));
                if (v.accepted == 0)
                    REQUIRE(v.reason != 0);
            }
    }
}

TEST_CASE("Digests that are not the expected ones are rejected, bit by bit")
{
    const OpenBundle b("committed-muldiv");
    for (const mote_core* core : runnable_cores())
    {
        Guarded key_memory(key_size(core, b)), setup_memory(setup_size(core, b));
        for (const std::size_t bit : {0U, 7U, 100U, 248U, 255U})
        {
            std::uint8_t digest[32];
            std::memcpy(digest, b.parts.key_digest, 32);
            digest[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
            mote_verdict v = stale_verdict();
            auto* key = reinterpret_cast<mote_jolt_key*>(&v);
            REQUIRE(core->key_open(&key, &v, key_memory.data(), key_memory.bytes(), nullptr,
                                   b.parts.key.data, b.parts.key.bytes, digest, core) == MOTE_OK);
            REQUIRE(says(v, Stage::key, Reason::unexpected_program, Field::preprocessing_digest));
            REQUIRE(key == nullptr);

            std::memcpy(digest, b.parts.setup_digest, 32);
            digest[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
            v = stale_verdict();
            auto* setup = reinterpret_cast<mote_dory_setup*>(&v);
            REQUIRE(core->setup_open(&setup, &v, setup_memory.data(), setup_memory.bytes(),
                                     b.parts.setup.data, b.parts.setup.bytes, digest,
                                     core) == MOTE_OK);
            REQUIRE(says(v, Stage::setup, Reason::unexpected_setup, Field::dory_setup));
            REQUIRE(setup == nullptr);
        }
    }
}

TEST_CASE("A key whose content changed has another digest, whatever digest is expected")
{
    const OpenBundle b("muldiv");
    Buffer key(b.parts.key.data, b.parts.key.data + b.parts.key.bytes);
    key.back() ^= 1;  // the digest it carries
    const mote_core* const core = runnable_cores().back();
    Guarded memory(key_size(core, b));
    const std::uint8_t* const carried = key.data() + key.size() - 32;
    for (const std::uint8_t* expected :
         {carried, static_cast<const std::uint8_t*>(b.parts.key_digest)})
    {
        mote_verdict v = stale_verdict();
        mote_jolt_key* out = nullptr;
        REQUIRE(core->key_open(&out, &v, memory.data(), memory.bytes(), nullptr, key.data(),
                               key.size(), expected, core) == MOTE_OK);
        REQUIRE(says(v, Stage::key, Reason::digest_differs, Field::preprocessing_digest));
        REQUIRE(out == nullptr);
    }
}

TEST_CASE("Only the exact name of a revision is known")
{
    const OpenBundle b("committed-muldiv");
    for (const mote_core* core : runnable_cores())
    {
        Guarded memory(key_size(core, b));
        const auto open = [&](const char* name, mote_verdict& v)
        {
            v = stale_verdict();
            auto* out = reinterpret_cast<mote_jolt_key*>(&v);
            const mote_status status =
                core->key_open(&out, &v, memory.data(), memory.bytes(), name, b.parts.key.data,
                               b.parts.key.bytes, b.parts.key_digest, core);
            REQUIRE(status == MOTE_OK);
            REQUIRE((out != nullptr) == (v.accepted == 1));
            return v.accepted == 1;
        };
        mote_verdict v;
        REQUIRE(open(nullptr, v));
        REQUIRE(open("jolt-69eea119", v));
        // 64 and 1000 bytes that nothing ends: not one more than the longest name is looked at.
        const std::vector<char> unterminated(64, 'j');
        std::string ends_late(100000, 'j');
        std::string begins_well = "jolt-69eea119" + std::string(1000, '\1');
        for (const char* name :
             {"", "j", "jolt-69eea11", "jolt-69eea1190", "Jolt-69eea119", " jolt-69eea119",
              "jolt-69eea118", unterminated.data(), ends_late.c_str(), begins_well.c_str()})
        {
            REQUIRE(!open(name, v));
            REQUIRE(says(v, Stage::key, Reason::unknown_revision, Field::program_key));
        }
    }
}

TEST_CASE("What the caller says about input and output decides")
{
    const OpenBundle b("muldiv");
    const mote_core* const core = runnable_cores().back();
    const Opened opened(core, b);
    mote_verdict v;
    const auto verify = [&](const mote_public_io& io)
    { return opened.verify(v, io, b.parts.proof, nullptr); };
    REQUIRE(b.parts.inputs.bytes != 0);
    REQUIRE(b.parts.outputs.bytes != 0);

    SECTION("memory layout: none, the key's, any other")
    {
        mote_public_io io = b.io();
        mote_memory_layout layout = b.parts.memory_layout;
        io.memory_layout = &layout;
        REQUIRE(verify(io) == MOTE_OK);
        REQUIRE(is_accepted(v));
        auto* const words = reinterpret_cast<std::uint64_t*>(&layout);
        static_assert(sizeof layout == 20 * sizeof(std::uint64_t));
        for (std::size_t i = 0; i < 20; ++i)
            for (const std::uint64_t change : {std::uint64_t{1}, std::uint64_t{1} << 63})
            {
                words[i] ^= change;
                REQUIRE(verify(io) == MOTE_OK);
                REQUIRE(
                    says(v, Stage::config, Reason::memory_layout_differs, Field::device_layout));
                REQUIRE(v.index == i);
                words[i] ^= change;
            }
    }
    SECTION("trailing zeros of outputs mean nothing")
    {
        Buffer outputs(b.parts.outputs.data, b.parts.outputs.data + b.parts.outputs.bytes);
        while (!outputs.empty() && outputs.back() == 0)
            outputs.pop_back();
        REQUIRE(!outputs.empty());
        for (const std::size_t zeros : {0U, 1U, 9U})
        {
            Buffer padded = outputs;
            padded.insert(padded.end(), zeros, 0);
            mote_public_io io = b.io();
            io.outputs = padded.data();
            io.outputs_bytes = padded.size();
            REQUIRE(verify(io) == MOTE_OK);
            REQUIRE(is_accepted(v));
            padded.push_back(1);
            io.outputs = padded.data();
            io.outputs_bytes = padded.size();
            REQUIRE(verify(io) == MOTE_OK);
            REQUIRE((v.accepted == 0 && v.reason != 0));
        }
    }
    SECTION("trailing zeros of inputs do not")
    {
        Buffer inputs(b.parts.inputs.data, b.parts.inputs.data + b.parts.inputs.bytes);
        inputs.push_back(0);
        mote_public_io io = b.io();
        io.inputs = inputs.data();
        io.inputs_bytes = inputs.size();
        REQUIRE(verify(io) == MOTE_OK);
        REQUIRE((v.accepted == 0 && v.reason != 0));
    }
    SECTION("changed, missing or too long bytes")
    {
        Buffer inputs(b.parts.inputs.data, b.parts.inputs.data + b.parts.inputs.bytes);
        Buffer outputs(b.parts.outputs.data, b.parts.outputs.data + b.parts.outputs.bytes);
        mote_public_io io = b.io();
        inputs[0] ^= 1;
        io.inputs = inputs.data();
        REQUIRE(verify(io) == MOTE_OK);
        REQUIRE((v.accepted == 0 && v.reason != 0));
        io = b.io();
        outputs[0] ^= 1;
        io.outputs = outputs.data();
        REQUIRE(verify(io) == MOTE_OK);
        REQUIRE((v.accepted == 0 && v.reason != 0));
        io = b.io();
        io.inputs = nullptr;
        io.inputs_bytes = 0;
        REQUIRE(verify(io) == MOTE_OK);
        REQUIRE((v.accepted == 0 && v.reason != 0));
        io = b.io();
        io.outputs = nullptr;
        io.outputs_bytes = 0;
        REQUIRE(verify(io) == MOTE_OK);
        REQUIRE((v.accepted == 0 && v.reason != 0));
        io = b.io();
        const Buffer too_long(b.parts.memory_layout.max_input_size + 1, 1);
        io.inputs = too_long.data();
        io.inputs_bytes = too_long.size();
        REQUIRE(verify(io) == MOTE_OK);
        REQUIRE(says(v, Stage::config, Reason::inputs_too_long, Field::inputs));
        io = b.io();
        const Buffer too_much(b.parts.memory_layout.max_output_size + 1, 1);
        io.outputs = too_much.data();
        io.outputs_bytes = too_much.size();
        REQUIRE(verify(io) == MOTE_OK);
        REQUIRE(says(v, Stage::config, Reason::outputs_too_long, Field::outputs));
    }
    SECTION("the panic flag")
    {
        mote_public_io io = b.io();
        REQUIRE(io.panic == 0);
        io.panic = 1;
        REQUIRE(verify(io) == MOTE_OK);
        REQUIRE((v.accepted == 0 && v.reason != 0));
        for (const std::uint32_t no_flag : {2U, 256U, UINT32_MAX})
        {
            io.panic = no_flag;
            REQUIRE(verify(io) == MOTE_INVALID_ARGUMENT);
            REQUIRE(is_empty(v));
        }
    }
}

TEST_CASE("Trusted advice that the program does not take is not accepted")
{
    const mote_core* const core = runnable_cores().back();
    for (const char* name : accepted_bundles)
    {
        const OpenBundle b(name);
        const Opened opened(core, b);
        // Elements of the group (ht of the setup), outside of it, and no element at all.
        const std::uint8_t* const ht = b.parts.setup.data + b.parts.setup.bytes - 8 - MOTE_GT_BYTES;
        Buffer outside(MOTE_GT_BYTES, 0);
        outside[0] = 2;
        const Buffer nothing(MOTE_GT_BYTES, 0xff);
        for (const std::uint8_t* advice : {ht, std::as_const(outside).data(), nothing.data()})
        {
            mote_verdict v;
            const mote_status status = opened.verify(v, b.io(), b.parts.proof, advice);
            INFO(mote_stage_text(v.stage) << ": " << mote_reason_text(v.reason));
            REQUIRE((status == MOTE_OK || status == MOTE_MALFORMED));
            REQUIRE(v.accepted == 0);
            REQUIRE(v.reason != 0);
        }
    }
}

TEST_CASE("An observer sees the stages in order and every step, and changes nothing")
{
    const std::vector<Stage> stages = {
        Stage::decode,         Stage::config,      Stage::membership,     Stage::preamble,
        Stage::stage1_uniskip, Stage::stage1,      Stage::stage2_uniskip, Stage::stage2,
        Stage::stage3,         Stage::stage4,      Stage::stage5,         Stage::stage6a,
        Stage::stage6b,        Stage::stage7,      Stage::stage8,         Stage::dory,
        Stage::dory_powers,    Stage::dory_points, Stage::dory_pairing};
    std::vector<std::uint32_t> expected;
    for (const Stage s : stages)
        expected.push_back(static_cast<std::uint32_t>(s));

    for (const char* name : accepted_bundles)
    {
        const OpenBundle b(name);
        Buffer state;
        std::size_t steps = 0;
        for (const mote_core* core : runnable_cores())
        {
            const Opened opened(core, b);
            Seen both;
            mote_observer observer{sizeof(mote_observer), &both, &Seen::stage, &Seen::step};
            mote_verdict v;
            REQUIRE(opened.verify(v, b.io(), b.parts.proof, b.parts.trusted_advice.data,
                                  &observer) == MOTE_OK);
            REQUIRE(is_accepted(v));
            REQUIRE(both.stages == expected);
            REQUIRE(both.steps.size() > 1000);
            for (std::size_t i = 1; i < both.steps.size(); ++i)
                if (both.steps[i] != both.steps[i - 1] + 1)
                    FAIL("step " << both.steps[i] << " behind " << both.steps[i - 1]);
            // Every variant draws the same challenges.
            if (steps != 0)
            {
                REQUIRE(both.steps.size() == steps);
                REQUIRE(both.last_state == state);
            }
            steps = both.steps.size();
            state = both.last_state;
        }
        const mote_core* const core = runnable_cores().back();
        const Opened opened(core, b);
        for (const bool with_stage : {false, true})
            for (const bool with_step : {false, true})
            {
                if (with_stage == with_step && with_stage)
                    continue;
                Seen seen;
                const mote_observer observer{sizeof(mote_observer), &seen,
                                             with_stage ? &Seen::stage : nullptr,
                                             with_step ? &Seen::step : nullptr};
                mote_verdict v;
                REQUIRE(opened.verify(v, b.io(), b.parts.proof, b.parts.trusted_advice.data,
                                      &observer) == MOTE_OK);
                REQUIRE(is_accepted(v));
                REQUIRE(seen.stages.size() == (with_stage ? expected.size() : 0));
                REQUIRE(seen.steps.size() == (with_step ? steps : 0));
            }
    }
}
