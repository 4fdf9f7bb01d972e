// verify_proof: from the bytes of a proof to the answer.
//
//   decode      structure, canonical form                          decode.hpp
//   config      the proof's parameters fit the key and the setup   config.hpp
//   membership  every group element is in its subgroup             decode_elements.hpp
//   stages 1-7  sumchecks                                          verify_piop.hpp
//   stage 8     one opening statement                              stages/stage8.cpp
//   dory        the opening                                        openings/dory.hpp
//
// Source  [JOLT] crates/jolt-verifier/src/verifier.rs.
#pragma once

#include "jolt/program_key.hpp"
#include "openings/dory_setup.hpp"
#include "port/observer.hpp"

namespace mote::jolt
{
/// Memory that verify_proof() needs for any proof under this key and setup.
[[nodiscard]] std::size_t verify_memory_bytes(const ProgramKey& key,
                                              const openings::DorySetup& setup) noexcept;

/// Decides whether `proof` shows that the program of `key` does what `io` says.
///
/// Shape   trusted_advice_commitment: empty, or 384 bytes.
/// Errors  malformed, or rejected at the stage that found the fault. Status::ok means accepted.
/// Memory  verify_memory_bytes() from the arena; given back.
[[nodiscard]] Status verify_proof(const ProgramKey& key, const openings::DorySetup& setup,
                                  const PublicIo& io, Bytes proof_bytes,
                                  Bytes trusted_advice_commitment, Arena& arena,
                                  const Observer& observer, Report& report) noexcept;
}  // namespace mote::jolt
