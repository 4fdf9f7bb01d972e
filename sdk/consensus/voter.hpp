// Voter: the exclusive votes of one key, and what has to be durable before each of them.
//
//   R1  a valid proposal h for the view, nothing voted in it     NOTARIZE(view, h)
//   R2  a notarization of (view, h), second vote still free      FINALIZE(view, h)
//   R3  timer, or a leader caught; second vote still free        NULLIFY(view)
//   R4  a certificate of this view or a later one                enter the view after it
//   R5  anything else                                            nothing; the same vote again is sent again
//
// Why: one notarize per view makes two notarized blocks of a view impossible, and never both nullify
// and finalize makes a view that some leave without a block one that nobody finalizes.
//
// Nothing is signed that a crash could make us forget. An event either gives a Permit at once (a
// repeat, or inside a reservation) or a record to write; the permit comes with the confirmation that
// the record is flushed. A Permit is the only thing a key signs for, and only this class makes one.
//
//   Step step = voter.on_proposal(epoch, view, hash);
//   if (step.write)                                  // write step.record at step.offset, flush, then:
//       step = voter.flushed(step.token);
//   if (step.permit)
//       sign(step.permit->vote());
//
// Exact mode writes before every vote. Reserve mode writes once and then votes in `reserve_views`
// views out of memory; after a crash it has no votes left in them.
//
// Whether a proposal is valid and a certificate verified is decided before it gets here.
//
// Source  [CONSENSUS] sections 6.2, 6.3 and 7.
#pragma once

#include "chain/digests.hpp"
#include "consensus/vote_record.hpp"

namespace mote::consensus
{
using chain::Kind;

struct Vote
{
    Kind kind = Kind::nullify;
    std::uint64_t epoch = 0;
    std::uint64_t view = 0;
    Digest block{};  ///< zero for nullify

    friend bool operator==(const Vote&, const Vote&) noexcept = default;
};

/// The right to sign one vote. Made by a Voter only.
class Permit
{
  public:
    [[nodiscard]] const Vote& vote() const noexcept { return vote_; }

  private:
    friend class Voter;
    friend struct Step;
    Permit() noexcept = default;
    explicit Permit(const Vote& vote) noexcept : vote_(vote) {}
    Vote vote_;
};

enum class Refusal : std::uint8_t
{
    none = 0,
    closed,      ///< stopped, retired, or storage failed
    busy,        ///< a record is being written: ask again after it
    other_view,  ///< not the current (epoch, view)
    already,     ///< voted otherwise, or perhaps voted
    unknown_token,
};

/// What an event asks of the host.
struct Step
{
    bool write = false;      ///< write `record` at `offset`, flush, then call flushed(token)
    bool permitted = false;  ///< permit() may be signed now
    Refusal refusal = Refusal::none;
    std::uint64_t token = 0;
    std::size_t offset = 0;
    RecordBytes record{};

    /// Shape   permitted (asserted).
    [[nodiscard]] const Permit& permit() const noexcept;

  private:
    friend class Voter;
    Permit permit_;
};

enum class VoteMode : std::uint8_t
{
    exact,
    reserve,
};

/// Section 6.2, what a voter knows of its own votes.
struct VoterState
{
    std::uint64_t epoch = 0;
    std::uint64_t view = 0;
    First first = First::used;
    Second second = Second::used;
    Digest notarized{};
    Digest finalized{};

    friend bool operator==(const VoterState&, const VoterState&) noexcept = default;
};

/// One key's voter.
///
/// Memory  less than 1 KiB, no pointers: a copy is a clone, which must never sign.
/// Cost    two hashes for a record, else nothing.
class Voter
{
  public:
    static constexpr std::uint64_t reserve_views_default = 64;

    /// Is closed until open() succeeds.
    Voter() noexcept = default;

    /// Starts from the record that load() picked.
    ///
    /// Shape   reserve_views >= 1; ignored in exact mode.
    /// Errors  rejected: the record is retired, or its seq is the last there is. invalid_argument:
    ///         reserve_views is 0. The voter is closed then.
    Status open(const VoteRecord& record, const KeyName& key, VoteMode mode,
                std::uint64_t reserve_views = reserve_views_default) noexcept;

    [[nodiscard]] bool is_open() const noexcept { return open_; }
    /// True between an event that asked for a write and flushed() or write_failed().
    [[nodiscard]] bool busy() const noexcept { return pending_ != Pending::none; }
    [[nodiscard]] const VoterState& state() const noexcept { return state_; }
    /// The newest record that is known to be flushed.
    [[nodiscard]] const VoteRecord& record() const noexcept { return record_; }

    /// Lets a voter at (0, 0), with a new key's record, enter (0, 1).
    Step on_genesis() noexcept;

    /// R1. A proposal that passed every check, re-proposals of an epoch's last block included.
    Step on_proposal(std::uint64_t epoch, std::uint64_t view, const Digest& block) noexcept;

    /// R3. The view's timer, an invalid proposal, or two signatures of its leader that conflict.
    Step on_timeout(std::uint64_t epoch, std::uint64_t view) noexcept;

    /// R2 and R4. A certificate that was verified.
    ///
    /// Shape   kind: notarize, nullify or finalize, another one is refused. ends_epoch: the block is
    ///         the last of its epoch.
    Step on_certificate(Kind kind, std::uint64_t epoch, std::uint64_t view, const Digest& block,
                        bool ends_epoch) noexcept;

    /// Permits the recorded vote of this view again, the second one if there are two: nothing is written,
    /// and the signature is the same as before. Also after a restart, when it may never have left.
    Step repeat() noexcept;

    /// Renews the lease: the record has its nonce before the lease is announced. There is no permit.
    Step on_lease(std::uint64_t nonce) noexcept;

    /// Whether a lease seen on chain can only be a clone's; the voter closes then.
    [[nodiscard]] bool finds_clone(std::uint64_t nonce_on_chain) noexcept;

    /// Ends cleanly: writes what was voted, so that reserve mode loses nothing. Closed when flushed.
    Step stop() noexcept;

    /// Ends for good: the key was exported or has expired. Closed at once; what was exported may leave
    /// the device when the record is flushed.
    Step retire() noexcept;

    /// Takes the confirmation that the record of `token` is on the medium.
    Step flushed(std::uint64_t token) noexcept;

    /// Takes the news that it may not be. The voter closes; open() decides from what is there.
    void write_failed() noexcept;

  private:
    enum class Pending : std::uint8_t
    {
        none,
        vote,
        lease,
        close,
    };

    [[nodiscard]] Step refuse(Refusal refusal) const noexcept;
    [[nodiscard]] bool at(std::uint64_t epoch, std::uint64_t view) const noexcept;
    [[nodiscard]] Step vote(const VoterState& after_vote, const Vote& vote,
                            const VoterState& next) noexcept;
    [[nodiscard]] Step write(const VoteRecord& record, Pending pending) noexcept;
    [[nodiscard]] VoteRecord exact_record(const VoterState& state) const noexcept;
    [[nodiscard]] bool reserved(const VoterState& state) const noexcept;

    VoterState state_;       // after everything that was flushed
    VoterState next_state_;  // once the pending record is
    VoteRecord record_;
    VoteRecord next_record_;
    Vote pending_vote_;
    KeyName key_{};
    std::uint64_t reserve_views_ = 0;
    VoteMode mode_ = VoteMode::exact;
    Pending pending_ = Pending::none;
    bool reservation_is_ours_ = false;
    bool open_ = false;
};
}  // namespace mote::consensus
