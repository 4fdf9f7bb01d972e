#include "state/entry.hpp"

#include <catch2/catch.hpp>

#include "sdk/state/state_support.hpp"

using namespace mote::state;
using mote::Status;
using state_test::Octets;

namespace
{
Octets encoded(std::size_t key_bytes, std::size_t value_bytes, std::size_t names)
{
    mote::test::SplitMix random(key_bytes + 1000 * value_bytes + names);
    const Octets key = random.bytes(key_bytes), value = random.bytes(value_bytes);
    std::vector<std::uint64_t> numbers;
    for (std::size_t i = 0; i < names; ++i)
        numbers.push_back(random.draw() >> 8);
    EntryFields fields = {key, value, {}, 7, 9};
    const Octets next = random.bytes(32);
    std::copy(next.begin(), next.end(), fields.next.begin());
    Octets out(entry_bytes_max);
    out.resize(encode_entry(fields, numbers.data(), names, out.data()));
    REQUIRE(leaf_hash(fields, numbers.data(), names) == chain(Domain::leaf, out));

    Entry back;
    Fault fault;
    REQUIRE(decode_entry(out, back, fault) == Status::ok);
    REQUIRE(back.bytes.size() == out.size());
    REQUIRE(mote::equal_vartime(back.key, key));
    REQUIRE(mote::equal_vartime(back.value, value));
    REQUIRE(mote::equal_vartime(back.next, fields.next));
    REQUIRE((back.version == 7 && back.sn == 9 && back.deactivated_count() == names));
    for (std::size_t i = 0; i < names; ++i)
    {
        REQUIRE(back.deactivated_sn(i) == numbers[i]);
        REQUIRE(back.names(numbers[i]));
    }
    REQUIRE_FALSE(back.names(1));
    return out;
}
}  // namespace

TEST_CASE("entries of every shape come back")
{
    for (std::size_t key : {1u, 20u, 52u, 63u, 64u, 255u})
        for (std::size_t value : {0u, 1u, 14u, 32u, 1000u, 65535u})
            for (std::size_t names : {0u, 1u, 2u, 255u})
                encoded(key, value, names);
}

TEST_CASE("an entry that is cut anywhere is truncated")
{
    const Octets whole = encoded(20, 14, 2);
    for (std::size_t n = 0; n < whole.size(); ++n)
    {
        Entry entry;
        Fault fault;
        REQUIRE(decode_entry(mote::Bytes(whole).first(n), entry, fault) == Status::malformed);
        REQUIRE(fault == Fault::truncated);
    }
}

TEST_CASE("reserved bytes are zero, a sentry has no value")
{
    for (std::size_t at : {4u, 5u, 6u, 7u})
    {
        Octets bytes = encoded(20, 14, 1);
        bytes[at] = 1;
        Entry entry;
        Fault fault;
        CHECK(decode_entry(bytes, entry, fault) == Status::malformed);
        CHECK(fault == Fault::entry);
    }
    Octets sentry(57);
    sentry[2] = 1;
    Entry entry;
    Fault fault;
    CHECK(decode_entry(sentry, entry, fault) == Status::malformed);
    CHECK(fault == Fault::entry);
    sentry[2] = 0;
    REQUIRE(decode_entry(sentry, entry, fault) == Status::ok);
    CHECK(entry.sentry());
    CHECK(hash_of(entry, 5) == lower_bound_of_shard(5));
}
