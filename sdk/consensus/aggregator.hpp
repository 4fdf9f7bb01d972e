// Aggregator: from single votes to certificates, as a relay or for oneself.
//
//   votes of served subnets --batch, check--> sums of a subnet ---\                 q seats
//                                               |  every flush_ms   +-- disjoint sums ----> certificate
//   partials of other relays --check, best--> one for each subnet -/
//                                               |
//                                               +--> partials for the other relays and the leader
//
// One object is for one committee and epoch (period): the root committee, a zone's, or the checkpoint
// committee. Sans I/O: messages go in with the time, next() hands out what to send until it has nothing.
//
//   Aggregator relay;
//   relay.open(config, keys.scheme(), arena);
//   ++counts[relay.on_vote(vote, peer, now)];          // decoded by sdk/wire
//   if (now >= relay.deadline_ms()) relay.tick(now);
//   for (AggregatorOutput out; relay.next(out);) ...   // partials, certificates, evidence, offenders
//
// A vote waits unchecked until the next flush, or until it and others would make a certificate; then all
// that wait for one digest are checked by one random linear combination, and halves of it if that fails,
// down to the vote that is wrong. Its sender is named, because nobody else vouched for it.
//
// What a stranger can make it do is bounded: memory is taken once; a slot (what is voted on) is opened
// only by a vote that verified; a vote that waits cannot keep out another of the same member, because
// it is checked as soon as they differ. Quotas for those who send wrong ones are the host's.
//
// Source  [CONSENSUS] section 9.
#pragma once

#include "base/arena.hpp"
#include "base/status.hpp"
#include "chain/certificate.hpp"
#include "chain/evidence.hpp"
#include "consensus/fanout.hpp"
#include "consensus/vote_scheme.hpp"
#include "wire/consensus_messages.hpp"

namespace mote::consensus
{
using chain::Kind;

/// Which kinds a committee signs.
enum class Family : std::uint8_t
{
    root,        ///< notarize, nullify, finalize
    zone,        ///< avail, valid
    checkpoint,  ///< ckpt
};

struct AggregatorConfig
{
    Digest chain_id{};
    chain::Committee committee;  ///< its list must outlive the aggregator
    Family family = Family::root;
    std::uint64_t epoch = 0;  ///< the period for checkpoint
    std::uint32_t zone = 0;   ///< of zone, else 0
    std::uint32_t subnets = subnets_default;
    /// Bit s: single votes of subnet s are taken, and its partials sent. 0 for one who only adds up.
    std::uint64_t served = ~std::uint64_t{0};
    std::uint32_t slots = 24;                ///< things voted on at a time, 8 at least
    std::uint64_t lookahead = 32;            ///< views (heights) above the current one
    std::uint64_t behind = 4;                ///< and below it
    std::uint64_t flush_ms = 50;             ///< between partials
    std::array<std::uint8_t, 32> entropy{};  ///< fresh and known to nobody else
};

/// What became of a message; all but none are counted.
enum class VoteDrop : std::uint8_t
{
    none = 0,
    kind,         ///< not one of this committee
    epoch,        ///< another epoch, period or zone
    subject,      ///< missing, or there for nullify
    member,       ///< no such member
    subnet,       ///< not served, or signers of another subnet than the partial's
    too_old,      ///< further below the current view than `behind`
    too_far,      ///< further above it than `lookahead`
    form,         ///< a partial's bitmap: length, spare bits, members in part, nobody
    point,        ///< the signature is none
    signature,    ///< it does not verify
    duplicate,    ///< the same vote again
    second_vote,  ///< another vote of the member: evidence if it convicts
    not_better,   ///< a partial that adds nobody
    certified,    ///< there is a certificate already
    slots,        ///< no slot left for something less urgent, or for this member to open
    evidence,     ///< evidence that was not taken by next() in time
    offender,     ///< an offender that was not taken in time
};
inline constexpr std::size_t vote_drops = 18;

/// Who sent something that does not verify.
struct Offender
{
    static constexpr std::uint32_t no_member = UINT32_MAX;

    std::uint32_t peer = 0;
    std::uint32_t member = no_member;  ///< whose vote it was said to be; none for a partial
};

enum class AggregatorOutputKind : std::uint8_t
{
    partial,      ///< for the other relays and the leader
    certificate,  ///< for everybody
    evidence,     ///< for the next proposal
    offender,     ///< for the host's quotas
};

struct AggregatorOutput
{
    AggregatorOutputKind kind = AggregatorOutputKind::offender;
    /// Of partial and certificate. Its bitmap is valid until the next call of anything.
    chain::Certificate certificate;
    std::uint32_t subnet = 0;  ///< of partial
    chain::VoteEvidence evidence;
    Offender offender;
};

/// Adds up the votes of one committee.
///
/// Memory  an arena, about slots * (288 bytes for each member of a served subnet
///         + 2 * subnets * (288 + M / (8 * subnets)) bytes): about 1 MB with the defaults and one subnet of
///         a 2,048 member committee served, see memory_bytes.
class Aggregator
{
  public:
    static constexpr std::size_t evidence_max = 16;       ///< that wait for next()
    static constexpr std::size_t offenders_max = 32;      ///< the same
    static constexpr std::uint32_t slots_by_one_max = 2;  ///< opened by one member, avail and valid

    /// Bytes that open() takes from its arena.
    [[nodiscard]] static std::size_t memory_bytes(const AggregatorConfig& config) noexcept;

    /// Starts with view (height) 0 as the current one.
    ///
    /// Errors  invalid_argument: no committee, subnets not in 1 .. subnets_max, fewer than 8 slots, a
    ///         zone where the family has none. memory_too_small.
    Status open(const AggregatorConfig& config, const VoteScheme& scheme, Arena& arena) noexcept;

    /// Takes a single vote of a member of a served subnet. `none`: it waits or counts.
    ///
    /// Shape   peer: whatever the host calls who sent it.
    /// Cost    decoding the signature; a check where the top of this file says at once.
    VoteDrop on_vote(const wire::VoteMessage& vote, std::uint32_t peer,
                     std::uint64_t now_ms) noexcept;

    /// Takes the sum of another relay, or of a subnet that is not served here.
    ///
    /// Cost    a check if it adds somebody, else a pass over the members of its subnet.
    VoteDrop on_partial(const wire::PartialMessage& partial, std::uint32_t peer,
                        std::uint64_t now_ms) noexcept;

    /// Takes the news of a certificate that was verified: its slot needs no more votes.
    void on_certificate(const chain::Certificate& certificate) noexcept;

    /// Moves the window of views (heights); slots that fall out of it below are given back.
    void advance(std::uint64_t current) noexcept;

    /// When tick() is due; UINT64_MAX while there is nothing to send.
    [[nodiscard]] std::uint64_t deadline_ms() const noexcept { return deadline_ms_; }

    /// Checks what waits and makes the partials, if they are due.
    void tick(std::uint64_t now_ms) noexcept;

    /// Gives the next thing to send; false if there is none.
    [[nodiscard]] bool next(AggregatorOutput& out) noexcept;

    /// How often a message was dropped for this reason since open().
    [[nodiscard]] std::uint64_t dropped(VoteDrop reason) const noexcept
    {
        return dropped_[static_cast<std::size_t>(reason)];
    }

  private:
    struct Slot;
    struct Record;
    struct Kept;

    VoteDrop count(VoteDrop reason) noexcept;
    [[nodiscard]] bool take(Arena& arena) noexcept;
    [[nodiscard]] VoteDrop check_place(Kind kind, std::uint64_t epoch, std::uint64_t view,
                                       std::uint32_t zone, const Digest& subject) const noexcept;
    [[nodiscard]] Slot* find_slot(Kind kind, std::uint64_t view,
                                  const Digest& subject) const noexcept;
    [[nodiscard]] Slot* open_slot(Kind kind, std::uint64_t view, const Digest& subject,
                                  std::uint32_t opener, std::uint32_t seats) noexcept;
    [[nodiscard]] std::uint64_t distance(std::uint64_t view) const noexcept;

    [[nodiscard]] bool served(std::uint32_t subnet) const noexcept;
    [[nodiscard]] std::uint32_t members_of(std::uint32_t subnet) const noexcept;
    [[nodiscard]] std::span<Record> records(const Slot& slot, std::uint32_t subnet) const noexcept;
    [[nodiscard]] Record& record_of(const Slot& slot, std::uint32_t member) const noexcept;
    [[nodiscard]] std::span<Kept> kept(const Slot& slot, std::uint32_t subnet) const noexcept;
    [[nodiscard]] Kept* kept_for(const Slot& slot, std::uint32_t subnet,
                                 const Digest& subject) const noexcept;
    [[nodiscard]] std::span<std::uint64_t> bits_of(const Kept& partial) const noexcept;
    [[nodiscard]] std::uint32_t covered(const Slot& slot, std::uint32_t subnet,
                                        const Digest& subject, bool waiting,
                                        std::span<const std::uint64_t> partial,
                                        std::uint32_t partial_seats) const noexcept;
    [[nodiscard]] std::uint32_t covered(const Slot& slot, std::uint32_t subnet,
                                        const Digest& subject, bool waiting) const noexcept;
    [[nodiscard]] std::uint32_t covered(const Slot& slot, const Digest& subject,
                                        bool waiting) const noexcept;
    [[nodiscard]] bool subject_by_seats(const Slot& slot, std::uint32_t subnet, std::uint32_t rank,
                                        Digest& out) const noexcept;
    void collect(const Slot& slot, std::uint32_t subnet, const Digest& subject,
                 SignatureSum& sum) noexcept;

    [[nodiscard]] Digest digest_of(Kind kind, std::uint64_t view,
                                   const Digest& subject) const noexcept;
    [[nodiscard]] bool verify_one(const Digest& digest, std::uint32_t member,
                                  const SignaturePoint& point) noexcept;
    void draw_factors(std::span<BatchedVote> votes) noexcept;
    void verify_waiting(Slot& slot, const Digest& subject) noexcept;
    bool settle(Slot& slot, const Digest& digest, std::size_t first, std::size_t count,
                bool known_bad) noexcept;
    void accept(Slot& slot, std::uint32_t member, Record& record) noexcept;
    void refuse(std::uint32_t member, Record& record) noexcept;
    void note_changed(Slot& slot, const Digest& subject) noexcept;
    [[nodiscard]] VoteDrop look_again(Slot& slot, const wire::VoteMessage& vote,
                                      const SignaturePoint& point, std::uint32_t peer) noexcept;
    bool accuse(std::uint64_t view, std::uint32_t member, const chain::VoteEvidence::Vote& first,
                const chain::VoteEvidence::Vote& second) noexcept;
    void name(std::uint32_t peer, std::uint32_t member) noexcept;
    void due(std::uint64_t now_ms) noexcept;

    void clear_signers() noexcept;
    void give(const Slot& slot, const Digest& subject, const SignatureSum& sum,
              AggregatorOutput& out) noexcept;
    [[nodiscard]] bool next_certificate(AggregatorOutput& out) noexcept;
    [[nodiscard]] bool next_partial(AggregatorOutput& out) noexcept;

    AggregatorConfig config_;
    VoteScheme scheme_;
    std::uint32_t members_ = 0;
    std::uint32_t stride_ = 0;  // members of a subnet at most
    std::uint32_t served_count_ = 0;
    std::uint32_t words_ = 0;  // of a subnet's bitmap
    std::uint64_t current_ = 0;
    std::uint64_t deadline_ms_ = UINT64_MAX;
    std::uint64_t draws_ = 0;   // batches that were given factors
    std::uint64_t opened_ = 0;  // slots so far, for their age

    Slot* slots_ = nullptr;
    Record* records_ = nullptr;  // slot, served subnet, member / subnets
    Kept* kept_ = nullptr;       // slot, subnet, kept_each
    BatchedVote* batch_ = nullptr;
    std::uint64_t* bits_ = nullptr;  // of kept_

    std::array<chain::VoteEvidence, evidence_max> evidence_{};
    std::size_t evidence_count_ = 0;
    std::array<Offender, offenders_max> offenders_{};
    std::size_t offender_count_ = 0;
    std::array<std::uint8_t, chain::signer_bytes_max> signers_{};
    std::array<std::uint64_t, vote_drops> dropped_{};
};
}  // namespace mote::consensus
