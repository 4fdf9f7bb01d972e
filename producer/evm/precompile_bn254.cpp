#include "curve/bn254.hpp"

#include <algorithm>
#include <cstring>

#include "curve/msm.hpp"
#include "curve/pairing.hpp"
#include "evm/precompile_list.hpp"

namespace mote::evm
{
namespace
{
using curve::Fq;
using curve::Fq2;
using curve::Fr;
using curve::G1;
using curve::G2;

/// Takes bytes [offset, offset + N) of the input, zeros where it has ended.
template <std::size_t N>
[[nodiscard]] std::array<std::uint8_t, N> padded(Bytes input, std::size_t offset) noexcept
{
    std::array<std::uint8_t, N> out{};
    if (offset < input.size())
        std::memcpy(out.data(), input.data() + offset, std::min(N, input.size() - offset));
    return out;
}

[[nodiscard]] bool load(const std::uint8_t* p, Fq& out) noexcept
{
    const Word w = load_word(p);
    if (!field::less(w.limb, Fq::modulus))
        return false;
    out = Fq::from_integer(w.limb);
    return true;
}

[[nodiscard]] bool load(const std::uint8_t* p, G1& out) noexcept
{
    Fq x, y;
    if (!load(p, x) || !load(p + 32, y))
        return false;
    out = x.is_zero() && y.is_zero() ? G1{} : G1::from(x, y);
    return curve::on_curve(out, curve::g1_b);
}

/// Coordinates come with the imaginary part first.
[[nodiscard]] bool load(const std::uint8_t* p, G2& out) noexcept
{
    Fq2 x, y;
    if (!load(p, x.c1) || !load(p + 32, x.c0) || !load(p + 64, y.c1) || !load(p + 96, y.c0))
        return false;
    out = x.is_zero() && y.is_zero() ? G2{} : G2::from(x, y);
    return curve::on_curve(out, curve::g2_b) && (out.infinity || curve::in_subgroup(out));
}

void store(const G1& p, std::uint8_t* out) noexcept
{
    std::memset(out, 0, 64);
    if (p.infinity)
        return;
    p.x.to_bytes_be(out);
    p.y.to_bytes_be(out + 32);
}
}  // namespace

bool bn254_add(Bytes input, std::uint8_t* output) noexcept
{
    const auto bytes = padded<128>(input, 0);
    G1 a, b;
    if (!load(bytes.data(), a) || !load(bytes.data() + 64, b))
        return false;
    store((curve::G1Jacobian(a) + b).to_affine_vartime(), output);
    return true;
}

bool bn254_multiply(Bytes input, std::uint8_t* output) noexcept
{
    const auto bytes = padded<96>(input, 0);
    G1 p;
    if (!load(bytes.data(), p))
        return false;
    // The group has prime order, so a scalar may be reduced.
    Word order;
    order.limb = Fr::modulus;
    const Fr scalar = Fr::from_integer(divide(load_word(bytes.data() + 64), order).remainder.limb);
    alignas(16) std::array<std::uint8_t, 8192> scratch;
    Arena arena(scratch.data(), scratch.size());
    curve::G1Jacobian product;
    if (curve::multiply(&p, &scalar, 1, arena, product) != Status::ok)
        return false;  // never: tests/producer/evm asks for the size
    store(product.to_affine_vartime(), output);
    return true;
}

bool bn254_pairing(Bytes input, std::uint8_t* output) noexcept
{
    constexpr std::size_t pair_bytes = 192, terms_max = 8;
    if (input.size() % pair_bytes != 0)
        return false;
    curve::Gt product;
    std::array<curve::PairingTerm, terms_max> terms;
    std::size_t count = 0;
    for (std::size_t at = 0; at < input.size(); at += pair_bytes)
    {
        curve::PairingTerm term;
        if (!load(input.data() + at, term.p) || !load(input.data() + at + 64, term.q))
            return false;
        if (term.p.infinity || term.q.infinity)
            continue;
        terms[count++] = term;
        if (count == terms_max)
        {
            product = product * curve::pairing_product(terms.data(), count);
            count = 0;
        }
    }
    if (count != 0)
        product = product * curve::pairing_product(terms.data(), count);
    std::memset(output, 0, 32);
    output[31] = product == curve::Gt{} ? 1 : 0;
    return true;
}
}  // namespace mote::evm
