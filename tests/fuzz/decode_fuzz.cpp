// Decoders of everything that comes from outside, over any bytes.
//
// The input is taken as a bundle, cut and decoded part by part, and then as a whole for each of the
// parts, so that a corpus of any of them serves. Besides the sanitizers the target checks what every
// decoder promises: an answer that is not ok names a stage, a reason, a field and a byte position;
// outputs are empty then; views lie in the input; the digest of a loaded key is the one it carries.
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "base/arena.hpp"
#include "jolt/bundle.hpp"
#include "jolt/decode.hpp"
#include "jolt/load_key.hpp"
#include "openings/dory_proof.hpp"
#include "tools/aligned_memory.hpp"

namespace
{
using namespace mote;

void check(bool condition)
{
    if (!condition)
        std::abort();
}

/// What a report must say about a status; `whole` is what was decoded, `offset` where it begins.
void check_report(Status status, const Report& report, Bytes whole, std::uint64_t offset)
{
    check(status == Status::ok || status == Status::malformed || status == Status::rejected);
    if (status == Status::ok)
        return;
    check(report.stage != Stage::none && report.reason != Reason::none);
    check(report.field != Field::none);
    check((report.stage == Stage::decode) == (status == Status::malformed));
    if (status == Status::malformed || report.offset != 0)
        check(report.offset >= offset && report.offset <= offset + whole.size());
}

void check_inside(Bytes part, Bytes whole)
{
    if (!part.empty())
        check(part.data() >= whole.data() &&
              part.data() + part.size() <= whole.data() + whole.size());
}

void decode_key(Bytes bytes, std::uint64_t offset)
{
    Report report;
    std::size_t memory_bytes = 0;
    Status status = jolt::program_key_bytes(bytes, offset, memory_bytes, report);
    check_report(status, report, bytes, offset);
    if (status != Status::ok)
    {
        check(memory_bytes == 0);
        return;
    }
    check(memory_bytes <= 8 * bytes.size());
    const mote::test::AlignedMemory memory = mote::test::aligned_memory(memory_bytes);
    Arena arena(memory.get(), memory_bytes);
    jolt::ProgramKey key;
    status = jolt::load_program_key(bytes, offset, jolt::default_revision(), arena, key, report);
    check_report(status, report, bytes, offset);
    check((status == Status::ok) == (key.revision != nullptr));
    check((status == Status::ok) == (arena.used() != 0));
    if (status == Status::ok)
        check(equal_vartime(key.digest, bytes.last(jolt::digest_bytes)));
}

void decode_device(Bytes bytes, std::uint64_t offset)
{
    Report report;
    jolt::PublicIo io;
    const Status status = jolt::decode_device(bytes, offset, io, report);
    check_report(status, report, bytes, offset);
    check_inside(io.inputs, bytes);
    check_inside(io.outputs, bytes);
}

void decode_opening(Bytes bytes, std::uint64_t offset)
{
    for (const std::uint32_t rounds_max : {10U, 64U})
    {
        Report report;
        openings::DoryProof proof;
        const Status status = openings::decode_dory_proof(bytes, offset, rounds_max, proof, report);
        check_report(status, report, bytes, offset);
        check((status == Status::ok) == !proof.final_e2.empty());
        for (std::uint32_t i = 0; i < proof.rounds; ++i)
            for (std::uint8_t name = 0; name < 6; ++name)
            {
                check_inside(proof.first(i, static_cast<openings::FirstMessage>(name)), bytes);
                check_inside(proof.second(i, static_cast<openings::SecondMessage>(name)), bytes);
            }
    }
}

void decode_proof(Bytes bytes, std::uint64_t offset)
{
    Report report;
    jolt::Proof proof;
    const Status status = jolt::decode_proof(bytes, offset, proof, report);
    check_report(status, report, bytes, offset);
    check((status == Status::ok) == (proof.commitments.rd_inc.count == 1));
    if (status != Status::ok)
        return;
    for (const jolt::RoundsView& view : proof.sumchecks)
    {
        jolt::RoundsCursor cursor(view);
        for (std::uint32_t round = 0; round < view.rounds; ++round)
        {
            const jolt::FrView coefficients = cursor.next();
            check_inside({coefficients.data, std::size_t{32} * coefficients.count}, bytes);
        }
        check(cursor.offset() == view.offset + view.bytes.size());
    }
    check_inside(proof.joint_opening_proof, bytes);
    decode_opening(proof.joint_opening_proof, proof.joint_opening_offset);
}

void decode_bundle(Bytes bytes)
{
    Report report;
    jolt::BundleParts parts;
    const Status status = jolt::split_bundle(bytes, parts, report);
    check_report(status, report, bytes, 0);
    check((status == Status::malformed) == parts.key.bytes.empty());
    if (status == Status::malformed)
        return;
    for (const jolt::Section* section :
         {&parts.key, &parts.setup, &parts.generators, &parts.device, &parts.proof})
    {
        check_inside(section->bytes, bytes);
        if (!section->bytes.empty())
            check(section->bytes.data() == bytes.data() + section->offset);
    }
    decode_key(parts.key.bytes, parts.key.offset);
    decode_device(parts.device.bytes, parts.device.offset);
    if (status == Status::ok)
        decode_proof(parts.proof.bytes, parts.proof.offset);
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t bytes)
{
    const Bytes input(data, bytes);
    decode_bundle(input);
    decode_key(input, 7);
    decode_device(input, 7);
    decode_proof(input, 7);
    decode_opening(input, 7);
    return 0;
}
