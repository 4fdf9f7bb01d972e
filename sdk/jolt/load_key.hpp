// Loading a program key: from bytes to a ProgramKey that may be used for any number of proofs.
//
//     std::size_t memory_bytes;
//     program_key_bytes(key, 0, memory_bytes, report);          // how much memory
//     Arena arena(memory, memory_bytes);
//     load_program_key(key, 0, default_revision(), arena, program_key, report);
//
// `key` is program || digest, the first section of a bundle. A key that loads is exactly the program
// its digest names: the digest is computed from the content, not taken from the bytes, and the two
// must agree. Whether it is the program one wants is the caller's comparison with a pinned digest.
//
// Source  [JOLT] crates/jolt-verifier/src/preprocessing.rs.
#pragma once

#include "base/arena.hpp"
#include "jolt/digest.hpp"
#include "jolt/program_key.hpp"

namespace mote::jolt
{
/// Computes how much memory load_program_key() takes from its arena.
///
/// Errors  malformed; `out` is 0 then. A key that parses may still be rejected by the load.
/// Cost    one pass over the key. The result is at most about eight times its length.
[[nodiscard]] Status program_key_bytes(Bytes key, std::uint64_t base_offset, std::size_t& out,
                                       Report& report) noexcept;

/// Decodes a key, checks it and copies what proofs are checked against.
///
/// Errors  malformed (also for an instruction kind `revision` does not know); rejected at Stage::key
///         as check_program() does, with invalid_program for a row that names a register which does
///         not exist, or with digest_differs; memory_too_small. `out` is empty on any error, and
///         what was taken from the arena is given back.
/// Shape   arena: used() a multiple of Arena::alignment, or a few bytes more than program_key_bytes()
///         are taken.
/// Memory  rows, words and encodings of commitments are in the arena; nothing points into `key`.
///         The decoded commitments of committed mode are left to the caller.
/// Cost    three passes over the key and one hash of about its length.
[[nodiscard]] Status load_program_key(Bytes key, std::uint64_t base_offset,
                                      const Revision& revision, Arena& arena, ProgramKey& out,
                                      Report& report) noexcept;
}  // namespace mote::jolt
