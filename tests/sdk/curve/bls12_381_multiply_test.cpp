#include "curve/bls12_381_multiply.hpp"
#include "base/secret.hpp"
#include "bls12_381_support.hpp"
#include "curve/complete.hpp"

using namespace bls_test;

namespace
{
std::vector<Limbs<4>> interesting_scalars()
{
    const Limbs<4> r = Fr::modulus;
    std::vector<Limbs<4>> all = {Limbs<4>{1}, Limbs<4>{2}, Limbs<4>{3}, Limbs<4>{15}, Limbs<4>{16}};
    const std::uint64_t x = mote::field::bls12_381_x;
    for (const std::uint64_t near : {x - 1, x, x + 1, ~std::uint64_t{0}})
        all.push_back(Limbs<4>{near});
    for (std::size_t i = 0; i < 4; ++i)
    {
        Limbs<4> k{};
        k[i] = std::uint64_t{1} << (i == 3 ? 62 : 63);
        all.push_back(k);
    }
    for (std::uint64_t below = 1; below <= 3; ++below)
    {
        Limbs<4> k = r;
        mote::field::sub_from(k, Limbs<4>{below});
        all.push_back(k);
    }
    // Powers of |x| and their neighbours, where the digits carry.
    Fr power = Fr::one();
    for (int i = 0; i < 3; ++i)
    {
        power *= Fr::from_u64(x);
        all.push_back(power.to_integer());
        all.push_back((power - Fr::one()).to_integer());
        all.push_back((power + Fr::one()).to_integer());
    }
    // Small multiples of the sums in the table of multiply_secret: where the last additions meet.
    for (unsigned bits = 0; bits < 8; ++bits)
    {
        Fr entry = Fr::one(), digit = Fr::one();
        for (unsigned k = 0; k < 3; ++k)
        {
            digit *= Fr::from_u64(x);
            if (((bits >> k) & 1) != 0)
                entry += digit;
        }
        Fr multiple = entry;
        for (int i = 0; i < 9; ++i, multiple += entry)
        {
            all.push_back(multiple.to_integer());
            all.push_back((-multiple).to_integer());
        }
    }
    Random random(41);
    for (int i = 0; i < 12; ++i)
        all.push_back(random.scalar());
    return all;
}

struct G1Curve
{
    using F = Fq;
    static F times_3b(const F& x) { return x * Fq::from_u64(12); }
};
struct G2Curve
{
    using F = Fq2;
    static F times_3b(const F& x) { return x * Fq2{Fq::from_u64(12), Fq::from_u64(12)}; }
};

template <class Curve, class Point>
void check_complete(const std::vector<Point>& points)
{
    using P = mote::curve::Projective<Curve>;
    using J = mote::curve::Jacobian<typename Curve::F>;
    const auto project = [](const Point& p) { return p.infinity ? P{} : P::from(p); };
    for (const Point& p : points)
    {
        CHECK(project(p).to_affine() == p);
        CHECK(project(p).twice().to_affine() == J{p}.twice().to_affine());
        for (const Point& q : points)
        {
            CHECK((project(p) + project(q)).to_affine() == (J{p} + q).to_affine());
            // With other Z coordinates: doubled points.
            CHECK((project(p).twice() + project(q)).to_affine() == (J{p}.twice() + q).to_affine());
        }
    }
}
}  // namespace

TEST_CASE("Secret helpers: masks, selection, wiping")
{
    for (const std::uint32_t a : {0u, 1u, 15u, 0x7fffffffu, 0x80000000u, 0xffffffffu})
        for (const std::uint32_t b : {0u, 1u, 15u, 0x7fffffffu, 0x80000000u, 0xffffffffu})
            CHECK(mote::equal_mask(a, b) == (a == b ? 0xffffffffu : 0u));
    const std::uint64_t table[5] = {11, 22, 33, 44, 55};
    for (std::uint32_t i = 0; i < 5; ++i)
        CHECK(mote::select(table, i) == table[i]);
    std::uint8_t secret[37];
    for (std::uint8_t& byte : secret)
        byte = 0x5a;
    mote::wipe(secret);
    for (const std::uint8_t byte : secret)
        CHECK(byte == 0);
}

TEST_CASE("Complete formulas agree with Jacobian ones in every case")
{
    Random random(42);
    const G1 p = random.g1();
    check_complete<G1Curve>(std::vector<G1>{G1{}, p, -p, random.g1(), g1_generator,
                                            random.g1_on_curve(),
                                            (G1Jacobian{p}.twice()).to_affine()});
    const G2 q = random.g2();
    check_complete<G2Curve>(std::vector<G2>{G2{}, q, -q, random.g2(), g2_generator,
                                            random.g2_on_curve(),
                                            (G2Jacobian{q}.twice()).to_affine()});
}

TEST_CASE("Secret multiples agree with double and add")
{
    Random random(43);
    const G2 q = random.g2();
    for (const Limbs<4>& k : interesting_scalars())
    {
        CHECK(multiply_generator_secret(k) == multiply_vartime(g1_generator, k).to_affine());
        CHECK(multiply_secret(q, k) == multiply_vartime(q, k).to_affine());
    }
    CHECK(multiply_generator_secret(Limbs<4>{}).infinity);
    CHECK(multiply_secret(q, Limbs<4>{}).infinity);
}

TEST_CASE("Sums of points: every count, repeats, opposites, infinity, weights")
{
    Random random(44);
    std::vector<G1> pool;
    for (int i = 0; i < 40; ++i)
        pool.push_back(random.g1());
    pool.push_back(G1{});
    pool.push_back(-pool[0]);
    pool.push_back(-pool[1]);
    ByteVector memory(sum_scratch_bytes() + mote::Arena::alignment);
    const auto aligned = reinterpret_cast<std::uintptr_t>(memory.data()) % mote::Arena::alignment;
    std::uint8_t* const start = memory.data() + (mote::Arena::alignment - aligned);
    for (const std::size_t count :
         {0u, 1u, 2u, 3u, 15u, 16u, 17u, 33u, 255u, 256u, 257u, 511u, 512u, 513u, 700u})
        for (int kind = 0; kind < 3; ++kind)
        {
            std::vector<G1> points;
            std::vector<std::uint16_t> weights;
            G1Jacobian expected, expected_weighted;
            for (std::size_t i = 0; i < count; ++i)
            {
                // Random ones; few that repeat; one and its opposite in turn.
                points.push_back(kind == 0   ? pool[random() % pool.size()]
                                 : kind == 1 ? pool[random() % 2]
                                             : (i % 2 == 0 ? pool[0] : -pool[0]));
                weights.push_back(
                    static_cast<std::uint16_t>(random() % 3 == 0 ? random() % 2048 : random() % 2));
                expected += points.back();
                expected_weighted += multiply_vartime(points.back(), Limbs<1>{weights.back()});
            }
            INFO(count << " points of kind " << kind);
            mote::Arena arena(start, sum_scratch_bytes());
            G1 out = g1_generator;
            REQUIRE(sum(points.data(), nullptr, count, arena, out) == mote::Status::ok);
            CHECK(out == expected.to_affine());
            REQUIRE(sum(points.data(), weights.data(), count, arena, out) == mote::Status::ok);
            CHECK(out == expected_weighted.to_affine());
            CHECK(arena.used() == 0);
        }
    mote::Arena small(start, sum_scratch_bytes() - 1);
    G1 out = g1_generator;
    CHECK(sum(pool.data(), nullptr, 3, small, out) == mote::Status::memory_too_small);
    CHECK(out == g1_generator);
    const std::uint16_t largest[2] = {0xffff, 1};
    mote::Arena arena(start, sum_scratch_bytes());
    REQUIRE(sum(pool.data(), largest, 2, arena, out) == mote::Status::ok);
    CHECK(out == (multiply_vartime(pool[0], Limbs<1>{0xffff}) + pool[1]).to_affine());
}
