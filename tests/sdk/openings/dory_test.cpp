// Openings: the one shape that is accepted, and proofs of a prover that is not upstream's, in every
// small shape, whole and with any one thing about them changed.
#include "openings/dory.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <utility>

#include "dory_model.hpp"
#include "tools/effort.hpp"

using namespace mote;
using namespace mote::test;
using openings::check_dory_shape;
using openings::DoryProof;
using openings::DorySetup;
using openings::load_dory_setup;

namespace
{
DoryProof proof_of(std::uint32_t nu, std::uint32_t sigma, std::uint32_t rounds)
{
    DoryProof p;
    p.nu = nu;
    p.sigma = sigma;
    p.rounds = rounds;
    return p;
}

/// Memory of exactly `bytes` bytes, with some behind it that must stay as it is.
class Memory
{
  public:
    explicit Memory(std::size_t bytes) : units_(bytes / sizeof(Unit) + 3), bytes_(bytes)
    {
        std::memset(units_.data(), 0xa5, sizeof(Unit) * units_.size());
    }
    Arena arena() { return {units_.data(), bytes_}; }
    [[nodiscard]] bool guard_intact() const
    {
        const auto* const p = reinterpret_cast<const std::uint8_t*>(units_.data());
        return std::all_of(p + bytes_, p + sizeof(Unit) * units_.size(),
                           [](std::uint8_t b) { return b == 0xa5; });
    }

  private:
    struct alignas(Arena::alignment) Unit
    {
        std::uint8_t bytes[Arena::alignment];
    };
    std::vector<Unit> units_;
    std::size_t bytes_;
};

/// What one decides about: commitments with their weights, a point, a value and a proof.
struct Opening
{
    std::vector<curve::Gt> commitments;
    Scalars weights;
    Scalars point;
    Fr value;
    Buffer blob;
};

struct Verifier
{
    DoryModel model;
    Memory memory;
    DorySetup setup;
    Report report;

    explicit Verifier(std::uint32_t m) : model(m, 7), memory(setup_bytes(model))
    {
        Arena arena = memory.arena();
        REQUIRE(load_dory_setup(model.setup_blob(), nullptr, arena, setup, report) == Status::ok);
        REQUIRE(memory.guard_intact());
        REQUIRE(setup.m == m);
    }
    static std::size_t setup_bytes(const DoryModel& model)
    {
        std::size_t bytes = 0;
        Report report;
        REQUIRE(openings::dory_setup_bytes(model.setup_blob(), bytes, report) == Status::ok);
        return bytes;
    }

    static transcript::Transcript transcript() { return transcript::Transcript("openings"); }

    /// An honest opening of a combination of `count` tables of 2^n coefficients.
    [[nodiscard]] Opening open(std::size_t n, std::size_t count, RandomScalars& random) const
    {
        Opening o;
        o.point = random(n);
        Scalars sum(std::size_t{1} << n);
        for (std::size_t i = 0; i < count; ++i)
        {
            const Scalars table = random(sum.size());
            o.weights.push_back(random());
            o.commitments.push_back(gt_of(model.commit(table, n)));
            for (std::size_t k = 0; k < sum.size(); ++k)
                sum[k] += o.weights[i] * table[k];
        }
        o.value = evaluate(sum, o.point);
        transcript::Transcript t = transcript();
        o.blob = model.prove(sum, o.point, t);
        return o;
    }

    Status verify(const Opening& o, std::size_t less_memory = 0)
    {
        DoryProof proof;
        MOTE_TRY(openings::decode_dory_proof(o.blob, 0, setup.m, proof, report));
        MOTE_TRY(openings::check_dory_shape(proof, o.point.size(), setup.m, report));
        openings::DoryElements e;
        std::vector<curve::Gt> gt;
        std::vector<openings::DoryElements::Round> rounds(proof.rounds);
        gt.reserve(openings::dory_gt_count(proof.rounds));
        const auto add = [&](Bytes bytes)
        {
            gt.emplace_back();
            REQUIRE(curve::decode_fq12(bytes.data(), gt.back().value) == Reason::none);
        };
        const auto g1 = [](Bytes bytes, curve::G1& out)
        { REQUIRE(curve::decode_g1(bytes.data(), out) == Reason::none); };
        const auto g2 = [](Bytes bytes, curve::G2& out)
        {
            REQUIRE(curve::decode_g2_on_curve(bytes.data(), out) == Reason::none);
            REQUIRE(curve::in_subgroup(out));
        };
        using openings::FirstMessage;
        using openings::SecondMessage;
        add(proof.vmv_c);
        add(proof.vmv_d2);
        for (std::uint32_t i = 0; i < proof.rounds; ++i)
            for (const auto name : {FirstMessage::d1_left, FirstMessage::d1_right,
                                    FirstMessage::d2_left, FirstMessage::d2_right})
                add(proof.first(i, name));
        for (std::uint32_t i = 0; i < proof.rounds; ++i)
        {
            add(proof.second(i, SecondMessage::c_plus));
            add(proof.second(i, SecondMessage::c_minus));
            g1(proof.first(i, FirstMessage::e1_beta), rounds[i].e1_beta);
            g2(proof.first(i, FirstMessage::e2_beta), rounds[i].e2_beta);
            g1(proof.second(i, SecondMessage::e1_plus), rounds[i].e1_plus);
            g1(proof.second(i, SecondMessage::e1_minus), rounds[i].e1_minus);
            g2(proof.second(i, SecondMessage::e2_plus), rounds[i].e2_plus);
            g2(proof.second(i, SecondMessage::e2_minus), rounds[i].e2_minus);
        }
        REQUIRE(gt.size() == openings::dory_gt_count(proof.rounds));
        e.vmv = gt.data();
        e.first = e.vmv + 2;
        e.second = e.first + std::size_t{4} * proof.rounds;
        e.rounds = rounds.data();
        g1(proof.vmv_e1, e.vmv_e1);
        g1(proof.final_e1, e.final_e1);
        g2(proof.final_e2, e.final_e2);

        std::vector<openings::WeightedCommitment> weighted;
        for (std::size_t i = 0; i < o.commitments.size(); ++i)
            weighted.push_back({&o.commitments[i], o.weights[i]});
        Memory scratch(openings::dory_scratch_bytes(weighted.size(), proof.sigma) - less_memory);
        Arena arena = scratch.arena();
        transcript::Transcript t = transcript();
        const Status status =
            verify_dory(setup, proof, e, weighted, o.point, o.value, t, arena, Observer{}, report);
        REQUIRE(scratch.guard_intact());
        REQUIRE((status == Status::memory_too_small || arena.used() == 0));
        return status;
    }

    void refuse(const Opening& o)
    {
        report = {};
        REQUIRE(verify(o) == Status::rejected);
        REQUIRE(report.stage == Stage::dory);
        REQUIRE(report.reason == Reason::pairing_equation);
        REQUIRE(report.field == Field::joint_opening_proof);
    }
};

constexpr std::size_t g1 = 32, g2 = 64, gt = 384;

/// Where the elements of a proof of `rounds` rounds are, and how long.
std::vector<std::pair<std::size_t, std::size_t>> places(std::size_t rounds)
{
    std::vector<std::pair<std::size_t, std::size_t>> out;
    std::size_t at = 0;
    const auto add = [&](std::initializer_list<std::size_t> sizes)
    {
        for (const std::size_t size : sizes)
        {
            out.emplace_back(at, size);
            at += size;
        }
    };
    add({gt, gt, g1});
    at += 4;
    for (std::size_t i = 0; i < rounds; ++i)
        add({gt, gt, gt, gt, g1, g2});
    for (std::size_t i = 0; i < rounds; ++i)
        add({gt, gt, g1, g1, g2, g2});
    at += 1;
    add({g1, g2});
    return out;
}

/// Another element of the same group: times the generator, or the neutral one.
Buffer other_element(Bytes good, bool neutral)
{
    Buffer out(good.size());
    if (good.size() == gt)
    {
        curve::Gt x;
        REQUIRE(curve::decode_fq12(good.data(), x.value) == Reason::none);
        curve::encode(neutral ? curve::Fq12::one() : (x * gt_of(Fr::one())).value, out.data());
    }
    else if (good.size() == g1)
    {
        curve::G1 p;
        REQUIRE(curve::decode_g1(good.data(), p) == Reason::none);
        const curve::G1Jacobian sum = curve::G1Jacobian(p) + curve::g1_generator;
        curve::encode(neutral ? curve::G1{} : sum.to_affine(), out.data());
    }
    else
    {
        curve::G2 p;
        REQUIRE(curve::decode_g2_on_curve(good.data(), p) == Reason::none);
        const curve::G2Jacobian sum = curve::G2Jacobian(p) + curve::g2_generator;
        curve::encode(neutral ? curve::G2{} : sum.to_affine(), out.data());
    }
    return out;
}
}  // namespace

TEST_CASE("Openings of every small shape are accepted, in setups of every size")
{
    RandomScalars random(1);
    for (std::uint32_t m = 0; m <= (emulated ? 2U : 4U); ++m)
    {
        Verifier verifier(m);
        for (std::size_t n = 0; n <= 2 * std::size_t{m}; ++n)
            for (const std::size_t count : {std::size_t{1}, std::size_t{3}})
                REQUIRE(verifier.verify(verifier.open(n, count, random)) == Status::ok);
    }
}

TEST_CASE("Openings at corners: points of zeros and ones, and nothing but zeros")
{
    RandomScalars random(2);
    Verifier verifier(2);
    for (const std::size_t n : {std::size_t{3}, std::size_t{4}})
        for (std::size_t corner = 0; corner < std::size_t{1} << n; corner += 3)
        {
            Opening o;
            for (std::size_t j = 0; j < n; ++j)
                o.point.push_back(((corner >> (n - 1 - j)) & 1) != 0 ? Fr::one() : Fr::zero());
            const Scalars table = random(std::size_t{1} << n);
            o.weights = {Fr::one()};
            o.commitments = {gt_of(verifier.model.commit(table, n))};
            o.value = table[corner];
            transcript::Transcript t = Verifier::transcript();
            o.blob = verifier.model.prove(table, o.point, t);
            REQUIRE(verifier.verify(o) == Status::ok);
        }
    const Scalars zeros(16);
    Opening o{{curve::Gt{}}, {random()}, random(4), Fr::zero(), {}};
    transcript::Transcript t = Verifier::transcript();
    o.blob = verifier.model.prove(zeros, o.point, t);
    REQUIRE(verifier.verify(o) == Status::ok);
    o.value = Fr::one();
    verifier.refuse(o);
}

TEST_CASE("Whatever the statement says else is refused")
{
    RandomScalars random(3);
    Verifier verifier(3);
    for (std::size_t n = 0; n <= 6; n += emulated ? 3 : 1)
    {
        const Opening good = verifier.open(n, 2, random);
        REQUIRE(verifier.verify(good) == Status::ok);
        Opening o = good;
        o.value += Fr::one();
        verifier.refuse(o);
        for (std::size_t j = 0; j < n; ++j)
        {
            o = good;
            o.point[j] += Fr::one();
            verifier.refuse(o);
        }
        for (std::size_t i = 0; i < 2; ++i)
        {
            o = good;
            o.weights[i] += Fr::one();
            verifier.refuse(o);
            o = good;
            o.commitments[i] = o.commitments[i] * gt_of(Fr::one());
            verifier.refuse(o);
        }
        o = good;
        std::swap(o.commitments[0], o.commitments[1]);
        verifier.refuse(o);
        if (n > 1)
        {
            o = good;
            std::swap(o.point[0], o.point[n - 1]);
            verifier.refuse(o);
        }
    }
}

TEST_CASE("Each element of a proof matters")
{
    RandomScalars random(4);
    Verifier verifier(3);
    Thinned thinned;
    for (const std::size_t n : {std::size_t{0}, std::size_t{1}, std::size_t{5}, std::size_t{6}})
    {
        const Opening good = verifier.open(n, 1, random);
        const auto all = places((n + 1) / 2);
        REQUIRE(all.back().first + all.back().second + 13 == good.blob.size());
        for (const auto& [at, size] : all)
            for (const bool neutral : {false, true})
            {
                if (!thinned.next())
                    continue;
                Opening o = good;
                const Buffer changed = other_element(Bytes(o.blob).subspan(at, size), neutral);
                const auto start = o.blob.begin() + static_cast<std::ptrdiff_t>(at);
                if (std::equal(changed.begin(), changed.end(), start))
                    continue;  // the neutral element was there already
                std::copy(changed.begin(), changed.end(), start);
                INFO(n << " variables, element at " << at);
                verifier.refuse(o);
            }
    }
}

TEST_CASE("The setup and the transcript's past matter")
{
    RandomScalars random(5);
    Verifier verifier(2), other(2);
    const Opening good = verifier.open(4, 1, random);
    REQUIRE(other.verify(good) == Status::ok);
    // Each element of the setup that a proof of two rounds uses.
    std::vector<curve::Gt> chi(verifier.setup.chi, verifier.setup.chi + 3),
        delta_1r(verifier.setup.delta_1r, verifier.setup.delta_1r + 3),
        delta_2r(verifier.setup.delta_2r, verifier.setup.delta_2r + 3), ht(1, *verifier.setup.ht);
    other.setup.chi = chi.data();
    other.setup.delta_1r = delta_1r.data();
    other.setup.delta_2r = delta_2r.data();
    other.setup.ht = ht.data();
    REQUIRE(other.verify(good) == Status::ok);
    std::vector<curve::Gt*> elements = {&ht[0], &chi[0]};
    for (std::size_t k = 1; k < 3; ++k)
        elements.insert(elements.end(), {&chi[k], &delta_1r[k], &delta_2r[k]});
    for (curve::Gt* const x : elements)
    {
        const curve::Gt before = *x;
        *x = before * gt_of(Fr::one());
        other.refuse(good);
        *x = before;
    }
    const DorySetup before = other.setup;
    other.setup.g1_0 = -before.g1_0;
    other.refuse(good);
    other.setup = before;
    other.setup.g2_0 = -before.g2_0;
    other.refuse(good);
    other.setup = before;
    other.setup.h1 = -before.h1;
    other.refuse(good);
    other.setup = before;
    std::swap(other.setup.h2_lines, other.setup.g2_0_lines);
    other.refuse(good);
    other.setup = before;
    REQUIRE(other.verify(good) == Status::ok);

    // A proof that was made for another conversation.
    Opening o = good;
    transcript::Transcript t("opening");
    RandomScalars again(6);
    const Scalars table = again(16);
    o.point = again(4);
    o.value = evaluate(table, o.point);
    o.weights = {Fr::one()};
    o.commitments = {gt_of(verifier.model.commit(table, 4))};
    o.blob = verifier.model.prove(table, o.point, t);
    verifier.refuse(o);
    t = Verifier::transcript();
    o.blob = verifier.model.prove(table, o.point, t);
    REQUIRE(verifier.verify(o) == Status::ok);
}

TEST_CASE("Openings with too little memory say so")
{
    RandomScalars random(8);
    Verifier verifier(2);
    const Opening good = verifier.open(3, 2, random);
    const std::size_t whole = openings::dory_scratch_bytes(2, 2);
    const std::size_t step = emulated ? 128 : 16;
    bool refused = false;
    for (std::size_t less = 0; less <= whole; less += less < 512 ? step : whole / 20)
    {
        const Status status = verifier.verify(good, less);
        REQUIRE((status == Status::ok || status == Status::memory_too_small));
        REQUIRE((status == Status::memory_too_small || !refused));
        refused = status == Status::memory_too_small;
    }
    REQUIRE(refused);
}

TEST_CASE("One split of each number of variables is accepted")
{
    // By search over all small splits: what is accepted is nu + sigma = variables, 0 <= sigma - nu <= 1.
    for (std::size_t variables = 0; variables <= 12; ++variables)
        for (std::uint32_t m : {0U, 2U, 6U, DorySetup::m_max})
            for (std::uint32_t nu = 0; nu <= 13; ++nu)
                for (std::uint32_t sigma = 0; sigma <= 13; ++sigma)
                    for (std::uint32_t rounds = 0; rounds <= 13; ++rounds)
                    {
                        const bool good = nu + sigma == variables &&
                                          (sigma == nu || sigma == nu + 1) && rounds == sigma &&
                                          sigma <= m;
                        Report report;
                        const Status status =
                            check_dory_shape(proof_of(nu, sigma, rounds), variables, m, report);
                        if ((status == Status::ok) != good)
                            FAIL(variables << " variables, m " << m << ": " << nu << " " << sigma
                                           << " " << rounds);
                        if (good)
                            continue;
                        if (status != Status::rejected || report.stage != Stage::dory ||
                            report.reason != Reason::opening_shape)
                            FAIL("wrong report");
                    }
}

TEST_CASE("The field that is wrong is named")
{
    Report report;
    REQUIRE(check_dory_shape(proof_of(6, 7, 7), 13, 10, report) == Status::ok);
    REQUIRE(check_dory_shape(proof_of(5, 8, 8), 13, 10, report) == Status::rejected);
    REQUIRE(report.field == Field::sigma);
    REQUIRE(check_dory_shape(proof_of(7, 6, 6), 13, 10, report) == Status::rejected);
    REQUIRE(report.field == Field::sigma);
    REQUIRE(check_dory_shape(proof_of(7, 7, 7), 13, 10, report) == Status::rejected);
    REQUIRE(report.field == Field::nu);
    REQUIRE(check_dory_shape(proof_of(UINT32_MAX, 7, 7), 13, 10, report) == Status::rejected);
    REQUIRE(report.field == Field::nu);
    for (const std::uint32_t rounds : {0U, 6U, 8U, UINT32_MAX})
    {
        REQUIRE(check_dory_shape(proof_of(6, 7, rounds), 13, 10, report) == Status::rejected);
        REQUIRE(report.field == Field::dory_rounds);
    }
    // A setup that is too small, and more columns than any setup may have.
    REQUIRE(check_dory_shape(proof_of(6, 7, 7), 13, 7, report) == Status::ok);
    REQUIRE(check_dory_shape(proof_of(6, 7, 7), 13, 6, report) == Status::rejected);
    REQUIRE(report.field == Field::dory_rounds);
    REQUIRE(check_dory_shape(proof_of(32, 32, 32), 64, 32, report) == Status::ok);
    REQUIRE(check_dory_shape(proof_of(32, 33, 33), 65, 64, report) == Status::rejected);
    REQUIRE(report.field == Field::dory_rounds);
    // Numbers that are equal only modulo 2^32.
    REQUIRE(check_dory_shape(proof_of(6, 7, 7), (std::size_t{1} << 31 << 2) + 13, 10, report) ==
            (sizeof(std::size_t) > 4 ? Status::rejected : Status::ok));
}

TEST_CASE("Scratch memory grows with commitments and rounds")
{
    for (std::size_t sigma = 0; sigma < DorySetup::m_max; ++sigma)
        for (const std::size_t commitments : {1U, 40U, 300U})
        {
            REQUIRE(openings::dory_scratch_bytes(commitments, sigma) <
                    openings::dory_scratch_bytes(commitments, sigma + 1));
            REQUIRE(openings::dory_scratch_bytes(commitments, sigma) <
                    openings::dory_scratch_bytes(commitments + 1, sigma));
        }
}
