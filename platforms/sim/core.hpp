// Core: the state machine under test behind one function, with the log that replays it.
//
// This is the seam between a simulated host and the core: events go in, actions come out. Every event is
// kept, and what it gave is folded into a number; replay() starts again from a copy and must get there.
#pragma once

#include <vector>

#include "consensus/root_voter.hpp"

namespace mote::sim
{
struct CoreEvent
{
    enum class What : std::uint8_t
    {
        genesis,
        old_nullification,
        proposal,
        conflict,
        certificate,
        tick,
        flushed,
        write_failed,
        stop,
    };

    What what = What::tick;
    chain::Kind kind = chain::Kind::nullify;
    bool valid = false;
    std::uint64_t now_ms = 0;
    std::uint64_t epoch = 0, view = 0;
    std::uint64_t height = 0;  ///< of certificate; the token of flushed
    chain::Digest block{};
    consensus::Place place;
};

class Core
{
  public:
    static constexpr std::size_t log_max = 4096;

    Core(const consensus::Voter& voter, const chain::Calendar& calendar,
         const consensus::Timing& timing, const consensus::StartBlock& start, std::uint64_t now_ms,
         bool logged)
        : root_(voter, calendar, timing, start, now_ms), start_(root_), logged_(logged)
    {
    }

    consensus::Actions step(const CoreEvent& event);

    [[nodiscard]] const consensus::Voter& voter() const noexcept { return root_.voter(); }
    [[nodiscard]] const consensus::VoterState& state() const noexcept
    {
        return root_.voter().state();
    }
    [[nodiscard]] bool busy() const noexcept { return root_.voter().busy(); }
    [[nodiscard]] std::uint64_t deadline_ms() const noexcept { return root_.deadline_ms(); }

    /// Whether the logged events give the same actions again; then the log starts anew.
    [[nodiscard]] bool replay();
    [[nodiscard]] bool log_full() const noexcept { return log_.size() >= log_max; }
    [[nodiscard]] std::size_t log_size() const noexcept { return log_.size(); }

    /// Mutant: the core sees a clock that is not in its events.
    void hide_input(std::uint64_t offset_ms) noexcept { hidden_ms_ = offset_ms; }

  private:
    consensus::RootVoter root_, start_;
    std::vector<CoreEvent> log_;
    std::uint64_t digest_ = 0;
    std::uint64_t hidden_ms_ = 0;
    bool logged_;
};
}  // namespace mote::sim
