// Chains: the inner loop of a fingerprint, in two ways.
//
// Horner's rule is a chain of products, each waiting for the one before. So the words of a row are
// dealt out to C chains, whose multiplier is rho^C, and the chains are joined at the end of the row:
//
//   fp(row) = sum_q chain(q) rho^(C-1-q),   chain(q) = w(q) rho^(..) + w(q + C) rho^(..) + ...
//
//   TableChains   C = 8, one group of 128 bytes a step: nibbles of a word are looked up in a table
//   LaneChains    C = lanes of a vector: eight coordinates of as many words at once
//
// Both have the same interface; fingerprint.hpp takes the one that suits the build.
// Source  [SVID] sections 6 and 17.
#pragma once

#include <cstring>

#include "coding/arch/plane.hpp"
#include "coding/butterfly.hpp"
#include "svid/multiply_table.hpp"

namespace mote::svid
{
/// x^(2^squarings)
[[nodiscard]] inline field::Gf2_128 power_of_two(field::Gf2_128 x, unsigned squarings) noexcept
{
    for (unsigned i = 0; i < squarings; ++i)
        x = x * x;
    return x;
}

/// Memory  8 KiB; a state of 128 bytes.
class TableChains
{
  public:
    static constexpr std::size_t words = 8;
    static constexpr std::size_t step_bytes = coding::group_bytes;
    using Sums = std::array<field::Gf2_128, words>;

    explicit TableChains(field::Gf2_128 rho) noexcept : rho_8_(power_of_two(rho, 3)) {}

    /// Takes `count` times step_bytes.
    void steps(Sums& sums, const std::uint8_t* bytes, std::size_t count) const noexcept
    {
        using Pair = MultiplyTable::Pair;
        // Two chains at a time: more would not fit into the registers.
        for (std::size_t e = 0; e < words; e += 2)
        {
            Pair a = {sums[e].low, sums[e].high};
            Pair b = {sums[e + 1].low, sums[e + 1].high};
            const std::uint8_t* word = bytes + 8 * e;
            for (std::size_t g = 0; g < count; ++g, word += step_bytes)
            {
                a = rho_8_.multiply(a[0], a[1]) ^ Pair { load_le64(word), load_le64(word + 64) };
                b = rho_8_.multiply(b[0], b[1]) ^
                    Pair { load_le64(word + 8), load_le64(word + 72) };
            }
            sums[e] = {a[0], a[1]};
            sums[e + 1] = {b[0], b[1]};
        }
    }

    /// The chains in the order of their words.
    static Sums in_order(const Sums& sums) noexcept { return sums; }

  private:
    MultiplyTable rho_8_;
};

/// Lane q' of sixteen vectors holds the sum of one chain: its eight low and its eight high bytes.
///
/// A product by rho^C is an 8 x 8 matrix over GF(2^16), applied to all lanes at once; each of its
/// entries costs the three byte products of Karatsuba's rule.
///
/// Memory  192 factors, 6 KiB of nibble tables; a state of 16 vectors.
template <class Plane>
class LaneChains
{
  public:
    static constexpr std::size_t words = Plane::bytes;
    static constexpr std::size_t step_bytes = field::Gf2_128::bytes * words;
    struct Sums
    {
        std::array<std::uint8_t, step_bytes> bytes{};
    };

    explicit LaneChains(field::Gf2_128 rho) noexcept
    {
        unsigned squarings = 0;
        while (std::size_t{1} << squarings < words)
            ++squarings;
        const field::Gf2_128 power = power_of_two(rho, squarings);
        for (unsigned t = 0; t < coordinates; ++t)
        {
            const field::Gf2_128 column = field::times_basis(power, t);
            for (unsigned s = 0; s < coordinates; ++s)
            {
                const field::ByteFactors f = field::byte_factors(column.coordinate(s));
                std::uint8_t* const at = factors_.data() + factor_at(s, t);
                Plane::store_factor(at, f.a);
                Plane::store_factor(at + Plane::factor_bytes, f.scaled);
                Plane::store_factor(at + 2 * Plane::factor_bytes, f.sum);
            }
        }
    }

    void steps(Sums& sums, const std::uint8_t* bytes, std::size_t count) const noexcept
    {
        Vector low[coordinates], high[coordinates];
        for (std::size_t t = 0; t < coordinates; ++t)
        {
            low[t] = Plane::load(sums.bytes.data() + t * words);
            high[t] = Plane::load(sums.bytes.data() + (coordinates + t) * words);
        }
        for (std::size_t step = 0; step < count; ++step, bytes += step_bytes)
        {
            Vector add_low[coordinates], add_high[coordinates];
            gather(bytes, add_low);
            gather(bytes + coding::plane_bytes, add_high);
            multiply(low, high);
            for (std::size_t t = 0; t < coordinates; ++t)
            {
                low[t] = Plane::add(low[t], add_low[t]);
                high[t] = Plane::add(high[t], add_high[t]);
            }
        }
        for (std::size_t t = 0; t < coordinates; ++t)
        {
            Plane::store(sums.bytes.data() + t * words, low[t]);
            Plane::store(sums.bytes.data() + (coordinates + t) * words, high[t]);
        }
    }

    static std::array<field::Gf2_128, words> in_order(const Sums& sums) noexcept
    {
        // Which word a lane holds: transpose words that are their own numbers.
        std::array<std::uint8_t, step_bytes> numbers{};
        for (std::size_t q = 0; q < words; ++q)
            std::memset(
                numbers.data() + 8 * q + coding::plane_bytes * (8 * q / coding::plane_bytes),
                static_cast<int>(q), 8);
        Vector transposed[coordinates];
        gather(numbers.data(), transposed);
        std::array<std::uint8_t, words> word_of{};
        Plane::store(word_of.data(), transposed[0]);

        std::array<field::Gf2_128, words> out{};
        for (std::size_t lane = 0; lane < words; ++lane)
        {
            field::Gf2_128& word = out[word_of[lane]];
            for (unsigned t = 0; t < coordinates; ++t)
            {
                word.low |= std::uint64_t{sums.bytes[t * words + lane]} << (8 * t);
                word.high |= std::uint64_t{sums.bytes[(coordinates + t) * words + lane]} << (8 * t);
            }
        }
        return out;
    }

  private:
    using Vector = typename Plane::Vector;
    using Split = typename Plane::Split;
    using VectorBytes [[gnu::vector_size(Plane::bytes)]] = std::uint8_t;
    static constexpr std::size_t coordinates = 8;

    /// In the order in which multiply() reads them: two rows of the matrix side by side.
    static constexpr std::size_t factor_at(std::size_t s, std::size_t t) noexcept
    {
        return 3 * Plane::factor_bytes * ((s / 2 * coordinates + t) * 2 + s % 2);
    }

    /// x <- rho^C x in every lane.
    void multiply(Vector (&low)[coordinates], Vector (&high)[coordinates]) const noexcept
    {
        Split x[coordinates], y[coordinates], sum[coordinates];
        for (std::size_t t = 0; t < coordinates; ++t)
        {
            x[t] = Plane::split(low[t]);
            y[t] = Plane::split(high[t]);
            sum[t] = Plane::add(x[t], y[t]);
        }
        const std::uint8_t* factor = factors_.data();
        const auto next = [&factor]() noexcept
        {
            const auto loaded = Plane::load_factor(factor);
            factor += Plane::factor_bytes;
            return loaded;
        };
        for (std::size_t s = 0; s < coordinates; s += 2)
        {
            // Products by a, by the factor of the high bytes, by that of the sums.
            Vector first[3], second[3];
            for (std::size_t t = 0; t < coordinates; ++t)
            {
                const Vector products[6] = {
                    Plane::multiply(x[t], next()),   Plane::multiply(y[t], next()),
                    Plane::multiply(sum[t], next()), Plane::multiply(x[t], next()),
                    Plane::multiply(y[t], next()),   Plane::multiply(sum[t], next())};
                for (std::size_t i = 0; i < 3; ++i)
                {
                    first[i] = t == 0 ? products[i] : Plane::add(first[i], products[i]);
                    second[i] = t == 0 ? products[3 + i] : Plane::add(second[i], products[3 + i]);
                }
            }
            low[s] = Plane::add(first[0], first[1]);
            high[s] = Plane::add(first[0], first[2]);
            low[s + 1] = Plane::add(second[0], second[1]);
            high[s + 1] = Plane::add(second[0], second[2]);
        }
    }

    /// The words of one plane by coordinate: out[t] has byte t of each, in an order of its own.
    static void gather(const std::uint8_t* plane, Vector (&out)[coordinates]) noexcept
    {
        VectorBytes v[coordinates];
        for (std::size_t i = 0; i < coordinates; ++i)
        {
            const std::size_t at = i * words;
            std::memcpy(
                &v[i],
                plane + at / coding::plane_bytes * coding::group_bytes + at % coding::plane_bytes,
                words);
        }
        interleave<1>(v);
        interleave<2>(v);
        interleave<4>(v);
        interleave<8>(v);
        // Each level moved one bit of the coordinate to the other end of the index.
        constexpr std::size_t reversed[coordinates] = {0, 4, 2, 6, 1, 5, 3, 7};
        for (std::size_t i = 0; i < coordinates; ++i)
            std::memcpy(&out[reversed[i]], &v[i], words);
    }

    /// Alternating units of neighbours: those of the low halves first, then those of the high ones.
    template <std::size_t unit>
    static void interleave(VectorBytes (&v)[coordinates]) noexcept
    {
        VectorBytes w[coordinates];
        for (std::size_t i = 0; i < coordinates / 2; ++i)
        {
            w[i] = pick<unit, 0>(v[2 * i], v[2 * i + 1], std::make_index_sequence<words>());
            w[coordinates / 2 + i] =
                pick<unit, 8>(v[2 * i], v[2 * i + 1], std::make_index_sequence<words>());
        }
        for (std::size_t i = 0; i < coordinates; ++i)
            v[i] = w[i];
    }

    /// What unpack instructions do: units of both halves in turn, in every 16 bytes apart.
    template <std::size_t unit, std::size_t half, std::size_t... i>
    static VectorBytes pick(VectorBytes a, VectorBytes b, std::index_sequence<i...>) noexcept
    {
        return __builtin_shufflevector(
            a, b,
            static_cast<int>(i / 16 * 16 + half + i % 16 / (2 * unit) * unit + i % unit +
                             (i % 16 / unit % 2) * words)...);
    }

    alignas(16) std::array<std::uint8_t, 192 * Plane::factor_bytes> factors_;
};

namespace detail
{
template <class Plane>
struct ChainsOf
{
    using Type = LaneChains<Plane>;
};
template <>
struct ChainsOf<coding::arch::PlaneWords>
{
    using Type = TableChains;
};
}  // namespace detail

/// The faster one here.
using Chains = detail::ChainsOf<coding::arch::Plane>::Type;
}  // namespace mote::svid
