// A prover of Dory openings that knows every discrete logarithm.
//
// Generators are known multiples of the standard ones, so an element of any of the three groups is an
// integer modulo r here, a pairing is a product of two integers, and the protocol is the algebra of
// its paper. Only what goes on the wire becomes a group element. A verifier cannot tell.
//
// Worked case: with Gamma1 = (a), Gamma2 = (b) and one coefficient f, the commitment is f a b.
//
// Source  [DORY] src/evaluation_proof.rs, src/reduce_and_fold.rs, src/setup.rs; the transparent mode.
#pragma once

#include <cstdint>
#include <vector>

#include "curve/encoding.hpp"
#include "curve/pairing.hpp"
#include "openings/dory.hpp"
#include "tools/bundle_edit.hpp"

namespace mote::test
{
using field::Fr;
using Scalars = std::vector<Fr>;

// SplitMix64.
class RandomScalars
{
  public:
    explicit RandomScalars(std::uint64_t seed) : state_(seed) {}
    Fr operator()()
    {
        const std::uint64_t a = word(), b = word(), c = word(), d = word();
        const Fr two_64 = Fr::from_u128(0, 1);
        return Fr::from_u128(a, b) * two_64 * two_64 + Fr::from_u128(c, d);
    }
    Scalars operator()(std::size_t count)
    {
        Scalars out(count);
        for (Fr& x : out)
            x = (*this)();
        return out;
    }

  private:
    std::uint64_t word()
    {
        std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
    std::uint64_t state_;
};

inline curve::G1 g1_of(const Fr& x)
{
    return multiply_vartime(curve::g1_generator, x.to_integer()).to_affine();
}
inline curve::G2 g2_of(const Fr& x)
{
    return multiply_vartime(curve::g2_generator, x.to_integer()).to_affine();
}
inline curve::Gt gt_of(const Fr& x)
{
    static const curve::Gt e = curve::pairing(curve::g1_generator, curve::g2_generator);
    return curve::power(e, x);
}

/// sum a[from + i] b[b_from + i] over `count` terms.
inline Fr inner(const Scalars& a, std::size_t a_from, const Scalars& b, std::size_t b_from,
                std::size_t count)
{
    Fr sum;
    for (std::size_t i = 0; i < count; ++i)
        sum += a.at(a_from + i) * b.at(b_from + i);
    return sum;
}

struct DoryModel
{
    std::uint32_t m;
    Scalars gamma1, gamma2;
    Fr h1, h2;

    DoryModel(std::uint32_t m_in, std::uint64_t seed) : m(m_in)
    {
        RandomScalars random(seed);
        gamma1 = random(std::size_t{1} << m);
        gamma2 = random(std::size_t{1} << m);
        h1 = random();
        h2 = random();
    }

    [[nodiscard]] Fr chi(std::uint32_t k) const
    {
        return inner(gamma1, 0, gamma2, 0, std::size_t{1} << k);
    }
    [[nodiscard]] Fr delta_1r(std::uint32_t k) const
    {
        const std::size_t half = std::size_t{1} << k >> 1;
        return k == 0 ? Fr::zero() : inner(gamma1, half, gamma2, 0, half);
    }
    [[nodiscard]] Fr delta_2r(std::uint32_t k) const
    {
        const std::size_t half = std::size_t{1} << k >> 1;
        return k == 0 ? Fr::zero() : inner(gamma1, 0, gamma2, half, half);
    }

    /// The bytes of the setup.
    [[nodiscard]] Buffer setup_blob() const
    {
        Buffer out;
        const auto number = [&](std::uint64_t x)
        {
            for (int i = 0; i < 8; ++i)
                out.push_back(static_cast<std::uint8_t>(x >> (8 * i)));
        };
        const auto vector = [&](auto logarithm)
        {
            number(std::uint64_t{m} + 1);
            for (std::uint32_t k = 0; k <= m; ++k)
                put(out, gt_of(logarithm(k)));
        };
        const auto shifted = [&](std::uint32_t k) { return k == 0 ? Fr::zero() : chi(k - 1); };
        vector(shifted);
        vector([&](std::uint32_t k) { return delta_1r(k); });
        vector(shifted);
        vector([&](std::uint32_t k) { return delta_2r(k); });
        vector([&](std::uint32_t k) { return chi(k); });
        put(out, g1_of(gamma1[0]));
        put(out, g2_of(gamma2[0]));
        put(out, g1_of(h1));
        put(out, g2_of(h2));
        put(out, gt_of(h1 * h2));
        number(2 * std::uint64_t{m});
        return out;
    }

    /// The logarithm of a commitment to 2^n coefficients, the first variable the highest index bit.
    [[nodiscard]] Fr commit(const Scalars& table, std::size_t n) const
    {
        Fr sum;
        const Scalars rows = row_commitments(table, n);
        for (std::size_t row = 0; row < rows.size(); ++row)
            sum += rows[row] * gamma2.at(row);
        return sum;
    }

    /// The bytes of an opening of `table` at `point`, continuing `transcript`.
    [[nodiscard]] Buffer prove(const Scalars& table, const Scalars& point,
                               transcript::Transcript& transcript) const
    {
        const std::size_t n = point.size(), sigma = (n + 1) / 2, nu = n - sigma;
        const std::size_t columns = std::size_t{1} << sigma, row_count = std::size_t{1} << nu;
        // Dory's coordinates count from the last of the point.
        Scalars s1(columns, Fr::one()), s2(columns, Fr::one());
        for (std::size_t i = 0; i < columns; ++i)
            for (std::size_t j = 0; j < sigma; ++j)
            {
                const Fr y = point.at(n - 1 - j);
                const Fr x = j < nu ? point.at(n - 1 - sigma - j) : Fr::zero();
                s1[i] *= ((i >> j) & 1) != 0 ? y : Fr::one() - y;
                s2[i] *= ((i >> j) & 1) != 0 ? x : Fr::one() - x;
            }
        Scalars v1 = row_commitments(table, n), v2(columns);
        v1.resize(columns);
        for (std::size_t column = 0; column < columns; ++column)
            for (std::size_t row = 0; row < row_count; ++row)
                v2[column] += s2[row] * table.at(row * columns + column) * gamma2[0];

        Buffer blob, seconds;
        const auto say = [&](Buffer& to, const auto& element)
        {
            const std::size_t start = to.size();
            put(to, element);
            transcript.dory_element(Bytes(to).subspan(start));
        };
        say(blob, gt_of(inner(v1, 0, v2, 0, columns)));
        say(blob, gt_of(inner(gamma1, 0, v2, 0, columns)));
        say(blob, g1_of(inner(v1, 0, s2, 0, columns)));
        number32(blob, sigma);
        for (std::size_t size = columns; size > 1; size /= 2)
        {
            const std::size_t half = size / 2;
            say(blob, gt_of(inner(v1, 0, gamma2, 0, half)));
            say(blob, gt_of(inner(v1, half, gamma2, 0, half)));
            say(blob, gt_of(inner(gamma1, 0, v2, 0, half)));
            say(blob, gt_of(inner(gamma1, 0, v2, half, half)));
            say(blob, g1_of(inner(gamma1, 0, s2, 0, size)));
            say(blob, g2_of(inner(s1, 0, gamma2, 0, size)));
            const Fr beta = transcript.challenge_scalar(), beta_inverse = beta.inverse();
            for (std::size_t i = 0; i < size; ++i)
            {
                v1[i] += beta * gamma1[i];
                v2[i] += beta_inverse * gamma2[i];
            }
            say(seconds, gt_of(inner(v1, 0, v2, half, half)));
            say(seconds, gt_of(inner(v1, half, v2, 0, half)));
            say(seconds, g1_of(inner(v1, 0, s2, half, half)));
            say(seconds, g1_of(inner(v1, half, s2, 0, half)));
            say(seconds, g2_of(inner(s1, 0, v2, half, half)));
            say(seconds, g2_of(inner(s1, half, v2, 0, half)));
            const Fr alpha = transcript.challenge_scalar(), alpha_inverse = alpha.inverse();
            for (std::size_t i = 0; i < half; ++i)
            {
                v1[i] = alpha * v1[i] + v1[half + i];
                v2[i] = alpha_inverse * v2[i] + v2[half + i];
                s1[i] = alpha * s1[i] + s1[half + i];
                s2[i] = alpha_inverse * s2[i] + s2[half + i];
            }
        }
        blob.insert(blob.end(), seconds.begin(), seconds.end());
        const Fr gamma = transcript.challenge_scalar();
        blob.push_back(1);
        say(blob, g1_of(v1[0] + gamma * s1[0] * h1));
        say(blob, g2_of(v2[0] + gamma.inverse() * s2[0] * h2));
        number32(blob, nu);
        number32(blob, sigma);
        blob.insert(blob.end(), 5, 0);
        return blob;
    }

  private:
    [[nodiscard]] Scalars row_commitments(const Scalars& table, std::size_t n) const
    {
        const std::size_t columns = std::size_t{1} << ((n + 1) / 2);
        Scalars rows;
        for (std::size_t at = 0; at < table.size(); at += columns)
            rows.push_back(inner(table, at, gamma1, 0, columns));
        return rows;
    }
    static void number32(Buffer& out, std::size_t x)
    {
        for (int i = 0; i < 4; ++i)
            out.push_back(static_cast<std::uint8_t>(x >> (8 * i)));
    }
    static void put(Buffer& out, const curve::Gt& x)
    {
        put_encoding(out, x.value, curve::gt_bytes);
    }
    static void put(Buffer& out, const curve::G1& x) { put_encoding(out, x, curve::g1_bytes); }
    static void put(Buffer& out, const curve::G2& x) { put_encoding(out, x, curve::g2_bytes); }
    template <typename X>
    static void put_encoding(Buffer& out, const X& x, std::size_t bytes)
    {
        out.resize(out.size() + bytes);
        curve::encode(x, out.data() + out.size() - bytes);
    }
};

/// sum over all indices of table[i] times the equality polynomial: the definition of the value.
inline Fr evaluate(const Scalars& table, const Scalars& point)
{
    Fr sum;
    for (std::size_t i = 0; i < table.size(); ++i)
    {
        Fr weight = table[i];
        for (std::size_t j = 0; j < point.size(); ++j)
            weight *= ((i >> (point.size() - 1 - j)) & 1) != 0 ? point[j] : Fr::one() - point[j];
        sum += weight;
    }
    return sum;
}
}  // namespace mote::test
