// Batches against a prover that works by definition: members are products of random tables, round
// polynomials are sums over the hypercube, and the last claims are extensions of the tables.
#include "sumcheck/batch.hpp"

#include <catch2/catch.hpp>

#include "sumcheck_support.hpp"

using namespace sumcheck_test;
using mote::Field;
using mote::Reason;
using mote::Report;
using mote::Stage;
using mote::Status;
using mote::sumcheck::Member;
using mote::transcript::Transcript;

namespace
{
constexpr mote::sumcheck::Where where{Stage::stage3, Field::sumcheck_3};

// A sum over {0,1}^n of a product of tables; variable 0, the first that is bound, is bit 0.
struct Product
{
    std::uint32_t rounds = 0;
    std::uint32_t offset = 0;
    bool at_end = true;
    std::vector<Elements> tables;
};

Product random_product(Random& random, std::uint32_t rounds, std::size_t factors)
{
    Product p;
    p.rounds = rounds;
    for (std::size_t i = 0; i < factors; ++i)
        p.tables.push_back(random.elements(std::size_t{1} << rounds));
    return p;
}

Fr cube_sum(const std::vector<Elements>& tables)
{
    Fr total;
    for (std::size_t i = 0; i < tables[0].size(); ++i)
    {
        Fr product = Fr::one();
        for (const Elements& table : tables)
            product *= table[i];
        total += product;
    }
    return total;
}

// Tables with the lowest variable set to x.
std::vector<Elements> bind_low(const std::vector<Elements>& tables, const Fr& x)
{
    std::vector<Elements> out;
    for (const Elements& table : tables)
    {
        Elements half;
        for (std::size_t i = 0; i < table.size(); i += 2)
            half.push_back(table[i] * (Fr::one() - x) + table[i + 1] * x);
        out.push_back(half);
    }
    return out;
}

// Coefficients of the polynomial of degree < n with these values at 0 ... n - 1.
Elements interpolate(const Elements& values)
{
    const std::size_t n = values.size();
    Elements result(n);
    for (std::size_t i = 0; i < n; ++i)
    {
        Elements basis = {Fr::one()};
        Fr denominator = Fr::one();
        for (std::size_t j = 0; j < n; ++j)
        {
            if (j == i)
                continue;
            Elements next(basis.size() + 1);
            for (std::size_t k = 0; k < basis.size(); ++k)
            {
                next[k] -= Fr::from_u64(j) * basis[k];
                next[k + 1] += basis[k];
            }
            basis = next;
            denominator *= Fr::from_u64(i) - Fr::from_u64(j);
        }
        const Fr scale = values[i] * denominator.inverse();
        for (std::size_t k = 0; k < n; ++k)
            result[k] += scale * basis[k];
    }
    return result;
}

Fr power_of_two(std::uint32_t n)
{
    Fr x = Fr::one();
    while (n-- > 0)
        x = x + x;
    return x;
}

struct Proof
{
    std::vector<Member> members;  // claims and degrees set
    Rounds rounds;
    Elements challenges;
    std::vector<Elements> points;  // each member's slice
    Elements expected;
    std::vector<std::uint8_t> state;
};

enum class Lengths
{
    full,     // as many coefficients as the bound allows, zeros included
    trimmed,  // no zeros at the end
};

Proof prove(std::vector<Product> products, Lengths lengths)
{
    Proof out;
    std::uint32_t total = 0, degree = 0;
    Transcript transcript("Jolt");
    for (const Product& p : products)
    {
        Member member;
        member.rounds = p.rounds;
        member.degree = static_cast<std::uint32_t>(p.tables.size());
        if (!p.at_end)
            member.offset = p.offset;
        member.claim = cube_sum(p.tables);
        transcript.append_label("sumcheck_claim");
        transcript.append_field(member.claim);
        out.members.push_back(member);
        total = std::max(total, p.rounds);
        degree = std::max(degree, member.degree);
    }
    Elements scale;  // coefficient times 2 for every round still to come that is not the member's
    for (const Product& p : products)
        scale.push_back(transcript.challenge_scalar() * power_of_two(total - p.rounds));

    const Fr half = Fr::from_u64(2).inverse();
    for (std::uint32_t round = 0; round < total; ++round)
    {
        Elements values(degree + 1);
        for (std::size_t m = 0; m < products.size(); ++m)
        {
            const Product& p = products[m];
            const std::uint32_t first = p.at_end ? total - p.rounds : p.offset;
            const bool mine = round >= first && round < first + p.rounds;
            for (std::uint32_t x = 0; x <= degree; ++x)
                values[x] += mine ? scale[m] * cube_sum(bind_low(p.tables, Fr::from_u64(x)))
                                  : scale[m] * half * cube_sum(p.tables);
        }
        Elements c = interpolate(values);
        c.erase(c.begin() + 1);
        while (lengths == Lengths::trimmed && c.size() > 1 && c.back().is_zero())
            c.pop_back();
        transcript.append_label_with_count("sumcheck_poly", c.size());
        for (const Fr& x : c)
            transcript.append_field(x);
        out.rounds.push_back(c);
        const Fr r = transcript.challenge();
        out.challenges.push_back(r);
        for (std::size_t m = 0; m < products.size(); ++m)
        {
            Product& p = products[m];
            const std::uint32_t first = p.at_end ? total - p.rounds : p.offset;
            if (round >= first && round < first + p.rounds)
                p.tables = bind_low(p.tables, r);
            else
                scale[m] *= half;
        }
    }
    for (const Product& p : products)
    {
        const std::uint32_t first = p.at_end ? total - p.rounds : p.offset;
        out.points.emplace_back(out.challenges.begin() + first,
                                out.challenges.begin() + first + p.rounds);
        Fr value = Fr::one();
        for (const Elements& table : p.tables)
            value *= table[0];
        out.expected.push_back(value);
    }
    out.state.assign(transcript.state().begin(), transcript.state().end());
    return out;
}

struct Outcome
{
    Status status = Status::ok;
    Report report;
    std::vector<Member> members;
    Elements challenges = Elements(64);
    std::span<const Fr> drawn;
    std::vector<std::uint8_t> state;
};

// Runs the verifier over `rounds` with the honest claims and expected values.
Outcome verify(const Proof& proof, const RoundsView& view)
{
    Outcome out;
    out.members = proof.members;
    Transcript transcript("Jolt");
    Fr running;
    out.status = mote::sumcheck::verify_batch(out.members, view, where, transcript, out.challenges,
                                              out.drawn, running, out.report);
    out.state.assign(transcript.state().begin(), transcript.state().end());
    if (out.status != Status::ok)
        return out;
    for (std::size_t m = 0; m < out.members.size(); ++m)
        out.members[m].expected = proof.expected[m];
    out.status = mote::sumcheck::finish_batch(out.members, running, view, where, out.report);
    return out;
}

// Members of different width and degree; slices at the end, at the start and in the middle.
std::vector<Product> mixed_products(Random& random)
{
    std::vector<Product> products = {random_product(random, 3, 2), random_product(random, 6, 3),
                                     random_product(random, 1, 1), random_product(random, 4, 2),
                                     random_product(random, 3, 3), random_product(random, 0, 2)};
    products[3].at_end = false;
    products[3].offset = 0;
    products[4].at_end = false;
    products[4].offset = 2;
    return products;
}

void check_rejected(const Outcome& outcome, Reason reason, std::uint32_t index,
                    std::uint64_t offset)
{
    CHECK(outcome.status == Status::rejected);
    CHECK(outcome.report.stage == where.stage);
    CHECK(outcome.report.field == where.field);
    CHECK(outcome.report.reason == reason);
    CHECK(outcome.report.index == index);
    CHECK(outcome.report.offset == offset);
}
}  // namespace

TEST_CASE("batch accepts an honest proof and hands every member its slice", "[sumcheck]")
{
    Random random(1);
    for (const Lengths lengths : {Lengths::full, Lengths::trimmed})
        for (int i = 0; i < 8; ++i)
        {
            const Proof proof = prove(mixed_products(random), lengths);
            const EncodedRounds encoded(proof.rounds, RoundsView::Form::compressed);
            const Outcome outcome = verify(proof, encoded.view);
            REQUIRE(outcome.status == Status::ok);
            REQUIRE(outcome.drawn.size() == proof.challenges.size());
            CHECK(mote::equal_vartime(outcome.state, proof.state));
            for (std::size_t m = 0; m < proof.points.size(); ++m)
            {
                const auto slice = mote::sumcheck::raw_point(outcome.members[m], outcome.drawn);
                CHECK(Elements(slice.begin(), slice.end()) == proof.points[m]);
            }
        }
}

TEST_CASE("batch of a single member and of no rounds at all", "[sumcheck]")
{
    Random random(2);
    for (const std::uint32_t rounds : {0U, 1U, 5U})
    {
        const Proof proof = prove({random_product(random, rounds, 3)}, Lengths::full);
        const EncodedRounds encoded(proof.rounds, RoundsView::Form::compressed);
        CHECK(verify(proof, encoded.view).status == Status::ok);
    }
}

TEST_CASE("batch refuses every changed coefficient, claim and expected value", "[sumcheck]")
{
    Random random(3);
    const Proof proof = prove(mixed_products(random), Lengths::full);
    const EncodedRounds good(proof.rounds, RoundsView::Form::compressed);
    for (std::size_t round = 0; round < proof.rounds.size(); ++round)
        for (std::size_t i = 0; i < proof.rounds[round].size(); ++i)
        {
            Rounds changed = proof.rounds;
            changed[round][i] += Fr::one();
            const EncodedRounds encoded(changed, RoundsView::Form::compressed);
            check_rejected(verify(proof, encoded.view), Reason::final_claim, 6, good.view.offset);
        }
    for (std::size_t m = 0; m < proof.members.size(); ++m)
    {
        Proof changed = proof;
        changed.members[m].claim += Fr::one();
        check_rejected(verify(changed, good.view), Reason::final_claim, 6, good.view.offset);
        changed = proof;
        changed.expected[m] += Fr::one();
        check_rejected(verify(changed, good.view), Reason::final_claim, 6, good.view.offset);
    }
}

TEST_CASE("batch refuses rounds that are missing, too many, too short or too long", "[sumcheck]")
{
    Random random(4);
    const Proof proof = prove(mixed_products(random), Lengths::full);
    const auto refuse = [&](const Rounds& rounds, Reason reason, std::uint32_t index)
    {
        const EncodedRounds encoded(rounds, RoundsView::Form::compressed);
        const std::uint64_t offset =
            reason == Reason::round_degree ? encoded.starts[index] : encoded.view.offset;
        check_rejected(verify(proof, encoded.view), reason, index, offset);
    };
    Rounds rounds = proof.rounds;
    rounds.pop_back();
    refuse(rounds, Reason::round_count, 5);
    rounds = proof.rounds;
    rounds.push_back(rounds.back());
    refuse(rounds, Reason::round_count, 6);
    refuse({}, Reason::round_count, 0);
    for (std::uint32_t round = 0; round < proof.rounds.size(); ++round)
    {
        rounds = proof.rounds;
        rounds[round].push_back(Fr::zero());
        refuse(rounds, Reason::round_degree, round);
        rounds[round].clear();
        refuse(rounds, Reason::round_degree, round);
        // Far more than any bound: nothing may be copied before the length is looked at.
        rounds[round] = random.elements(300);
        refuse(rounds, Reason::round_degree, round);
    }

    const EncodedRounds good(proof.rounds, RoundsView::Form::compressed);
    for (const auto form : {RoundsView::Form::full, RoundsView::Form::committed})
    {
        RoundsView view = good.view;
        view.form = form;
        check_rejected(verify(proof, view), Reason::sumcheck_form, 0, view.offset);
    }
}
