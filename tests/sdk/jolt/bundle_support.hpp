// What the tests of the decoders share: the five bundles, and a decoder of everything in one call.
#pragma once

#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/arena.hpp"
#include "base/status.hpp"
#include "jolt/bundle.hpp"
#include "jolt/decode.hpp"
#include "jolt/load_key.hpp"
#include "openings/dory_proof.hpp"
#include "tools/aligned_memory.hpp"
#include "tools/bundle_edit.hpp"

namespace mote::test
{
inline Buffer read_bundle(const std::string& name)
{
    return read_file(std::string(MOTE_TEST_VECTORS) + "/jolt/" + name + "-bundle.bin");
}

/// Bytes in a heap block of exactly their size, so that a sanitizer sees a read beyond the end.
class ExactBytes
{
  public:
    explicit ExactBytes(Bytes bytes) : memory_(new std::uint8_t[bytes.size()]), bytes_(bytes.size())
    {
        if (!bytes.empty())
            std::memcpy(memory_.get(), bytes.data(), bytes.size());
    }
    operator Bytes() const { return {memory_.get(), bytes_}; }
    [[nodiscard]] const std::uint8_t* begin() const { return memory_.get(); }

  private:
    std::unique_ptr<std::uint8_t[]> memory_;
    std::size_t bytes_;
};

/// A loaded key and its memory.
struct LoadedKey
{
    AlignedMemory memory;
    std::size_t memory_bytes = 0;
    jolt::ProgramKey key;
    Status status = Status::invalid_argument;
    Report report;
};

inline LoadedKey load_key(Bytes bytes, std::uint64_t base_offset = 0)
{
    LoadedKey out;
    out.status = jolt::program_key_bytes(bytes, base_offset, out.memory_bytes, out.report);
    if (out.status != Status::ok)
        return out;
    out.memory = aligned_memory(out.memory_bytes);
    Arena arena(out.memory.get(), out.memory_bytes);
    out.status = jolt::load_program_key(bytes, base_offset, jolt::default_revision(), arena,
                                        out.key, out.report);
    return out;
}

/// What became of a whole bundle.
struct Decoded
{
    Status status = Status::ok;  ///< the first that is not ok, malformed before any other
    Report report;
    jolt::BundleParts parts;
    jolt::PublicIo io;
    jolt::Proof proof;
    openings::DoryProof dory;
    LoadedKey key;
    Buffer owned;  ///< the bundle, if it was a temporary
};

/// Decodes every part of a bundle except its setup.
inline Decoded decode_all(Bytes bundle)
{
    Decoded d;
    const auto note = [&](Status status, const Report& report)
    {
        if (status == Status::ok)
            return;
        if (d.status == Status::ok || (status == Status::malformed && d.status != status))
        {
            d.status = status;
            d.report = report;
        }
    };
    Report report;
    const Status split = jolt::split_bundle(bundle, d.parts, report);
    note(split, report);
    if (split == Status::malformed)
        return d;

    d.key = load_key(d.parts.key.bytes, d.parts.key.offset);
    note(d.key.status, d.key.report);
    note(jolt::decode_device(d.parts.device.bytes, d.parts.device.offset, d.io, report), report);
    if (split != Status::ok)
        return d;
    note(jolt::decode_proof(d.parts.proof.bytes, d.parts.proof.offset, d.proof, report), report);
    note(openings::decode_dory_proof(d.proof.joint_opening_proof, d.proof.joint_opening_offset,
                                     openings::DoryProof::rounds_max, d.dory, report),
         report);
    return d;
}

inline Decoded decode_all(const Buffer& bundle) { return decode_all(Bytes(bundle)); }
/// The same for a temporary, which lives on in the result.
inline Decoded decode_all(Buffer&& bundle)
{
    Decoded d = decode_all(Bytes(bundle));
    d.owned = std::move(bundle);
    return d;
}

/// Whether a second, independent reader finds the bundle whole and canonical.
inline bool is_canonical_bundle(const Buffer& bytes)
{
    try
    {
        return BundleEdit(bytes, ProgramDetail::nothing).canonical();
    }
    catch (const std::exception&)
    {
        return false;
    }
}

/// The Field a malformed leaf must be reported under, from its path.
inline Field field_of(const std::string& path)
{
    static const std::vector<std::pair<std::string, Field>> fields = {
        {"preprocessing.program.variant", Field::program_mode},
        {"preprocessing.program.code_size", Field::code_size},
        {"preprocessing.program.rows", Field::bytecode_rows},
        {"preprocessing.program.pc_map", Field::pc_map},
        {"preprocessing.program.entry_address", Field::entry_address},
        {"preprocessing.program.min_bytecode_address", Field::min_bytecode_address},
        {"preprocessing.program.entry_bytecode_index", Field::entry_bytecode_index},
        {"preprocessing.program.program_image_len_words", Field::program_image_len_words},
        {"preprocessing.program.bytecode_len", Field::bytecode_len},
        {"preprocessing.program.words", Field::image_words},
        {"preprocessing.program.memory_layout", Field::memory_layout},
        {"preprocessing.program.max_padded_trace_length", Field::max_padded_trace_length},
        {"preprocessing.program.chunk_commitments", Field::chunk_commitments},
        {"preprocessing.program.image_commitment", Field::image_commitment},
        {"preprocessing.digest", Field::preprocessing_digest},
        {"preprocessing.dory_setup", Field::dory_setup},
        {"preprocessing.pedersen_setup", Field::vector_commitment_setup},
        {"device.inputs", Field::inputs},
        {"device.trusted_advice", Field::trusted_advice},
        {"device.untrusted_advice", Field::untrusted_advice},
        {"device.outputs", Field::outputs},
        {"device.panic", Field::panic},
        {"device.memory_layout", Field::device_layout},
        {"proof.zk", Field::protocol_zk},
        {"proof.packing", Field::protocol_commitment},
        {"proof.commitments.rd_inc", Field::rd_inc_commitment},
        {"proof.commitments.ram_inc", Field::ram_inc_commitment},
        {"proof.commitments.instruction_ra", Field::instruction_ra_commitments},
        {"proof.commitments.ram_ra", Field::ram_ra_commitments},
        {"proof.commitments.bytecode_ra", Field::bytecode_ra_commitments},
        {"proof.sumchecks.s1_uniskip", Field::sumcheck_1_uniskip},
        {"proof.sumchecks.s1", Field::sumcheck_1},
        {"proof.sumchecks.s2_uniskip", Field::sumcheck_2_uniskip},
        {"proof.sumchecks.s2", Field::sumcheck_2},
        {"proof.sumchecks.s3", Field::sumcheck_3},
        {"proof.sumchecks.s4", Field::sumcheck_4},
        {"proof.sumchecks.s5", Field::sumcheck_5},
        {"proof.sumchecks.s6a", Field::sumcheck_6a},
        {"proof.sumchecks.s6b", Field::sumcheck_6b},
        {"proof.sumchecks.s7", Field::sumcheck_7},
        {"proof.opening#", Field::joint_opening_proof},
        {"proof.opening.vmv_c", Field::vmv_c},
        {"proof.opening.vmv_d2", Field::vmv_d2},
        {"proof.opening.vmv_e1", Field::vmv_e1},
        {"proof.opening.first#", Field::dory_rounds},
        {"proof.opening.first", Field::d1_left},
        {"proof.opening.second", Field::c_plus},
        {"proof.opening.final?", Field::final_message},
        {"proof.opening.final.e1", Field::final_e1},
        {"proof.opening.final.e2", Field::final_e2},
        {"proof.opening.nu", Field::nu},
        {"proof.opening.sigma", Field::sigma},
        {"proof.opening.e2", Field::hiding_fields},
        {"proof.opening.y_com", Field::hiding_fields},
        {"proof.opening.sigma1", Field::hiding_fields},
        {"proof.opening.sigma2", Field::hiding_fields},
        {"proof.opening.scalar_product", Field::hiding_fields},
        {"proof.untrusted_commitment", Field::untrusted_advice_commitment},
        {"proof.claims.variant", Field::claims},
        {"proof.claims.s1", Field::claims_stage1},
        {"proof.claims.s2", Field::claims_stage2},
        {"proof.claims.s3", Field::claims_stage3},
        {"proof.claims.s4", Field::claims_stage4},
        {"proof.claims.s5", Field::claims_stage5},
        {"proof.claims.s6a", Field::claims_stage6a},
        {"proof.claims.s6b", Field::claims_stage6b},
        {"proof.claims.s7", Field::claims_stage7},
        {"proof.trace_length", Field::trace_length},
        {"proof.ram_K", Field::ram_k},
        {"proof.rw_config", Field::rw_config},
        {"proof.one_hot_config", Field::one_hot_config},
        {"proof.order", Field::trace_polynomial_order},
        {"trusted_commitment", Field::trusted_advice_commitment},
    };
    for (const auto& [prefix, field] : fields)
        if (path.compare(0, prefix.size(), prefix) == 0)
        {
            const char next = path.size() == prefix.size() ? '\0' : path[prefix.size()];
            if (next == '\0' || next == '.' || next == '[' || next == '#' || next == '?')
                return field;
        }
    throw std::runtime_error("no field for " + path);
}

/// The index a malformed leaf must be reported with, for all leaves of a bundle: the number of the
/// round, commitment or row it is in; for a claim, how many claims of its stage come before.
inline std::map<std::size_t, std::uint32_t> report_indices(const BundleEdit& bundle)
{
    std::map<std::size_t, std::uint32_t> out;  // by offset
    std::map<Field, std::uint32_t> claims;
    std::map<Field, std::uint32_t> plain;
    for (const Leaf& leaf : bundle.leaves())
    {
        const Field field = field_of(leaf.path);
        if (leaf.path.rfind("proof.claims.s", 0) == 0)
        {
            out[leaf.offset] = claims[field];
            claims[field] += leaf.kind == LeafKind::fr ? 1 : 0;
            continue;
        }
        const std::size_t bracket = leaf.path.find('[');
        if (bracket != std::string::npos)
            out[leaf.offset] =
                static_cast<std::uint32_t>(std::stoul(leaf.path.substr(bracket + 1)));
        else if (field == Field::memory_layout || field == Field::device_layout ||
                 field == Field::rw_config || field == Field::one_hot_config)
            out[leaf.offset] = plain[field]++;
        else
            out[leaf.offset] = 0;
    }
    return out;
}

inline const char* const transparent_bundles[] = {"committed-muldiv", "muldiv"};
inline const char* const hiding_bundles[] = {"zk-muldiv", "zk-committed-muldiv",
                                             "zk-advice-consumer"};
}  // namespace mote::test
