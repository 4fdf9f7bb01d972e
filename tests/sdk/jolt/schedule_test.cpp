// The schedule of precommitted polynomials: worked examples, and what has to hold for all sizes.
#include "jolt/schedule.hpp"

#include <algorithm>
#include <bit>
#include <catch2/catch.hpp>
#include <numeric>
#include <vector>

using namespace mote::jolt;

namespace
{
using List = std::vector<std::uint32_t>;
constexpr auto absent = PrecommittedVariables::absent;

Schedule schedule(std::uint32_t log_trace, std::uint32_t log_k_chunk, TraceOrder order,
                  std::uint32_t trusted, std::uint32_t untrusted, std::uint32_t bytecode,
                  std::uint32_t image)
{
    PrecommittedVariables variables;
    variables[Precommitted::trusted_advice] = trusted;
    variables[Precommitted::untrusted_advice] = untrusted;
    variables[Precommitted::bytecode_chunks] = bytecode;
    variables[Precommitted::program_image] = image;
    Schedule out;
    Precommitted culprit{};
    REQUIRE(make_schedule(variables, log_trace, log_k_chunk, order, out, culprit));
    return out;
}

List rounds_of(const Schedule& s, Precommitted kind)
{
    List out;
    for (std::uint32_t i = 0; i < s[kind].variables; ++i)
        out.push_back(s.round_of(s[kind], i));
    return out;
}

List down(std::uint32_t from, std::uint32_t to)
{
    List out;
    for (std::uint32_t i = from + 1; i-- > to;)
        out.push_back(i);
    return out;
}

List join(List a, const List& b)
{
    a.insert(a.end(), b.begin(), b.end());
    return a;
}
}  // namespace

// Checked against proofs of upstream's prover where one exists; else by the definition.
TEST_CASE("worked examples, cycle major", "[jolt]")
{
    constexpr auto order = TraceOrder::cycle_major;
    {
        const Schedule s = schedule(10, 4, order, 9, absent, absent, absent);
        CHECK(s.total == 14);
        CHECK(s.align == 10);
        CHECK(s.columns == 7);
        CHECK(rounds_of(s, Precommitted::trusted_advice) == List{10, 9, 8, 7, 4, 3, 2, 1, 0});
        CHECK(s[Precommitted::trusted_advice].has_address_phase);
        CHECK(s[Precommitted::trusted_advice].skipped == 5);
        CHECK_FALSE(s[Precommitted::untrusted_advice].present);
    }
    {
        const Schedule s = schedule(20, 4, order, absent, 9, absent, absent);
        CHECK(s.total == 24);
        CHECK(s.align == 20);
        CHECK(s.columns == 12);
        CHECK(rounds_of(s, Precommitted::untrusted_advice) == List{15, 14, 13, 12, 4, 3, 2, 1, 0});
        CHECK_FALSE(s[Precommitted::untrusted_advice].has_address_phase);
        CHECK(s[Precommitted::untrusted_advice].skipped == 11);
    }
    {
        const Schedule s = schedule(9, 4, order, absent, absent, 20, 11);
        CHECK(s.total == 20);
        CHECK(s.align == 16);
        CHECK(s.columns == 10);
        CHECK(rounds_of(s, Precommitted::bytecode_chunks) ==
              join(join(down(6, 0), down(19, 16)), down(15, 7)));
        CHECK(rounds_of(s, Precommitted::program_image) ==
              List{1, 0, 19, 18, 17, 12, 11, 10, 9, 8, 7});
        CHECK(s[Precommitted::bytecode_chunks].skipped == 0);
        CHECK(s[Precommitted::program_image].skipped == 9);
        CHECK(s[Precommitted::bytecode_chunks].has_address_phase);
        CHECK(s[Precommitted::program_image].has_address_phase);
    }
    {
        const Schedule s = schedule(18, 4, order, absent, absent, 20, 11);
        CHECK(s.total == 22);
        CHECK(s.align == 18);
        CHECK(s.columns == 11);
        CHECK(rounds_of(s, Precommitted::bytecode_chunks) == join(down(20, 11), down(9, 0)));
        CHECK(s[Precommitted::bytecode_chunks].has_address_phase);
        CHECK(rounds_of(s, Precommitted::program_image) ==
              List{15, 14, 13, 12, 11, 5, 4, 3, 2, 1, 0});
        CHECK_FALSE(s[Precommitted::program_image].has_address_phase);
    }
}

TEST_CASE("worked examples, address major", "[jolt]")
{
    constexpr auto order = TraceOrder::address_major;
    {
        const Schedule s = schedule(20, 4, order, 9, absent, absent, absent);
        CHECK(rounds_of(s, Precommitted::trusted_advice) == List{11, 10, 9, 8, 0, 23, 22, 21, 20});
        CHECK(s[Precommitted::trusted_advice].has_address_phase);
    }
    {
        const Schedule s = schedule(9, 4, order, absent, absent, 20, absent);
        CHECK(rounds_of(s, Precommitted::bytecode_chunks) ==
              join(join(down(15, 7), down(19, 16)), down(6, 0)));
    }
}

TEST_CASE("schedule of all sizes: permutation, own rounds, halvings", "[jolt]")
{
    std::uint32_t seen = 0, dominated = 0;
    for (const auto order : {TraceOrder::cycle_major, TraceOrder::address_major})
        for (const std::uint32_t chunk : {4U, 8U})
            for (std::uint32_t log_trace = 1; log_trace <= limits::log_trace_max; log_trace += 3)
                for (std::uint32_t wide = 0; wide <= 44; ++wide)
                    for (const std::uint32_t narrow : {0U, 1U, 2U, 9U, 40U})
                    {
                        const Schedule s =
                            schedule(log_trace, chunk, order, narrow, absent, wide, absent);
                        const std::uint32_t main = log_trace + chunk;
                        REQUIRE(s.any);
                        REQUIRE(s.total == std::max({main, wide, narrow}));
                        REQUIRE(s.align == s.total - chunk);
                        REQUIRE(s.columns == (s.total + 1) / 2);
                        ++seen;
                        dominated += s.total > main;

                        List all(s.order, s.order + s.total);
                        std::sort(all.begin(), all.end());
                        List expected(s.total);
                        std::iota(expected.begin(), expected.end(), 0U);
                        REQUIRE(all == expected);

                        for (const auto kind :
                             {Precommitted::trusted_advice, Precommitted::bytecode_chunks})
                        {
                            const Schedule::Polynomial& p = s[kind];
                            const List own = rounds_of(s, kind);
                            std::uint64_t set = 0;
                            for (const std::uint32_t round : own)
                                set |= std::uint64_t{1} << round;
                            REQUIRE(p.rounds == set);
                            REQUIRE(std::popcount(set) == static_cast<int>(own.size()));
                            const auto late = std::count_if(own.begin(), own.end(),
                                                            [&](auto r) { return r >= s.align; });
                            REQUIRE(p.has_address_phase == (late > 0));
                            REQUIRE(p.skipped == (late > 0 ? s.total : s.align) - p.variables);
                            REQUIRE(p.rows == p.variables / 2);
                            if (p.variables == s.total)
                                REQUIRE(own == List(s.order, s.order + s.total));
                        }
                    }
    CHECK(dominated > 0);
    CHECK(dominated < seen);
}

TEST_CASE("without precommitted polynomials the joint point is the one-hot point", "[jolt]")
{
    const Schedule cycle = schedule(5, 4, TraceOrder::cycle_major, absent, absent, absent, absent);
    CHECK_FALSE(cycle.any);
    CHECK(List(cycle.order, cycle.order + cycle.total) == down(8, 0));
    const Schedule address =
        schedule(5, 4, TraceOrder::address_major, absent, absent, absent, absent);
    CHECK(List(address.order, address.order + address.total) == join(down(4, 0), down(8, 5)));
}

TEST_CASE("own point picks the challenges of the polynomial's rounds", "[jolt]")
{
    const Schedule s = schedule(10, 4, TraceOrder::cycle_major, 9, absent, absent, absent);
    std::vector<mote::field::Fr> by_round, own(9);
    for (std::uint32_t i = 0; i < 14; ++i)
        by_round.push_back(mote::field::Fr::from_u64(100 + i));
    s.own_point(s[Precommitted::trusted_advice], by_round, own.data());
    const List expected = {110, 109, 108, 107, 104, 103, 102, 101, 100};
    for (std::size_t i = 0; i < own.size(); ++i)
        CHECK(own[i] == mote::field::Fr::from_u64(expected[i]));
}

TEST_CASE("schedule refuses what does not fit and names it", "[jolt]")
{
    Schedule out;
    Precommitted culprit{};
    for (const std::uint32_t variables : {65U, 1000U, 0xfffffffeU})
    {
        PrecommittedVariables v;
        v[Precommitted::trusted_advice] = 3;
        v[Precommitted::program_image] = variables;
        culprit = Precommitted::trusted_advice;
        CHECK_FALSE(make_schedule(v, 10, 4, TraceOrder::cycle_major, out, culprit));
        CHECK(culprit == Precommitted::program_image);
    }
    PrecommittedVariables v;
    v[Precommitted::program_image] = 64;
    CHECK(make_schedule(v, 10, 4, TraceOrder::cycle_major, out, culprit));
    CHECK_FALSE(make_schedule(v, 10, 0, TraceOrder::cycle_major, out, culprit));
}
