// Certificate: enough seats signed one digest.
//
// There are two forms. A validator has the list of members and adds the keys of those whose seats are
// set. A follower has only the committee's commitment; the certificate brings the members that are
// absent, with a proof that they belong to the list, and their keys are taken from the sum of all.
// Both forms accept the same certificates.
//
//   member form      apk = sum of seats * pk over the signers          O(M) additions
//   follower form    apk = agg_pk - sum of seats * pk over the absent  O(absent) additions and hashes
//
// What is checked here is everything but the pairing, which SignatureCheck stands for.
//
// Source  [CONSENSUS] sections 3, 3.1 and 8.
#pragma once

#include "chain/committee.hpp"
#include "chain/digests.hpp"

namespace mote::chain
{
struct Certificate
{
    Kind kind = Kind::notarize;
    std::uint64_t epoch = 0;           ///< the period for ckpt
    std::uint64_t view_or_height = 0;  ///< view of notarize, nullify and finalize, else height
    std::uint32_t zone = 0;            ///< of avail and valid, else 0
    Digest subject{};                  ///< block, header or statement; zero for nullify
    Bytes signers;                     ///< bitmap of ceil(S / 8) bytes
    Signature signature{};
};

/// What a follower gets.
struct FollowerCertificate
{
    Certificate certificate;
    std::uint32_t seats = 0;
    std::uint32_t members = 0;
    Digest members_root{};
    PublicKey agg_pk{};
    std::span<const std::uint32_t> absent;  ///< list indices, ascending
    Bytes leaves;                           ///< member_bytes for each of them
    Bytes path;                             ///< 32 bytes for each value of the multiproof
};

/// The failing check, in the order in which they are made.
enum class CertificateFault : std::uint8_t
{
    none = 0,
    kind,            ///< no such kind
    zone,            ///< a zone where the kind has none
    subject,         ///< missing, or there for nullify
    committee_size,  ///< S or M out of range
    bitmap_length,
    spare_bits,
    quorum,
    partial_member,  ///< seats of a member are set in part
    commitment,      ///< S, M, root and sum are not the committed ones
    absent,          ///< indices do not ascend, or another number of leaves
    absent_proof,    ///< leaves are not those of the list
    absent_seats,    ///< bits that are not set are other seats than those of the absent
    signature,
};

/// The keys whose sum must have signed, in a form that does not need a list of its own.
struct SignerKeys
{
    /// agg_pk of which the members' keys are taken, or empty: then they are added up from nothing.
    Bytes from;
    /// member_bytes each. With `from` all of them count, without it those whose seats are set.
    Bytes members;
    Bytes signers;

    /// Calls visit(public_key, seats) for each key that counts.
    template <class Visit>
    void for_each(const Visit& visit) const noexcept
    {
        for (std::size_t i = 0; i < members.size() / member_bytes; ++i)
        {
            const Member member = member_at(members, i);
            if (!from.empty() || seat_set(signers, member.first_seat))
                visit(member.public_key, static_cast<std::uint32_t>(member.seats));
        }
    }
};

/// Verifies signatures for this module, which does not know how.
struct SignatureCheck
{
    void* context = nullptr;
    /// Says whether `signature` over `digest` verifies under the sum of the keys: signature in the
    /// subgroup, sum not infinity, pairing equation holds.
    bool (*verify)(void* context, const Digest& digest, const Signature& signature,
                   const SignerKeys& keys) = nullptr;
};

/// Gives the digest that the signers signed.
///
/// Shape   the kind is one of the six (asserted).
[[nodiscard]] Digest signed_digest(const Digest& chain_id, const Certificate& c) noexcept;

/// Checks kind, unused fields, bitmap and quorum.
///
/// Source  [CONSENSUS] section 8.
[[nodiscard]] CertificateFault check_form(const Certificate& certificate,
                                          std::uint32_t seats) noexcept;

/// Checks everything but the signature against a list of members.
///
/// Cost    a pass over the list.
[[nodiscard]] CertificateFault check_members(const Certificate& certificate,
                                             const Committee& committee) noexcept;

/// Checks everything but the signature against a commitment.
///
/// Cost    two hashes an absent member and at most 11 more for its path.
[[nodiscard]] CertificateFault check_absent(const FollowerCertificate& follower,
                                            const Digest& commitment) noexcept;

/// Verifies in member form.
///
/// Cost    check_members, then the signature if that found nothing.
[[nodiscard]] CertificateFault verify(const Certificate& certificate, const Committee& committee,
                                      const Digest& chain_id,
                                      const SignatureCheck& signatures) noexcept;

/// Verifies in follower form.
[[nodiscard]] CertificateFault verify(const FollowerCertificate& follower, const Digest& commitment,
                                      const Digest& chain_id,
                                      const SignatureCheck& signatures) noexcept;

// The hashed layout: kind u8, epoch u64, view_or_height u64, zone u32, subject 32, n u16, signers n,
// signature 96.
inline constexpr std::size_t certificate_bytes_min = 151;
inline constexpr std::size_t certificate_bytes_max = certificate_bytes_min + signer_bytes_max;

[[nodiscard]] constexpr std::size_t encoded_bytes(const Certificate& certificate) noexcept
{
    return certificate_bytes_min + certificate.signers.size();
}

/// Calls put(bytes) for the parts of the layout, in order.
template <class Put>
void emit(const Certificate& certificate, const Put& put) noexcept
{
    std::array<std::uint8_t, 55> front;
    internal::WriteFields write{front.data()};
    write(static_cast<std::uint8_t>(certificate.kind), certificate.epoch,
          certificate.view_or_height, certificate.zone, certificate.subject,
          static_cast<std::uint16_t>(certificate.signers.size()));
    put(Bytes(front));
    put(certificate.signers);
    put(Bytes(certificate.signature));
}

/// Writes the layout.
///
/// Shape   out: encoded_bytes(certificate) at least; signers: at most signer_bytes_max (both asserted).
void encode_to(MutableBytes out, const Certificate& certificate) noexcept;

/// Reads the layout; false, and `out` empty, for an unknown kind, a bitmap that is too long or any
/// length but the one that the bitmap's gives, and for fields that the kind does not use.
///
/// Memory  signers points into `bytes`.
[[nodiscard]] bool decode(Bytes bytes, Certificate& out) noexcept;

/// Names a certificate in caches.
[[nodiscard]] Digest certificate_hash(const Certificate& certificate) noexcept;
}  // namespace mote::chain
