// The program digest: the name of a guest program, computed from everything a key says about it.
//
// Upstream stores it beside the program and mixes it into the transcript, but never recomputes it,
// so a verifier that takes keys from strangers has to. It is Blake2b-256 over arkworks' fixed-width
// encoding (integers of 8 bytes, tags and sequence numbers of 2, options and bools of 1), which is
// not what a key has on the wire; it is streamed from there without building it. Worked case: the
// key in tests/vectors/jolt/muldiv-bundle.bin has e5d29b70951d1139...
//
// Source  [JOLT] crates/jolt-prover-legacy/src/zkvm/preprocessing.rs,
//         crates/jolt-prover-legacy/src/zkvm/program.rs; docs/formats/jolt-bundle.md, "Digest".
#pragma once

#include "jolt/program_shape.hpp"

namespace mote::jolt
{
inline constexpr std::size_t digest_bytes = 32;

/// Answers whether a program's sizes are such that it can have a digest and be proven about.
///
/// Errors  rejected at Stage::key: invalid_program for what no honest key has (lengths that are no
///         powers of two, an entry point outside of the program, chunks that do not divide it),
///         value_out_of_range for what is beyond jolt/limits.hpp.
[[nodiscard]] Status check_program(const ProgramShape& shape, Report& report) noexcept;

/// Computes the digest.
///
/// Shape   bytes: what read_program() made `shape` from; check_program() accepted `shape`.
/// Errors  none.
/// Cost    one pass over the program; about 40 bytes hashed for each row.
void program_digest(Bytes bytes, const ProgramShape& shape,
                    std::uint8_t (&digest)[digest_bytes]) noexcept;
}  // namespace mote::jolt
