// Uniskip rounds: sums over the domain by their definition, and every way a round can be refused.
#include "sumcheck/uniskip.hpp"

#include <catch2/catch.hpp>

#include "sumcheck_support.hpp"

using namespace sumcheck_test;
using mote::Field;
using mote::Reason;
using mote::Report;
using mote::Stage;
using mote::Status;
using mote::sumcheck::Uniskip;
using mote::sumcheck::verify_uniskip;
using mote::transcript::Transcript;

namespace
{
constexpr mote::sumcheck::Where where{Stage::stage2_uniskip, Field::sumcheck_2_uniskip};

Fr small(int x)
{
    return x < 0 ? -Fr::from_u64(static_cast<std::uint64_t>(-x))
                 : Fr::from_u64(static_cast<std::uint64_t>(x));
}

// By powers, not by Horner's rule.
Fr value_at(const Elements& coefficients, const Fr& x)
{
    Fr sum, power = Fr::one();
    for (const Fr& c : coefficients)
    {
        sum += c * power;
        power *= x;
    }
    return sum;
}

struct Honest
{
    Uniskip round;
    Fr challenge;
    std::vector<std::uint8_t> state;
};

// What an honest prover claims about `coefficients`, and where its transcript ends.
Honest prove(const Elements& coefficients, int first, int last, std::uint32_t degree)
{
    Honest out;
    for (int t = first; t <= last; ++t)
        out.round.claim += value_at(coefficients, small(t));
    out.round.degree = degree;
    Transcript transcript("Jolt");
    transcript.append_label_with_count("uniskip_poly", coefficients.size());
    for (const Fr& c : coefficients)
        transcript.append_field(c);
    out.challenge = transcript.challenge();
    out.round.reduced = value_at(coefficients, out.challenge);
    transcript.append_label("opening_claim");
    transcript.append_field(out.round.reduced);
    out.state.assign(transcript.state().begin(), transcript.state().end());
    return out;
}

template <std::size_t N>
void check_domain(int first, int last, std::uint32_t degree)
{
    Random random(N);
    // All lengths up to the bound; none at all is the zero polynomial.
    for (std::size_t count = 0; count <= degree + 1; ++count)
    {
        const Elements coefficients = random.elements(count);
        const Honest honest = prove(coefficients, first, last, degree);
        const EncodedRounds proof({coefficients}, RoundsView::Form::full);
        Transcript transcript("Jolt");
        Fr challenge;
        Report report;
        REQUIRE(verify_uniskip<N>(honest.round, proof.view, where, transcript, challenge, report) ==
                Status::ok);
        CHECK(challenge == honest.challenge);
        CHECK(mote::equal_vartime(transcript.state(), honest.state));
    }
}

void check_rejected(const Uniskip& round, const RoundsView& proof, Reason reason)
{
    Transcript transcript("Jolt");
    Fr challenge;
    Report report;
    CHECK(verify_uniskip<3>(round, proof, where, transcript, challenge, report) ==
          Status::rejected);
    CHECK(report.stage == where.stage);
    CHECK(report.field == where.field);
    CHECK(report.reason == reason);
    CHECK(report.offset == proof.offset);
}
}  // namespace

TEST_CASE("uniskip accepts what sums to the claim over both domains", "[sumcheck]")
{
    check_domain<10>(-4, 5, 27);
    check_domain<3>(-1, 1, 6);
}

TEST_CASE("uniskip refuses each defect under its own reason", "[sumcheck]")
{
    Random random(2);
    const Elements coefficients = random.elements(7);
    const Honest honest = prove(coefficients, -1, 1, 6);
    const EncodedRounds good({coefficients}, RoundsView::Form::full);

    Uniskip wrong = honest.round;
    wrong.claim += Fr::one();
    check_rejected(wrong, good.view, Reason::uniskip_sum);
    wrong = honest.round;
    wrong.reduced += Fr::one();
    check_rejected(wrong, good.view, Reason::uniskip_claim);
    wrong = honest.round;
    wrong.degree = 5;
    check_rejected(wrong, good.view, Reason::round_degree);

    // A zero more leaves the polynomial what it is, but is one coefficient too many.
    Elements longer = coefficients;
    longer.push_back(Fr::zero());
    const EncodedRounds too_long({longer}, RoundsView::Form::full);
    check_rejected(honest.round, too_long.view, Reason::round_degree);

    const EncodedRounds none({}, RoundsView::Form::full);
    check_rejected(honest.round, none.view, Reason::round_count);
    const EncodedRounds two({coefficients, coefficients}, RoundsView::Form::full);
    check_rejected(honest.round, two.view, Reason::round_count);

    for (const auto form : {RoundsView::Form::compressed, RoundsView::Form::committed})
    {
        RoundsView view = good.view;
        view.form = form;
        check_rejected(honest.round, view, Reason::sumcheck_form);
    }

    // Each coefficient counts, those that are weighted by a sum of zero in the second check.
    for (std::size_t i = 0; i < coefficients.size(); ++i)
    {
        Elements changed = coefficients;
        changed[i] += Fr::one();
        const EncodedRounds proof({changed}, RoundsView::Form::full);
        check_rejected(honest.round, proof.view,
                       i % 2 == 0 ? Reason::uniskip_sum : Reason::uniskip_claim);
    }
}
