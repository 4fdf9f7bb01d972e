#include "curve/encoding.hpp"
#include "curve_support.hpp"

using namespace curve_test;
using namespace mote::curve;
using mote::Reason;

namespace
{
using Bytes32 = std::array<std::uint8_t, g1_bytes>;
using Bytes64 = std::array<std::uint8_t, g2_bytes>;

bool larger(const Fq& y) { return mote::field::less((-y).to_integer(), y.to_integer()); }
bool larger(const Fq2& y) { return y.c1.is_zero() ? larger(y.c0) : larger(y.c1); }

void put(std::uint8_t* out, const Limbs<4>& x)
{
    for (std::size_t i = 0; i < 4; ++i)
        mote::store_le(out + 8 * i, x[i]);
}

Reason decode(const Bytes32& bytes, G1& out) { return decode_g1(bytes.data(), out); }
Reason decode(const Bytes64& bytes, G2& out) { return decode_g2_on_curve(bytes.data(), out); }

template <class Array, class Point>
void round_trip(const Point& p)
{
    Array bytes;
    bytes.fill(0xee);
    encode(p, bytes.data());
    Point out;
    REQUIRE(decode(bytes, out) == Reason::none);
    CHECK(out == p);
    CHECK((bytes.back() & 0x40) == (p.infinity ? 0x40 : 0));
    if (p.infinity)
        return;
    CHECK((bytes.back() >> 7 != 0) == larger(p.y));
    Array flipped = bytes;
    flipped.back() ^= 0x80;
    REQUIRE(decode(flipped, out) == Reason::none);
    CHECK(out == -p);
    flipped.back() |= 0xc0;
    CHECK(decode(flipped, out) == Reason::illegal_point_flags);
    flipped.back() &= 0x7f;
    CHECK(decode(flipped, out) == Reason::infinity_with_coordinate);
}

/// Every integer that is not below p although it fits its 254 or 256 bits.
std::vector<Limbs<4>> not_canonical(bool flags)
{
    Limbs<4> p = Fq::modulus, plus_one = p;
    plus_one[0] += 1;
    const std::uint64_t ones = ~std::uint64_t{0};
    return {p,
            plus_one,
            {ones, ones, ones, flags ? ones >> 2 : ones},
            {p[0], p[1], p[2], p[3] + 1},
            {0, 0, p[2] + 1, p[3]}};
}
}  // namespace

TEST_CASE("Encodings: points there and back, both signs")
{
    Random random(121);
    round_trip<Bytes32>(G1{});
    round_trip<Bytes64>(G2{});
    round_trip<Bytes32>(g1_generator);
    round_trip<Bytes64>(g2_generator);
    for (int i = 0; i < 20; ++i)
    {
        round_trip<Bytes32>(random.g1());
        round_trip<Bytes64>(random.g2());
        round_trip<Bytes64>(random.twist());
    }
    Bytes32 bytes;
    encode(g1_generator, bytes.data());
    CHECK(to_hex(bytes) == "01" + std::string(62, '0'));
    Bytes64 g2_bytes_out;
    encode(g2_generator, g2_bytes_out.data());
    CHECK(to_hex(g2_bytes_out) ==
          "edf692d95cbdde46ddda5ef7d422436779445c5e66006a42761e1f12efde0018"
          "c212f3aeb785e49712e7a9353349aaf1255dfb31b7bf60723a480d9293938e19");
}

TEST_CASE("Encodings: points of the twist whose y has only one coordinate")
{
    // x^3 = y^2 - b for y = 4, 16, 2i, 5i: where the order of y and -y rests on one of the two.
    const struct
    {
        const char *x0, *x1;
        std::uint64_t y0, y1;
    } points[] = {{"0x2546ace32139a7a3c69640d9df58e150b88a42c976cafdef331b58675f396376",
                   "0x2994b43083ae5696b5cceb1ac5215caea04df0465b26971adc5ce02d0eb9cf1e", 4, 0},
                  {"0x1840d88693a53c3585c06c1163cfc861408c648f5627f5ebbeec590229b867f3",
                   "0x0b2c5e5366f5d35669aafb2a52198d3602c19ca6785a84f0f4e8329f47928719", 16, 0},
                  {"0x05309926872e532308ff27375d6ab56165ba787bf6a6db56ef29e22f3092a501",
                   "0x1fdccb18589cadaff19b2cf476c55d835875e93a93ab6ed72f1edf8732f3a2e2", 0, 2},
                  {"0x134412ea71e8cf6a56658023231e33a6b9b15e150414eb90983e25c5a84cdaea",
                   "0x273a17210006293469388a9e8cf2bcda5b2e853b872bb4d036877749f7397fb9", 0, 5}};
    for (const auto& point : points)
    {
        const G2 p = G2::from({element<Fq>(point.x0), element<Fq>(point.x1)},
                              {Fq::from_u64(point.y0), Fq::from_u64(point.y1)});
        REQUIRE(on_curve(p, g2_b));
        Bytes64 bytes;
        encode(p, bytes.data());
        CHECK(bytes[63] >> 7 == 0);  // a small y is the smaller one
        encode(-p, bytes.data());
        CHECK(bytes[63] >> 7 == 1);
        round_trip<Bytes64>(p);
        round_trip<Bytes64>(-p);
    }
}

TEST_CASE("Encodings: G1 refuses every other form")
{
    G1 out;
    for (const Limbs<4>& x : not_canonical(true))
        for (const int flags : {0x00, 0x80, 0x40})
        {
            Bytes32 bytes{};
            put(bytes.data(), x);
            bytes[31] = static_cast<std::uint8_t>(bytes[31] | flags);
            CHECK(decode(bytes, out) == Reason::field_not_canonical);
        }
    Bytes32 bytes{};
    for (std::size_t byte = 0; byte < 32; ++byte)
    {
        bytes = {};
        bytes[31] = 0x40;
        CHECK(decode(bytes, out) == Reason::none);
        CHECK(out.infinity);
        bytes[byte] |= 1;
        CHECK(decode(bytes, out) == Reason::infinity_with_coordinate);
    }
    bytes = {};
    bytes[31] = 0xc0;
    CHECK(decode(bytes, out) == Reason::illegal_point_flags);
    // x is on the curve or not as Euler's criterion says.
    Limbs<4> half = Fq::modulus;
    for (std::size_t i = 0; i < 4; ++i)
        half[i] = (half[i] >> 1) | (i < 3 ? half[i + 1] << 63 : 0);
    int refused = 0;
    for (std::uint64_t x = 0; x < 60; ++x)
    {
        bytes = {};
        bytes[0] = static_cast<std::uint8_t>(x);
        const Fq f = Fq::from_u64(x);
        const bool square = (f * f * f + Fq::from_u64(3)).pow(half) == Fq::one();
        CHECK(decode(bytes, out) == (square ? Reason::none : Reason::not_on_curve));
        refused += square ? 0 : 1;
    }
    CHECK(refused > 10);
}

TEST_CASE("Encodings: G2 refuses every other form")
{
    Random random(122);
    G2 out;
    for (std::size_t half = 0; half < 2; ++half)
        for (const Limbs<4>& x : not_canonical(half == 1))
            for (const int flags : {0x00, 0x80, 0x40})
            {
                Bytes64 bytes{};
                encode(random.g2(), bytes.data());
                put(bytes.data() + 32 * half, x);
                bytes[63] = static_cast<std::uint8_t>((bytes[63] & 0x3f) | flags);
                CHECK(decode(bytes, out) == Reason::field_not_canonical);
            }
    for (std::size_t byte = 0; byte < 64; ++byte)
    {
        Bytes64 bytes{};
        bytes[63] = 0x40;
        CHECK(decode(bytes, out) == Reason::none);
        CHECK(out.infinity);
        bytes[byte] |= 1;
        CHECK(decode(bytes, out) == Reason::infinity_with_coordinate);
    }
    // Flags of the first coordinate are no flags, they make it too large.
    for (const int flags : {0x80, 0x40, 0xc0})
    {
        Bytes64 bytes{};
        encode(g2_generator, bytes.data());
        bytes[31] = static_cast<std::uint8_t>(bytes[31] | flags);
        CHECK(decode(bytes, out) == Reason::field_not_canonical);
    }
    int refused = 0;
    for (int i = 0; i < 40; ++i)
    {
        const Fq2 x = random.fq2();
        const Fq2 g = x * x * x + g2_b;
        Fq root;
        const bool square = (g.c0 * g.c0 + g.c1 * g.c1).sqrt(root);
        Bytes64 bytes{};
        x.c0.to_bytes_le(bytes.data());
        x.c1.to_bytes_le(bytes.data() + 32);
        CHECK(decode(bytes, out) == (square ? Reason::none : Reason::not_on_curve));
        refused += square ? 0 : 1;
    }
    CHECK(refused > 5);
}

TEST_CASE("Encodings: GT coordinates in order, each canonical")
{
    Random random(123);
    const Fq12 x = random.fq12();
    std::array<std::uint8_t, gt_bytes> bytes{};
    encode(x, bytes.data());
    Fq12 out;
    REQUIRE(decode_fq12(bytes.data(), out) == Reason::none);
    CHECK(out == x);
    const Fq coefficients[12] = {x.c0.c0.c0, x.c0.c0.c1, x.c0.c1.c0, x.c0.c1.c1,
                                 x.c0.c2.c0, x.c0.c2.c1, x.c1.c0.c0, x.c1.c0.c1,
                                 x.c1.c1.c0, x.c1.c1.c1, x.c1.c2.c0, x.c1.c2.c1};
    for (std::size_t i = 0; i < 12; ++i)
    {
        Fq f;
        REQUIRE(Fq::from_bytes_le(bytes.data() + 32 * i, f));
        CHECK(f == coefficients[i]);
        for (const Limbs<4>& bad : not_canonical(false))
        {
            auto changed = bytes;
            put(changed.data() + 32 * i, bad);
            CHECK(decode_fq12(changed.data(), out) == Reason::field_not_canonical);
        }
    }
}
