// The fields and the code of SVID as the specification defines them, slow and without the product's
// code: polynomials are multiplied and divided with remainder, the code is Lagrange interpolation.
//
// Source  [SVID] sections 2, 3, 4 and 6.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <vector>

namespace svid_model
{
using Symbol = std::uint16_t;

/// Multiplies polynomials over GF(2), then divides by x^8 + x^4 + x^3 + x + 1 with remainder.
inline std::uint8_t byte_product(unsigned a, unsigned b)
{
    unsigned product = 0;
    for (unsigned i = 0; i < 8; ++i)
        if ((b >> i & 1U) != 0)
            product ^= a << i;
    for (unsigned degree = 14; degree >= 8; --degree)
        if ((product >> degree & 1U) != 0)
            product ^= 0x11bU << (degree - 8);
    return static_cast<std::uint8_t>(product);
}

using ByteProducts = std::array<std::array<std::uint8_t, 256>, 256>;

inline const ByteProducts& byte_products()
{
    static const std::unique_ptr<const ByteProducts> table = []
    {
        auto products = std::make_unique<ByteProducts>();
        for (unsigned a = 0; a < 256; ++a)
            for (unsigned b = 0; b < 256; ++b)
                (*products)[a][b] = byte_product(a, b);
        return products;
    }();
    return *table;
}

/// (s0 + s1 u) (t0 + t1 u) = c0 + c1 u + c2 u^2, from which c2 (u^2 + u + 0x20) goes away.
inline Symbol multiply(Symbol s, Symbol t)
{
    const ByteProducts& times = byte_products();
    const unsigned s0 = s & 255U, s1 = s >> 8U, t0 = t & 255U, t1 = t >> 8U;
    const unsigned c0 = times[s0][t0];
    const unsigned c1 = times[s0][t1] ^ times[s1][t0];
    const unsigned c2 = times[s1][t1];
    return static_cast<Symbol>((c0 ^ times[c2][0x20]) | (c1 ^ c2) << 8U);
}

/// The powers of the first element that generates the multiplicative group, and their logarithms.
struct Logarithms
{
    static constexpr std::uint32_t order = 65535;

    Logarithms() : powers(order), of(65536)
    {
        for (unsigned generator = 256; generator < 65536; ++generator)
        {
            Symbol power = 1;
            std::uint32_t length = 0;
            do
            {
                powers[length] = power;
                of[power] = length++;
                power = multiply(power, static_cast<Symbol>(generator));
            } while (power != 1 && length < order);
            if (length == order && power == 1)
                return;
        }
        throw std::logic_error("no generator");
    }

    std::vector<Symbol> powers;
    std::vector<std::uint32_t> of;
};

inline const Logarithms& logarithms()
{
    static const Logarithms tables;
    return tables;
}

inline Symbol divide(Symbol a, Symbol b)
{
    const Logarithms& log = logarithms();
    return a == 0 ? Symbol{0} : log.powers[(log.of[a] + log.order - log.of[b]) % log.order];
}

/// v0 = 1; v(i+1) is the root of y^2 + y = v(i) whose bit 0 is clear.
inline const std::array<Symbol, 16>& basis()
{
    static const std::array<Symbol, 16> all = []
    {
        std::array<Symbol, 16> v{};
        v[0] = 1;
        for (std::size_t i = 1; i < 16; ++i)
        {
            unsigned y = 0;
            while (y < 65536 &&
                   (multiply(static_cast<Symbol>(y), static_cast<Symbol>(y)) ^ y) != v[i - 1])
                y += 2;
            if (y >= 65536)
                throw std::logic_error("no root");
            v[i] = static_cast<Symbol>(y);
        }
        return v;
    }();
    return all;
}

/// The sum of the elements of a basis at the set bits of i.
inline Symbol point(std::uint32_t i, const std::array<Symbol, 16>& v)
{
    unsigned sum = 0;
    for (std::size_t j = 0; j < 16; ++j)
        if ((i >> j & 1U) != 0)
            sum ^= v[j];
    return static_cast<Symbol>(sum);
}

inline Symbol omega(std::uint32_t i) { return point(i, basis()); }

/// The first `count` points of the code, or of another basis.
inline std::vector<Symbol> points(std::uint32_t count, const std::array<Symbol, 16>& v = basis())
{
    std::vector<Symbol> all(count);
    for (std::uint32_t i = 0; i < count; ++i)
        all[i] = point(i, v);
    return all;
}

/// Interpolation through values at given points.
class Lagrange
{
  public:
    explicit Lagrange(std::vector<Symbol> points)
        : points_(std::move(points)), denominators_(points_.size())
    {
        const Logarithms& log = logarithms();
        for (std::size_t i = 0; i < points_.size(); ++i)
        {
            std::uint64_t sum = 0;
            for (const Symbol other : points_)
                if (other != points_[i])
                    sum += log.of[other ^ points_[i]];
            denominators_[i] = static_cast<std::uint32_t>(sum % log.order);
        }
    }

    /// The factor of each value in the value at x.
    [[nodiscard]] std::vector<Symbol> weights(Symbol x) const
    {
        const Logarithms& log = logarithms();
        std::vector<Symbol> out(points_.size(), 0);
        std::uint64_t all = 0;
        for (std::size_t i = 0; i < points_.size(); ++i)
        {
            if (points_[i] == x)
            {
                out[i] = 1;
                return out;
            }
            all += log.of[points_[i] ^ x];
        }
        for (std::size_t i = 0; i < points_.size(); ++i)
            out[i] = log.powers[(all + std::uint64_t{2} * log.order - log.of[points_[i] ^ x] -
                                 denominators_[i]) %
                                log.order];
        return out;
    }

  private:
    std::vector<Symbol> points_;
    std::vector<std::uint32_t> denominators_;
};

/// The sum of weights times values.
inline Symbol dot(const std::vector<Symbol>& weights, const std::vector<Symbol>& values)
{
    const Logarithms& log = logarithms();
    unsigned sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (weights[i] != 0 && values[i] != 0)
            sum ^= log.powers[(log.of[weights[i]] + log.of[values[i]]) % log.order];
    return static_cast<Symbol>(sum);
}

/// Symbol number s of a row: 64 low bytes, then 64 high bytes in each group.
inline Symbol symbol_of(const std::uint8_t* row, std::size_t s)
{
    const std::size_t at = s / 64 * 128 + s % 64;
    return static_cast<Symbol>(row[at] | static_cast<unsigned>(row[at + 64]) << 8U);
}

inline void put_symbol(std::uint8_t* row, std::size_t s, Symbol value)
{
    const std::size_t at = s / 64 * 128 + s % 64;
    row[at] = static_cast<std::uint8_t>(value & 255U);
    row[at + 64] = static_cast<std::uint8_t>(value >> 8U);
}

/// One symbol column of rows that lie side by side.
inline std::vector<Symbol> column(const std::uint8_t* rows, std::size_t count,
                                  std::size_t row_bytes, std::size_t s)
{
    std::vector<Symbol> out(count);
    for (std::size_t i = 0; i < count; ++i)
        out[i] = symbol_of(rows + i * row_bytes, s);
    return out;
}

/// An element of the tower with 1, 2, 4 or 8 coordinates in GF(2^16).
template <std::size_t n>
using Tower = std::array<Symbol, n>;
using Element = Tower<8>;

template <std::size_t n>
Tower<n> add(const Tower<n>& a, const Tower<n>& b)
{
    Tower<n> sum;
    for (std::size_t i = 0; i < n; ++i)
        sum[i] = static_cast<Symbol>(a[i] ^ b[i]);
    return sum;
}

/// (a0 + a1 x) (b0 + b1 x) = c0 + c1 x + c2 x^2, from which c2 (x^2 + x + delta) goes away.
template <std::size_t n>
Tower<n> multiply(const Tower<n>& a, const Tower<n>& b)
{
    if constexpr (n == 1)
        return {multiply(a[0], b[0])};
    else
    {
        constexpr std::size_t h = n / 2;
        Tower<h> part[2][2], delta{};
        for (std::size_t i = 0; i < n; ++i)
        {
            part[0][i / h][i % h] = a[i];
            part[1][i / h][i % h] = b[i];
        }
        delta[h - 1] = 0x2000;
        const Tower<h> c0 = multiply(part[0][0], part[1][0]);
        const Tower<h> c1 = add(multiply(part[0][0], part[1][1]), multiply(part[0][1], part[1][0]));
        const Tower<h> c2 = multiply(part[0][1], part[1][1]);
        const Tower<h> low = add(c0, multiply(c2, delta)), high = add(c1, c2);
        Tower<n> out;
        for (std::size_t i = 0; i < h; ++i)
        {
            out[i] = low[i];
            out[h + i] = high[i];
        }
        return out;
    }
}

inline Element element_of(const std::uint8_t* low, const std::uint8_t* high)
{
    Element out;
    for (std::size_t t = 0; t < 8; ++t)
        out[t] = static_cast<Symbol>(low[t] | static_cast<unsigned>(high[t]) << 8U);
    return out;
}

inline std::array<std::uint8_t, 16> bytes_of(const Element& element)
{
    std::array<std::uint8_t, 16> out;
    for (std::size_t t = 0; t < 8; ++t)
    {
        out[t] = static_cast<std::uint8_t>(element[t] & 255U);
        out[8 + t] = static_cast<std::uint8_t>(element[t] >> 8U);
    }
    return out;
}

/// Horner's rule over the words of the row, which zeros extend to row_bytes.
inline Element fingerprint(const Element& rho, std::span<const std::uint8_t> row,
                           std::size_t row_bytes)
{
    std::vector<std::uint8_t> padded(row.begin(), row.end());
    padded.resize(row_bytes);
    Element sum{};
    for (std::size_t group = 0; group < row_bytes; group += 128)
        for (std::size_t e = 0; e < 8; ++e)
            sum = add(multiply(sum, rho), element_of(padded.data() + group + 8 * e,
                                                     padded.data() + group + 64 + 8 * e));
    return sum;
}
}  // namespace svid_model
