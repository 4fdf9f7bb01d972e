// What the tests of stages 1 to 8 share: a bundle ready to verify, and a verification that records.
#pragma once

#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "bundle_support.hpp"
#include "jolt/stages/stages.hpp"
#include "jolt/verify_piop.hpp"
#include "tools/aligned_memory.hpp"

namespace mote::test
{
inline std::string hex_text(Bytes bytes)
{
    std::string text;
    for (const std::uint8_t byte : bytes)
    {
        text += "0123456789abcdef"[byte >> 4];
        text += "0123456789abcdef"[byte & 15];
    }
    return text;
}

/// 64 digits, most significant first.
inline std::string hex_text(const field::Fr& x)
{
    std::uint8_t bytes[32];
    x.to_bytes_be(bytes);
    return hex_text(Bytes(bytes));
}

/// A decoded bundle with stand-ins for decoded commitments: stages use their addresses only.
struct PiopCase
{
    explicit PiopCase(const std::string& name) : bundle(read_bundle(name))
    {
        Report report;
        if (jolt::split_bundle(bundle, parts, report) != Status::ok ||
            jolt::decode_device(parts.device.bytes, 0, io, report) != Status::ok ||
            jolt::decode_proof(parts.proof.bytes, 0, proof, report) != Status::ok)
            throw std::runtime_error("cannot decode " + name);
        loaded = load_key(parts.key.bytes);
        if (loaded.status != Status::ok)
            throw std::runtime_error("cannot load the key of " + name);
        commitments.reset(new curve::Gt[jolt::limits::entries_max]);
        const curve::Gt* next = commitments.get();
        const auto take = [&](std::size_t count)
        {
            next += count;
            return next - count;
        };
        elements.rd_inc = take(1);
        elements.ram_inc = take(1);
        elements.instruction_ra = take(jolt::limits::instruction_ra_max);
        elements.ram_ra = take(jolt::limits::ram_ra_max);
        elements.bytecode_ra = take(jolt::limits::bytecode_ra_max);
        elements.untrusted_advice = take(1);
        elements.trusted_advice = take(1);
        if (!key().full)
        {
            key().chunk_commitments = take(key().chunk_count);
            key().image_commitment = take(1);
        }
    }
    PiopCase(const PiopCase&) = delete;
    PiopCase& operator=(const PiopCase&) = delete;

    [[nodiscard]] jolt::ProgramKey& key() { return loaded.key; }
    [[nodiscard]] jolt::PiopInput input()
    {
        return {key(), io, proof, parts.trusted_advice.bytes, elements, sigma_max};
    }

    std::uint32_t sigma_max = 24;
    Buffer bundle;
    jolt::BundleParts parts;
    jolt::PublicIo io;
    jolt::Proof proof;
    LoadedKey loaded;
    std::unique_ptr<curve::Gt[]> commitments;
    jolt::Elements elements;
};

/// What a verification did.
struct PiopRun
{
    Status status = Status::ok;
    Report report;
    std::vector<std::string> states;  ///< by step; the state before any step first
    std::vector<Stage> stages;
    std::unique_ptr<jolt::OpeningStatement> statement;
    std::size_t memory_left_taken = 0;  ///< what the arena still holds afterwards
};

inline Observer recorder(PiopRun& run)
{
    Observer observer;
    observer.context = &run;
    observer.on_stage = [](void* context, Stage stage)
    { static_cast<PiopRun*>(context)->stages.push_back(stage); };
    observer.on_transcript = [](void* context, std::uint32_t steps, const std::uint8_t* state)
    {
        auto& states = static_cast<PiopRun*>(context)->states;
        if (states.size() != steps)
            throw std::logic_error("a step was not reported");
        states.push_back(hex_text(Bytes(state, 32)));
    };
    return observer;
}

/// Verifies in exactly `memory_bytes` of memory. Without `record`, states are not kept.
inline PiopRun run_piop(const jolt::PiopInput& input, std::size_t memory_bytes, bool record = true)
{
    PiopRun run;
    run.statement.reset(new jolt::OpeningStatement);
    const Observer observer = record ? recorder(run) : Observer{};
    transcript::Transcript transcript("Jolt", &observer);
    run.states.push_back(hex_text(transcript.state()));
    const mote::test::AlignedMemory memory = mote::test::aligned_memory(memory_bytes);
    Arena arena(memory.get(), memory_bytes);
    run.status = jolt::verify_piop(input, arena, transcript, observer, *run.statement, run.report);
    run.memory_left_taken = arena.used();
    return run;
}

inline PiopRun run_piop(PiopCase& c, bool record = true)
{
    return run_piop(c.input(), jolt::piop_memory_bytes(c.key()), record);
}

/// The state a verification of stages 1 to 7 starts from, for tests that run them one by one.
struct StageByStage
{
    explicit StageByStage(PiopCase& c)
        : scratch(static_cast<std::size_t>(jolt::context_scratch(c.key()))), transcript("Jolt")
    {
        Report report;
        const bool trusted = !c.parts.trusted_advice.bytes.empty();
        if (jolt::check_config(c.key(), c.io, c.proof, trusted, c.sigma_max, dimensions, report) !=
            Status::ok)
            throw std::runtime_error("configuration refused");
        jolt::absorb_preamble(c.key(), c.io, c.proof, dimensions, transcript);
        jolt::absorb_commitments(c.key(), c.proof, c.parts.trusted_advice.bytes, transcript);
        context.reset(new jolt::Context(c.key(), c.io, c.proof, dimensions, transcript, scratch));
    }

    jolt::Dimensions dimensions;
    std::vector<field::Fr> scratch;
    transcript::Transcript transcript;
    std::unique_ptr<jolt::Context> context;
};
}  // namespace mote::test
