// From encodings to group elements: everything a proof brings, decoded and tested in one pass.
#pragma once

#include "jolt/elements.hpp"
#include "jolt/program_key.hpp"
#include "openings/dory.hpp"

namespace mote::jolt
{
/// Bytes that decode_elements() takes from the arena and keeps, and scratch it gives back.
[[nodiscard]] std::size_t elements_memory_bytes(std::size_t commitments,
                                                std::size_t rounds) noexcept;

/// Decodes the commitments of `proof`, the caller's trusted advice commitment (empty or 384 bytes)
/// and the elements of the opening proof.
///
/// Errors  malformed with the reason, field, index and offset of the first element that is not what
///         it should be: canonical, on its curve, in its subgroup. memory_too_small.
/// Cost    dominated by the subgroup tests in GT.
[[nodiscard]] Status decode_elements(const Proof& proof, Bytes proof_bytes,
                                     Bytes trusted_advice_commitment,
                                     const openings::DoryProof& opening, Arena& arena,
                                     Elements& elements, openings::DoryElements& dory,
                                     Report& report) noexcept;

/// Bytes that decode_key_commitments() takes from the arena.
[[nodiscard]] std::size_t key_commitments_memory_bytes(const ProgramKey& key) noexcept;

/// Decodes the chunk and image commitments of a committed key; nothing to do for a full one.
///
/// Errors  malformed; offsets are not known any more and stay 0.
[[nodiscard]] Status decode_key_commitments(ProgramKey& key, Arena& arena, Report& report) noexcept;
}  // namespace mote::jolt
