#include "fafo/versions.hpp"

#include <catch2/catch.hpp>

#include "producer/fafo/fafo_support.hpp"

using namespace mote;
using test::Money;
using Value = Money::Value;

namespace
{
Value read(test::MoneyVersions& versions, fafo::KeyState<Money>& key, std::uint32_t reader)
{
    Value value;
    REQUIRE(versions.read(key, reader, value));
    return value;
}

fafo::Version<Money> write(fafo::KeyState<Money>& key, std::uint32_t by, const Value& value)
{
    fafo::Version<Money> version;
    version.key = &key;
    version.transaction = by;
    version.is_credit = false;
    version.value = value;
    return version;
}

fafo::Version<Money> credit(fafo::KeyState<Money>& key, std::uint32_t by, std::uint64_t amount)
{
    fafo::Version<Money> version = write(key, by, {});
    version.is_credit = true;
    version.credit = amount;
    return version;
}
}  // namespace

TEST_CASE("a reader sees what was written before it, in the order of the block")
{
    test::MoneyBase base;
    test::MoneyVersions versions(base, 1);
    auto& key = versions.key(test::key_of(9));
    const Value start = test::MoneyBase::of(test::key_of(9));
    CHECK(read(versions, key, 5) == start);
    // Out of order, as workers do.
    fafo::Version<Money> at7 = write(key, 7, {100, 1}), at3 = credit(key, 3, 5),
                         at9 = credit(key, 9, 1), at8 = credit(key, 8, 10);
    for (auto* const version : {&at7, &at3, &at9, &at8})
        versions.publish(*version);
    CHECK(read(versions, key, 3) == start);
    CHECK(read(versions, key, 4) == Value{start.balance + 5, 0});
    CHECK(read(versions, key, 7) == Value{start.balance + 5, 0});
    CHECK(read(versions, key, 8) == Value{100, 1});
    CHECK(read(versions, key, 9) == Value{110, 1});
    CHECK(read(versions, key, 1000) == Value{111, 1});
    versions.withdraw(at8);
    CHECK(read(versions, key, 1000) == Value{101, 1});
    CHECK(versions.is_valid(key, start));
    REQUIRE(versions.commit(at3));
    CHECK_FALSE(versions.is_valid(key, start));
    CHECK(versions.is_valid(key, {start.balance + 5, 0}));
    CHECK(read(versions, key, 1000) == Value{101, 1});
    REQUIRE(versions.commit(at7));
    REQUIRE(versions.commit(at9));
    CHECK(key.committed == Value{101, 1});
    CHECK(key.credits == nullptr);
    CHECK(key.newest == nullptr);
    CHECK(base.loads == 1);
}

TEST_CASE("a key that is only written is not loaded")
{
    test::MoneyBase base;
    test::MoneyVersions versions(base, 1);
    auto& key = versions.key(test::key_of(9));
    fafo::Version<Money> at0 = write(key, 0, {4, 4});
    versions.publish(at0);
    REQUIRE(versions.commit(at0));
    CHECK(read(versions, key, 1) == Value{4, 4});
    CHECK(base.loads == 0);
}

TEST_CASE("after clear() nothing is left")
{
    test::MoneyBase base;
    test::MoneyVersions versions(base, 1);
    for (std::uint64_t number = 0; number < 1000; ++number)
    {
        auto& key = versions.key(test::key_of(number));
        fafo::Version<Money> at0 = write(key, 0, {4, 4});
        versions.publish(at0);
        REQUIRE(versions.commit(at0));
        key.last_writer = 3;
        key.creditors = 1;
    }
    versions.clear();
    versions.for_each([](const fafo::KeyState<Money>&) { FAIL(); });
    for (std::uint64_t number = 500; number < 2000; ++number)
    {
        auto& key = versions.key(test::key_of(number));
        REQUIRE(key.key == test::key_of(number));
        REQUIRE_FALSE(key.changed);
        REQUIRE(key.last_writer == fafo::no_transaction);
        REQUIRE(key.creditors == fafo::no_transaction);
        REQUIRE(read(versions, key, 1) == test::MoneyBase::of(test::key_of(number)));
    }
}

TEST_CASE("a key is one, and keys are many")
{
    test::MoneyBase base;
    test::MoneyVersions versions(base, 77);
    std::vector<fafo::KeyState<Money>*> keys;
    for (std::uint64_t number = 0; number < 20000; ++number)
        keys.push_back(&versions.key(test::key_of(number)));
    for (std::uint64_t number = 0; number < 20000; ++number)
    {
        REQUIRE(&versions.key(test::key_of(number)) == keys[number]);
        REQUIRE(keys[number]->key == test::key_of(number));
    }
    std::size_t count = 0;
    versions.for_each([&](const fafo::KeyState<Money>&) { ++count; });
    CHECK(count == 20000);
}

TEST_CASE("an account is not its slot, and every byte of a key counts")
{
    std::array<std::uint8_t, 20> address = {1, 2, 3};
    std::array<std::uint8_t, 32> slot = {};
    const auto account = fafo::StateKey::account(address);
    CHECK_FALSE(account == fafo::StateKey::slot(address, slot));
    std::set<std::uint64_t> hashes = {fafo::hash_of(account, 1)};
    for (std::size_t bit = 0; bit < 256; ++bit)
    {
        slot[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
        CHECK(hashes.insert(fafo::hash_of(fafo::StateKey::slot(address, slot), 1)).second);
        slot[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    }
    for (std::size_t bit = 0; bit < 160; ++bit)
    {
        address[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
        CHECK(hashes.insert(fafo::hash_of(fafo::StateKey::account(address), 1)).second);
        address[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    }
    CHECK(fafo::hash_of(account, 1) != fafo::hash_of(account, 2));
}

TEST_CASE("at the frontier what is committed is read, and what was not published is committed")
{
    test::MoneyBase base;
    test::MoneyVersions versions(base, 1);
    auto& key = versions.key(test::key_of(9));
    const Value start = test::MoneyBase::of(test::key_of(9));
    fafo::Version<Money> at7 = write(key, 7, {100, 1});
    versions.publish(at7);
    Value value;
    REQUIRE(versions.read_committed(key, value));
    CHECK(value == start);
    CHECK(versions.is_valid(key, start));
    for (const bool alone : {false, true})
        REQUIRE(versions.commit_unpublished(credit(key, alone ? 2 : 1, 5), alone));
    REQUIRE(versions.read_committed(key, value));
    CHECK(value == Value{start.balance + 10, 0});
    CHECK(read(versions, key, 7) == value);
    CHECK(read(versions, key, 8) == Value{100, 1});
    CHECK(base.loads == 1);
    base.fails_at = test::key_of(10);
    auto& other = versions.key(test::key_of(10));
    CHECK_FALSE(versions.read_committed(other, value));
    CHECK_FALSE(versions.commit_unpublished(credit(other, 1, 5), false));
}

TEST_CASE("lists of records keep what they have, whatever is added to others")
{
    fafo::Records<std::uint32_t> records;
    for (int round = 0; round < 3; ++round)
    {
        std::vector<std::span<std::uint32_t>> lists(7);
        for (std::uint32_t i = 0; i < 9000; ++i)
            *records.add(lists[i * i % 7]) = i;
        std::array<std::size_t, 7> at = {};
        for (std::uint32_t i = 0; i < 9000; ++i)
            REQUIRE(lists[i * i % 7][at[i * i % 7]++] == i);
        // The newest list's memory serves the next one; an older list's cannot.
        std::span<std::uint32_t> newest, after;
        *records.add(newest) = 1;
        const std::uint32_t* const place = newest.data();
        records.drop(lists[0]);
        records.drop(newest);
        CHECK(records.add(after) == place);
        records.clear();
    }
}
