#include "curve/bls12_381_encoding.hpp"
#include "bls12_381_support.hpp"
#include "tools/effort.hpp"

using namespace bls_test;

namespace
{
Reason decode(std::span<const std::uint8_t, g1_bytes> bytes, G1& out)
{
    return decode_g1(bytes, out);
}
Reason decode(std::span<const std::uint8_t, g2_bytes> bytes, G2& out)
{
    return decode_g2(bytes, out);
}

template <class Point>
void round_trip(const Point& p)
{
    const auto bytes = encoded(p);
    Point out = -p;
    REQUIRE(decode(bytes, out) == Reason::none);
    CHECK(out == p);
    CHECK((bytes[0] & 0x80) == 0x80);
    CHECK((bytes[0] & 0x40) == (p.infinity ? 0x40 : 0));
    if (p.infinity)
        return;
    auto flipped = bytes;
    flipped[0] ^= 0x20;
    REQUIRE(decode(flipped, out) == Reason::none);
    CHECK(out == -p);
    CHECK(encoded(out) == flipped);
}

/// Every single bit changed: refused, or another point whose only encoding this is.
template <class Point>
void every_bit(const Point& p)
{
    const auto bytes = encoded(p);
    std::size_t refused = 0, other = 0;
    mote::test::Thinned thinned;
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit)
    {
        if (bit >= 8 && !thinned.next())
            continue;
        auto changed = bytes;
        changed[bit / 8] ^= static_cast<std::uint8_t>(0x80 >> (bit % 8));
        Point out = p;
        const Reason reason = decode(changed, out);
        if (reason == Reason::none)
        {
            ++other;
            CHECK_FALSE(out == p);
            CHECK(encoded(out) == changed);
        }
        else
        {
            ++refused;
            CHECK(out == p);  // untouched
            // Only the compression flag, infinity's flag and numbers from p on are wrong by form.
            if (bit == 0)
                CHECK(reason == Reason::illegal_point_flags);
            else if (bit == 1)
                CHECK((reason == Reason::infinity_with_coordinate ||
                       reason == Reason::illegal_point_flags));
            else
                CHECK((reason == Reason::field_not_canonical || reason == Reason::not_on_curve ||
                       reason == Reason::not_in_subgroup));
        }
    }
    CHECK(other >= 1);  // the flag of the larger y
    CHECK(refused > other);
}

std::array<std::uint8_t, g1_bytes> big_endian(Limbs<6> x, std::uint8_t flags)
{
    std::array<std::uint8_t, g1_bytes> out{};
    for (std::size_t i = 0; i < 6; ++i)
        mote::store_be(out.data() + 8 * i, x[5 - i]);
    out[0] |= flags;
    return out;
}
}  // namespace

TEST_CASE("BLS12-381 encoding: points go there and back")
{
    Random random(11);
    round_trip(G1{});
    round_trip(G2{});
    round_trip(g1_generator);
    round_trip(g2_generator);
    for (int i = 0; i < 6; ++i)
    {
        round_trip(random.g1());
        round_trip(random.g2());
    }
}

TEST_CASE("BLS12-381 encoding: every bit of an encoding counts")
{
    Random random(12);
    every_bit(random.g1());
    every_bit(random.g2());
}

TEST_CASE("BLS12-381 encoding: infinity has one form")
{
    G1 p;
    auto bytes = encoded(G1{});
    CHECK(bytes[0] == 0xc0);
    for (std::size_t i = 0; i < bytes.size(); ++i)
        for (const std::uint8_t bit : {std::uint8_t{1}, std::uint8_t{0x20}})
        {
            auto changed = bytes;
            changed[i] |= bit;
            const Reason reason = decode_g1(changed, p);
            CHECK(reason == (i == 0 && bit == 0x20 ? Reason::illegal_point_flags
                                                   : Reason::infinity_with_coordinate));
        }
    G2 q;
    const auto bytes2 = encoded(G2{});
    for (std::size_t i = 0; i < bytes2.size(); ++i)
    {
        auto changed = bytes2;
        changed[i] |= 1;
        CHECK(decode_g2(changed, q) == Reason::infinity_with_coordinate);
    }
    bytes[0] = 0x40;  // infinity without the compression flag
    CHECK(decode_g1(bytes, p) == Reason::illegal_point_flags);
    bytes[0] = 0;
    CHECK(decode_g1(bytes, p) == Reason::illegal_point_flags);
}

TEST_CASE("BLS12-381 encoding: coordinates from p on are refused in every place")
{
    Random random(13);
    const Limbs<6> p = Fq::modulus;
    Limbs<6> above = p, largest{};
    mote::field::add_to(above, Limbs<6>{1});
    for (std::uint64_t& limb : largest)
        limb = ~std::uint64_t{0};
    largest[5] >>= 3;
    G1 g1;
    G2 g2;
    for (const Limbs<6>& x : {p, above, largest})
    {
        CHECK(decode_g1(big_endian(x, 0x80), g1) == Reason::field_not_canonical);
        const auto high = big_endian(x, 0x80), low = big_endian(x, 0);
        auto bytes = encoded(random.g2());
        std::copy(high.begin(), high.end(), bytes.begin());
        CHECK(decode_g2(bytes, g2) == Reason::field_not_canonical);
        bytes = encoded(random.g2());
        std::copy(low.begin(), low.end(), bytes.begin() + 48);
        CHECK(decode_g2(bytes, g2) == Reason::field_not_canonical);
        // Flags in the second half are bits of a number that is too large.
        bytes = encoded(random.g2());
        bytes[48] |= 0x80;
        CHECK(decode_g2(bytes, g2) == Reason::field_not_canonical);
    }
    // p - 1 is canonical; whether it is on the curve is another question.
    Limbs<6> minus_one = p;
    mote::field::sub_from(minus_one, Limbs<6>{1});
    CHECK_FALSE(decode_g1(big_endian(minus_one, 0x80), g1) == Reason::field_not_canonical);
}

TEST_CASE("BLS12-381 encoding: points outside of the group")
{
    Random random(14);
    for (int i = 0; i < 4; ++i)
    {
        const G1 p = random.g1_on_curve();
        G1 out;
        CHECK(decode_g1(encoded(p), out) == Reason::not_in_subgroup);
        REQUIRE(decode_g1_on_curve(encoded(p), out) == Reason::none);
        CHECK(out == p);
        const G2 q = random.g2_on_curve();
        G2 out2;
        CHECK(decode_g2(encoded(q), out2) == Reason::not_in_subgroup);
        REQUIRE(decode_g2_on_curve(encoded(q), out2) == Reason::none);
        CHECK(out2 == q);
    }
}
