// Both backends, whichever this build uses, against each other and against the model.
#include "field/bls12_381_params.hpp"
#include "field/prime_field.hpp"
#include "field_support.hpp"
#include "tools/effort.hpp"

#include <utility>

using namespace field_test;
using mote::field::Bls12_381Fq;
using mote::field::Bls12_381Fr;
using mote::field::Bn254Fq;
using mote::field::Bn254Fr;
using mote::field::PrimeField;
using mote::field::Saturated;
using mote::field::Unsaturated;

namespace
{
/// Of the pairs of edge values emulators get each seventh, others in each row.
bool is_tried(std::size_t row, std::size_t column)
{
    return !mote::test::emulated || (row + column) % 7 == 0;
}

constexpr int walk_steps = mote::test::emulated ? 600 : 3000;

/// How a test looks inside a backend: raw representations as integers below `bound`.
template <class B>
struct Raw;

template <class Params>
struct Raw<Saturated<Params>>
{
    using Integer = typename Model<Params>::Integer;
    static Integer bound() { return Params::modulus; }
    static Integer make(const Integer& x) { return x; }
    static Integer read(const Integer& x) { return x; }
};

template <class Params>
struct Raw<Unsaturated<Params>>
{
    using Integer = typename Model<Params>::Integer;
    using Repr = typename Unsaturated<Params>::Repr;
    static Integer bound() { return Unsaturated<Params>::value_bound; }
    static Repr make(const Integer& x) { return Unsaturated<Params>::spread(x); }
    static Integer read(const Repr& x)
    {
        for (const std::uint32_t limb : x)
            REQUIRE(limb <= Unsaturated<Params>::mask);
        return Unsaturated<Params>::gather(x);
    }
};

template <class Params, class B>
struct BackendCheck
{
    using M = Model<Params>;
    using Integer = typename M::Integer;
    using R = Raw<B>;
    // A modulus with one spare bit only multiplies (Saturated::dot).
    static constexpr bool sums = Params::bits + 2 <= 64 * Params::limbs;
    using Repr = typename B::Repr;

    const Integer bound = R::bound();
    const Integer radix = M::power_of_two(B::radix_bits);

    void same(const Repr& result, const Integer& expected) const
    {
        const Integer x = R::read(result);
        CHECK(M::below(x, bound));
        CHECK(M::reduce(x) == expected);
    }

    /// dot with a[i] of `a` and b[i] of `b`: result * R = sum of products.
    template <std::size_t Count>
    void dot(const std::vector<Integer>& a, const std::vector<Integer>& b) const
    {
        Repr x[Count], y[Count];
        const Repr *px[Count], *py[Count];
        Integer sum{};
        for (std::size_t i = 0; i < Count; ++i)
        {
            x[i] = R::make(a[i]);
            y[i] = R::make(b[i]);
            px[i] = &x[i];
            py[i] = &y[i];
            sum = M::add(sum, M::mul(M::reduce(a[i]), b[i]));
        }
        const Integer result = R::read(B::template dot<Count>(px, py));
        CHECK(M::below(result, bound));
        CHECK(M::mul(M::reduce(result), radix) == sum);
    }
    void dots(const std::vector<Integer>& a, const std::vector<Integer>& b) const
    {
        dot<1>(a, b);
        if constexpr (sums)
        {
            dot<2>(a, b);
            dot<3>(a, b);
            dot<4>(a, b);
            dot<5>(a, b);
            dot<6>(a, b);
        }
    }

    void pair(const Integer& a, const Integer& b) const
    {
        const Repr x = R::make(a), y = R::make(b);
        same(B::add(x, y), M::add(M::reduce(a), M::reduce(b)));
        same(B::sub(x, y), M::sub(M::reduce(a), M::reduce(b)));
        CHECK(B::equal(x, y) == (M::reduce(a) == M::reduce(b)));
        const Integer product = R::read(B::mul(x, y));
        CHECK(M::below(product, bound));
        CHECK(M::mul(M::reduce(product), radix) == M::mul(M::reduce(a), b));
    }

    void run() const
    {
        Random random(51);
        std::vector<Integer> values = edges<Params>(bound);
        REQUIRE(values.size() > 30);
        for (std::size_t i = 0; i < values.size(); ++i)
        {
            const Integer& a = values[i];
            for (std::size_t k = 0; k < values.size(); ++k)
                if (is_tried(i, k))
                    pair(a, values[k]);
            const Repr x = R::make(a);
            CHECK(M::mul(B::to_integer(x), radix) == M::reduce(a));
            CHECK(M::below(B::to_integer(x), M::p));
            const Integer reduced = M::reduce(a);
            CHECK(B::to_integer(B::from_integer(reduced)) == reduced);
            if constexpr (Params::limbs == 4)
                CHECK(M::mul(B::to_integer(B::from_montgomery_256(reduced)),
                             M::power_of_two(256)) == reduced);
        }
        for (int i = 0; i < 200; ++i)
            pair(M::reduce(random.integer<Params::limbs>()),
                 M::reduce(random.integer<Params::limbs>()));

        const Integer largest = M::minus(bound, Integer{1});
        dots(std::vector<Integer>(6, largest), std::vector<Integer>(6, largest));
        dots(std::vector<Integer>(6, Integer{}), std::vector<Integer>(6, largest));
        for (int i = 0; i < 60; ++i)
        {
            std::vector<Integer> a, b;
            for (int k = 0; k < 6; ++k)
            {
                a.push_back(values[random() % values.size()]);
                b.push_back(random() % 4 == 0 ? M::reduce(random.integer<Params::limbs>())
                                              : values[random() % values.size()]);
            }
            dots(a, b);
        }
    }
};

/// Registers of three implementations that walk together.
template <class Params>
void walk(std::uint64_t seed, int steps)
{
    using M = Model<Params>;
    using Value = typename M::Integer;
    using S = PrimeField<Params, Saturated>;
    using U = PrimeField<Params, Unsaturated>;
    constexpr std::size_t registers = 6;
    Random random(seed);
    S s[registers];
    U u[registers];
    Value m[registers];
    const auto start = edges<Params>(M::p);
    for (std::size_t i = 0; i < registers; ++i)
    {
        m[i] = start[random() % start.size()];
        s[i] = S::from_integer(m[i]);
        u[i] = U::from_integer(m[i]);
    }
    for (int step = 0; step < steps; ++step)
    {
        const std::size_t a = random() % registers, b = random() % registers,
                          to = random() % registers;
        switch (random() % 9)
        {
            case 0:
            case 1:
                s[to] = s[a] + s[b];
                u[to] = u[a] + u[b];
                m[to] = M::add(m[a], m[b]);
                break;
            case 2:
            case 3:
                s[to] = s[a] - s[b];
                u[to] = u[a] - u[b];
                m[to] = M::sub(m[a], m[b]);
                break;
            case 4:
                s[to] = -s[a];
                u[to] = -u[a];
                m[to] = M::sub(Value{}, m[a]);
                break;
            case 5:
                s[to] = s[a].half();
                u[to] = u[a].half();
                CHECK(M::add(s[to].to_integer(), s[to].to_integer()) == m[a]);
                m[to] = s[to].to_integer();
                break;
            case 6:
                s[to] = S::template times_minus<9>(s[a], s[b]);
                u[to] = U::template times_minus<9>(u[a], u[b]);
                m[to] = M::sub(M::mul(m[a], Value{9}), m[b]);
                break;
            case 7:
                m[to] = M::add(M::mul(m[a], m[b]), M::mul(m[b], m[b]));
                if constexpr (BackendCheck<Params, Saturated<Params>>::sums)
                    s[to] = S::template dot<2>({&s[a], &s[b]}, {&s[b], &s[b]});
                else
                    s[to] = s[a] * s[b] + s[b] * s[b];
                u[to] = U::template dot<2>({&u[a], &u[b]}, {&u[b], &u[b]});
                break;
            default:
                m[to] = M::mul(m[a], m[b]);
                s[to] = s[a] * s[b];
                u[to] = u[a] * u[b];
                break;
        }
        REQUIRE(s[to].to_integer() == m[to]);
        REQUIRE(u[to].to_integer() == m[to]);
        REQUIRE((s[to] == s[a]) == (m[to] == m[a]));
        REQUIRE((u[to] == u[a]) == (m[to] == m[a]));
        REQUIRE(u[to].is_zero() == (m[to] == Value{}));
    }
}

/// Sums alone, which is where lazy values grow.
template <class F>
void long_sums()
{
    using M = Model<typename F::Params>;
    using Value = typename M::Integer;
    const Value minus_one = M::minus(M::p, Value{1});
    F up = F::from_integer(minus_one), down, doubled = up;
    Value up_model = minus_one, down_model{}, doubled_model = minus_one;
    for (int i = 0; i < (mote::test::emulated ? 200 : 1000); ++i)
    {
        up += F::from_integer(minus_one);
        down -= F::from_integer(minus_one);
        doubled = doubled.twice();
        up_model = M::add(up_model, minus_one);
        down_model = M::sub(down_model, minus_one);
        doubled_model = M::add(doubled_model, doubled_model);
    }
    CHECK(up.to_integer() == up_model);
    CHECK(down.to_integer() == down_model);
    CHECK(doubled.to_integer() == doubled_model);
}
}  // namespace

TEST_CASE("Saturated backend against the model, at its bounds")
{
    BackendCheck<Bn254Fq, Saturated<Bn254Fq>>().run();
    BackendCheck<Bn254Fr, Saturated<Bn254Fr>>().run();
    BackendCheck<Bls12_381Fq, Saturated<Bls12_381Fq>>().run();
    BackendCheck<Bls12_381Fr, Saturated<Bls12_381Fr>>().run();
}

TEST_CASE("Unsaturated backend against the model, at its bounds")
{
    BackendCheck<Bn254Fq, Unsaturated<Bn254Fq>>().run();
    BackendCheck<Bn254Fr, Unsaturated<Bn254Fr>>().run();
    BackendCheck<Bls12_381Fq, Unsaturated<Bls12_381Fq>>().run();
    BackendCheck<Bls12_381Fr, Unsaturated<Bls12_381Fr>>().run();
}

TEST_CASE("Both backends walk with the model")
{
    walk<Bn254Fq>(61, walk_steps);
    walk<Bn254Fr>(62, walk_steps);
    walk<Bls12_381Fq>(63, walk_steps);
    walk<Bls12_381Fr>(64, walk_steps);
}

TEST_CASE("Long sums of both backends")
{
    long_sums<PrimeField<Bn254Fq, Saturated>>();
    long_sums<PrimeField<Bn254Fr, Saturated>>();
    long_sums<PrimeField<Bls12_381Fq, Saturated>>();
    long_sums<PrimeField<Bls12_381Fr, Saturated>>();
    long_sums<PrimeField<Bn254Fq, Unsaturated>>();
    long_sums<PrimeField<Bn254Fr, Unsaturated>>();
    long_sums<PrimeField<Bls12_381Fq, Unsaturated>>();
    long_sums<PrimeField<Bls12_381Fr, Unsaturated>>();
}
