#include "curve/hash_to_curve.hpp"

#include "base/assert.hpp"
#include "hash/sha256.hpp"

namespace mote::curve
{
namespace
{
using hash::Sha256;

/// The parity that tells y from -y ([RFC9380] section 4.1).
constexpr bool sgn0(const Fq& x) noexcept { return (x.to_integer()[0] & 1) != 0; }
constexpr bool sgn0(const Fq2& x) noexcept { return x.c0.is_zero() ? sgn0(x.c1) : sgn0(x.c0); }

// The map's constants for Z = 1 and A = 0 ([RFC9380] section 6.6.1):
//
//   c1 = g(Z) = 1 + b    c2 = -Z / 2    c3 = sqrt(-3 Z^2 g(Z)), even    c4 = -4 g(Z) / (3 Z^2)
template <class F>
struct MapConstants
{
    F b, c1, c2, c3, c4;
};

constexpr Fq three_inverse = Fq::from_u64(3).inverse();

template <class F>
constexpr MapConstants<F> map_constants(const F& b, const F& c3) noexcept
{
    const F g = F::one() + b;
    return {b, g, -F::one().half(), sgn0(c3) ? -c3 : c3, -(g.twice().twice() * three_inverse)};
}

constexpr Fq g1_c3 = []
{
    Fq root;
    static_cast<void>((-(Fq::from_u64(3) * (Fq::one() + g1_b))).sqrt(root));
    return root;
}();

// The same square root in Fq2, in steps of one exponentiation: compilers bound how long a single
// constant may take. With s = s0 + s1 i, n = sqrt(norm s), x = sqrt((s0 + n) / 2): root = x + s1 / 2x i.
constexpr Fq2 g2_s = -((Fq2::one() + g2_b) * Fq::from_u64(3));
constexpr Fq g2_s_norm_root = []
{
    Fq root;
    static_cast<void>((g2_s.c0.square() + g2_s.c1.square()).sqrt(root));
    return root;
}();
// Whichever of the two signs of n gives a square.
constexpr Fq g2_c3_real = []
{
    Fq root;
    static_cast<void>((g2_s.c0 + g2_s_norm_root).half().sqrt(root));
    return root;
}();
constexpr Fq g2_c3_real_or_other = []
{
    Fq root = g2_c3_real;
    if (root.is_zero())
        static_cast<void>((g2_s.c0 - g2_s_norm_root).half().sqrt(root));
    return root;
}();
constexpr Fq2 g2_c3{g2_c3_real_or_other, g2_s.c1* g2_c3_real_or_other.twice().inverse()};

constexpr MapConstants<Fq> g1_map = map_constants(g1_b, g1_c3);
constexpr MapConstants<Fq2> g2_map = map_constants(g2_b, g2_c3);
static_assert(g1_map.c3.square() == -(g1_map.c1 * Fq::from_u64(3)) && !sgn0(g1_map.c3));
static_assert(g2_map.c3.square() == -(g2_map.c1 * Fq::from_u64(3)) && !sgn0(g2_map.c3));
static_assert(g1_map.c4 * Fq::from_u64(3) == -(g1_map.c1 * Fq::from_u64(4)));
static_assert(g2_map.c4 * Fq::from_u64(3) == -(g2_map.c1 * Fq::from_u64(4)));

template <class F>
Affine<F> shallue_van_de_woestijne(const F& u, const MapConstants<F>& c) noexcept
{
    const F t = u.square() * c.c1;
    const F minus = F::one() - t, plus = F::one() + t;
    const F inverse = (minus * plus).inverse();  // 0 for 0, as the map wants it
    const F step = u * minus * inverse * c.c3;
    const F candidates[3] = {c.c2 - step, c.c2 + step,
                             (plus.square() * inverse).square() * c.c4 + F::one()};
    for (const F& x : candidates)
    {
        F y;
        if ((x.square() * x + c.b).sqrt(y))
            return Affine<F>::from(x, sgn0(u) == sgn0(y) ? y : -y);
    }
    MOTE_ASSERT(false);  // one of the three is always on the curve
    return {};
}

constexpr std::size_t coordinate_bytes = 48;

/// 48 big-endian bytes modulo p.
Fq reduce(const std::uint8_t* p) noexcept
{
    constexpr Fq two_64 = Fq::from_u128(0, 1), two_128 = two_64 * two_64;
    Fq x;
    for (std::size_t i = 0; i < coordinate_bytes; i += 16)
        x = x * two_128 +
            Fq::from_u128(load_be<std::uint64_t>(p + i + 8), load_be<std::uint64_t>(p + i));
    return x;
}
}  // namespace

void expand_message_xmd(Bytes message, Bytes dst, MutableBytes out) noexcept
{
    MOTE_ASSERT(!dst.empty() && out.size() <= expand_bytes_max);
    constexpr std::uint8_t long_tag[] = {'H', '2', 'C', '-', 'O', 'V', 'E', 'R', 'S',
                                         'I', 'Z', 'E', '-', 'D', 'S', 'T', '-'};
    std::uint8_t short_dst[Sha256::digest_bytes];
    if (dst.size() > 255)
    {
        Sha256 h;
        h.update(Bytes{long_tag});
        h.update(dst);
        h.finish(short_dst);
        dst = Bytes{short_dst};
    }
    const std::uint8_t dst_bytes[1] = {static_cast<std::uint8_t>(dst.size())};

    // b_0 = H(64 zero bytes || message || length of the output || 0 || dst || length of dst)
    constexpr std::uint8_t zeros[Sha256::block_bytes] = {};
    const std::uint8_t length[3] = {static_cast<std::uint8_t>(out.size() >> 8),
                                    static_cast<std::uint8_t>(out.size()), 0};
    std::uint8_t b0[Sha256::digest_bytes];
    Sha256 first;
    first.update(Bytes{zeros});
    first.update(message);
    first.update(Bytes{length});
    first.update(dst);
    first.update(Bytes{dst_bytes});
    first.finish(b0);

    // b_i = H((b_0 xor b_(i-1)) || i || dst || length of dst), with b_0 alone for i = 1
    std::uint8_t b[Sha256::digest_bytes] = {};
    std::uint8_t index[1] = {0};
    for (std::size_t at = 0; at < out.size(); at += sizeof b)
    {
        ++index[0];
        for (std::size_t i = 0; i < sizeof b; ++i)
            b[i] ^= b0[i];
        Sha256 h;
        h.update(Bytes{b});
        h.update(Bytes{index});
        h.update(dst);
        h.update(Bytes{dst_bytes});
        h.finish(b);
        for (std::size_t i = 0; i < sizeof b && at + i < out.size(); ++i)
            out[at + i] = b[i];
    }
}

void hash_to_field(Bytes message, Bytes dst, std::span<Fq> out) noexcept
{
    MOTE_ASSERT(out.size() <= 2);
    std::uint8_t uniform[2 * coordinate_bytes];
    expand_message_xmd(message, dst, MutableBytes{uniform}.first(coordinate_bytes * out.size()));
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = reduce(uniform + coordinate_bytes * i);
}

void hash_to_field(Bytes message, Bytes dst, std::span<Fq2> out) noexcept
{
    MOTE_ASSERT(out.size() <= 2);
    std::uint8_t uniform[4 * coordinate_bytes];
    expand_message_xmd(message, dst,
                       MutableBytes{uniform}.first(2 * coordinate_bytes * out.size()));
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = {reduce(uniform + 2 * coordinate_bytes * i),
                  reduce(uniform + 2 * coordinate_bytes * i + coordinate_bytes)};
}

G1 map_to_curve(const Fq& u) noexcept { return shallue_van_de_woestijne(u, g1_map); }

G2 map_to_curve(const Fq2& u) noexcept { return shallue_van_de_woestijne(u, g2_map); }

G2Jacobian clear_cofactor(const G2& q) noexcept
{
    const G2Jacobian uq = multiply_vartime(q, field::Limbs<1>{field::bn254_u});
    return uq + psi(uq.twice() + uq) + psi(psi(uq)) + psi(psi(psi(q)));
}

G1 hash_to_g1(Bytes message, Bytes dst) noexcept
{
    Fq u[2];
    hash_to_field(message, dst, std::span<Fq>{u});
    return (G1Jacobian{map_to_curve(u[0])} + map_to_curve(u[1])).to_affine();
}

G2 hash_to_g2(Bytes message, Bytes dst) noexcept
{
    Fq2 u[2];
    hash_to_field(message, dst, std::span<Fq2>{u});
    const G2Jacobian sum = G2Jacobian{map_to_curve(u[0])} + map_to_curve(u[1]);
    return clear_cofactor(sum.to_affine()).to_affine();
}

G1 encode_to_g1(Bytes message, Bytes dst) noexcept
{
    Fq u[1];
    hash_to_field(message, dst, std::span<Fq>{u});
    return map_to_curve(u[0]);
}

G2 encode_to_g2(Bytes message, Bytes dst) noexcept
{
    Fq2 u[1];
    hash_to_field(message, dst, std::span<Fq2>{u});
    return clear_cofactor(map_to_curve(u[0])).to_affine();
}
}  // namespace mote::curve
