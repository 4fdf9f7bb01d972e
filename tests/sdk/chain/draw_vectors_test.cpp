// Draws of tests/vectors/consensus/turns.json, and a model that walks instead of searching.
#include "chain/draw.hpp"

#include <catch2/catch.hpp>
#include <numeric>

#include "chain_support.hpp"

using namespace chain_test;
using mote::Status;

namespace
{
struct Drawn
{
    Status status = Status::ok;
    std::vector<std::uint16_t> seats;
    std::vector<std::uint32_t> capacity;
};

Drawn run(const Digest& seed, std::uint32_t seats, const std::vector<Candidate>& candidates,
          std::vector<std::uint32_t> capacity = {})
{
    Drawn out;
    std::vector<std::uint64_t> running(candidates.size());
    out.seats.assign(candidates.size(), 0xffff);
    out.capacity = std::move(capacity);
    out.status = draw(seed, seats, candidates, running, out.capacity, out.seats);
    return out;
}

/// floor(x * total / 2^128), x little-endian, by long multiplication on bytes.
std::uint64_t slow_point(const Digest& seed, std::uint32_t seat, std::uint32_t attempt,
                         std::uint64_t total)
{
    ByteVector message(seed.begin(), seed.end());
    for (const std::uint32_t value : {seat, attempt})
        for (int i = 0; i < 4; ++i)
            message.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    const Digest x = mote::hash::blake3_derive_key("mote draw v1", message);
    std::array<std::uint32_t, 24> product{};
    for (std::size_t i = 0; i < 16; ++i)
        for (std::size_t j = 0; j < 8; ++j)
            product[i + j] += std::uint32_t{x[i]} * static_cast<std::uint8_t>(total >> (8 * j));
    std::uint64_t point = 0;
    std::uint32_t carry = 0;
    for (std::size_t i = 0; i < 24; ++i)
    {
        const std::uint32_t sum = product[i] + carry;
        carry = sum >> 8;
        if (i >= 16)
            point |= std::uint64_t{sum & 0xff} << (8 * (i - 16));
    }
    return point;
}

/// The rule as it is written.
Drawn slow_draw(const Digest& seed, std::uint32_t seats, const std::vector<Candidate>& candidates,
                std::vector<std::uint32_t> capacity, bool limited)
{
    Drawn out;
    out.seats.assign(candidates.size(), 0);
    std::uint64_t total = 0;
    for (const Candidate& c : candidates)
        total += c.stake;
    for (std::uint32_t t = 0; t < seats; ++t)
    {
        std::vector<std::size_t> hits;
        for (std::uint32_t a = 0; a < 8; ++a)
        {
            const std::uint64_t y = slow_point(seed, t, a, total);
            std::uint64_t sum = 0;
            for (std::size_t i = 0; i < candidates.size(); ++i)
            {
                sum += candidates[i].stake;
                if (sum > y)
                {
                    hits.push_back(i);
                    break;
                }
            }
            REQUIRE(hits.size() == a + 1);
            if (!limited || capacity[hits.back()] > 0)
                break;
        }
        std::size_t chosen = hits.back();
        if (limited && capacity[chosen] == 0)
            chosen = hits.front();
        ++out.seats[chosen];
        if (limited && capacity[chosen] > 0)
            --capacity[chosen];
    }
    out.capacity = capacity;
    return out;
}

std::vector<Candidate> candidates_of(const Json& json)
{
    std::vector<Candidate> out;
    for (const Json& c : json)
        out.push_back({static_cast<std::uint32_t>(integer(c[0])), integer(c[1])});
    return out;
}
}  // namespace

TEST_CASE("draws are the vectors'")
{
    const Json vectors = read("turns.json")["draws"];
    int limited = 0, everyone = 0;
    for (const Json& v : vectors)
    {
        const std::vector<Candidate> candidates = candidates_of(v["candidates"]);
        std::vector<std::uint32_t> capacity;
        if (!v["capacity"].is_null())
        {
            ++limited;
            REQUIRE(v["capacity"].size() == candidates.size());
            for (std::size_t i = 0; i < candidates.size(); ++i)
            {
                REQUIRE(integer(v["capacity"][i][0]) == candidates[i].validator_id);
                capacity.push_back(static_cast<std::uint32_t>(integer(v["capacity"][i][1])));
            }
        }
        const auto seats = static_cast<std::uint32_t>(integer(v["S"]));
        everyone += seats == 0 ? 1 : 0;
        const Drawn drawn = run(digest(v["seed"]), seats, candidates, capacity);
        REQUIRE(drawn.status == Status::ok);
        Json result = Json::array();
        for (std::size_t i = 0; i < candidates.size(); ++i)
            if (drawn.seats[i] != 0)
                result.push_back({candidates[i].validator_id, drawn.seats[i]});
        CHECK(result == v["seats"]);
    }
    CHECK(vectors.size() == 7);
    CHECK(limited == 2);
    CHECK(everyone == 1);
}

TEST_CASE("draws agree with the rule walked step by step")
{
    std::mt19937_64 random(4);
    for (int round = 0; round < 40; ++round)
    {
        const std::size_t count = 1 + random() % 30;
        std::vector<Candidate> candidates;
        std::uint32_t id = 0;
        // Small stakes with zeros among them, then stakes whose sum is near 2^64.
        const std::uint64_t below = round % 2 == 0 ? 4 : UINT64_MAX / 30;
        for (std::size_t i = 0; i < count; ++i)
        {
            id += 1 + static_cast<std::uint32_t>(random() % 1000);
            candidates.push_back({id, random() % below});
        }
        candidates[random() % count].stake += 1;
        std::vector<std::uint32_t> capacity;
        const bool limited = round % 4 >= 2;
        for (std::size_t i = 0; limited && i < count; ++i)
            capacity.push_back(static_cast<std::uint32_t>(random() % 5));
        const Digest seed = random_array<32>(random);
        const Drawn expected = slow_draw(seed, 48, candidates, capacity, limited);
        const Drawn got = run(seed, 48, candidates, capacity);
        REQUIRE(got.status == Status::ok);
        CHECK(got.seats == expected.seats);
        CHECK(got.capacity == expected.capacity);
        CHECK(std::accumulate(got.seats.begin(), got.seats.end(), 0) == 48);
        for (std::size_t i = 0; i < count; ++i)
            CHECK((candidates[i].stake != 0 || got.seats[i] == 0));
    }
}

TEST_CASE("a draw that cannot be made says so and leaves zeros")
{
    const Digest seed{};
    const std::vector<Candidate> good = {{1, 5}, {2, 6}};
    const auto refused = [&](Status status, std::uint32_t seats,
                             const std::vector<Candidate>& candidates,
                             const std::vector<std::uint32_t>& capacity = {})
    {
        const Drawn drawn = run(seed, seats, candidates, capacity);
        CHECK(drawn.status == status);
        CHECK(drawn.capacity == capacity);
        for (const std::uint16_t n : drawn.seats)
            CHECK(n == 0);
    };
    CHECK(run(seed, 4, good).status == Status::ok);
    refused(Status::invalid_argument, 4, {});
    refused(Status::invalid_argument, 0, {});
    refused(Status::invalid_argument, 4, {{2, 5}, {1, 6}});
    refused(Status::invalid_argument, 4, {{2, 5}, {2, 6}});
    refused(Status::invalid_argument, 4, {{1, 0}, {2, 0}});
    refused(Status::invalid_argument, 4, {{1, UINT64_MAX}, {2, 1}});
    refused(Status::invalid_argument, 4, good, {1});
    refused(Status::limit_exceeded, 2049, good);
    CHECK(run(seed, 4, {{1, UINT64_MAX}, {2, 0}}).status == Status::ok);
    CHECK(run(seed, 0, {{1, 0}, {2, 0}}).seats == std::vector<std::uint16_t>{1, 1});

    std::vector<Candidate> many;
    for (std::uint32_t i = 0; i < 2049; ++i)
        many.push_back({i, 1});
    refused(Status::limit_exceeded, 0, many);
    many.pop_back();
    CHECK(run(seed, 0, many).status == Status::ok);
}

TEST_CASE("every seat of a whole committee can go to one candidate")
{
    CHECK(run(Digest{}, 2048, {{1, 0}, {2, 3}, {9, 0}}).seats ==
          std::vector<std::uint16_t>{0, 2048, 0});
}
