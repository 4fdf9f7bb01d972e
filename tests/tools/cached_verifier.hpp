// CachedVerifier: verifies many changed copies of one good bundle quickly.
//
// Most of a verification's time goes into subgroup tests and into Dory. A copy with one number
// changed has the group elements of the original, so their tests are done once and remembered: such a
// copy costs a millisecond instead of twenty. Everything else is the path of jolt::verify_proof(),
// step by step; a copy whose elements differ takes jolt::verify_proof() itself, and
// verify_with(Path::product, ...) forces it.
//
//     CachedVerifier verifier(read_file(path));
//     verifier.verify(changed_bundle).status == Status::rejected
//
// A bundle brings its own key and setup. Pins::given demands those of the original, as every caller
// should; Pins::from_bundle believes the copy.
#pragma once

#include <cstring>
#include <memory>
#include <stdexcept>
#include <vector>

#include "hash/sha256.hpp"
#include "jolt/bundle.hpp"
#include "jolt/decode.hpp"
#include "jolt/decode_elements.hpp"
#include "jolt/load_key.hpp"
#include "jolt/verify.hpp"
#include "jolt/verify_piop.hpp"
#include "openings/dory_proof.hpp"
#include "tools/aligned_memory.hpp"

namespace mote::test
{
/// What became of a bundle. Offsets are those in the bundle.
struct Verdict
{
    Status status = Status::invalid_argument;
    Report report;
};

/// Whether a verdict on so many bytes is a "no" that says everything a "no" has to say.
inline bool is_plain_no(const Verdict& v, std::size_t bytes)
{
    const bool malformed = v.status == Status::malformed;
    return (v.status == Status::rejected || malformed) && v.report.stage != Stage::none &&
           v.report.reason != Reason::none && v.report.field != Field::none &&
           (v.report.stage == Stage::decode) == malformed && v.report.offset <= bytes;
}

enum class Pins
{
    given,
    from_bundle,
};

enum class Path
{
    shortest,
    product,
};

/// Memory of exactly its size, aligned for an Arena.
class ArenaMemory
{
  public:
    ArenaMemory() = default;
    explicit ArenaMemory(std::size_t bytes) : memory_(aligned_memory(bytes)), bytes_(bytes) {}
    [[nodiscard]] Arena arena() const { return {memory_.get(), bytes_}; }

  private:
    AlignedMemory memory_;
    std::size_t bytes_ = 0;
};

/// A key with its commitments decoded, and its memory.
class OpenedKey
{
  public:
    Status open(Bytes bytes, std::uint64_t offset, const std::uint8_t* expected, Report& report)
    {
        std::size_t size = 0;
        MOTE_TRY(jolt::program_key_bytes(bytes, offset, size, report));
        memory_ = ArenaMemory(size);
        Arena arena = memory_.arena();
        MOTE_TRY(
            jolt::load_program_key(bytes, offset, jolt::default_revision(), arena, key, report));
        if (expected != nullptr && std::memcmp(key.digest, expected, sizeof key.digest) != 0)
            return reject(report, Stage::key, Reason::unexpected_program,
                          Field::preprocessing_digest);
        commitments_ = ArenaMemory(jolt::key_commitments_memory_bytes(key) + Arena::alignment);
        Arena rest = commitments_.arena();
        return jolt::decode_key_commitments(key, rest, report);
    }
    jolt::ProgramKey key;

  private:
    ArenaMemory memory_, commitments_;
};

class OpenedSetup
{
  public:
    Status open(Bytes bytes, std::uint64_t offset, const std::uint8_t* expected, Report& report)
    {
        const auto load = [&]() -> Status
        {
            std::size_t size = 0;
            MOTE_TRY(openings::dory_setup_bytes(bytes, size, report));
            memory_ = ArenaMemory(size);
            Arena arena = memory_.arena();
            return openings::load_dory_setup(bytes, expected, arena, setup, report);
        };
        const Status status = load();
        report.offset += offset;
        return status;
    }
    openings::DorySetup setup;

  private:
    ArenaMemory memory_;
};

class CachedVerifier
{
  public:
    /// Opens a bundle and demands that it is accepted.
    explicit CachedVerifier(std::vector<std::uint8_t> bundle) : bundle_(std::move(bundle))
    {
        Report report;
        const bool opened =
            jolt::split_bundle(bundle_, parts_, report) == Status::ok &&
            key_.open(parts_.key.bytes, parts_.key.offset, nullptr, report) == Status::ok &&
            setup_.open(parts_.setup.bytes, parts_.setup.offset, nullptr, report) == Status::ok &&
            jolt::decode_device(parts_.device.bytes, parts_.device.offset, io_, report) ==
                Status::ok &&
            decode(parts_.proof.bytes, setup_.setup, proof_, opening_, report) == Status::ok &&
            remember_elements(report) == Status::ok;
        if (!opened || verify(bundle_, Path::product).status != Status::ok)
            throw std::runtime_error("not an acceptable bundle");
    }

    [[nodiscard]] const std::vector<std::uint8_t>& bundle() const { return bundle_; }
    [[nodiscard]] const jolt::BundleParts& parts() const { return parts_; }
    [[nodiscard]] const jolt::ProgramKey& key() const { return key_.key; }
    [[nodiscard]] const openings::DorySetup& setup() const { return setup_.setup; }
    [[nodiscard]] const jolt::PublicIo& io() const { return io_; }
    [[nodiscard]] const jolt::Proof& proof() const { return proof_; }
    [[nodiscard]] const openings::DoryProof& opening() const { return opening_; }

    /// Verifies a whole bundle, whatever is in it.
    [[nodiscard]] Verdict verify(Bytes bundle, Path path = Path::shortest,
                                 Pins pins = Pins::given) const
    {
        Verdict v;
        jolt::BundleParts parts;
        v.status = jolt::split_bundle(bundle, parts, v.report);
        if (v.status != Status::ok)
            return v;

        OpenedKey other_key;
        const jolt::ProgramKey* key = &key_.key;
        if (!equal_vartime(parts.key.bytes, parts_.key.bytes))
        {
            v.status = other_key.open(parts.key.bytes, parts.key.offset,
                                      pins == Pins::given ? key_.key.digest : nullptr, v.report);
            if (v.status != Status::ok)
                return v;
            key = &other_key.key;
        }
        OpenedSetup other_setup;
        const openings::DorySetup* setup = &setup_.setup;
        if (!equal_vartime(parts.setup.bytes, parts_.setup.bytes))
        {
            v.status =
                other_setup.open(parts.setup.bytes, parts.setup.offset,
                                 pins == Pins::given ? setup_.setup.digest : nullptr, v.report);
            if (v.status != Status::ok)
                return v;
            setup = &other_setup.setup;
        }
        jolt::PublicIo io;
        v.status = jolt::decode_device(parts.device.bytes, parts.device.offset, io, v.report);
        if (v.status != Status::ok)
            return v;
        v = verify_proof(*key, *setup, io, parts.proof.bytes, parts.trusted_advice.bytes, path);
        if (v.report.offset != 0)
            v.report.offset += parts.proof.offset;
        return v;
    }

    /// Verifies proof bytes against a key and a setup. Offsets are those in the proof.
    [[nodiscard]] Verdict verify_proof(const jolt::ProgramKey& key,
                                       const openings::DorySetup& setup, const jolt::PublicIo& io,
                                       Bytes proof_bytes, Bytes trusted, Path path) const
    {
        Verdict v;
        const ArenaMemory memory(jolt::verify_memory_bytes(key, setup));
        Arena arena = memory.arena();
        jolt::Proof proof;
        openings::DoryProof opening;
        if (path == Path::shortest)
        {
            v.status = decode(proof_bytes, setup, proof, opening, v.report);
            if (v.status != Status::ok)
                return v;
            if (has_known_elements(proof, opening, trusted))
            {
                v.status = verify_known(key, setup, io, proof, opening, trusted, arena, v.report);
                return v;
            }
        }
        v.status =
            jolt::verify_proof(key, setup, io, proof_bytes, trusted, arena, Observer{}, v.report);
        return v;
    }

  private:
    static Status decode(Bytes bytes, const openings::DorySetup& setup, jolt::Proof& proof,
                         openings::DoryProof& opening, Report& report)
    {
        MOTE_TRY(jolt::decode_proof(bytes, 0, proof, report));
        return openings::decode_dory_proof(proof.joint_opening_proof, proof.joint_opening_offset,
                                           setup.m, opening, report);
    }

    Status remember_elements(Report& report)
    {
        memory_ = ArenaMemory(jolt::verify_memory_bytes(key_.key, setup_.setup));
        Arena arena = memory_.arena();
        return jolt::decode_elements(proof_, parts_.proof.bytes, parts_.trusted_advice.bytes,
                                     opening_, arena, elements_, dory_, report);
    }

    static bool same(const jolt::GtView& a, const jolt::GtView& b)
    {
        if (a.count != b.count)
            return false;
        for (std::uint32_t i = 0; i < a.count; ++i)
            if (!equal_vartime(a[i], b[i]))
                return false;
        return true;
    }

    [[nodiscard]] bool has_known_elements(const jolt::Proof& proof,
                                          const openings::DoryProof& opening, Bytes trusted) const
    {
        const jolt::Commitments &a = proof.commitments, &b = proof_.commitments;
        return same(a.rd_inc, b.rd_inc) && same(a.ram_inc, b.ram_inc) &&
               same(a.instruction_ra, b.instruction_ra) && same(a.ram_ra, b.ram_ra) &&
               same(a.bytecode_ra, b.bytecode_ra) &&
               same(proof.untrusted_advice_commitment, proof_.untrusted_advice_commitment) &&
               equal_vartime(trusted, parts_.trusted_advice.bytes) &&
               equal_vartime(opening.vmv_c, opening_.vmv_c) &&
               equal_vartime(opening.vmv_d2, opening_.vmv_d2) &&
               equal_vartime(opening.vmv_e1, opening_.vmv_e1) &&
               equal_vartime(opening.first_messages, opening_.first_messages) &&
               equal_vartime(opening.second_messages, opening_.second_messages) &&
               equal_vartime(opening.final_e1, opening_.final_e1) &&
               equal_vartime(opening.final_e2, opening_.final_e2);
    }

    /// jolt::verify_proof() after its membership tests.
    Status verify_known(const jolt::ProgramKey& key, const openings::DorySetup& setup,
                        const jolt::PublicIo& io, const jolt::Proof& proof,
                        const openings::DoryProof& opening, Bytes trusted, Arena& arena,
                        Report& report) const
    {
        transcript::Transcript transcript("Jolt");
        const auto statement = std::make_unique<jolt::OpeningStatement>();
        const Observer observer;
        MOTE_TRY(jolt::verify_piop({key, io, proof, trusted, elements_, setup.m}, arena, transcript,
                                   observer, *statement, report));
        MOTE_TRY(openings::check_dory_shape(opening, statement->point_count, setup.m, report));
        return openings::verify_dory(setup, opening, dory_,
                                     {statement->entries, statement->entry_count},
                                     {statement->joint_point, statement->point_count},
                                     statement->joint_claim, transcript, arena, observer, report);
    }

    std::vector<std::uint8_t> bundle_;
    jolt::BundleParts parts_;
    OpenedKey key_;
    OpenedSetup setup_;
    jolt::PublicIo io_;
    jolt::Proof proof_;
    openings::DoryProof opening_;
    ArenaMemory memory_;
    jolt::Elements elements_;
    openings::DoryElements dory_;
};
}  // namespace mote::test
