// Leader watch: which leaders have been silent for so long that waiting for them only costs time.
//
// A leader is silent in a view if it has had a turn since it was last heard, that was more than `after` views
// ago, and a later view than that became final: so the others go on without it. Its first sign of life ends
// it. This is each voter's own policy; nobody has to agree on it.
//
// Worked case: 4 leaders, after = 16. One heard in view 3 has turns in 7, 11, 15, 19, 23; it is skipped
// from view 23 on if a view above 3 is final.
//
// Source  [CONSENSUS] section 6.4.
#pragma once

#include <array>
#include <cstdint>

namespace mote::consensus
{
class LeaderWatch
{
  public:
    static constexpr std::uint32_t leaders_max = 64;  ///< with more nobody is skipped

    /// Starts with `leaders` taking turns, as if all had been heard before `view`.
    void begin(std::uint32_t leaders, std::uint64_t view) noexcept;
    [[nodiscard]] std::uint32_t count() const noexcept { return leaders_; }

    /// Notes a sign of life of the leader of a view.
    void heard(std::uint64_t view) noexcept;
    /// Notes that a block of a view became final.
    void finalized(std::uint64_t view) noexcept;

    /// Whether the leader of `view` is silent; never if `after` is 0.
    [[nodiscard]] bool silent(std::uint64_t view, std::uint64_t after) const noexcept;

  private:
    [[nodiscard]] bool watches(std::uint64_t view) const noexcept;

    std::array<std::uint64_t, leaders_max> heard_{};  // the leader of view v is (v - 1) % leaders_
    std::uint64_t final_ = 0;
    std::uint32_t leaders_ = 0;
};
}  // namespace mote::consensus
