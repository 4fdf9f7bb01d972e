// What the sources of mote-signatures.wasm share: answers, and the keys of a committee.
#pragma once

#include "consensus/member_keys.hpp"
#include "mote/mote.h"

#define MOTE_WASM_EXPORT(type, name) \
    extern "C" __attribute__((export_name(#name), visibility("default"))) type name

namespace mote::wasm
{
[[nodiscard]] constexpr std::uint32_t code(Status status) noexcept
{
    return static_cast<std::uint32_t>(status);
}

/// What does not decode.
enum class Part : std::uint32_t
{
    none = 0,
    public_key = 1,
    signature = 2,
};

/// src/signatures_layout.ts has these offsets.
struct Answer
{
    std::uint32_t accepted = 0;
    std::uint32_t reason = 0;  ///< a Reason
    Part part = Part::none;
    std::uint32_t index = 0;
};
static_assert(sizeof(Answer) == 16);

/// A committee whose commitment the caller trusts.
struct OpenCommittee
{
    chain::Committee committee;
    consensus::MemberKeys keys;
};

/// Decodes a certificate and verifies it.
///
/// Errors  malformed. `fault` is none if the certificate is good.
[[nodiscard]] Status check_certificate(OpenCommittee& committee, const chain::Digest& chain_id,
                                       Bytes bytes, chain::Certificate& out,
                                       chain::CertificateFault& fault) noexcept;

[[nodiscard]] inline chain::Digest digest_at(const std::uint8_t* bytes) noexcept
{
    chain::Digest digest;
    std::memcpy(digest.data(), bytes, digest.size());
    return digest;
}
}  // namespace mote::wasm
