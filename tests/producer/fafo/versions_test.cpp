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
}  // namespace

TEST_CASE("a reader sees what was written before it, in the order of the block")
{
    test::MoneyBase base;
    test::MoneyVersions versions(base, 1);
    auto& key = versions.key(test::key_of(9));
    const Value start = test::MoneyBase::of(test::key_of(9));
    CHECK(read(versions, key, 5) == start);
    // Out of order, as workers do.
    versions.publish(key, 7, Value{100, 1});
    versions.publish(key, 3, std::uint64_t{5});
    versions.publish(key, 9, std::uint64_t{1});
    versions.publish(key, 8, std::uint64_t{10});
    CHECK(read(versions, key, 3) == start);
    CHECK(read(versions, key, 4) == Value{start.balance + 5, 0});
    CHECK(read(versions, key, 7) == Value{start.balance + 5, 0});
    CHECK(read(versions, key, 8) == Value{100, 1});
    CHECK(read(versions, key, 9) == Value{110, 1});
    CHECK(read(versions, key, 1000) == Value{111, 1});
    versions.withdraw(key, 8);
    CHECK(read(versions, key, 1000) == Value{101, 1});
    CHECK(versions.is_valid(key, start));
    REQUIRE(versions.commit(key, 3));
    CHECK_FALSE(versions.is_valid(key, start));
    CHECK(versions.is_valid(key, {start.balance + 5, 0}));
    CHECK(read(versions, key, 1000) == Value{101, 1});
    REQUIRE(versions.commit(key, 7));
    REQUIRE(versions.commit(key, 9));
    CHECK(key.committed == Value{101, 1});
    CHECK(key.pending.size() == key.first);
    CHECK(base.loads == 1);
}

TEST_CASE("a key that is only written is not loaded")
{
    test::MoneyBase base;
    test::MoneyVersions versions(base, 1);
    auto& key = versions.key(test::key_of(9));
    versions.publish(key, 0, Value{4, 4});
    REQUIRE(versions.commit(key, 0));
    CHECK(read(versions, key, 1) == Value{4, 4});
    CHECK(base.loads == 0);
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
