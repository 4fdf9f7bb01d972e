// Root voter: a voter with a clock. It decides when to vote, what to pass on and when to give up.
//
// Sans I/O: the host brings events with the time, takes a list of actions, and knows from deadline_ms()
// when to tick. The same events at the same times give the same actions.
//
//   enter a view      timers start: 2 D without a proposal, or 3 D without a notarization, and R3 follows
//   a proposal        its place is checked here, everything else before; then R1
//   a certificate     passed on; then R2 and R4
//   nothing           every retry_ms the last vote is signed again, and the certificate that led here sent
//
// D grows by half with every nullified view directly below, because then the network may be slower than
// thought, and is D_0 again after a finalization.
//
// A leader that was silent for skip_after views while others' blocks became final is not waited for.
//
// While a record is being written every event but flushed() is refused; the host brings it again.
//
// Source  [CONSENSUS] sections 6.1 to 6.6.
#pragma once

#include "consensus/ancestry.hpp"
#include "consensus/leader_watch.hpp"
#include "consensus/voter.hpp"

namespace mote::consensus
{
struct Timing
{
    std::uint64_t delta_ms = 700;        ///< DELTA_0
    std::uint64_t delta_ms_max = 20000;  ///< DELTA_MAX
    std::uint64_t retry_ms = 2000;       ///< T_retry
    std::uint64_t skip_after = 16;       ///< SKIP_AFTER, in views; 0 for never
};

/// Gives D_v: delta_ms * 1.5^k, rounded down at each step, at most delta_ms_max.
[[nodiscard]] std::uint64_t delta_after(const Timing& timing,
                                        std::uint32_t nullified_views) noexcept;

enum class ActionKind : std::uint8_t
{
    write,    ///< write `record` at `offset`, flush, then flushed(token) or write_failed()
    sign,     ///< sign the permit's vote and send it
    forward,  ///< pass on the certificate of this event
    resend,   ///< send the last vote and the certificate that led to this view again
    fetch_nullification,  ///< of `view`: a proposal of this view needs it
    entered,              ///< (epoch, view) is the current one
    finalized,            ///< `block`, in `view`
};

struct Action
{
    ActionKind kind = ActionKind::resend;
    std::uint64_t epoch = 0;
    std::uint64_t view = 0;
    Digest block{};
    Step step;  ///< of write and sign
};

/// What one event leads to, in this order.
struct Actions
{
    static constexpr std::size_t max = 6;

    std::array<Action, max> list{};
    std::size_t count = 0;
    Refusal refusal = Refusal::none;  ///< busy: bring the event again

    [[nodiscard]] const Action* begin() const noexcept { return list.data(); }
    [[nodiscard]] const Action* end() const noexcept { return list.data() + count; }
};

class RootVoter
{
  public:
    /// Starts with an opened voter.
    ///
    /// Shape   start: the block that the voter's epoch builds on.
    RootVoter(const Voter& voter, const chain::Calendar& calendar, const Timing& timing,
              const StartBlock& start, std::uint64_t now_ms) noexcept;

    [[nodiscard]] const Voter& voter() const noexcept { return voter_; }
    /// The block that the voter's epoch builds on.
    [[nodiscard]] const StartBlock& start() const noexcept { return start_; }
    /// When tick() is due; UINT64_MAX while a record is being written, and if the voter is closed.
    [[nodiscard]] std::uint64_t deadline_ms() const noexcept;

    /// Enters view 1 with genesis; nothing for a voter that has been there.
    Actions on_genesis(std::uint64_t now_ms) noexcept;

    /// Says how many leaders take turns; until then nobody is skipped.
    void set_leaders(std::uint32_t leaders) noexcept;

    /// Takes a sign of life of a view's leader: a proposal that it signed, valid or late or not.
    void on_leader_heard(std::uint64_t epoch, std::uint64_t view) noexcept;

    /// Takes a nullification that came with a proposal or was fetched, also of an old view.
    void on_old_nullification(std::uint64_t epoch, std::uint64_t view) noexcept;

    /// Takes the leader's proposal for a view. Its certificates come first, through on_certificate and
    /// on_old_nullification.
    ///
    /// Shape   valid: every check of section 6.1 but the place.
    Actions on_proposal(const Place& place, bool valid, std::uint64_t now_ms) noexcept;

    /// Takes the news that a view's leader signed two proposals.
    Actions on_conflict(std::uint64_t epoch, std::uint64_t view) noexcept;

    /// Takes a certificate that was verified.
    ///
    /// Shape   height: of the block, for notarize and finalize; 0 for nullify.
    Actions on_certificate(Kind kind, std::uint64_t epoch, std::uint64_t view, const Digest& block,
                           std::uint64_t height, std::uint64_t now_ms) noexcept;

    Actions tick(std::uint64_t now_ms) noexcept;

    Actions flushed(std::uint64_t token, std::uint64_t now_ms) noexcept;
    void write_failed() noexcept;
    /// Ends cleanly, see Voter::stop.
    Actions stop() noexcept;

  private:
    void add(Actions& actions, ActionKind kind, std::uint64_t view, const Digest& block) noexcept;
    void carry_out(Actions& actions, const Step& step) noexcept;
    void note_entry(Actions& actions, std::uint64_t now_ms) noexcept;

    Voter voter_;
    chain::Calendar calendar_;
    Timing timing_;
    StartBlock start_;
    NullifiedViews nullified_;
    LeaderWatch leaders_;
    std::uint64_t epoch_ = 0, view_ = 0;  // where the timers belong to
    std::uint64_t finalized_view_ = 0;    // of this epoch; k does not count below it
    std::uint64_t proposal_at_ = 0, notarization_at_ = 0, resend_at_ = 0;
    bool proposal_seen_ = false;
};
}  // namespace mote::consensus
