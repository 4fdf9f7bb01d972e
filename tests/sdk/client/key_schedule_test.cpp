#include "client/key_schedule.hpp"

#include <catch2/catch.hpp>

using namespace mote::client;
using mote::Status;
using mote::consensus::DrawRules;
using mote::consensus::Duty;

namespace
{
std::array<std::uint8_t, 32> secret(std::uint8_t byte)
{
    std::array<std::uint8_t, 32> out{};
    out[31] = byte;
    return out;
}

/// Drives keys through epochs as a host does and says which key signs, by its public key.
mote::signature::PublicKey public_key(std::uint8_t byte)
{
    mote::signature::SecretKey key;
    REQUIRE(key.load(secret(byte)) == Status::ok);
    return key.public_key();
}
}  // namespace

TEST_CASE("a successor is registered before the first draw that the key is too old for")
{
    const DrawRules rules;
    const KeyTerm term = longest_term(0, key_epochs_default);
    CHECK(term.last_epoch == 47);
    CHECK(register_by(term, Duty::root, rules) == 37);
    // Against the rule of the draw itself: epoch by epoch, with the key of the term only.
    mote::consensus::Lease lease;
    lease.lease_class = mote::consensus::LeaseClass::always;
    lease.to = UINT64_MAX;
    for (const Duty duty : {Duty::root, Duty::zone, Duty::checkpoint})
        for (const std::uint64_t first : {0U, 5U, 24U, 30U})
        {
            const KeyTerm one = longest_term(first, key_epochs_default);
            std::uint64_t missed = first;
            while (eligible(lease, duty, missed, missed, one.last_epoch, {}, 0, rules) ==
                   mote::consensus::Ineligible::none)
                ++missed;
            // Registered in epoch r, the key is in the state that epoch r + 3 is drawn from.
            CHECK(register_by(one, duty, rules) + 3 <= std::max(missed, first + 3));
            CHECK(register_by(one, duty, rules) + 4 > missed);
        }
    CHECK(register_by(longest_term(100, 4), Duty::root, rules) == 100);
    CHECK(register_by({0, 5}, Duty::root, rules) == 0);
    CHECK(register_by({UINT64_MAX - 3, UINT64_MAX}, Duty::root, rules) == UINT64_MAX - 3);
    CHECK(longest_term(UINT64_MAX - 1, 48).last_epoch == UINT64_MAX);
}

TEST_CASE(
    "a key's life: successor made, recorded, registered; the old key destroyed, then the new one "
    "signs")
{
    VotingKeys keys;
    const DrawRules rules;
    REQUIRE(keys.open(secret(1), {10, 57}, Duty::root, rules) == Status::ok);
    CHECK(keys.signing() == nullptr);  // its term has not begun
    keys.on_epoch(10);
    REQUIRE(keys.signing() != nullptr);
    CHECK(keys.signing()->public_key() == public_key(1));
    CHECK(keys.task() == KeyTask::none);
    keys.on_epoch(46);
    CHECK(keys.task() == KeyTask::none);
    keys.on_epoch(47);
    CHECK(keys.task() == KeyTask::make_successor);
    CHECK(keys.set_successor(secret(2), {59, 100}) == Status::invalid_argument);  // a gap
    CHECK(keys.set_successor(secret(2), {50, 57}) == Status::invalid_argument);   // no later
    CHECK(keys.set_successor(secret(2), {60, 58}) == Status::invalid_argument);
    CHECK(keys.set_successor(secret(0), {50, 97}) == Status::invalid_argument);
    REQUIRE(keys.set_successor(secret(2), {50, 97}) == Status::ok);
    CHECK(keys.set_successor(secret(3), {50, 97}) == Status::invalid_argument);
    CHECK(keys.task() == KeyTask::record_successor);
    keys.successor_registered();  // nobody may hear of it before its record is flushed
    CHECK(keys.task() == KeyTask::record_successor);
    keys.successor_recorded();
    CHECK(keys.task() == KeyTask::register_successor);
    keys.successor_registered();
    CHECK(keys.task() == KeyTask::none);
    keys.on_epoch(57);
    CHECK(keys.signing()->public_key() == public_key(1));
    CHECK(keys.generation() == 0);
    keys.on_epoch(58);
    REQUIRE(keys.signing() != nullptr);
    CHECK(keys.signing()->public_key() == public_key(2));
    CHECK(keys.term().first_epoch == 50);
    CHECK(keys.generation() == 1);
    CHECK(keys.task() == KeyTask::retire);
    keys.retired();
    CHECK(keys.task() == KeyTask::none);
    keys.on_epoch(20);  // time does not go back
    CHECK(keys.signing()->public_key() == public_key(2));
    keys.wipe();
    CHECK(keys.signing() == nullptr);
}

TEST_CASE("without a registered successor nobody signs after the end")
{
    for (const int progress : {0, 1, 2})
    {
        VotingKeys keys;
        REQUIRE(keys.open(secret(1), {0, 47}, Duty::zone, {}) == Status::ok);
        keys.on_epoch(40);
        if (progress >= 1)
            REQUIRE(keys.set_successor(secret(2), {48, 95}) == Status::ok);
        if (progress >= 2)
            keys.successor_recorded();
        keys.on_epoch(48);
        CHECK(keys.signing() == nullptr);
        CHECK(keys.task() == KeyTask::retire);
        keys.retired();
        CHECK(keys.task() == (progress == 0   ? KeyTask::make_successor
                              : progress == 1 ? KeyTask::record_successor
                                              : KeyTask::register_successor));
        if (progress == 2)
        {
            keys.successor_registered();
            REQUIRE(keys.signing() != nullptr);
            CHECK(keys.signing()->public_key() == public_key(2));
        }
        // A successor that nobody registered in time ends, too.
        keys.on_epoch(96);
        CHECK(keys.signing() == nullptr);
    }
}

TEST_CASE("an expired key leaves no trace in the object")
{
    // A pattern that occurs nowhere else.
    std::array<std::uint8_t, 32> pattern;
    for (std::size_t i = 0; i < 32; ++i)
        pattern[i] = static_cast<std::uint8_t>(0x20 + i);
    alignas(VotingKeys) std::array<std::uint8_t, sizeof(VotingKeys)> memory{};
    auto* keys = new (memory.data()) VotingKeys;
    const auto traces = [&]
    {
        int found = 0;
        // Eight bytes of the key in either order, which no field of the object has.
        for (std::size_t i = 0; i + 8 <= memory.size(); ++i)
        {
            bool up = true, down = true;
            for (std::size_t k = 1; k < 8; ++k)
            {
                up = up && memory[i + k] == memory[i + k - 1] + 1 && memory[i] >= 0x20;
                down = down && memory[i + k] + 1 == memory[i + k - 1] && memory[i + 7] >= 0x20;
            }
            found += up || down ? 1 : 0;
        }
        return found;
    };
    REQUIRE(keys->open(pattern, {0, 47}, Duty::zone, {}) == Status::ok);
    CHECK(traces() > 0);
    keys->on_epoch(48);
    CHECK(traces() == 0);
    REQUIRE(keys->set_successor(pattern, {48, 95}) == Status::ok);
    CHECK(traces() > 0);
    keys->on_epoch(96);
    CHECK(traces() == 0);
    REQUIRE(keys->open(pattern, {0, 47}, Duty::zone, {}) == Status::ok);
    keys->wipe();
    CHECK(traces() == 0);
    REQUIRE(keys->open(pattern, {0, 47}, Duty::zone, {}) == Status::ok);
    keys->~VotingKeys();
    CHECK(traces() == 0);
}
