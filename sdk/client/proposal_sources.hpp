// Proposal sources: the lists of a proposal message, decoded one element at a time.
//
// The message points into bytes of the host; an update of 33 headers lies in memory of the validator
// until the next one is asked for.
#pragma once

#include "consensus/proposal_check.hpp"
#include "wire/consensus_messages.hpp"

namespace mote::client
{
/// A decoded message as the checks want it. Has to stay where it is, as do the message and its bytes.
class ProposalSources
{
  public:
    /// Shape   headers: memory for the skipped headers of one update. records: room for those of the
    ///         message, or fewer are taken.
    ProposalSources(const wire::ProposalMessage& message,
                    std::span<chain::ZoneHeader, chain::skipped_max> headers,
                    std::span<chain::ZoneRecord> records) noexcept;
    ProposalSources(const ProposalSources&) = delete;
    ProposalSources& operator=(const ProposalSources&) = delete;

    /// Whether sets and records are whole: they decode by their length alone.
    [[nodiscard]] bool holds() const noexcept { return holds_; }
    [[nodiscard]] const consensus::Proposal& proposal() const noexcept { return proposal_; }
    [[nodiscard]] std::span<const chain::EpochSet> sets() const noexcept
    {
        return std::span(sets_).first(set_count_);
    }

  private:
    const wire::ProposalMessage& message_;
    std::span<chain::ZoneHeader, chain::skipped_max> headers_;
    std::array<chain::EpochSet, wire::epoch_sets_max> sets_{};
    std::size_t set_count_ = 0;
    bool holds_ = true;
    consensus::Proposal proposal_;
};
}  // namespace mote::client
