// Hash to curve beyond the published vectors of BN254: the expansion against [RFC9380]'s own numbers
// and a second implementation, the map against the steps of the RFC on ordinary and exceptional
// inputs, and the clearing of the cofactor.
#include "curve/hash_to_curve.hpp"

#include "curve_support.hpp"
#include "hash/sha256.hpp"

using namespace curve_test;
using namespace mote::curve;
using mote::Bytes;

namespace
{
ByteVector bytes_of(const std::string& s) { return {s.begin(), s.end()}; }

ByteVector expand(const ByteVector& message, const ByteVector& dst, std::size_t count)
{
    ByteVector out(count + 8, 0xa5);
    expand_message_xmd(message, dst, mote::MutableBytes(out).first(count));
    CHECK(std::all_of(out.end() - 8, out.end(), [](std::uint8_t b) { return b == 0xa5; }));
    out.resize(count);
    return out;
}

ByteVector sha256(const ByteVector& message)
{
    const auto digest = mote::hash::sha256(message);
    return {digest.begin(), digest.end()};
}

void append(ByteVector& to, const ByteVector& more)
{
    to.insert(to.end(), more.begin(), more.end());
}

/// Section 5.3.1 line by line, over strings that are joined before they are hashed.
ByteVector expand_plain(const ByteVector& message, ByteVector dst, std::size_t count)
{
    if (dst.size() > 255)
    {
        ByteVector tagged = bytes_of("H2C-OVERSIZE-DST-");
        append(tagged, dst);
        dst = sha256(tagged);
    }
    dst.push_back(static_cast<std::uint8_t>(dst.size()));
    ByteVector first(64);
    append(first, message);
    first.push_back(static_cast<std::uint8_t>(count / 256));
    first.push_back(static_cast<std::uint8_t>(count % 256));
    first.push_back(0);
    append(first, dst);
    const ByteVector b0 = sha256(first);
    ByteVector out, b(32);
    for (unsigned i = 1; out.size() < count; ++i)
    {
        ByteVector next;
        for (std::size_t k = 0; k < 32; ++k)
            next.push_back(b0[k] ^ b[k]);
        next.push_back(static_cast<std::uint8_t>(i));
        append(next, dst);
        b = sha256(next);
        append(out, b);
    }
    out.resize(count);
    return out;
}

bool is_square(const Fq& x)
{
    Limbs<4> half = Fq::modulus;
    for (std::size_t i = 0; i < 4; ++i)
        half[i] = (half[i] >> 1) | (i < 3 ? half[i + 1] << 63 : 0);
    return x.is_zero() || x.pow(half) == Fq::one();
}
bool is_square(const Fq2& x) { return is_square(x.c0 * x.c0 + x.c1 * x.c1); }

bool sgn0(const Fq& x) { return x.to_integer()[0] % 2 == 1; }
bool sgn0(const Fq2& x)
{
    const bool sign_0 = sgn0(x.c0), zero_0 = x.c0.is_zero(), sign_1 = sgn0(x.c1);
    return sign_0 || (zero_0 && sign_1);
}

/// Section 6.6.1, its ten steps, with A = 0 and Z = 1. `which` tells the candidate taken.
template <class F>
Affine<F> map_plain(const F& u, const F& b, std::size_t& which)
{
    const auto g = [&](const F& x) { return x * x * x + b; };
    const F z = F::one(), three_zz = z * z + z * z + z * z;
    const F c1 = g(z), c2 = -(z * (F::one() + F::one()).inverse());
    F c3;
    REQUIRE((-(g(z) * three_zz)).sqrt(c3));
    if (sgn0(c3))
        c3 = -c3;
    const F c4 = -((g(z) + g(z) + g(z) + g(z)) * three_zz.inverse());
    F tv1 = u * u * c1;
    const F tv2 = F::one() + tv1;
    tv1 = F::one() - tv1;
    const F tv3 = (tv1 * tv2).inverse();
    const F tv4 = u * tv1 * tv3 * c3;
    const F x1 = c2 - tv4, x2 = c2 + tv4, tv5 = tv2 * tv2 * tv3, x3 = c4 * (tv5 * tv5) + z;
    which = is_square(g(x1)) ? 0 : is_square(g(x2)) ? 1 : 2;
    const F x = which == 0 ? x1 : which == 1 ? x2 : x3;
    F y;
    REQUIRE(g(x).sqrt(y));
    return Affine<F>::from(x, sgn0(u) == sgn0(y) ? y : -y);
}

template <class F>
void check_map(const std::vector<F>& inputs, const F& b)
{
    int taken[3] = {};
    for (const F& u : inputs)
    {
        const Affine<F> p = map_to_curve(u);
        REQUIRE_FALSE(p.infinity);
        CHECK(on_curve(p, b));
        std::size_t which = 3;
        CHECK(p == map_plain(u, b, which));
        CHECK(sgn0(u) == sgn0(p.y));
        ++taken[which];
    }
    for (const int count : taken)
        CHECK(count > 3);
}

/// The inputs where 1 - t or 1 + t is zero, t = u^2 g(Z), if there are any.
template <class F>
std::vector<F> exceptional(const F& b)
{
    std::vector<F> out;
    const F inverse = (F::one() + b).inverse();
    for (const F& uu : {inverse, -inverse})
    {
        F u;
        if (!uu.sqrt(u))
            continue;
        out.push_back(u);
        out.push_back(-u);
    }
    return out;
}

constexpr const char* long_dst_head = "QUUX-V01-CS02-with-expander-SHA256-128-long-DST-";
}  // namespace

TEST_CASE("Expansion: the numbers of RFC 9380, appendix K.1 and K.2")
{
    const ByteVector dst = bytes_of("QUUX-V01-CS02-with-expander-SHA256-128");
    const ByteVector long_dst = bytes_of(long_dst_head + std::string(208, '1'));
    REQUIRE(long_dst.size() == 256);
    const struct
    {
        std::string message;
        std::size_t count;
        const char *short_tag, *long_tag;  ///< the first 32 bytes
    } cases[] = {
        {"", 32, "68a985b87eb6b46952128911f2a4412bbc302a9d759667f87f7a21d803f07235",
         "e8dc0c8b686b7ef2074086fbdd2f30e3f8bfbd3bdf177f73f04b97ce618a3ed3"},
        {"abc", 32, "d8ccab23b5985ccea865c6c97b6e5b8350e794e603b4b97902f53a8a0d605615",
         "52dbf4f36cf560fca57dedec2ad924ee9c266341d8f3d6afe5171733b16bbb12"},
        {"abcdef0123456789", 32, "eff31487c770a893cfb36f912fbfcbff40d5661771ca4b2cb4eafe524333f5c1",
         "35387dcf22618f3728e6c686490f8b431f76550b0b2c61cbc1ce7001536f4521"},
        {"q128_" + std::string(128, 'q'), 32,
         "b23a1d2b4d97b2ef7785562a7e8bac7eed54ed6e97e29aa51bfe3f12ddad1ff9",
         "01b637612bb18e840028be900a833a74414140dde0c4754c198532c3a0ba42bc"},
        {"a512_" + std::string(512, 'a'), 32,
         "4623227bcc01293b8c130bf771da8c298dede7383243dc0993d2d94823958c4c",
         "20cce7033cabc5460743180be6fa8aac5a103f56d481cf369a8accc0c374431b"},
        {"", 128, "af84c27ccfd45d41914fdff5df25293e221afc53d8ad2ac06d5e3e29485dadbe",
         "14604d85432c68b757e485c8894db3117992fc57e0e136f71ad987f789a0abc2"},
        {"abc", 128, "abba86a6129e366fc877aab32fc4ffc70120d8996c88aee2fe4b32d6c7b6437a",
         "1a30a5e36fbdb87077552b9d18b9f0aee16e80181d5b951d0471d55b66684914"},
    };
    for (const auto& c : cases)
    {
        ByteVector out = expand(bytes_of(c.message), dst, c.count);
        out.resize(32);
        CHECK(to_hex(out) == c.short_tag);
        out = expand(bytes_of(c.message), long_dst, c.count);
        out.resize(32);
        CHECK(to_hex(out) == c.long_tag);
    }
}

TEST_CASE("Expansion: every length of tag, message and output follows the RFC's text")
{
    ByteVector pattern(1200);
    for (std::size_t i = 0; i < pattern.size(); ++i)
        pattern[i] = static_cast<std::uint8_t>(i % 251);
    const auto first = [&](std::size_t n)
    { return ByteVector(pattern.begin(), pattern.begin() + static_cast<std::ptrdiff_t>(n)); };
    for (const std::size_t tag : {1U, 2U, 31U, 32U, 64U, 254U, 255U, 256U, 257U, 1000U})
        for (const std::size_t message : {0U, 1U, 55U, 56U, 63U, 64U, 65U, 1200U})
            for (const std::size_t count : {0U, 1U, 31U, 32U, 33U, 48U, 96U, 192U, 255U, 256U})
                CHECK(expand(first(message), first(tag), count) ==
                      expand_plain(first(message), first(tag), count));
    CHECK(expand_bytes_max == 8160);
    CHECK(expand(first(3), first(4), expand_bytes_max) ==
          expand_plain(first(3), first(4), expand_bytes_max));
    // The length is hashed: a shorter output is not the beginning of a longer one.
    ByteVector longer = expand(first(3), first(4), 64);
    longer.resize(32);
    CHECK_FALSE(longer == expand(first(3), first(4), 32));
}

TEST_CASE("Field elements are 48 big-endian bytes each, modulo p")
{
    const ByteVector message = bytes_of("message"), dst = bytes_of("tag");
    const auto reduced = [](const ByteVector& bytes, std::size_t at)
    {
        Fq x;
        for (std::size_t i = 0; i < 48; ++i)
            x = x * Fq::from_u64(256) + Fq::from_u64(bytes[at + i]);
        return x;
    };
    Fq u[2];
    for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{2}})
    {
        hash_to_field(message, dst, std::span<Fq>(u, count));
        const ByteVector bytes = expand_plain(message, dst, 48 * count);
        for (std::size_t i = 0; i < count; ++i)
            CHECK(u[i] == reduced(bytes, 48 * i));
    }
    Fq2 v[2];
    for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{2}})
    {
        hash_to_field(message, dst, std::span<Fq2>(v, count));
        const ByteVector bytes = expand_plain(message, dst, 96 * count);
        for (std::size_t i = 0; i < count; ++i)
            CHECK(v[i] == Fq2{reduced(bytes, 96 * i), reduced(bytes, 96 * i + 48)});
    }
}

TEST_CASE("The map to G1 takes the RFC's steps, everywhere")
{
    Random random(151);
    std::vector<Fq> inputs = exceptional(g1_b);
    CHECK(inputs.size() == 2);  // 1 / g(1) = 1/4 is a square, -1/4 is none
    for (const std::uint64_t x : {0U, 1U, 2U, 3U, 4U})
    {
        inputs.push_back(Fq::from_u64(x));
        inputs.push_back(-Fq::from_u64(x));
    }
    for (int i = 0; i < 60; ++i)
        inputs.push_back(random.fq());
    check_map(inputs, g1_b);
    // Where the denominator vanishes, both candidates are -1/2, and g(-1/2) decides.
    for (const Fq& u : exceptional(g1_b))
        CHECK((map_to_curve(u).x == -Fq::one().half() || map_to_curve(u).x == Fq::one()));
}

TEST_CASE("The map to the twist takes the RFC's steps, everywhere")
{
    Random random(152);
    std::vector<Fq2> inputs = exceptional(g2_b);
    CHECK((inputs.size() == 0 || inputs.size() == 4));  // -1 is a square in Fq2
    for (const std::uint64_t x : {0U, 1U, 2U})
        for (const std::uint64_t y : {0U, 1U, 2U})
        {
            inputs.push_back({Fq::from_u64(x), Fq::from_u64(y)});
            inputs.push_back({-Fq::from_u64(x), Fq::from_u64(y)});
        }
    for (int i = 0; i < 40; ++i)
        inputs.push_back(random.fq2());
    for (int i = 0; i < 10; ++i)
    {
        inputs.push_back({Fq::zero(), random.fq()});  // the sign comes from the second coordinate
        inputs.push_back({random.fq(), Fq::zero()});
    }
    check_map(inputs, g2_b);
}

TEST_CASE("Clearing the cofactor: a homomorphism into G2, and one to one on G2")
{
    Random random(153);
    const Fr u = Fr::from_u64(mote::field::bn254_u), p = reduce_r(Fq::modulus);
    const Fr factor = u + p * (u + u + u + p * (u + p));
    REQUIRE_FALSE(factor.is_zero());
    CHECK(clear_cofactor({}).is_infinity());
    for (int i = 0; i < 10; ++i)
    {
        const G2 a = random.twist(), b = random.twist();
        const G2Jacobian cleared = clear_cofactor(a);
        CHECK_FALSE(cleared.is_infinity());
        CHECK(multiply_vartime(cleared.to_affine(), Fr::modulus).is_infinity());
        CHECK(in_subgroup(cleared.to_affine()));
        CHECK(clear_cofactor((G2Jacobian(a) + b).to_affine()) == cleared + clear_cofactor(b));
        CHECK(clear_cofactor(multiply_vartime(a, Fr::modulus).to_affine()).is_infinity());
        const G2 q = random.g2();
        CHECK(clear_cofactor(q) == multiply_vartime(q, factor.to_integer()));
    }
}

TEST_CASE("The four functions are put together as the RFC says")
{
    const ByteVector dst = bytes_of("a tag"), other_dst = bytes_of("a tab");
    for (const std::string text : {"", "a", "another message"})
    {
        const ByteVector message = bytes_of(text);
        Fq u[2];
        hash_to_field(message, dst, std::span<Fq>(u));
        const G1 p = hash_to_g1(message, dst);
        CHECK(p == (G1Jacobian(map_to_curve(u[0])) + map_to_curve(u[1])).to_affine());
        hash_to_field(message, dst, std::span<Fq>(u, 1));
        CHECK(encode_to_g1(message, dst) == map_to_curve(u[0]));
        Fq2 v[2];
        hash_to_field(message, dst, std::span<Fq2>(v));
        const G2 q = hash_to_g2(message, dst);
        CHECK(in_subgroup(q));
        CHECK(
            q ==
            (clear_cofactor(map_to_curve(v[0])) + clear_cofactor(map_to_curve(v[1]))).to_affine());
        hash_to_field(message, dst, std::span<Fq2>(v, 1));
        CHECK(encode_to_g2(message, dst) == clear_cofactor(map_to_curve(v[0])).to_affine());
        CHECK(in_subgroup(encode_to_g2(message, dst)));
        CHECK_FALSE(hash_to_g1(message, other_dst) == p);
        CHECK_FALSE(hash_to_g2(message, other_dst) == q);
    }
}
