// The messages about zones and the root chain: from bytes to the types of sdk/chain, and back.
//
// Short values are copied, long ones (bitmaps, leaves, nested lists) point into the body. Decoding
// checks form: lengths, counts, versions, and that fields a kind does not use are absent or zero. What
// needs a committee, a parent or a signature comes later. A message that breaks any of it is dropped,
// with a reason to count.
//
//   Certificate certificate;
//   Drop why;
//   if (decode(body, certificate, why) != Status::ok)
//       ++dropped[why];
//
// Parsing is that of proto3: fields in any order, unknown ones skipped. Stricter are: a number that
// does not fit its field, a list that is too long, a list in pieces where it should be one.
//
// Source  [CONSENSUS] section 3; docs/formats/consensus.md has the fields.
#pragma once

#include <span>

#include "base/status.hpp"
#include "chain/certificate.hpp"
#include "chain/epoch_set.hpp"
#include "chain/evidence.hpp"
#include "chain/headers.hpp"
#include "chain/zone_update.hpp"

namespace mote::wire
{
inline constexpr std::size_t zones_max = 64;           ///< updates and records of one proposal
inline constexpr std::size_t nullifications_max = 32;  ///< older ones are fetched by view
inline constexpr std::size_t epoch_sets_max = 2;
/// S - q(S): more absent members than seats cannot be.
inline constexpr std::size_t absent_max = chain::seats_max - chain::quorum(chain::seats_max);
inline constexpr std::size_t absent_path_bytes_max = 32 * std::size_t{chain::seats_max};

namespace detail
{
// Upper bounds: every tag as two bytes, every length as three.
constexpr std::size_t bytes_field(std::size_t n) noexcept { return 2 + 3 + n; }
inline constexpr std::size_t number_field = 2 + 10;
inline constexpr std::size_t spare = 64;  ///< for fields that a later version may add
}  // namespace detail

inline constexpr std::size_t cert_message_bytes_max =
    4 * detail::number_field + detail::bytes_field(32) +
    detail::bytes_field(chain::signer_bytes_max) + detail::bytes_field(96) + detail::spare;
inline constexpr std::size_t zone_header_message_bytes_max =
    7 * detail::number_field + 5 * detail::bytes_field(32) + detail::bytes_field(96) +
    detail::spare;
inline constexpr std::size_t statement_message_bytes_max =
    4 * detail::number_field + 7 * detail::bytes_field(32) + detail::spare;
inline constexpr std::size_t zone_update_message_bytes_max =
    (1 + chain::skipped_max) * detail::bytes_field(zone_header_message_bytes_max) +
    2 * detail::bytes_field(cert_message_bytes_max) +
    detail::bytes_field(statement_message_bytes_max) + detail::spare;
inline constexpr std::size_t root_header_message_bytes_max =
    8 * detail::number_field + 13 * detail::bytes_field(32) + detail::spare;
inline constexpr std::size_t vote_message_bytes_max =
    5 * detail::number_field + detail::bytes_field(32) + detail::bytes_field(96) + detail::spare;
inline constexpr std::size_t partial_message_bytes_max =
    detail::bytes_field(cert_message_bytes_max) + detail::number_field + detail::spare;
inline constexpr std::size_t evidence_message_bytes_max =
    detail::number_field + 2 * detail::bytes_field(vote_message_bytes_max) +
    2 * detail::bytes_field(zone_header_message_bytes_max) +
    2 * detail::bytes_field(cert_message_bytes_max) + detail::bytes_field(32) + detail::spare;
inline constexpr std::size_t proposal_message_bytes_max =
    detail::bytes_field(root_header_message_bytes_max) +
    zones_max * detail::bytes_field(zone_update_message_bytes_max) +
    chain::evidence_max * detail::bytes_field(evidence_message_bytes_max) +
    2 * detail::bytes_field(96) +
    (1 + nullifications_max) * detail::bytes_field(cert_message_bytes_max) + detail::number_field +
    epoch_sets_max * detail::bytes_field(chain::layout_bytes<chain::EpochSet>) +
    zones_max * detail::bytes_field(chain::layout_bytes<chain::ZoneRecord>) + detail::spare;
inline constexpr std::size_t follower_cert_message_bytes_max =
    detail::bytes_field(cert_message_bytes_max) + (2 + absent_max) * detail::number_field +
    detail::bytes_field(32) + detail::bytes_field(48) +
    detail::bytes_field(absent_max * chain::member_bytes) +
    detail::bytes_field(absent_path_bytes_max) + detail::spare;

/// A zone header as it travels; the signature is zero if it has none.
struct SignedZoneHeader
{
    chain::ZoneHeader header;
    chain::Signature signature{};
    bool is_signed = false;

    friend bool operator==(const SignedZoneHeader&, const SignedZoneHeader&) noexcept = default;
};

struct VoteMessage
{
    chain::Kind kind = chain::Kind::notarize;
    std::uint64_t epoch = 0;
    std::uint64_t view_or_height = 0;
    std::uint32_t zone = 0;
    chain::Digest subject{};   ///< zero for nullify
    std::uint32_t member = 0;  ///< index in the committee's list
    chain::Signature signature{};

    friend bool operator==(const VoteMessage&, const VoteMessage&) noexcept = default;
};

struct PartialMessage
{
    chain::Certificate certificate;
    std::uint32_t subnet = 0;
};

/// A piece as it is hashed: the wire's order of the two does not matter.
using EvidenceMessage = chain::Evidence;

/// A proposal. The lists are the encoded elements, each of which decodes; decode() them one by one.
struct ProposalMessage
{
    chain::RootHeader header;
    std::uint64_t view = 0;  ///< above header.view in a re-proposal
    chain::Signature signature{};
    bool has_reveal = false;
    chain::Signature reveal{};
    bool has_parent_certificate = false;
    chain::Certificate parent_certificate;
    std::array<Bytes, zones_max> updates{};
    std::size_t update_count = 0;
    std::array<Bytes, chain::evidence_max> evidence{};
    std::size_t evidence_count = 0;
    std::array<Bytes, nullifications_max> nullifications{};
    std::size_t nullification_count = 0;
    std::array<Bytes, epoch_sets_max> epoch_sets{};  ///< layouts of chain::EpochSet
    std::size_t epoch_set_count = 0;
    std::array<Bytes, zones_max> zone_records{};  ///< layouts of chain::ZoneRecord
    std::size_t zone_record_count = 0;
};

/// Why a message is dropped.
enum class Drop : std::uint8_t
{
    none = 0,
    too_long,  ///< the body, before it is looked at
    syntax,    ///< not proto3, a number too large for its field, a value or a list too long
    length,    ///< a value has another length than its own
    missing,   ///< a value that has to be there is not
    unused,    ///< a field that the kind does not use has a value
    version,
    kind,
    nested,  ///< an element of a list does not decode
};

// Decode a body.
//
// Errors  malformed; `why` says in what way, and `out` is empty.
// Memory  views in `out` point into `body`.
// Cost    linear in the body; less than 16 KiB of stack.
Status decode(Bytes body, chain::Certificate& out, Drop& why) noexcept;
Status decode(Bytes body, SignedZoneHeader& out, Drop& why) noexcept;
Status decode(Bytes body, chain::RootHeader& out, Drop& why) noexcept;
Status decode(Bytes body, VoteMessage& out, Drop& why) noexcept;
Status decode(Bytes body, PartialMessage& out, Drop& why) noexcept;
Status decode(Bytes body, EvidenceMessage& out, Drop& why) noexcept;
Status decode(Bytes body, ProposalMessage& out, Drop& why) noexcept;

/// Decodes an update of a proposal.
///
/// Memory  out.skipped lies in `skipped`: room for chain::skipped_max, more headers are malformed.
Status decode(Bytes body, std::span<chain::ZoneHeader, chain::skipped_max> skipped,
              chain::ZoneUpdate& out, Drop& why) noexcept;

/// Decodes a follower's certificate.
///
/// Memory  out.absent lies in `absent`.
Status decode(Bytes body, std::span<std::uint32_t, absent_max> absent,
              chain::FollowerCertificate& out, Drop& why) noexcept;

// Encode a body.
//
// Errors  memory_too_small; invalid_argument: decode would drop it. Nothing is `written` then.
// Memory  out: the *_message_bytes_max of the message is always enough.
Status encode(const chain::Certificate& message, MutableBytes out, std::size_t& written) noexcept;
Status encode(const SignedZoneHeader& message, MutableBytes out, std::size_t& written) noexcept;
Status encode(const chain::RootHeader& message, MutableBytes out, std::size_t& written) noexcept;
Status encode(const VoteMessage& message, MutableBytes out, std::size_t& written) noexcept;
Status encode(const PartialMessage& message, MutableBytes out, std::size_t& written) noexcept;
Status encode(const EvidenceMessage& message, MutableBytes out, std::size_t& written) noexcept;
Status encode(const ProposalMessage& message, MutableBytes out, std::size_t& written) noexcept;
Status encode(const chain::ZoneUpdate& message, MutableBytes out, std::size_t& written) noexcept;
Status encode(const chain::FollowerCertificate& message, MutableBytes out,
              std::size_t& written) noexcept;
}  // namespace mote::wire
