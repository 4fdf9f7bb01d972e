#include "consensus/lease.hpp"

#include <catch2/catch.hpp>

using namespace mote::consensus;

namespace
{
Lease lease(LeaseClass of)
{
    Lease l;
    l.lease_class = of;
    l.from = 10;
    l.to = 20;
    return l;
}

Ineligible ask(LeaseClass of, Duty duty, std::uint64_t state_epoch = 12,
               std::uint64_t key_last = 1000, Attendance attendance = {})
{
    return eligible(lease(of), duty, state_epoch, state_epoch + 2, key_last, attendance, 0, {});
}
}  // namespace

TEST_CASE("classes are drawn for what they can do")
{
    using enum LeaseClass;
    const auto may = [](LeaseClass of, Duty duty) { return ask(of, duty) == Ineligible::none; };
    CHECK(may(always, Duty::root));
    CHECK(may(always, Duty::zone));
    CHECK(may(always, Duty::checkpoint));
    CHECK(may(mostly, Duty::root));
    CHECK(may(mostly, Duty::zone));
    CHECK(ask(mostly, Duty::checkpoint) == Ineligible::lease_class);
    CHECK(ask(intermittent, Duty::root) == Ineligible::lease_class);
    CHECK(may(intermittent, Duty::zone));
    CHECK(ask(intermittent, Duty::checkpoint) == Ineligible::lease_class);
    CHECK(ask(static_cast<LeaseClass>(0), Duty::zone) == Ineligible::lease_class);
    CHECK(ask(always, static_cast<Duty>(4)) == Ineligible::lease_class);
}

TEST_CASE("a lease holds from its first epoch to the one before `to`")
{
    for (const std::uint64_t epoch : {0U, 9U, 20U, 21U})
        CHECK(ask(LeaseClass::always, Duty::zone, epoch) == Ineligible::no_lease);
    for (const std::uint64_t epoch : {10U, 19U})
        CHECK(ask(LeaseClass::always, Duty::zone, epoch) == Ineligible::none);
}

TEST_CASE("nine of ten votes keep a root seat")
{
    const auto root = [](std::uint64_t asked, std::uint64_t came)
    { return ask(LeaseClass::always, Duty::root, 12, 1000, {asked, came}); };
    CHECK(root(0, 0) == Ineligible::none);
    CHECK(root(10, 9) == Ineligible::none);
    CHECK(root(10, 8) == Ineligible::uptime);
    CHECK(root(3600, 3240) == Ineligible::none);
    CHECK(root(3600, 3239) == Ineligible::uptime);
    CHECK(root(19, 17) == Ineligible::uptime);
    CHECK(root(20, 18) == Ineligible::none);
    CHECK(root(1, 0) == Ineligible::uptime);
    CHECK(root(5, 9) == Ineligible::none);
    CHECK(ask(LeaseClass::always, Duty::zone, 12, 1000, {10, 0}) == Ineligible::none);
    CHECK(ask(LeaseClass::always, Duty::checkpoint, 12, 1000, {10, 0}) == Ineligible::uptime);
    // Against the definition, and where a product would overflow.
    for (std::uint64_t asked = 0; asked < 130; ++asked)
        for (std::uint64_t came = 0; came <= asked; ++came)
            CHECK(Attendance{asked, came}.reaches(90) == (100 * came >= 90 * asked));
    CHECK(Attendance{UINT64_MAX, UINT64_MAX / 10 * 9 + 5}.reaches(90));
    CHECK_FALSE(Attendance{UINT64_MAX, UINT64_MAX / 10 * 9}.reaches(90));
}

TEST_CASE("a key outlives its duty by eight epochs")
{
    // State epoch 12, duty epoch 14.
    CHECK(ask(LeaseClass::always, Duty::root, 12, 22) == Ineligible::none);
    CHECK(ask(LeaseClass::always, Duty::root, 12, 21) == Ineligible::key);
    // A checkpoint duty ends with the period, epoch 23.
    CHECK(ask(LeaseClass::always, Duty::checkpoint, 12, 31) == Ineligible::none);
    CHECK(ask(LeaseClass::always, Duty::checkpoint, 12, 30) == Ineligible::key);
    CHECK(last_epoch_of(Duty::checkpoint, 24, {}) == 47);
    CHECK(last_epoch_of(Duty::checkpoint, UINT64_MAX, {}) == UINT64_MAX);
    CHECK(last_epoch_of(Duty::zone, 24, {}) == 24);
}

TEST_CASE("evidence keeps a validator out until the period is over")
{
    CHECK(free_again_after(12, {}) == 24);
    CHECK(free_again_after(23, {}) == 24);
    CHECK(free_again_after(24, {}) == 48);
    const Lease l = lease(LeaseClass::always);
    CHECK(eligible(l, Duty::zone, 12, 23, 1000, {}, 24, {}) == Ineligible::convicted);
    CHECK(eligible(l, Duty::zone, 12, 24, 1000, {}, 24, {}) == Ineligible::none);
}
