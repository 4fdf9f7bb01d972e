// Headers of one chain never contradict each other, and each way of being another chain's is found.
#include "chain/contradiction.hpp"

#include <catch2/catch.hpp>

#include "chain_support.hpp"

using namespace chain_test;

namespace
{
Calendar calendar_of(const Json& vectors)
{
    return {integer(vectors["epoch_len"]), integer(vectors["window"]), integer(vectors["period"])};
}
/// A trace's headers. Its views are not those of one chain, so they count the blocks of the epoch here.
std::vector<RootHeader> headers_of(const Json& trace, const Calendar& calendar)
{
    std::vector<RootHeader> headers;
    for (const Json& json : trace["headers"])
    {
        RootHeader header = root_header(json);
        if (header.height != 0)
        {
            header.view = 1 + (header.height - 1) % calendar.epoch_heights;
            header.parent = hash_of(headers.back());
        }
        headers.push_back(header);
    }
    return headers;
}
}  // namespace

TEST_CASE("the headers of the vectors' chains agree with each other, whichever two")
{
    const Json vectors = read("following.json");
    const Calendar calendar = calendar_of(vectors);
    int pairs = 0;
    for (const Json& trace : vectors["boundaries"])
    {
        const std::vector<RootHeader> headers = headers_of(trace, calendar);
        for (const RootHeader& a : headers)
            for (const RootHeader& b : headers)
            {
                CAPTURE(text(trace["name"]), a.height, b.height);
                CHECK(contradiction(a, b, calendar) == Contradiction::none);
                ++pairs;
            }
    }
    CHECK(pairs > 1000);
}

TEST_CASE("each contradiction is found in either order")
{
    const Json vectors = read("following.json");
    const Calendar calendar = calendar_of(vectors);
    // The chain in which every epoch announces the next one.
    const Json& trace = vectors["boundaries"][0];
    const std::vector<RootHeader> headers = headers_of(trace, calendar);
    const std::uint64_t e = calendar.epoch_heights;
    REQUIRE(headers.size() > 2 * e + 2);
    const auto found = [&](std::uint64_t a, std::uint64_t b, const auto& change)
    {
        RootHeader changed = headers[b];
        change(changed);
        const Contradiction there = contradiction(headers[a], changed, calendar);
        CHECK(contradiction(changed, headers[a], calendar) == there);
        return there;
    };
    using H = RootHeader;
    CHECK(found(3, 3, [](H& h) { h.randao[0] ^= 1; }) == Contradiction::height);
    CHECK(found(2, 3, [](H& h) { h.parent[0] ^= 1; }) == Contradiction::parent);
    CHECK(found(1, 3, [](H& h) { h.parent[0] ^= 1; }) == Contradiction::none);
    CHECK(found(1, 3, [&](H& h) { h.time_ms = headers[1].time_ms; }) == Contradiction::order);
    CHECK(found(1, 3, [&](H& h) { h.view = headers[1].view; }) == Contradiction::order);
    CHECK(found(e + 1, e + 3, [](H& h) { h.epoch = 0; }) == Contradiction::order);
    CHECK(found(1, 3, [](H& h) { h.flags ^= 1; }) == Contradiction::epoch);
    for (Digest RootHeader::* field : {&H::root_committee, &H::ckpt_committee, &H::zones_root,
                                       &H::params_root, &H::epoch_randao})
        CHECK(found(1, 3, [&](H& h) { (h.*field)[0] ^= 1; }) == Contradiction::epoch);
    // Two of epoch 0, which knows its successor from genesis on.
    REQUIRE_FALSE(is_zero(headers[1].next_set));
    for (Digest RootHeader::* field :
         {&H::next_set, &H::next_root_committee, &H::next_ckpt_committee})
        CHECK(found(1, 3, [&](H& h) { (h.*field)[0] ^= 1; }) == Contradiction::next);
    CHECK(found(1, 3, [](H& h) { h.next_set = {}; }) == Contradiction::next);
    // The next epoch.
    CHECK(found(2, e + 2, [](H& h) { h.root_committee[0] ^= 1; }) == Contradiction::adoption);
    std::size_t announcing = 0;
    for (std::size_t i = 1; i < headers.size(); ++i)
        if (!is_zero(headers[i].next_ckpt_committee) &&
            headers[i].epoch + 1 <= headers.back().epoch)
            announcing = i;
    REQUIRE(announcing != 0);
    const std::uint64_t in_next = (headers[announcing].epoch + 1) * e + 2;
    REQUIRE(in_next < headers.size());
    CHECK(found(announcing, in_next, [](H& h) { h.ckpt_committee[0] ^= 1; }) ==
          Contradiction::adoption);
    CHECK(found(announcing, in_next, [](H& h) { h.ckpt_committee = {}; }) ==
          Contradiction::adoption);
    // Two epochs of one period.
    const std::uint64_t second = calendar.period_epochs * e + 2;
    REQUIRE(calendar.period_epochs >= 2);
    REQUIRE(second + e < headers.size());
    RootHeader early = headers[second];
    early.next_set = early.next_root_committee = early.next_ckpt_committee = {};
    RootHeader late = headers[second + e];
    CHECK(contradiction(early, late, calendar) == Contradiction::none);
    late.ckpt_committee[0] ^= 1;
    CHECK(contradiction(early, late, calendar) == Contradiction::checkpoint);
    late.ckpt_committee = {};  // gone with a carried over epoch
    CHECK(contradiction(early, late, calendar) == Contradiction::none);
}
