#include "consensus/lease.hpp"

namespace mote::consensus
{
Ineligible eligible(const Lease& lease, Duty duty, std::uint64_t state_epoch,
                    std::uint64_t duty_epoch, std::uint64_t key_last_epoch,
                    const Attendance& attendance, std::uint64_t free_again,
                    const DrawRules& rules) noexcept
{
    if (!active(lease, state_epoch))
        return Ineligible::no_lease;
    if (!fits(lease.lease_class, duty))
        return Ineligible::lease_class;
    if (duty != Duty::zone && !attendance.reaches(rules.uptime_percent))
        return Ineligible::uptime;
    const std::uint64_t last = last_epoch_of(duty, duty_epoch, rules.calendar);
    if (key_last_epoch < last || key_last_epoch - last < rules.carry_max)
        return Ineligible::key;
    if (duty_epoch < free_again)
        return Ineligible::convicted;
    return Ineligible::none;
}
}  // namespace mote::consensus
