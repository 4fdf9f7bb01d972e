#include "state/block_rules.hpp"

#include <catch2/catch.hpp>

#include "sdk/state/state_support.hpp"

using namespace mote::state;
using mote::Bytes;
using mote::Status;
using state_test::Octets;

namespace
{
// A list of keys with made-up hashes: one byte each.
struct List
{
    std::vector<Octets> keys;
    std::vector<Held> held;

    explicit List(std::vector<std::uint8_t> hashes)
    {
        for (const std::uint8_t hash : hashes)
            keys.push_back({hash});
        for (std::size_t i = 0; i < hashes.size(); ++i)
            held.push_back({at(hashes[i]),
                            i + 1 < hashes.size() ? at(hashes[i + 1]) : at(255),
                            keys[i],
                            {},
                            0,
                            i});
        held[0].key = {};
    }
    static Digest at(std::uint8_t hash)
    {
        Digest out = {};
        out[0] = hash;
        return out;
    }
};

struct Planned
{
    std::vector<Append> appends;
    std::vector<std::uint32_t> deleted;
    Status status;
    Fault fault;

    Planned(const std::vector<Held>& held, const std::vector<Change>& changes)
    {
        appends.resize(2 * changes.size());
        deleted.resize(changes.size());
        Plan plan;
        status = plan_block(held, changes, appends, deleted, plan, fault);
        appends.resize(status == Status::ok ? plan.appends.size() : 0);
        deleted.resize(status == Status::ok ? plan.deleted.size() : 0);
    }
};

const Octets value = {1};

Change put(std::uint8_t hash)
{
    static const auto all = []
    {
        std::vector<Octets> out;
        for (int i = 0; i < 256; ++i)
            out.push_back({static_cast<std::uint8_t>(i)});
        return out;
    }();
    return {List::at(hash), all[hash], value, false, 0};
}
Change del(std::uint8_t hash)
{
    Change change = put(hash);
    change.value = {};
    change.erase = true;
    return change;
}
}  // namespace

TEST_CASE("the example of the header")
{
    const List list({0, 10, 30, 40});
    const Planned plan(list.held, {put(20), del(30), put(40)});
    REQUIRE(plan.status == Status::ok);
    REQUIRE(plan.appends.size() == 3);
    CHECK((plan.appends[0].held == 1 && plan.appends[0].change == no_index));
    CHECK(plan.appends[0].next == List::at(20));
    CHECK(plan.appends[0].deleted_count == 0);
    CHECK((plan.appends[1].held == no_index && plan.appends[1].change == 0));
    CHECK(plan.appends[1].next == List::at(40));
    CHECK(plan.appends[1].deleted_count == 1);
    CHECK(plan.deleted == std::vector<std::uint32_t>{2});
    CHECK((plan.appends[2].held == 3 && plan.appends[2].change == 2));
    CHECK(plan.appends[2].next == List::at(255));
}

TEST_CASE("what changes nothing appends nothing")
{
    List list({0, 10});
    list.held[1].value = value;
    CHECK(Planned(list.held, {put(10)}).appends.empty());
    CHECK(Planned(list.held, {del(20)}).appends.empty());
    CHECK(Planned(list.held, {}).appends.empty());
}

TEST_CASE("an entry that a change needs and that is not there is missing")
{
    const List list({0, 10, 20, 30});
    auto without = [&](std::size_t i)
    {
        std::vector<Held> held = list.held;
        held.erase(held.begin() + static_cast<std::ptrdiff_t>(i));
        return held;
    };
    // A new key's cover, a deleted key's own entry, its predecessor, an entry to update.
    for (const auto& [change, gone] : std::vector<std::pair<Change, std::size_t>>{
             {put(15), 1}, {del(20), 2}, {del(20), 1}, {put(30), 3}, {put(5), 0}, {put(35), 3}})
    {
        const Planned plan(without(gone), {change});
        CHECK(plan.status == Status::rejected);
        CHECK(plan.fault == Fault::missing);
        CHECK(Planned(list.held, {change}).status == Status::ok);
    }
    CHECK(Planned({}, {put(1)}).status == Status::rejected);
}

TEST_CASE("a key with another key's hash is an error of the batch")
{
    const List list({0, 10});
    Change change = put(10);
    const Octets other = {9, 9};
    change.key = other;
    const Planned plan(list.held, {change});
    CHECK(plan.status == Status::malformed);
    CHECK(plan.fault == Fault::batch_collision);

    std::vector<Change> changes = {put(10), change};
    std::size_t count = 0;
    Fault fault;
    CHECK(settle_changes(changes, count, fault) == Status::malformed);
    CHECK(fault == Fault::batch_collision);
}

TEST_CASE("the last mention of a key counts, whatever the order of the others")
{
    std::vector<Change> changes = {put(30), del(10), put(10), del(30), put(20)};
    for (std::uint32_t i = 0; i < changes.size(); ++i)
        changes[i].order = i;
    std::size_t count = 0;
    Fault fault;
    REQUIRE(settle_changes(changes, count, fault) == Status::ok);
    REQUIRE(count == 3);
    CHECK((changes[0].hash == List::at(10) && !changes[0].erase));
    CHECK((changes[1].hash == List::at(20) && !changes[1].erase));
    CHECK((changes[2].hash == List::at(30) && changes[2].erase));
}

TEST_CASE("operations with keys or values out of bounds are refused")
{
    Change change;
    Fault fault;
    const Octets long_key(256), long_value(65536), key(255), big(65535);
    CHECK(prepare_change({{}, {}, false}, 0, change, fault) == Status::malformed);
    CHECK(fault == Fault::batch_key);
    CHECK(prepare_change({long_key, {}, false}, 0, change, fault) == Status::malformed);
    CHECK(fault == Fault::batch_key);
    CHECK(prepare_change({key, long_value, false}, 0, change, fault) == Status::malformed);
    CHECK(fault == Fault::batch_value);
    CHECK(prepare_change({key, big, false}, 3, change, fault) == Status::ok);
    CHECK(change.order == 3);
}

TEST_CASE("an entry that names more than 255 is appended in copies, each naming the one before")
{
    for (std::uint32_t deleted_count : {0u, 1u, 253u, 254u, 255u, 256u, 508u, 509u, 1000u})
    {
        std::vector<Held> held(deleted_count + 1);
        std::vector<std::uint32_t> deleted;
        for (std::uint32_t i = 0; i <= deleted_count; ++i)
        {
            held[i].sn = 5000 + i;
            if (i != 0)
                deleted.push_back(i);
        }
        const Append append = {0, no_index, {}, 0, deleted_count};
        std::vector<std::uint64_t> named;
        std::uint64_t copies = 0;
        bool ended = false;
        const std::uint64_t next = emit_append(
            append, held, deleted, 100,
            [&](std::uint64_t sn, const std::uint64_t* names, std::size_t count, bool last)
            {
                REQUIRE(sn == 100 + copies);
                REQUIRE(count <= 255);
                for (std::size_t i = 0; i < count; ++i)
                    named.push_back(names[i]);
                if (copies++ != 0)
                    REQUIRE(names[0] == sn - 1);
                REQUIRE_FALSE(ended);
                ended = last;
            });
        REQUIRE(ended);
        REQUIRE(next == 100 + copies);
        REQUIRE(copies == 1 + (deleted_count + 1 > 255 ? (deleted_count - 254 + 253) / 254 : 0));
        REQUIRE(named.size() == deleted_count + 1 + copies - 1);
        REQUIRE(copies <= appends_max(deleted_count));
    }
}

TEST_CASE("compaction stops at its bound, at the old end, and when the log is short")
{
    CHECK(compaction_goes_on(0, 1, 0, 5000, 5000, 100));
    CHECK_FALSE(compaction_goes_on(4, 1, 4, 5000, 5000, 100));
    CHECK_FALSE(compaction_goes_on(0, 0, 0, 5000, 5000, 100));
    CHECK_FALSE(compaction_goes_on(0, 1, 4000, 4000, 9000, 1));
    CHECK_FALSE(compaction_goes_on(0, 1, 0, 5000, 4296, 100));
    CHECK(compaction_goes_on(0, 1, 0, 5000, 4297, 100));
}
