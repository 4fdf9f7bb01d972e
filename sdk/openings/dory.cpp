#include "openings/dory.hpp"

#include <algorithm>

#include "curve/msm.hpp"

namespace mote::openings
{
namespace
{
using curve::G1;
using curve::G2;
using curve::Gt;

constexpr std::size_t rounds_max = DorySetup::m_max;

constexpr std::size_t power_count(std::size_t commitments, std::size_t sigma) noexcept
{
    return 9 * sigma + 5 + commitments;
}

constexpr std::size_t point_count(std::size_t sigma) noexcept { return 3 * sigma + 2; }

/// Challenges of the protocol, indexed by rounds remaining k = sigma .. 1.
struct Challenges
{
    Fr alpha[rounds_max + 1], beta[rounds_max + 1];
    Fr alpha_inverse[rounds_max + 1], beta_inverse[rounds_max + 1];
    Fr gamma, d, gamma_inverse, d_inverse;
};

/// Replays the prover's messages.
Status draw(const DoryProof& proof, transcript::Transcript& transcript, Challenges& c,
            Report& report) noexcept
{
    const std::uint32_t sigma = proof.sigma;
    transcript.dory_element(proof.vmv_c);
    transcript.dory_element(proof.vmv_d2);
    transcript.dory_element(proof.vmv_e1);
    for (std::uint32_t round = 0; round < sigma; ++round)
    {
        const std::uint32_t k = sigma - round;
        for (const auto name :
             {FirstMessage::d1_left, FirstMessage::d1_right, FirstMessage::d2_left,
              FirstMessage::d2_right, FirstMessage::e1_beta, FirstMessage::e2_beta})
            transcript.dory_element(proof.first(round, name));
        c.beta[k] = transcript.challenge_scalar();
        for (const auto name :
             {SecondMessage::c_plus, SecondMessage::c_minus, SecondMessage::e1_plus,
              SecondMessage::e1_minus, SecondMessage::e2_plus, SecondMessage::e2_minus})
            transcript.dory_element(proof.second(round, name));
        c.alpha[k] = transcript.challenge_scalar();
        if (c.alpha[k].is_zero() || c.beta[k].is_zero())
            return reject(report, Stage::dory, Reason::zero_challenge, Field::dory_rounds, round);
    }
    c.gamma = transcript.challenge_scalar();
    transcript.dory_element(proof.final_e1);
    transcript.dory_element(proof.final_e2);
    c.d = transcript.challenge_scalar();
    if (c.gamma.is_zero() || c.d.is_zero())
        return reject(report, Stage::dory, Reason::zero_challenge, Field::final_message);

    const std::size_t of_rounds = 2 * std::size_t{sigma};
    Fr inverses[2 * rounds_max + 2], scratch[2 * rounds_max + 2];
    for (std::size_t k = 1; k <= sigma; ++k)
    {
        inverses[2 * k - 2] = c.alpha[k];
        inverses[2 * k - 1] = c.beta[k];
    }
    inverses[of_rounds] = c.gamma;
    inverses[of_rounds + 1] = c.d;
    field::batch_invert(inverses, scratch, of_rounds + 2);
    for (std::size_t k = 1; k <= sigma; ++k)
    {
        c.alpha_inverse[k] = inverses[2 * k - 2];
        c.beta_inverse[k] = inverses[2 * k - 1];
    }
    c.gamma_inverse = inverses[of_rounds];
    c.d_inverse = inverses[of_rounds + 1];
    return Status::ok;
}

/// The product of powers on the right-hand side, term by term.
class Powers
{
  public:
    Powers(Arena& arena, std::size_t capacity) noexcept
        : bases_(arena.take<const Gt*>(capacity)), exponents_(arena.take<Fr>(capacity))
    {
    }
    [[nodiscard]] bool has_room() const noexcept
    {
        return bases_ != nullptr && exponents_ != nullptr;
    }
    void add(const Gt& base, const Fr& exponent) noexcept
    {
        bases_[count_] = &base;
        exponents_[count_++] = exponent;
    }
    [[nodiscard]] Status product(Arena& arena, Gt& out) const noexcept
    {
        return curve::multi_power(bases_, exponents_, count_, arena, out);
    }

  private:
    const Gt** bases_;
    Fr* exponents_;
    std::size_t count_ = 0;
};

void add_powers(const DorySetup& setup, const DoryElements& e, std::uint32_t sigma,
                std::span<const WeightedCommitment> commitments, const Challenges& c,
                const Fr& s1_s2, Powers& powers) noexcept
{
    const auto w1 = [&](std::uint32_t j) -> const Fr&
    { return j == 0 ? c.d_inverse : c.beta_inverse[j]; };
    const auto w2 = [&](std::uint32_t j) -> const Fr& { return j == 0 ? c.d : c.beta[j]; };

    for (const WeightedCommitment& entry : commitments)
        powers.add(*entry.commitment, entry.coefficient * w1(sigma));
    powers.add(e.vmv[0], Fr::one());
    powers.add(e.vmv[1], w2(sigma) + c.d.square());
    powers.add(*setup.ht, s1_s2);
    powers.add(setup.chi[sigma], Fr::one());
    for (std::uint32_t k = sigma; k > 0; --k)
    {
        const std::uint32_t round = sigma - k;
        const Fr &alpha = c.alpha[k], &beta = c.beta[k], &alpha_inverse = c.alpha_inverse[k],
                 &beta_inverse = c.beta_inverse[k];
        const Gt* const first = e.first + std::size_t{4} * round;
        const Gt* const second = e.second + std::size_t{2} * round;
        powers.add(second[0], alpha);
        powers.add(second[1], alpha_inverse);
        powers.add(first[0], alpha * w1(k - 1));
        powers.add(first[1], w1(k - 1));
        powers.add(first[2], alpha_inverse * w2(k - 1));
        powers.add(first[3], w2(k - 1));
        powers.add(setup.delta_1r[k], beta * w1(k - 1));
        powers.add(setup.delta_2r[k], beta_inverse * w2(k - 1));
        powers.add(setup.chi[k - 1],
                   Fr::one() + alpha * beta * w1(k - 1) + alpha_inverse * beta_inverse * w2(k - 1));
    }
}
}  // namespace

Status check_dory_shape(const DoryProof& proof, std::size_t variables, std::uint32_t m,
                        Report& report) noexcept
{
    const std::size_t columns = (variables + 1) / 2;
    if (proof.sigma != columns)
        return reject(report, Stage::dory, Reason::opening_shape, Field::sigma);
    if (proof.nu != variables - columns)
        return reject(report, Stage::dory, Reason::opening_shape, Field::nu);
    if (proof.rounds != columns || columns > m || columns > rounds_max)
        return reject(report, Stage::dory, Reason::opening_shape, Field::dory_rounds);
    return Status::ok;
}

std::size_t dory_scratch_bytes(std::size_t commitments, std::size_t sigma) noexcept
{
    const std::size_t terms = power_count(commitments, sigma), points = point_count(sigma);
    const std::size_t lists = terms * (sizeof(const Gt*) + sizeof(Fr)) +
                              points * (sizeof(G1) + sizeof(G2) + 2 * sizeof(Fr));
    const std::size_t work =
        std::max(curve::gt_scratch_bytes(terms), curve::g2_msm_scratch_bytes(points));
    return lists + work + 8 * Arena::alignment;
}

Status verify_dory(const DorySetup& setup, const DoryProof& proof, const DoryElements& e,
                   std::span<const WeightedCommitment> commitments, std::span<const Fr> point,
                   const Fr& value, transcript::Transcript& transcript, Arena& arena,
                   const Observer& observer, Report& report) noexcept
{
    const std::uint32_t sigma = proof.sigma;
    MOTE_ASSERT(sigma <= setup.m && sigma <= rounds_max && proof.rounds == sigma);
    Challenges c;
    MOTE_TRY(draw(proof, transcript, c, report));

    // Dory counts coordinates from the least significant one; rows are padded with zeros.
    Fr s1 = Fr::one(), s2 = Fr::one();
    for (std::uint32_t k = sigma; k > 0; --k)
    {
        const Fr y = point[point.size() - k];
        const std::size_t row = std::size_t{sigma} + k;
        const Fr x = row <= point.size() ? point[point.size() - row] : Fr::zero();
        s1 *= c.alpha[k] * (Fr::one() - y) + y;
        s2 *= c.alpha_inverse[k] * (Fr::one() - x) + x;
    }

    const std::size_t mark = arena.used();
    Powers powers(arena, power_count(commitments.size(), sigma));
    const std::size_t points = point_count(sigma);
    G1* const g1 = arena.take<G1>(points);
    G2* const g2 = arena.take<G2>(points);
    Fr* const scalars1 = arena.take<Fr>(points);
    Fr* const scalars2 = arena.take<Fr>(points);
    if (!powers.has_room() || g1 == nullptr || g2 == nullptr || scalars1 == nullptr ||
        scalars2 == nullptr)
        return Status::memory_too_small;

    observer.stage(Stage::dory_powers);
    add_powers(setup, e, sigma, commitments, c, s1 * s2, powers);
    Gt right;
    MOTE_TRY(powers.product(arena, right));

    observer.stage(Stage::dory_points);
    // -1/gamma (E1 + [d s2] g1_0) and -gamma (E2 + [s1/d] g2_0)
    const Fr minus_gamma = -c.gamma, minus_gamma_inverse = -c.gamma_inverse;
    std::size_t n = 0;
    const auto add = [&](const G1& p, const Fr& x, const G2& q, const Fr& y)
    {
        g1[n] = p;
        scalars1[n] = minus_gamma_inverse * x;
        g2[n] = q;
        scalars2[n++] = minus_gamma * y;
    };
    for (std::uint32_t k = sigma; k > 0; --k)
    {
        const DoryElements::Round& round = e.rounds[sigma - k];
        add(round.e1_beta, c.beta[k], round.e2_beta, c.beta_inverse[k]);
        add(round.e1_plus, c.alpha[k], round.e2_plus, c.alpha[k]);
        add(round.e1_minus, c.alpha_inverse[k], round.e2_minus, c.alpha_inverse[k]);
    }
    add(setup.g1_0, c.d * s2, setup.g2_0, value + s1 * c.d_inverse);
    g1[n] = e.vmv_e1;
    scalars1[n] = minus_gamma_inverse;
    curve::G1Jacobian m1, a_jacobian, b;
    curve::G2Jacobian m2;
    MOTE_TRY(curve::multiply(g1, scalars1, n + 1, arena, m1));
    MOTE_TRY(curve::multiply(g2, scalars2, n, arena, m2));
    // A = final.e1 + [d] g1_0, and [d^2] E1_0 + [1/d] final.e1 + g1_0
    MOTE_TRY(curve::multiply(&setup.g1_0, &c.d, 1, arena, a_jacobian));
    a_jacobian += e.final_e1;
    const G1 b_points[2] = {e.vmv_e1, e.final_e1};
    const Fr b_scalars[2] = {c.d.square(), c.d_inverse};
    MOTE_TRY(curve::multiply(b_points, b_scalars, 2, arena, b));
    b += setup.g1_0;
    arena.release_to(mark);

    observer.stage(Stage::dory_pairing);
    const curve::PairingTerm terms[4] = {
        {a_jacobian.to_affine(), e.final_e2, nullptr},
        {setup.h1, m2.to_affine(), nullptr},
        {m1.to_affine(), {}, &setup.h2_lines},
        {b.to_affine(), {}, &setup.g2_0_lines},
    };
    if (!(curve::pairing_product(terms, 4) == right))
        return reject(report, Stage::dory, Reason::pairing_equation, Field::joint_opening_proof, 0,
                      proof.offset);
    return Status::ok;
}
}  // namespace mote::openings
