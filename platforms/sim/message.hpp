// Message: bytes on the simulated wire, and what they decode to.
//
// One byte of type, then a body: those of the consensus are sdk/wire's. Bytes that do not decode are
// dropped by whoever gets them, with a count. A message that goes to many is decoded once, because
// decoding is a function of the bytes; shares and proofs carry a pointer to what they stand for and the
// number of bytes that they would have.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "wire/consensus_messages.hpp"

namespace mote::sim
{
using chain::Digest;

struct ZoneBlock;
struct ProofPackage;

enum class MessageType : std::uint8_t
{
    proposal = 1,
    vote = 2,
    certificate = 3,  ///< with the block's header, if it is about one
    partial = 4,
    ask = 5,  ///< for what led to views from (epoch, view) on
    ask_nullification = 6,
    shares = 7,  ///< a signed zone header and the shares of one member
    proof = 8,
    checkpoint = 9,  ///< a header and its checkpoint certificate in follower form
    evidence = 10,
};

struct Message;
using MessagePtr = std::shared_ptr<const Message>;

/// A decoded proposal. Views point into the message's bytes.
struct Proposal
{
    wire::ProposalMessage message;
    Digest block{};
    std::vector<chain::ZoneUpdate> updates;
    std::vector<std::array<chain::ZoneHeader, chain::skipped_max>> skipped;
    std::vector<chain::Certificate> nullifications;
    std::vector<wire::EvidenceMessage> evidence;
    std::vector<chain::EpochSet> epoch_sets;
    std::vector<chain::ZoneRecord> records;
};

struct Message
{
    MessageType type{};
    std::vector<std::uint8_t> bytes;  ///< the body
    std::size_t wire_bytes = 0;       ///< what the network carries
    bool valid = false;
    wire::Drop why = wire::Drop::none;
    Digest id{};  ///< H(type || bytes); of proposals and certificates only

    // What it decoded to; the one that `type` names.
    std::unique_ptr<const Proposal> proposal;
    wire::VoteMessage vote;
    chain::Certificate certificate;  ///< of certificate and partial
    std::optional<chain::RootHeader> header;
    std::uint32_t subnet = 0;
    std::uint64_t epoch = 0, view = 0;  ///< of ask
    std::shared_ptr<const ZoneBlock> block;
    std::shared_ptr<const ProofPackage> proof;
    std::uint32_t member = 0;  ///< of shares
    chain::FollowerCertificate follower;
    std::vector<std::uint32_t> absent;
    wire::EvidenceMessage evidence;
};

// Make messages. Those that honest nodes make always decode.
[[nodiscard]] MessagePtr decode_message(MessageType type, std::vector<std::uint8_t> bytes);
[[nodiscard]] MessagePtr vote_message(const wire::VoteMessage& vote);
/// `header`: null for nullifications and attestations.
[[nodiscard]] MessagePtr certificate_message(const chain::Certificate& certificate,
                                             const chain::RootHeader* header);
[[nodiscard]] MessagePtr partial_message(const chain::Certificate& certificate,
                                         std::uint32_t subnet);
[[nodiscard]] MessagePtr ask_message(MessageType type, std::uint64_t epoch, std::uint64_t view);
[[nodiscard]] MessagePtr shares_message(std::shared_ptr<const ZoneBlock> block,
                                        std::uint32_t member, std::size_t bytes);
[[nodiscard]] MessagePtr proof_message(std::shared_ptr<const ProofPackage> proof,
                                       std::size_t bytes);
[[nodiscard]] MessagePtr checkpoint_message(const chain::RootHeader& header,
                                            const chain::FollowerCertificate& follower);
[[nodiscard]] MessagePtr evidence_message(const wire::EvidenceMessage& evidence);

/// What a proposal is made of; all of it is encoded.
struct ProposalParts
{
    chain::RootHeader header;
    std::uint64_t view = 0;
    chain::Signature signature{};
    std::optional<chain::Signature> reveal;
    const chain::Certificate* parent_certificate = nullptr;
    std::vector<chain::ZoneUpdate> updates;
    std::vector<wire::EvidenceMessage> evidence;
    std::vector<chain::Certificate> nullifications;
    std::vector<chain::EpochSet> epoch_sets;
    std::vector<chain::ZoneRecord> records;
};
[[nodiscard]] MessagePtr proposal_message(const ProposalParts& parts);
}  // namespace mote::sim
