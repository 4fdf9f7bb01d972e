// BundleParts: the one file upstream writes, cut into what a verifier takes separately.
//
// A bundle is (preprocessing, device, proof, trusted advice commitment) without header or lengths, so
// that the only way to find a part is to walk over those before it. Preprocessing itself holds three
// things with lives of their own: the program key (pinned by its digest), the Dory setup (pinned by
// its hash, shared by all programs) and, in hiding bundles, Pedersen generators.
//
//     | program || digest | length, setup | option, generators | device | proof | option, commitment |
//     '------- key -------'        '----- setup                 'device' 'proof'        '- 384 bytes
//
// Source  [JOLT] crates/jolt-verifier/tests/generate_fuzz_fixture.rs.
#pragma once

#include "base/bytes.hpp"
#include "base/status.hpp"

namespace mote::jolt
{
/// A part of a bundle and where it begins.
struct Section
{
    Bytes bytes;
    std::uint64_t offset = 0;
};

struct BundleParts
{
    Section key;         ///< program and its 32-byte digest, for load_program_key()
    Section setup;       ///< the Dory setup blob without its length
    Section generators;  ///< Option<PedersenSetup> as encoded; one zero byte in transparent bundles
    Section device;      ///< for decode_device()
    Section proof;       ///< for decode_proof()
    Section trusted_advice;  ///< 384 bytes, or empty if there is no commitment
};

/// Cuts a bundle.
///
/// Errors  malformed, with offsets in `bundle`; rejected as decode_proof() does for what is not a
///         transparent proof: then the parts before the proof are set and `proof` holds all bytes
///         from its first to the end of the bundle.
/// Memory  `out` points into `bundle`; it is empty when the bytes are malformed.
/// Cost    one pass, as long as decoding every part.
[[nodiscard]] Status split_bundle(Bytes bundle, BundleParts& out, Report& report) noexcept;
}  // namespace mote::jolt
