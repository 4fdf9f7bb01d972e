// The host's arithmetic in its plainest form, for a machine without libraries: double and add in Jacobian
// coordinates over products modulo a number, and powers on digits of 32 bits. Slow, and for tests.
//
// A native test compares it with the libraries (plain_crypto_test.cpp).
#include "plain_crypto.hpp"

#include <algorithm>
#include <vector>

#include "hash/keccak.hpp"

namespace mote::evm::plain
{
namespace
{
/// y^2 = x^3 + a x + b modulo p, of prime order n.
struct Curve
{
    Word p, a, b, n, x, y;
};

// Source  [SEC2] section 2.4.1.
const Curve secp256k1 = {
    {0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff, 0xfffffffefffffc2f},
    Word(0),
    Word(7),
    {0xffffffffffffffff, 0xfffffffffffffffe, 0xbaaedce6af48a03b, 0xbfd25e8cd0364141},
    {0x79be667ef9dcbbac, 0x55a06295ce870b07, 0x029bfcdb2dce28d9, 0x59f2815b16f81798},
    {0x483ada7726a3c465, 0x5da4fbfc0e1108a8, 0xfd17b448a6855419, 0x9c47d08ffb10d4b8}};
// Source  [SEC2] section 2.4.2.
const Curve p256 = {
    {0xffffffff00000001, 0x0000000000000000, 0x00000000ffffffff, 0xffffffffffffffff},
    {0xffffffff00000001, 0x0000000000000000, 0x00000000ffffffff, 0xfffffffffffffffc},
    {0x5ac635d8aa3a93e7, 0xb3ebbd55769886bc, 0x651d06b0cc53b0f6, 0x3bce3c3e27d2604b},
    {0xffffffff00000000, 0xffffffffffffffff, 0xbce6faada7179e84, 0xf3b9cac2fc632551},
    {0x6b17d1f2e12c4247, 0xf8bce6e563a440f2, 0x77037d812deb33a0, 0xf4a13945d898c296},
    {0x4fe342e2fe1a7f9b, 0x8ee7eb4a7c0f9e16, 0x2bce33576b315ece, 0xcbb6406837bf51f5}};

/// Numbers modulo m.
struct Modulo
{
    Word m;

    [[nodiscard]] Word times(const Word& a, const Word& b) const { return multiply_mod(a, b, m); }
    [[nodiscard]] Word plus(const Word& a, const Word& b) const { return add_mod(a, b, m); }
    [[nodiscard]] Word minus(const Word& a, const Word& b) const
    {
        return add_mod(a, b.is_zero() ? b : m - b, m);
    }
    [[nodiscard]] Word power(Word base, const Word& exponent) const
    {
        Word out(1);
        for (unsigned i = 0; i < 256; ++i)
        {
            if (((exponent >> i).limb[0] & 1) != 0)
                out = times(out, base);
            base = times(base, base);
        }
        return out;
    }
    [[nodiscard]] Word inverse(const Word& a) const { return power(a, m - Word(2)); }
};

/// x = X / Z^2, y = Y / Z^3; infinity has Z = 0.
struct Point
{
    Word x, y, z;
};

[[nodiscard]] Point twice(const Curve& curve, const Point& q)
{
    const Modulo f{curve.p};
    const Word yy = f.times(q.y, q.y), s = f.times(Word(4), f.times(q.x, yy)),
               zz = f.times(q.z, q.z);
    const Word m = f.plus(f.times(Word(3), f.times(q.x, q.x)), f.times(curve.a, f.times(zz, zz)));
    Point out;
    out.x = f.minus(f.times(m, m), f.plus(s, s));
    out.y = f.minus(f.times(m, f.minus(s, out.x)), f.times(Word(8), f.times(yy, yy)));
    out.z = f.times(f.plus(q.y, q.y), q.z);
    return out;
}

[[nodiscard]] Point add(const Curve& curve, const Point& a, const Point& b)
{
    if (a.z.is_zero())
        return b;
    if (b.z.is_zero())
        return a;
    const Modulo f{curve.p};
    const Word aa = f.times(a.z, a.z), bb = f.times(b.z, b.z);
    const Word u = f.times(a.x, bb), s = f.times(a.y, f.times(bb, b.z));
    const Word h = f.minus(f.times(b.x, aa), u), r = f.minus(f.times(b.y, f.times(aa, a.z)), s);
    if (h.is_zero())
        return r.is_zero() ? twice(curve, a) : Point{};
    const Word hh = f.times(h, h), hhh = f.times(hh, h), v = f.times(u, hh);
    Point out;
    out.x = f.minus(f.times(r, r), f.plus(hhh, f.plus(v, v)));
    out.y = f.minus(f.times(r, f.minus(v, out.x)), f.times(s, hhh));
    out.z = f.times(h, f.times(a.z, b.z));
    return out;
}

[[nodiscard]] Point multiply(const Curve& curve, const Word& x, const Word& y, const Word& k)
{
    const Point q = {x, y, Word(1)};
    Point out;
    for (unsigned i = 256; i-- > 0;)
    {
        out = twice(curve, out);
        if (((k >> i).limb[0] & 1) != 0)
            out = add(curve, out, q);
    }
    return out;
}

void to_affine(const Curve& curve, Point& q)
{
    const Modulo f{curve.p};
    const Word w = f.inverse(q.z), ww = f.times(w, w);
    q = {f.times(q.x, ww), f.times(q.y, f.times(ww, w)), Word(1)};
}

[[nodiscard]] Word curve_side(const Curve& curve, const Word& x)
{
    const Modulo f{curve.p};
    return f.plus(f.times(f.plus(f.times(x, x), curve.a), x), curve.b);
}

[[nodiscard]] Address address_of(const Point& key)
{
    std::array<std::uint8_t, 64> bytes;
    store_word(bytes.data(), key.x);
    store_word(bytes.data() + 32, key.y);
    const Hash hash = hash::keccak_256(bytes);
    Address out;
    std::copy_n(hash.begin() + 12, 20, out.bytes.begin());
    return out;
}

[[nodiscard]] bool is_scalar(const Curve& curve, const Word& k)
{
    return !k.is_zero() && k < curve.n;
}

/// Big integers, least significant digit first.
using Digits = std::vector<std::uint32_t>;

[[nodiscard]] Digits digits_of(Bytes bytes, std::size_t count)
{
    Digits out(count);
    for (std::size_t i = 0; i < bytes.size() && i / 4 < count; ++i)
        out[i / 4] |= std::uint32_t{bytes[bytes.size() - 1 - i]} << (8 * (i % 4));
    return out;
}

/// a < b, of one length.
[[nodiscard]] bool less(const Digits& a, const Digits& b)
{
    return std::lexicographical_compare(a.rbegin(), a.rend(), b.rbegin(), b.rend());
}

/// a <- 2 a + bit modulo m, for a below m; all of one length with a digit to spare.
void shift_in(Digits& a, unsigned bit, const Digits& m)
{
    std::uint32_t carry = bit;
    for (std::uint32_t& digit : a)
    {
        const std::uint32_t top = digit >> 31;
        digit = digit << 1 | carry;
        carry = top;
    }
    if (less(a, m))
        return;
    std::int64_t borrow = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
    {
        const std::int64_t d = std::int64_t{a[i]} - m[i] + borrow;
        a[i] = static_cast<std::uint32_t>(d);
        borrow = d >> 32;
    }
}

[[nodiscard]] Digits remainder(const Digits& a, const Digits& m)
{
    Digits out(m.size());
    for (std::size_t i = 32 * a.size(); i-- > 0;)
        shift_in(out, a[i / 32] >> (i % 32) & 1, m);
    return out;
}

[[nodiscard]] Digits product(const Digits& a, const Digits& b, const Digits& m)
{
    Digits out(a.size() + b.size());
    for (std::size_t i = 0; i < a.size(); ++i)
    {
        std::uint64_t carry = 0;
        for (std::size_t k = 0; k < b.size(); ++k)
        {
            carry += std::uint64_t{a[i]} * b[k] + out[i + k];
            out[i + k] = static_cast<std::uint32_t>(carry);
            carry >>= 32;
        }
        out[i + b.size()] = static_cast<std::uint32_t>(carry);
    }
    return remainder(out, m);
}
}  // namespace

bool recover_address(const Hash& hash, const std::array<std::uint8_t, 64>& signature,
                     std::uint32_t parity, Address& out) noexcept
{
    const Word r = load_word(signature.data()), s = load_word(signature.data() + 32);
    if (!is_scalar(secp256k1, r) || !is_scalar(secp256k1, s))
        return false;
    const Modulo f{secp256k1.p}, k{secp256k1.n};
    // p is 3 mod 4.
    const Word side = curve_side(secp256k1, r);
    Word y = f.power(side, (secp256k1.p >> 2) + Word(1));
    if (!(f.times(y, y) == side))
        return false;
    if ((y.limb[0] & 1) != parity)
        y = f.minus(Word(0), y);
    // (s R - h G) / r
    const Word w = k.inverse(r), h = divide(to_word(hash), secp256k1.n).remainder;
    Point key = add(secp256k1, multiply(secp256k1, r, y, k.times(s, w)),
                    multiply(secp256k1, secp256k1.x, secp256k1.y, k.minus(Word(0), k.times(h, w))));
    if (key.z.is_zero())
        return false;
    to_affine(secp256k1, key);
    out = address_of(key);
    return true;
}

bool address_of_secret(const Hash& secret, Address& out) noexcept
{
    const Word k = to_word(secret);
    if (!is_scalar(secp256k1, k))
        return false;
    Point key = multiply(secp256k1, secp256k1.x, secp256k1.y, k);
    to_affine(secp256k1, key);
    out = address_of(key);
    return true;
}

void power_mod(Bytes base, Bytes exponent, Bytes modulus, MutableBytes out) noexcept
{
    const Digits m = digits_of(modulus, modulus.size() / 4 + 2);
    std::fill(out.begin(), out.end(), std::uint8_t{0});
    if (std::all_of(m.begin(), m.end(), [](std::uint32_t digit) { return digit == 0; }))
        return;
    const Digits b = remainder(digits_of(base, base.size() / 4 + 1), m);
    Digits result = remainder({1}, m);
    bool begun = false;
    for (const std::uint8_t byte : exponent)
        for (unsigned bit = 8; bit-- > 0;)
        {
            if (begun)
                result = product(result, result, m);
            if ((byte >> bit & 1) == 0)
                continue;
            begun = true;
            result = product(result, b, m);
        }
    for (std::size_t i = 0; i < out.size(); ++i)
        out[out.size() - 1 - i] = static_cast<std::uint8_t>(result[i / 4] >> (8 * (i % 4)));
}

bool verify_p256(const Hash& hash, const std::uint8_t* r_bytes, const std::uint8_t* s_bytes,
                 const std::uint8_t* x_bytes, const std::uint8_t* y_bytes) noexcept
{
    const Word r = load_word(r_bytes), s = load_word(s_bytes), x = load_word(x_bytes),
               y = load_word(y_bytes);
    if (!is_scalar(p256, r) || !is_scalar(p256, s) || !(x < p256.p) || !(y < p256.p))
        return false;
    const Modulo f{p256.p}, k{p256.n};
    if (!(f.times(y, y) == curve_side(p256, x)))
        return false;
    const Word w = k.inverse(s), h = divide(to_word(hash), p256.n).remainder;
    Point sum = add(p256, multiply(p256, p256.x, p256.y, k.times(h, w)),
                    multiply(p256, x, y, k.times(r, w)));
    if (sum.z.is_zero())
        return false;
    to_affine(p256, sum);
    return divide(sum.x, p256.n).remainder == r;
}
}  // namespace mote::evm::plain
