// BLAKE3 in vectors: one input in each lane, and one block in the rows of a vector. Both are twins
// of the scalar forms in blake3_compress.hpp.
//
// Written once over the number of lanes, in the vector extension that GCC and clang share. A vector
// wider than the target's is split by the compiler, so that a test reaches every number of lanes on
// any machine; arch/blake3_target.hpp names the one that fits.
//
// Vectors are passed by reference only: by value their calling convention would depend on the
// instruction set, even for functions that are always inlined.
//
// Internal to this module.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#include "hash/arch/blake3_target.hpp"
#include "hash/blake3_compress.hpp"

namespace mote::hash::internal
{
/// Calls f(integral_constant<0>) ... f(integral_constant<count - 1>): a loop that is unrolled even
/// where the build is for size, as vectors must not be indexed at run time.
template <std::size_t count, class F>
[[gnu::always_inline]] inline void blake3_each(F&& f) noexcept
{
    [&]<std::size_t... i>(std::index_sequence<i...>) __attribute__((always_inline))
    { (f(std::integral_constant<std::size_t, i>{}), ...); }(std::make_index_sequence<count>{});
}

/// Vectors of `lanes` 32-bit words.
///
/// Shape   lanes: 4, 8 or 16.
template <std::size_t lanes>
struct Blake3Vectors
{
    static_assert(lanes == 4 || lanes == 8 || lanes == 16);

    using Vector [[gnu::vector_size(4 * lanes)]] = std::uint32_t;
    using HalfWords [[gnu::vector_size(4 * lanes)]] = std::uint16_t;
    using ByteVector [[gnu::vector_size(4 * lanes)]] = std::uint8_t;

    [[gnu::always_inline]] static void splat(Vector& x, std::uint32_t word) noexcept
    {
        x = Vector{} + word;
    }

    // Rotates each word right.
    template <unsigned bits>
    [[gnu::always_inline]] static void rotate(Vector& x) noexcept
    {
        constexpr auto how = arch::blake3_rotation;
        if constexpr (bits == 16 && how != arch::Blake3Rotation::native)
            rotate_by_half_words(x, std::make_index_sequence<2 * lanes>{});
        else if constexpr (bits == 8 && how == arch::Blake3Rotation::bytes)
            rotate_by_bytes(x, std::make_index_sequence<4 * lanes>{});
        else
            x = (x >> bits) | (x << (32 - bits));
    }

    template <std::size_t... i>
    [[gnu::always_inline]] static void rotate_by_half_words(Vector& x,
                                                            std::index_sequence<i...>) noexcept
    {
        const HalfWords h = reinterpret_cast<HalfWords>(x);
        x = reinterpret_cast<Vector>(__builtin_shufflevector(h, h, static_cast<int>(i ^ 1)...));
    }

    template <std::size_t... i>
    [[gnu::always_inline]] static void rotate_by_bytes(Vector& x,
                                                       std::index_sequence<i...>) noexcept
    {
        const ByteVector b = reinterpret_cast<ByteVector>(x);
        x = reinterpret_cast<Vector>(
            __builtin_shufflevector(b, b, static_cast<int>(i / 4 * 4 + (i + 1) % 4)...));
    }
};

/// Hashes one input in each lane.
template <std::size_t lanes>
struct Blake3Lanes : Blake3Vectors<lanes>
{
    using typename Blake3Vectors<lanes>::Vector;
    using Blake3Vectors<lanes>::splat;
    template <unsigned bits>
    [[gnu::always_inline]] static void rotate(Vector& x) noexcept
    {
        Blake3Vectors<lanes>::template rotate<bits>(x);
    }

    // The first half (with rotations by 16 and 12) or second half (8 and 7) of the quarter rounds
    // number `first` and those after it, of the columns (turn 0) or diagonals (turn 1) of the
    // state. `s` has the message words of all four. [BLAKE3] section 2.2.
    template <std::size_t turn, std::size_t first, bool second_half>
    [[gnu::always_inline]] static void mix(Vector (&v)[16], const Vector (&m)[16],
                                           const std::uint8_t* s) noexcept
    {
        constexpr std::size_t count = arch::blake3_columns_together;
        constexpr auto a = [](std::size_t i) { return first + i; };
        constexpr auto b = [](std::size_t i) { return 4 + (first + i + turn) % 4; };
        constexpr auto c = [](std::size_t i) { return 8 + (first + i + 2 * turn) % 4; };
        constexpr auto d = [](std::size_t i) { return 12 + (first + i + 3 * turn) % 4; };
        blake3_each<count>([&](auto i) __attribute__((always_inline))
                           { v[a(i)] += m[s[2 * (first + i) + second_half]]; });
        blake3_each<count>([&](auto i) __attribute__((always_inline)) { v[a(i)] += v[b(i)]; });
        blake3_each<count>([&](auto i) __attribute__((always_inline)) { v[d(i)] ^= v[a(i)]; });
        blake3_each<count>([&](auto i) __attribute__((always_inline))
                           { rotate<second_half ? 8 : 16>(v[d(i)]); });
        blake3_each<count>([&](auto i) __attribute__((always_inline)) { v[c(i)] += v[d(i)]; });
        blake3_each<count>([&](auto i) __attribute__((always_inline)) { v[b(i)] ^= v[c(i)]; });
        blake3_each<count>([&](auto i) __attribute__((always_inline))
                           { rotate<second_half ? 7 : 12>(v[b(i)]); });
    }

    [[gnu::always_inline]] static void round(Vector (&v)[16], const Vector (&m)[16],
                                             const std::uint8_t* s) noexcept
    {
        blake3_each<2>(
            [&](auto turn) __attribute__((always_inline))
            {
                blake3_each<4 / arch::blake3_columns_together>(
                    [&](auto step) __attribute__((always_inline))
                    {
                        constexpr std::size_t first = step * arch::blake3_columns_together;
                        mix<turn, first, false>(v, m, s + 8 * turn);
                        mix<turn, first, true>(v, m, s + 8 * turn);
                    });
            });
    }

    // Where element i of the lower (or upper) half of an interleaving comes from: within groups of
    // four words, `width` words of a, then `width` of b, and so on.
    static constexpr int interleaved(std::size_t i, std::size_t width, bool upper) noexcept
    {
        const std::size_t group = i / 4 * 4;
        const std::size_t unit = i % 4 / width;
        const std::size_t from = (unit / 2 + (upper ? 2 / width : 0)) * width + i % width;
        return static_cast<int>((unit % 2 == 0 ? 0 : lanes) + group + from % 4);
    }

    // Where element i comes from when halves of 2 * width words change places: rows a and b become
    // the first (or second) halves of both.
    static constexpr int exchanged(std::size_t i, std::size_t width, bool upper) noexcept
    {
        const bool second = i / width % 2 != 0;
        const std::size_t base = i / (2 * width) * (2 * width) + i % width;
        return static_cast<int>((second ? lanes : 0) + base + (upper ? width : 0));
    }

    template <std::size_t width, std::size_t... i>
    [[gnu::always_inline]] static void interleave(Vector& a, Vector& b,
                                                  std::index_sequence<i...>) noexcept
    {
        const Vector low = __builtin_shufflevector(a, b, interleaved(i, width, false)...);
        b = __builtin_shufflevector(a, b, interleaved(i, width, true)...);
        a = low;
    }

    template <std::size_t width, std::size_t... i>
    [[gnu::always_inline]] static void exchange(Vector& a, Vector& b,
                                                std::index_sequence<i...>) noexcept
    {
        const Vector low = __builtin_shufflevector(a, b, exchanged(i, width, false)...);
        b = __builtin_shufflevector(a, b, exchanged(i, width, true)...);
        a = low;
    }

    // Transposes a square: word i of row j becomes word j of row i. First within squares of 4 x 4,
    // which shuffles do inside groups of 128 bits, then squares change places as a whole.
    [[gnu::always_inline]] static void transpose(Vector* rows) noexcept
    {
        constexpr auto all = std::make_index_sequence<lanes>{};
        blake3_each<lanes / 4>(
            [&](auto square) __attribute__((always_inline))
            {
                Vector* r = rows + 4 * square;
                interleave<1>(r[0], r[1], all);
                interleave<1>(r[2], r[3], all);
                interleave<2>(r[0], r[2], all);
                interleave<2>(r[1], r[3], all);
                const Vector second = r[2];  // GCC 12 cannot std::swap vectors of a template
                r[2] = r[1];
                r[1] = second;
            });
        if constexpr (lanes >= 8)
            exchange_squares<4>(rows);
        if constexpr (lanes >= 16)
            exchange_squares<8>(rows);
    }

    template <std::size_t width>
    [[gnu::always_inline]] static void exchange_squares(Vector* rows) noexcept
    {
        blake3_each<lanes>(
            [&](auto r) __attribute__((always_inline))
            {
                if constexpr ((r & width) == 0)
                    exchange<width>(rows[r], rows[r + width], std::make_index_sequence<lanes>{});
            });
    }

    // Loads a block of each input: word w of all of them is m[w].
    [[gnu::always_inline]] static void load(Vector (&m)[16], const std::uint8_t* const* inputs,
                                            std::size_t offset) noexcept
    {
        blake3_each<16 / lanes>(
            [&](auto square) __attribute__((always_inline))
            {
                constexpr std::size_t w = square * lanes;
                blake3_each<lanes>(
                    [&](auto i) __attribute__((always_inline))
                    { std::memcpy(&m[w + i], inputs[i] + offset + 4 * w, sizeof(Vector)); });
                transpose(m + w);
            });
    }

    // Stores the chaining values, of which h[w] has word w; those from `count` on go nowhere.
    [[gnu::always_inline]] static void store(const Vector (&h)[8], std::size_t count,
                                             ChainingValue* out) noexcept
    {
        constexpr std::size_t row_words = lanes < 8 ? lanes : 8;
        blake3_each<8 / row_words>(
            [&](auto square) __attribute__((always_inline))
            {
                constexpr std::size_t w = square * row_words;
                Vector rows[lanes] = {};
                blake3_each<row_words>([&](auto i) __attribute__((always_inline))
                                       { rows[i] = h[w + i]; });
                transpose(rows);
                blake3_each<lanes>(
                    [&](auto i) __attribute__((always_inline))
                    {
                        if (i < count)
                            std::memcpy(out[i].data() + 4 * w, &rows[i], 4 * row_words);
                    });
            });
    }

    /// Hashes `lanes` inputs, of which the first `count` are wanted.
    MOTE_BLAKE3_TUNED static void hash(const Blake3Node& node,
                                       const std::uint8_t* const (&inputs)[lanes],
                                       const std::uint64_t (&counters)[lanes], std::size_t count,
                                       ChainingValue* out) noexcept
    {
        std::uint32_t low[lanes];
        std::uint32_t high[lanes];
        for (std::size_t i = 0; i < lanes; ++i)
        {
            low[i] = static_cast<std::uint32_t>(counters[i]);
            high[i] = static_cast<std::uint32_t>(counters[i] >> 32);
        }
        Vector counter_low, counter_high;
        std::memcpy(&counter_low, low, sizeof low);
        std::memcpy(&counter_high, high, sizeof high);

        Vector h[8];
        for (std::size_t i = 0; i < 8; ++i)
            splat(h[i], node.key[i]);
        for (std::size_t b = 0; b < node.blocks; ++b)
        {
            Vector m[16];
            load(m, inputs, 64 * b);
            Vector v[16] = {h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7]};
            splat(v[8], blake3_initial_value[0]);
            splat(v[9], blake3_initial_value[1]);
            splat(v[10], blake3_initial_value[2]);
            splat(v[11], blake3_initial_value[3]);
            v[12] = counter_low;
            v[13] = counter_high;
            splat(v[14], 64);
            splat(v[15], node.flags_of_block(b));
            blake3_each<blake3_rounds>([&](auto r) __attribute__((always_inline))
                                       { round(v, m, blake3_schedule[r].data()); });
            for (std::size_t i = 0; i < 8; ++i)
                h[i] = v[i] ^ v[i + 8];
        }
        store(h, count, out);
    }
};

/// Compresses one block with the four rows of its state in vectors.
struct Blake3Rows : Blake3Vectors<4>
{
    // Slot 4j + k is word k of vector j: what a quarter round of the columns adds first (j = 0) and
    // second (1), and of the diagonals (2 and 3). Diagonals stand where their word of the second
    // row is, so that this row, on which the next step waits, never moves: shifted by one.
    static constexpr std::size_t place_of_slot(std::size_t slot) noexcept
    {
        const std::size_t j = slot / 4, k = slot % 4;
        return j < 2 ? 2 * k + j : 8 + 2 * ((k + 3) % 4) + (j - 2);
    }

    // Which slot the word of a slot was in one round earlier: the schedule applies the same
    // permutation between any two rounds.
    static constexpr std::size_t slot_before(std::size_t slot) noexcept
    {
        std::size_t before = 0;
        while (place_of_slot(before) != blake3_schedule[1][place_of_slot(slot)])
            ++before;
        return before;
    }

    // Collects words: word k of out is word `from[k]` of the four vectors in.
    template <class From, std::size_t... k>
    [[gnu::always_inline]] static void collect(Vector& out, const Vector (&in)[4], From,
                                               std::index_sequence<k...>) noexcept
    {
        constexpr std::array<std::size_t, 4> from = From::value;
        const Vector low =
            __builtin_shufflevector(in[0], in[1], static_cast<int>(from[k] < 8 ? from[k] : k)...);
        const Vector high = __builtin_shufflevector(
            in[2], in[3], static_cast<int>(from[k] >= 8 ? from[k] - 8 : k)...);
        out = __builtin_shufflevector(low, high, static_cast<int>(from[k] < 8 ? k : k + 4)...);
    }

    template <std::size_t j>
    struct Place
    {
        static constexpr std::array<std::size_t, 4> value = {
            place_of_slot(4 * j), place_of_slot(4 * j + 1), place_of_slot(4 * j + 2),
            place_of_slot(4 * j + 3)};
    };
    template <std::size_t j>
    struct Before
    {
        static constexpr std::array<std::size_t, 4> value = {
            slot_before(4 * j), slot_before(4 * j + 1), slot_before(4 * j + 2),
            slot_before(4 * j + 3)};
    };

    template <template <std::size_t> class From>
    [[gnu::always_inline]] static void permute(Vector (&m)[4]) noexcept
    {
        const Vector in[4] = {m[0], m[1], m[2], m[3]};
        blake3_each<4>([&](auto j) __attribute__((always_inline))
                       { collect(m[j], in, From<j>{}, std::make_index_sequence<4>{}); });
    }

    // Turns a row left by a number of words.
    template <int by>
    [[gnu::always_inline]] static void turn(Vector& row) noexcept
    {
        row = __builtin_shufflevector(row, row, by, (by + 1) % 4, (by + 2) % 4, (by + 3) % 4);
    }

    // Four quarter rounds. [BLAKE3] section 2.2.
    [[gnu::always_inline]] static void mix(Vector (&v)[4], const Vector& first,
                                           const Vector& second) noexcept
    {
        v[0] += first;
        v[0] += v[1];
        v[3] ^= v[0];
        rotate<16>(v[3]);
        v[2] += v[3];
        v[1] ^= v[2];
        rotate<12>(v[1]);
        v[0] += second;
        v[0] += v[1];
        v[3] ^= v[0];
        rotate<8>(v[3]);
        v[2] += v[3];
        v[1] ^= v[2];
        rotate<7>(v[1]);
    }

    /// See blake3_compress.
    MOTE_BLAKE3_TUNED static void compress(std::uint32_t (&out)[16],
                                           const std::array<std::uint32_t, 8>& chaining_value,
                                           const std::uint8_t* block, std::uint32_t block_bytes,
                                           std::uint64_t counter, std::uint32_t flags) noexcept
    {
        Vector m[4];
        std::memcpy(m, block, sizeof m);
        permute<Place>(m);

        Vector h[2];
        std::memcpy(h, chaining_value.data(), sizeof h);
        Vector v[4] = {h[0], h[1]};
        std::memcpy(&v[2], blake3_initial_value.data(), sizeof(Vector));
        v[3] = Vector{static_cast<std::uint32_t>(counter),
                      static_cast<std::uint32_t>(counter >> 32), block_bytes, flags};
        for (std::size_t r = 0;; ++r)
        {
            mix(v, m[0], m[1]);
            turn<3>(v[0]);
            turn<1>(v[2]);
            turn<2>(v[3]);
            mix(v, m[2], m[3]);
            turn<1>(v[0]);
            turn<3>(v[2]);
            turn<2>(v[3]);
            if (r + 1 == blake3_rounds)
                break;
            permute<Before>(m);
        }
        const Vector words[4] = {v[0] ^ v[2], v[1] ^ v[3], v[2] ^ h[0], v[3] ^ h[1]};
        std::memcpy(out, words, sizeof out);
    }
};

/// blake3_hash_many with a given number of lanes.
template <std::size_t lanes>
void blake3_hash_many_in_lanes(const Blake3Node& node, const std::uint8_t* const* inputs,
                               const std::uint64_t* counters, std::size_t count,
                               ChainingValue* out) noexcept
{
    // A set that is not full repeats its last input, which costs less than one input after the
    // other, except for one input alone.
    while (count > 1)
    {
        const std::size_t n = count < lanes ? count : lanes;
        const std::uint8_t* set_inputs[lanes];
        std::uint64_t set_counters[lanes];
        for (std::size_t i = 0; i < lanes; ++i)
        {
            set_inputs[i] = inputs[i < n ? i : n - 1];
            set_counters[i] = counters[i < n ? i : n - 1];
        }
        Blake3Lanes<lanes>::hash(node, set_inputs, set_counters, n, out);
        inputs += n;
        counters += n;
        out += n;
        count -= n;
    }
    if (count == 1)
        blake3_hash_one(node, *inputs, *counters, *out);
}
}  // namespace mote::hash::internal
