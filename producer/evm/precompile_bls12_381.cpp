// The precompiled contracts of EIP-2537. A coordinate is 64 bytes, big-endian, the first 16 of them zero.
#include <algorithm>
#include <cstring>

#include "curve/bls12_381.hpp"
#include "curve/bls12_381_hash_to_curve.hpp"
#include "curve/bls12_381_pairing.hpp"
#include "evm/map_to_g1.hpp"
#include "evm/precompile_list.hpp"

namespace mote::evm
{
namespace
{
namespace bls = curve::bls12_381;
using bls::Fq;
using bls::Fq2;
using bls::G1;
using bls::G2;

constexpr std::size_t element_bytes = 64, g1_bytes = 128, g2_bytes = 256;

[[nodiscard]] bool load(const std::uint8_t* p, Fq& out) noexcept
{
    for (std::size_t i = 0; i < 16; ++i)
        if (p[i] != 0)
            return false;
    Fq::Integer x{};
    for (std::size_t i = 0; i < 6; ++i)
        x[i] = load_be<std::uint64_t>(p + 16 + 8 * (5 - i));
    if (!field::less(x, Fq::modulus))
        return false;
    out = Fq::from_integer(x);
    return true;
}
[[nodiscard]] bool load(const std::uint8_t* p, Fq2& out) noexcept
{
    return load(p, out.c0) && load(p + element_bytes, out.c1);
}

template <class F>
[[nodiscard]] bool load_point(const std::uint8_t* p, const F& b, curve::Affine<F>& out) noexcept
{
    constexpr std::size_t coordinate = sizeof(F) == sizeof(Fq) ? element_bytes : 2 * element_bytes;
    F x, y;
    if (!load(p, x) || !load(p + coordinate, y))
        return false;
    out = x.is_zero() && y.is_zero() ? curve::Affine<F>{} : curve::Affine<F>::from(x, y);
    return curve::on_curve(out, b);
}
[[nodiscard]] bool load(const std::uint8_t* p, G1& out) noexcept
{
    return load_point(p, bls::g1_b, out);
}
[[nodiscard]] bool load(const std::uint8_t* p, G2& out) noexcept
{
    return load_point(p, bls::g2_b, out);
}
template <class Point>
[[nodiscard]] bool load_in_subgroup(const std::uint8_t* p, Point& out) noexcept
{
    return load(p, out) && (out.infinity || bls::in_subgroup(out));
}

void store(const Fq& x, std::uint8_t* out) noexcept { x.to_bytes_be(out + 16); }
void store(const Fq2& x, std::uint8_t* out) noexcept
{
    store(x.c0, out);
    store(x.c1, out + element_bytes);
}
template <class F>
void store(const curve::Affine<F>& p, std::uint8_t* out) noexcept
{
    constexpr std::size_t coordinate = sizeof(F) == sizeof(Fq) ? element_bytes : 2 * element_bytes;
    std::memset(out, 0, 2 * coordinate);
    if (p.infinity)
        return;
    store(p.x, out);
    store(p.y, out + coordinate);
}

template <class Point>
[[nodiscard]] bool add(Bytes input, std::size_t point_bytes, std::uint8_t* output) noexcept
{
    Point a, b;
    if (input.size() != 2 * point_bytes || !load(input.data(), a) ||
        !load(input.data() + point_bytes, b))
        return false;
    store((curve::Jacobian(a) + b).to_affine_vartime(), output);
    return true;
}

/// sum_i scalar_i * point_i without memory: points are read again wherever they are added.
///
/// Few points share the doublings of plain double-and-add; many are thrown into 15 buckets for each 4
/// bits (Pippenger), which costs 30 additions whatever their number.
template <class Point>
[[nodiscard]] bool sum(Bytes input, std::size_t point_bytes, std::uint8_t* output) noexcept
{
    using Sum = decltype(curve::Jacobian(Point{}));
    constexpr std::size_t few = 24;
    const std::size_t pair_bytes = point_bytes + 32, count = input.size() / pair_bytes;
    if (count == 0 || input.size() % pair_bytes != 0)
        return false;
    Point p;
    for (std::size_t i = 0; i < count; ++i)
        if (!load_in_subgroup(input.data() + i * pair_bytes, p))
            return false;
    const auto digit = [&](std::size_t i, std::size_t nibble)
    {
        const std::uint8_t byte = input[i * pair_bytes + point_bytes + nibble / 2];
        return static_cast<std::size_t>(nibble % 2 == 0 ? byte >> 4 : byte & 15);
    };
    Sum total;
    for (std::size_t nibble = 0; nibble < 64; ++nibble)
    {
        if (count <= few)
        {
            for (std::size_t bit = 8; bit != 0; bit /= 2)
            {
                total = total.twice();
                for (std::size_t i = 0; i < count; ++i)
                    if ((digit(i, nibble) & bit) != 0 && load(input.data() + i * pair_bytes, p))
                        total += p;
            }
            continue;
        }
        total = total.twice().twice().twice().twice();
        std::array<Sum, 16> buckets;
        for (std::size_t i = 0; i < count; ++i)
            if (const std::size_t d = digit(i, nibble);
                d != 0 && load(input.data() + i * pair_bytes, p))
                buckets[d] += p;
        Sum running;
        for (std::size_t d = 15; d != 0; --d)
        {
            running += buckets[d];
            total += running;
        }
    }
    store(total.to_affine_vartime(), output);
    return true;
}
}  // namespace

bool bls_g1_add(Bytes input, std::uint8_t* output) noexcept
{
    return add<G1>(input, g1_bytes, output);
}
bool bls_g2_add(Bytes input, std::uint8_t* output) noexcept
{
    return add<G2>(input, g2_bytes, output);
}
bool bls_g1_sum(Bytes input, std::uint8_t* output) noexcept
{
    return sum<G1>(input, g1_bytes, output);
}
bool bls_g2_sum(Bytes input, std::uint8_t* output) noexcept
{
    return sum<G2>(input, g2_bytes, output);
}

bool bls_pairing(Bytes input, std::uint8_t* output) noexcept
{
    constexpr std::size_t pair_bytes = g1_bytes + g2_bytes;
    if (input.empty() || input.size() % pair_bytes != 0)
        return false;
    bls::MillerValue product;
    std::array<bls::PairingTerm, bls::pairing_terms_max> terms;
    std::size_t count = 0;
    for (std::size_t at = 0; at < input.size(); at += pair_bytes)
    {
        bls::PairingTerm term;
        if (!load_in_subgroup(input.data() + at, term.p) ||
            !load_in_subgroup(input.data() + at + g1_bytes, term.q))
            return false;
        terms[count++] = term;
        if (count == terms.size() || at + pair_bytes == input.size())
        {
            product *= bls::miller_product(std::span(terms).first(count));
            count = 0;
        }
    }
    std::memset(output, 0, 32);
    output[31] = bls::final_exponentiation(product) == bls::Fq12::one() ? 1 : 0;
    return true;
}

bool bls_map_g1(Bytes input, std::uint8_t* output) noexcept
{
    Fq u;
    if (input.size() != element_bytes || !load(input.data(), u))
        return false;
    store(map_to_g1(u).to_affine_vartime(), output);
    return true;
}

bool bls_map_g2(Bytes input, std::uint8_t* output) noexcept
{
    Fq2 u;
    if (input.size() != 2 * element_bytes || !load(input.data(), u))
        return false;
    store(bls::clear_cofactor(bls::map_to_curve(std::span(&u, 1))).to_affine_vartime(), output);
    return true;
}
}  // namespace mote::evm
