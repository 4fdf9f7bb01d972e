#include "client/key_schedule.hpp"

#include <algorithm>

#include "base/secret.hpp"

namespace mote::client
{
std::uint64_t register_by(const KeyTerm& term, consensus::Duty duty,
                          const consensus::DrawRules& rules) noexcept
{
    using consensus::Duty;
    // The last duty epoch that this key is drawn for: its duty and CARRY_MAX more end within the term.
    if (term.last_epoch < rules.carry_max)
        return term.first_epoch;
    const std::uint64_t last_end = term.last_epoch - rules.carry_max;
    std::uint64_t first_missed = last_end == UINT64_MAX ? last_end : last_end + 1;
    if (duty == Duty::checkpoint)  // the first period that does not end within
        first_missed -= first_missed % rules.calendar.period_epochs;
    // Candidates for that epoch come from the state before the first block of two epochs earlier, so
    // the successor has to be there in the epoch before that one.
    constexpr std::uint64_t ahead = 3;
    const std::uint64_t by = first_missed < ahead ? 0 : first_missed - ahead;
    return by < term.first_epoch ? term.first_epoch : by;
}

Status VotingKeys::open(std::span<const std::uint8_t, signature::secret_key_bytes> key,
                        const KeyTerm& term, consensus::Duty duty,
                        const consensus::DrawRules& rules) noexcept
{
    wipe();
    if (term.last_epoch < term.first_epoch || !rules.calendar.holds())
        return Status::invalid_argument;
    MOTE_TRY(key_.load(key));
    term_ = term;
    duty_ = duty;
    rules_ = rules;
    epoch_ = 0;
    generation_ = 0;
    return Status::ok;
}

void VotingKeys::on_epoch(std::uint64_t epoch) noexcept
{
    epoch_ = std::max(epoch_, epoch);
    if (!key_.empty() && epoch_ > term_.last_epoch)
    {
        key_.clear();
        must_retire_ = true;
    }
    if (progress_ == Successor::none)
        return;
    if (epoch_ > successor_term_.last_epoch)
    {
        successor_.clear();
        progress_ = Successor::none;
        return;
    }
    // One key votes at a time: the successor waits until the old one is gone.
    if (key_.empty() && progress_ == Successor::registered && successor_term_.covers(epoch_))
    {
        std::array<std::uint8_t, signature::secret_key_bytes> bytes;
        successor_.store(bytes);
        const Status loaded = key_.load(bytes);
        mote::wipe(bytes);
        MOTE_ASSERT(loaded == Status::ok);
        static_cast<void>(loaded);
        successor_.clear();
        term_ = successor_term_;
        progress_ = Successor::none;
        ++generation_;
    }
}

KeyTask VotingKeys::task() const noexcept
{
    if (must_retire_)
        return KeyTask::retire;
    switch (progress_)
    {
        case Successor::none:
            return key_.empty() || epoch_ >= register_by(term_, duty_, rules_)
                       ? KeyTask::make_successor
                       : KeyTask::none;
        case Successor::made:
            return KeyTask::record_successor;
        case Successor::recorded:
            return KeyTask::register_successor;
        case Successor::registered:
            break;
    }
    return KeyTask::none;
}

const signature::SecretKey* VotingKeys::signing() const noexcept
{
    return !key_.empty() && term_.covers(epoch_) ? &key_ : nullptr;
}

Status VotingKeys::set_successor(std::span<const std::uint8_t, signature::secret_key_bytes> key,
                                 const KeyTerm& term) noexcept
{
    if (progress_ != Successor::none || term.last_epoch < term.first_epoch ||
        term.last_epoch < epoch_ || term.last_epoch <= term_.last_epoch ||
        (term_.last_epoch != UINT64_MAX && !key_.empty() &&
         term.first_epoch > term_.last_epoch + 1))
        return Status::invalid_argument;
    MOTE_TRY(successor_.load(key));
    successor_term_ = term;
    progress_ = Successor::made;
    return Status::ok;
}

void VotingKeys::successor_recorded() noexcept
{
    if (progress_ == Successor::made)
        progress_ = Successor::recorded;
}

void VotingKeys::successor_registered() noexcept
{
    if (progress_ == Successor::recorded)
        progress_ = Successor::registered;
    on_epoch(epoch_);
}

void VotingKeys::wipe() noexcept
{
    key_.clear();
    successor_.clear();
    progress_ = Successor::none;
    must_retire_ = false;
}
}  // namespace mote::client
