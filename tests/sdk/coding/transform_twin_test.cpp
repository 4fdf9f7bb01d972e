// The vectors of this target, and 64 bytes at once as the AVX-512 form has them, against words and
// against the levels of the transform one butterfly after the other.
#include <catch2/catch.hpp>

#include "coding/arch/plane.hpp"
#include "coding/transform.hpp"
#include "coding_support.hpp"
#include "tools/effort.hpp"
#include "tools/emulated_plane.hpp"

using namespace coding_test;
using mote::coding::Direction;
using mote::coding::Input;
using mote::coding::Output;
using mote::coding::TransformShape;
using mote::coding::arch::PlaneWords;
using svid_model::Symbol;
using svid_test::EmulatedPlane;
using Native = mote::coding::arch::Plane;

namespace
{
constexpr std::size_t strip = 256;  // two groups

/// Rows with a distance of their own and guards between them.
struct Block
{
    Block(std::size_t rows, std::size_t distance_bytes, std::mt19937& random)
        : distance(distance_bytes),
          bytes(random_bytes(rows * distance_bytes + 1, random)),
          before(bytes)
    {
    }
    // One byte further than any alignment.
    [[nodiscard]] Output rows() { return {bytes.data() + 1, distance}; }
    [[nodiscard]] Input input() { return mote::coding::as_input(rows()); }
    [[nodiscard]] const std::uint8_t* row(std::size_t i) const
    {
        return bytes.data() + 1 + i * distance;
    }
    [[nodiscard]] std::size_t count() const { return (bytes.size() - 1) / distance; }

    /// Whether nothing but strips of rows below `end` was written.
    [[nodiscard]] bool untouched_from(std::size_t end) const
    {
        if (bytes[0] != before[0])
            return false;
        for (std::size_t i = 0; i < count(); ++i)
            if (!std::equal(row(i) + (i < end ? strip : 0), row(i) + distance,
                            before.data() + 1 + i * distance + (i < end ? strip : 0)))
                return false;
        return true;
    }

    std::size_t distance;
    ByteVector bytes, before;
};

using Symbols = std::vector<Symbol>;

Symbols symbols_of(const std::uint8_t* row)
{
    Symbols out(strip / 2);
    for (std::size_t s = 0; s < out.size(); ++s)
        out[s] = svid_model::symbol_of(row, s);
    return out;
}

/// into += t * x
void add_product(Symbols& into, const Symbols& x, Symbol t)
{
    for (std::size_t s = 0; s < into.size(); ++s)
        into[s] = static_cast<Symbol>(into[s] ^ svid_model::multiply(t, x[s]));
}

void model_butterfly(Symbols& a, Symbols& b, Symbol t, Direction direction)
{
    if (direction == Direction::inverse)
        add_product(b, a, 1);
    add_product(a, b, t);
    if (direction == Direction::forward)
        add_product(b, a, 1);
}

/// The transform of [SVID] section 4, level by level.
std::vector<Symbols> model_transform(std::vector<Symbols> rows, std::uint32_t first_point,
                                     Direction direction)
{
    const unsigned levels = mote::ceil_log2(rows.size());
    for (unsigned i = 0; i < levels; ++i)
    {
        const unsigned level = direction == Direction::forward ? levels - 1 - i : i;
        const std::size_t h = std::size_t{1} << level;
        for (std::size_t s = 0; s < rows.size(); s += 2 * h)
            for (std::size_t j = s; j < s + h; ++j)
                model_butterfly(
                    rows[j], rows[j + h],
                    svid_model::omega(static_cast<std::uint32_t>((first_point + s) >> level)),
                    direction);
    }
    return rows;
}

std::vector<Symbols> symbols_of(const Block& block, std::size_t count)
{
    std::vector<Symbols> out;
    for (std::size_t i = 0; i < count; ++i)
        out.push_back(symbols_of(block.row(i)));
    return out;
}

// Twiddles of all kinds: zero, one, bytes, symbols whose low or high byte is zero.
constexpr Symbol twiddles_to_try[] = {0,      1,      2,      0x53,   0xff,   0x100,
                                      0x0101, 0x1234, 0xff00, 0x8000, 0xffff, 0x01f6};

template <class Plane>
void check_plane()
{
    std::mt19937 random(1);
    const auto& times = svid_model::byte_products();
    for (unsigned c = 0; c < 256; ++c)
    {
        const auto factor = Plane::factor(static_cast<std::uint8_t>(c));
        ByteVector in(256 + 1), other = random_bytes(256 + 1, random), out(256 + 1);
        for (unsigned x = 0; x < 256; ++x)
            in[1 + x] = static_cast<std::uint8_t>(x);
        for (std::size_t at = 1; at < 257; at += Plane::bytes)
        {
            const auto a = Plane::load(in.data() + at), b = Plane::load(other.data() + at);
            Plane::store(out.data() + at, Plane::multiply(Plane::split(a), factor));
            for (std::size_t i = at; i < at + Plane::bytes; ++i)
                REQUIRE(out[i] == times[c][in[i]]);
            Plane::store(out.data() + at, Plane::add(a, b));
            for (std::size_t i = at; i < at + Plane::bytes; ++i)
                REQUIRE(out[i] == (in[i] ^ other[i]));
            // A split of a sum is a sum of splits.
            Plane::store(out.data() + at,
                         Plane::multiply(Plane::add(Plane::split(a), Plane::split(b)), factor));
            for (std::size_t i = at; i < at + Plane::bytes; ++i)
                REQUIRE(out[i] == times[c][in[i] ^ other[i]]);
        }
    }
    // Streams to aligned places and to others, and nowhere else.
    alignas(64) std::uint8_t memory[4 * 64] = {};
    for (std::size_t offset = 0; offset + Plane::bytes <= sizeof memory; ++offset)
    {
        const ByteVector in = random_bytes(Plane::bytes, random);
        std::fill(std::begin(memory), std::end(memory), std::uint8_t{0x5a});
        Plane::stream(memory + offset, Plane::load(in.data()));
        for (std::size_t i = 0; i < sizeof memory; ++i)
            REQUIRE(memory[i] ==
                    (i >= offset && i < offset + Plane::bytes ? in[i - offset] : 0x5a));
    }
}

template <class Plane>
void check_rows()
{
    std::mt19937 random(2);
    for (const Symbol t : twiddles_to_try)
    {
        Block in(2, 300, random), out(2, 260, random);
        const Symbols a = symbols_of(in.row(0)), b = symbols_of(in.row(1));
        Symbols x = a, y = b;
        mote::coding::butterfly<Plane, Direction::forward>(in.input()[0], in.input()[1],
                                                           out.rows()[0], out.rows()[1], t, strip);
        model_butterfly(x, y, t, Direction::forward);
        REQUIRE(symbols_of(out.row(0)) == x);
        REQUIRE(symbols_of(out.row(1)) == y);
        REQUIRE(out.untouched_from(2));
        // Back again, in place.
        mote::coding::butterfly<Plane, Direction::inverse>(out.input()[0], out.input()[1],
                                                           out.rows()[0], out.rows()[1], t, strip);
        REQUIRE(symbols_of(out.row(0)) == a);
        REQUIRE(symbols_of(out.row(1)) == b);

        x = a;
        add_product(x, b, t);
        mote::coding::add_scaled<Plane>(in.row(0), in.row(1), out.rows()[0], t, strip);
        REQUIRE(symbols_of(out.row(0)) == x);
        x.assign(x.size(), 0);
        add_product(x, a, t);
        mote::coding::scale_row<Plane>(in.row(0), out.rows()[0], t, strip);
        REQUIRE(symbols_of(out.row(0)) == x);
        mote::coding::scale_row<Plane>(out.row(0), out.rows()[0], t, strip);
        y.assign(y.size(), 0);
        add_product(y, x, t);
        REQUIRE(symbols_of(out.row(0)) == y);
        REQUIRE(out.untouched_from(2));
        REQUIRE(in.bytes == in.before);
    }
}

/// Starts of blocks: at zero, among the bytes, at their end, anywhere, at the end of the field.
std::vector<std::uint32_t> first_points(unsigned log_count, std::mt19937& random)
{
    const std::uint32_t count = 1U << log_count;
    std::vector<std::uint32_t> out = {0, count, 65536 - count};
    for (const std::uint32_t near : {64U, 128U, 252U, 256U, 260U, 512U, 1024U, 4096U, 32768U})
        out.push_back(near / count * count);
    for (unsigned i = 0; i < 3; ++i)
        out.push_back(static_cast<std::uint32_t>(random() % 65536) / count * count);
    return out;
}

template <class Plane>
void check_inverse(unsigned log_count, std::uint32_t first_point, std::mt19937& random)
{
    const std::size_t count = std::size_t{1} << log_count;
    Block in(count, 300, random), buffer(count, 256, random), out(count, 290, random);
    const auto expected = model_transform(symbols_of(in, count), first_point, Direction::inverse);
    const TransformShape shape{log_count, strip, first_point};
    mote::coding::inverse_transform<Plane>(shape, in.input(), buffer.rows(), out.rows());
    REQUIRE(symbols_of(out, count) == expected);
    REQUIRE(in.bytes == in.before);
    REQUIRE(out.untouched_from(count));
    REQUIRE(buffer.untouched_from(count));
    // The buffer may be what is read, what is written, or both.
    Block same = in;
    mote::coding::inverse_transform<Plane>(shape, same.input(), same.rows(), out.rows());
    REQUIRE(symbols_of(out, count) == expected);
    same = in;
    mote::coding::inverse_transform<Plane>(shape, same.input(), buffer.rows(), same.rows());
    REQUIRE(symbols_of(same, count) == expected);
    same = in;
    mote::coding::inverse_transform<Plane>(shape, same.input(), out.rows(), out.rows());
    REQUIRE(symbols_of(out, count) == expected);
}

template <class Plane>
void check_forward(unsigned log_count, std::uint32_t first_point, std::size_t needed,
                   const std::vector<Symbols>& expected, Block& in, std::mt19937& random)
{
    const std::size_t count = std::size_t{1} << log_count;
    const TransformShape shape{log_count, strip, first_point};
    const std::vector<Symbols> wanted(expected.begin(),
                                      expected.begin() + static_cast<std::ptrdiff_t>(needed));
    // The output ends with the last row that is needed; a sanitizer sees what lies behind it.
    Block buffer(count, 256, random), out(needed, 290, random);
    mote::coding::forward_transform<Plane>(shape, in.input(), buffer.rows(), out.rows(), needed);
    REQUIRE(symbols_of(out, needed) == wanted);
    REQUIRE(out.untouched_from(needed));
    REQUIRE(buffer.untouched_from(count));
    REQUIRE(in.bytes == in.before);
    Block wide(count, 290, random);
    mote::coding::forward_transform<Plane>(shape, in.input(), buffer.rows(), wide.rows(), needed);
    REQUIRE(symbols_of(wide, needed) == wanted);
    REQUIRE(wide.untouched_from(needed));
    // In place.
    Block same = in;
    mote::coding::forward_transform<Plane>(shape, same.input(), same.rows(), same.rows(), needed);
    REQUIRE(symbols_of(same, needed) == wanted);
}

template <class Plane>
void check_transforms()
{
    std::mt19937 random(3);
    mote::test::Thinned thinned(Plane::bytes == EmulatedPlane::bytes ? 2 : 1);
    for (unsigned log_count = 0; log_count <= 7; ++log_count)
        for (const std::uint32_t first_point : first_points(log_count, random))
        {
            if (!thinned.next() && first_point != 0)
                continue;
            INFO("2^" << log_count << " rows at " << first_point);
            check_inverse<Plane>(log_count, first_point, random);
            const std::size_t count = std::size_t{1} << log_count;
            Block in(count, 300, random);
            const auto expected =
                model_transform(symbols_of(in, count), first_point, Direction::forward);
            std::size_t step = log_count <= 4 ? 1 : count / 8 - 1;
            for (std::size_t needed = 1; needed <= count; needed += step)
                check_forward<Plane>(log_count, first_point, needed, expected, in, random);
            check_forward<Plane>(log_count, first_point, count, expected, in, random);
        }
}
}  // namespace

TEST_CASE("the planes multiply and add bytes: words, this target's, 64 emulated")
{
    check_plane<PlaneWords>();
    check_plane<Native>();
    check_plane<EmulatedPlane>();
}

TEST_CASE("operations on rows with every kind of twiddle: words") { check_rows<PlaneWords>(); }
TEST_CASE("operations on rows with every kind of twiddle: this target's vectors")
{
    check_rows<Native>();
}
TEST_CASE("operations on rows with every kind of twiddle: 64 bytes at once, emulated")
{
    check_rows<EmulatedPlane>();
}

TEST_CASE("transforms are the levels one after the other, pruned or not: words")
{
    check_transforms<PlaneWords>();
}
TEST_CASE("transforms are the levels one after the other, pruned or not: this target's vectors")
{
    check_transforms<Native>();
}
TEST_CASE("transforms are the levels one after the other, pruned or not: 64 bytes, emulated")
{
    check_transforms<EmulatedPlane>();
}

TEST_CASE("the twiddle of a point is omega, the first 65,536 of them")
{
    for (std::uint32_t i = 0; i < 65536; ++i)
        if (mote::coding::twiddle(i) != svid_model::omega(i))
            FAIL(i);
}
