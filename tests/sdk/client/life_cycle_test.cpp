// Every edge of a device's life, and a walk over random events against the rules said plainly.
#include "client/life_cycle.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <set>

using namespace mote::client;

namespace
{
constexpr VotingConditions all = {true, true, true, true, true};

LifeCycle voting(bool can_be_set_back = false)
{
    LifeCycle life(can_be_set_back);
    life.set_conditions(all);
    life.on_connected();
    life.on_newest(1, {3, 10});
    life.on_newest(2, {3, 12});
    return life;
}
}  // namespace

TEST_CASE("a device goes from offline to voting and back")
{
    LifeCycle life(false);
    CHECK(life.state() == DeviceState::offline);
    life.on_newest(1, {3, 10});
    life.on_newest(2, {3, 10});
    CHECK(life.state() == DeviceState::offline);
    life.on_connected();
    CHECK(life.state() == DeviceState::syncing);
    life.on_newest(1, {3, 10});
    life.on_newest(1, {3, 11});  // one relay is one relay
    CHECK(life.state() == DeviceState::syncing);
    life.on_newest(2, {3, 9});
    CHECK(life.state() == DeviceState::following);
    CHECK(life.newest().view == 11);
    CHECK(life.reason() == NotVoting::no_record);
    life.set_conditions(all);
    CHECK(life.state() == DeviceState::voting);
    CHECK(life.reason() == NotVoting::none);
    life.on_sleep();
    CHECK(life.state() == DeviceState::asleep);
    life.on_connected();
    life.on_disconnected();
    CHECK(life.state() == DeviceState::asleep);
    life.on_wake();
    CHECK(life.state() == DeviceState::syncing);
    CHECK(life.newest().epoch == 0);
    life.on_newest(1, {4, 2});
    life.on_newest(3, {4, 1});
    CHECK(life.state() == DeviceState::voting);
    CHECK(life.newest().epoch == 4);
    CHECK(life.newest().view == 2);
    life.on_wake();  // it did not sleep
    CHECK(life.state() == DeviceState::voting);
    life.on_disconnected();
    CHECK(life.state() == DeviceState::offline);
}

TEST_CASE("each condition alone keeps a device from voting")
{
    const std::pair<bool VotingConditions::*, NotVoting> conditions[] = {
        {&VotingConditions::record_readable, NotVoting::no_record},
        {&VotingConditions::lock_held, NotVoting::no_lock},
        {&VotingConditions::key_valid, NotVoting::no_key},
        {&VotingConditions::lease_active, NotVoting::no_lease},
        {&VotingConditions::lease_renewed, NotVoting::lease_not_renewed}};
    for (const auto& [condition, reason] : conditions)
        for (const bool can_be_set_back : {false, true})
        {
            LifeCycle life = voting(can_be_set_back);
            REQUIRE(life.state() == DeviceState::voting);
            VotingConditions changed = all;
            changed.*condition = false;
            life.set_conditions(changed);
            const bool matters = reason != NotVoting::lease_not_renewed || can_be_set_back;
            CHECK(life.state() == (matters ? DeviceState::following : DeviceState::voting));
            CHECK(life.reason() == (matters ? reason : NotVoting::none));
            life.set_conditions(all);
            CHECK(life.state() == DeviceState::voting);
        }
}

TEST_CASE("what shakes the ground needs a new synchronization")
{
    void (LifeCycle::* const events[])() noexcept = {
        &LifeCycle::on_network_change, &LifeCycle::on_clock_jump, &LifeCycle::on_storage_error};
    for (const auto event : events)
    {
        LifeCycle life = voting();
        life.set_voter_open(true);
        CHECK_FALSE(life.must_stop_voter());
        (life.*event)();
        CHECK(life.state() == DeviceState::following);
        CHECK(life.must_stop_voter());
        life.set_voter_open(false);
        CHECK_FALSE(life.must_stop_voter());
        life.on_newest(1, {5, 1});
        CHECK(life.state() == DeviceState::following);
        life.on_newest(2, {5, 1});
        // After an error the record has to be read again, too.
        const bool storage = event == &LifeCycle::on_storage_error;
        CHECK(life.state() == (storage ? DeviceState::following : DeviceState::voting));
        life.set_conditions(all);
        CHECK(life.state() == DeviceState::voting);
    }
}

TEST_CASE("a clone, a fault of the chain and an unknown version end voting for good")
{
    LifeCycle life = voting();
    life.on_lease_seen(7, 7);
    life.on_lease_seen(6, 7);
    CHECK(life.state() == DeviceState::voting);
    life.on_lease_seen(8, 7);
    CHECK(life.reason() == NotVoting::clone);
    LifeCycle fault = voting(), upgrade = voting();
    fault.on_chain_fault();
    CHECK(fault.reason() == NotVoting::chain_fault);
    upgrade.on_upgrade_required();
    CHECK(upgrade.reason() == NotVoting::upgrade_required);
    for (LifeCycle* one : {&life, &fault, &upgrade})
    {
        CHECK(one->state() == DeviceState::following);
        one->on_sleep();
        one->on_wake();
        one->on_newest(1, {9, 1});
        one->on_newest(2, {9, 1});
        one->set_conditions(all);
        CHECK(one->state() == DeviceState::following);
    }
}

TEST_CASE("in no order of events does a device vote that should not")
{
    std::mt19937_64 random(41);
    int voted = 0, forbidden = 0;
    for (int run = 0; run < 400; ++run)
    {
        const bool can_be_set_back = random() % 2 == 0;
        LifeCycle life(can_be_set_back, 2);
        // What the rules say, kept as plain facts.
        bool connected = false, asleep = false, ended = false, record_reread = true;
        std::set<std::uint64_t> relays;
        VotingConditions conditions;
        life.set_conditions(conditions);
        for (int step = 0; step < 60; ++step)
        {
            switch (random() % 12)
            {
                case 0:
                    life.on_connected();
                    if (!asleep && !connected)
                        relays.clear(), connected = true;
                    break;
                case 1:
                    if (random() % 4 == 0)
                    {
                        life.on_disconnected();
                        if (!asleep)
                            connected = false, relays.clear();
                    }
                    break;
                case 2:
                    life.on_sleep();
                    asleep = true;
                    break;
                case 3:
                    life.on_wake();
                    if (asleep)
                        asleep = false, connected = true, relays.clear();
                    break;
                case 4:
                    if (random() % 4 == 0)
                    {
                        life.on_network_change();
                        relays.clear();
                    }
                    break;
                case 5:
                    if (random() % 4 == 0)
                    {
                        life.on_storage_error();
                        relays.clear();
                        record_reread = false;
                    }
                    break;
                case 6:
                    if (random() % 20 == 0)
                    {
                        life.on_chain_fault();
                        ended = true;
                    }
                    break;
                case 7:
                case 8:
                    conditions = all;
                    if (random() % 3 == 0)
                        conditions = {random() % 2 == 0, random() % 2 == 0, random() % 2 == 0,
                                      random() % 2 == 0, random() % 2 == 0};
                    life.set_conditions(conditions);
                    record_reread = true;
                    break;
                default:
                {
                    const std::uint64_t relay = random() % 3;
                    life.on_newest(relay, {1, 1});
                    if (connected && !asleep)
                        relays.insert(relay);
                    break;
                }
            }
            const bool may = connected && !asleep && !ended && relays.size() >= 2 &&
                             conditions.record_readable && record_reread && conditions.lock_held &&
                             conditions.key_valid && conditions.lease_active &&
                             (!can_be_set_back || conditions.lease_renewed);
            CHECK((life.state() == DeviceState::voting) == may);
            (may ? voted : forbidden) += 1;
        }
    }
    CHECK(voted > 100);
    CHECK(forbidden > 100);
}
