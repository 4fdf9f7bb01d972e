// From bytes to the structures of proof.hpp. The only way a Proof or a PublicIo comes to be.
//
// decode_proof() takes the bytes of exactly one proof. It checks everything that needs no arithmetic
// in groups: canonical varints, bool and option bytes, enum variants, field elements below the
// modulus, the length of each group element, no byte left over. Nothing is copied but single field
// elements; vectors stay views into the caller's bytes. Time is linear in the input, whatever the
// lengths in it say.
//
// Upstream can also write hiding proofs and packed commitments. A proof whose first bytes announce
// one of these is answered at once, `rejected` at stage config, and not read further.
//
// How a report numbers things: commitments and rounds by their position in their vector, the claims
// of a stage by how many field elements of that stage come before.
#pragma once

#include "jolt/bincode.hpp"
#include "jolt/proof.hpp"

namespace mote::jolt
{
/// Decodes a proof that fills `bytes` exactly.
///
/// Errors  malformed, with the field and the offset; rejected at Stage::config with
///         unsupported_hiding or unsupported_packed (nothing after the protocol header was read), or
///         with not_clear (claims, or a sumcheck, in the form of a hiding proof). On any error `out`
///         is empty.
/// Memory  `out` points into `bytes`.
/// Cost    one pass; one field multiplication for each claim that is not in a vector.
/// Source  [JOLT] crates/jolt-verifier/src/proof.rs.
[[nodiscard]] Status decode_proof(Bytes bytes, std::uint64_t base_offset, Proof& out,
                                  Report& report) noexcept;

/// Decodes what the guest read and wrote in public; `bytes` is exactly one JoltDevice.
///
/// Errors  malformed; `out` is empty then.
/// Memory  `out` points into `bytes`. The advice strings, which a verifier must not use, are checked
///         for length and passed over.
/// Source  [JOLT] common/src/jolt_device.rs.
[[nodiscard]] Status decode_device(Bytes bytes, std::uint64_t base_offset, PublicIo& out,
                                   Report& report) noexcept;

/// The same from a reader that may have more behind: the reader stops after the last byte. On an
/// error what `out` holds is unspecified.
[[nodiscard]] Status read_proof(BincodeReader& in, Proof& out) noexcept;
[[nodiscard]] Status read_device(BincodeReader& in, PublicIo& out) noexcept;
[[nodiscard]] Status read_claims(BincodeReader& in, Claims& out) noexcept;

/// Reads twenty integers; the current index of the reader counts them.
[[nodiscard]] Status read_memory_layout(BincodeReader& in, MemoryLayout& out) noexcept;
}  // namespace mote::jolt
