// The statement an execution proof must make about a dispersal: step 8, without the proof.
//
// Verifying the proof itself is the zkVM verifier's work, with these values as the public ones. They
// come from the header the validators signed, never from the proof.
#pragma once

#include "svid/header.hpp"
#include "svid/verdict.hpp"

namespace mote::svid
{
struct ProofStatement
{
    std::uint64_t block_bytes = 0;
    field::Gf2_128 challenge;
    Digest data_root{};
    Digest z_digest{};

    friend bool operator==(const ProofStatement&, const ProofStatement&) noexcept = default;
};

/// What the proof of this dispersal has to state.
///
/// Source  [SVID] section 7.
[[nodiscard]] inline ProofStatement proof_statement(const Header& header) noexcept
{
    return {header.block_bytes, challenge(encode(header)), header.data_root, header.z_digest};
}
}  // namespace mote::svid
