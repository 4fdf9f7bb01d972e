// The 52-bit lanes over an emulated vector against the scalar field: what AVX-512 IFMA would compute,
// on any machine. tests/sdk/curve uses the real vector where the processor has it.
#include <catch2/catch.hpp>

#include "curve/gt_lanes.hpp"
#include "curve/torus.hpp"
#include "lanes_check.hpp"

#ifdef MOTE_FIELD_SATURATED
namespace
{
using mote::field::Fq;
using mote::field::Fq12;
using mote::field::Fq6;

/// The instructions of field/arch/vector_avx512.hpp, written out.
struct EmulatedVector
{
    static constexpr std::size_t lanes = 8;
    static constexpr std::uint64_t mask_52 = (std::uint64_t{1} << 52) - 1;
    struct Word
    {
        std::uint64_t v[lanes];
    };

    template <class F>
    static Word each(F f)
    {
        Word r{};
        for (std::size_t l = 0; l < lanes; ++l)
            r.v[l] = f(l);
        return r;
    }
    static Word splat(std::uint64_t x)
    {
        return each([&](std::size_t) { return x; });
    }
    static Word add(const Word& a, const Word& b)
    {
        return each([&](std::size_t l) { return a.v[l] + b.v[l]; });
    }
    static Word sub(const Word& a, const Word& b)
    {
        return each([&](std::size_t l) { return a.v[l] - b.v[l]; });
    }
    static Word bit_and(const Word& a, const Word& b)
    {
        return each([&](std::size_t l) { return a.v[l] & b.v[l]; });
    }
    template <unsigned Bits>
    static Word shift_right(const Word& a)
    {
        return each([&](std::size_t l) { return a.v[l] >> Bits; });
    }
    template <unsigned Bits>
    static Word shift_left(const Word& a)
    {
        return each([&](std::size_t l) { return a.v[l] << Bits; });
    }
    static Word multiply_32(const Word& a, const Word& b)
    {
        return each([&](std::size_t l) { return (a.v[l] & 0xffffffff) * (b.v[l] & 0xffffffff); });
    }
    static mote::field::Product product(std::uint64_t a, std::uint64_t b)
    {
        return mote::field::mul_wide(a & mask_52, b & mask_52);
    }
    static Word multiply_add_low(const Word& s, const Word& a, const Word& b)
    {
        return each([&](std::size_t l) { return s.v[l] + (product(a.v[l], b.v[l]).lo & mask_52); });
    }
    static Word multiply_add_high(const Word& s, const Word& a, const Word& b)
    {
        return each(
            [&](std::size_t l)
            {
                const auto p = product(a.v[l], b.v[l]);
                return s.v[l] + ((p.lo >> 52) | (p.hi << 12));
            });
    }
    static Word select(const Word& a, const Word& b, const bool (&choose)[lanes])
    {
        return each([&](std::size_t l) { return choose[l] ? b.v[l] : a.v[l]; });
    }
    static Word load(const std::uint64_t (&x)[lanes])
    {
        return each([&](std::size_t l) { return x[l]; });
    }
    static void store(std::uint64_t (&x)[lanes], const Word& a)
    {
        for (std::size_t l = 0; l < lanes; ++l)
            x[l] = a.v[l];
    }
};

using Lanes = mote::curve::Lanes52<EmulatedVector>;

template <class Params>
struct EmulatedTraits
{
    using L = mote::field::arch::Lanes52<Params, EmulatedVector>;
    using Repr = typename L::Repr;
    using F = typename L::Scalar;
    static constexpr std::size_t lanes = EmulatedVector::lanes;
    static constexpr unsigned limb_bits = 52, top_bits = 47;
    static constexpr std::size_t radix_bits = 260;

    static Repr spread(const field_test::Integer& x) { return L::spread(x); }
    static field_test::Integer gather(const Repr& x) { return L::gather(x); }
    static Repr narrow(const F& x) { return L::narrow(x); }
    static F widen(const Repr& x) { return L::widen(x); }
    static L make(const Repr (&x)[lanes])
    {
        L z;
        for (std::size_t i = 0; i < L::n; ++i)
            for (std::size_t l = 0; l < lanes; ++l)
                z.limb[i].v[l] = x[l][i];
        return z;
    }
    static void read(const L& x, std::uint64_t (&words)[L::n][lanes])
    {
        for (std::size_t i = 0; i < L::n; ++i)
            EmulatedVector::store(words[i], x.limb[i]);
    }
    static L negate_where(const L& x, const bool (&flags)[lanes]) { return x.negate_where(flags); }
};

template <class Params>
using Check = field_test::LanesCheck<Params, EmulatedTraits<Params>>;

class Random
{
  public:
    std::uint64_t operator()()
    {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        return state_ ^= state_ << 17;
    }
    Fq fq()
    {
        switch ((*this)() % 16)
        {
            case 0:
                return Fq::zero();
            case 1:
                return Fq::one();
            case 2:
                return -Fq::one();
            default:
                return Fq::from_integer({(*this)(), (*this)(), (*this)(), (*this)() >> 3});
        }
    }
    Fq12 fq12()
    {
        Fq12 x;
        Fq* const coefficients = &x.c0.c0.c0;
        for (std::size_t i = 0; i < 12; ++i)
            coefficients[i] = fq();
        return x;
    }

  private:
    std::uint64_t state_ = 88172645463325252;
};
}  // namespace

TEST_CASE("52-bit lanes compute what the scalar tower computes and keep their invariant")
{
    Random random;
    for (int round = 0; round < 100; ++round)
    {
        Fq12 a[Lanes::lanes], b[Lanes::lanes];
        Lanes::Packed pa[Lanes::lanes], pb[Lanes::lanes], pc[Lanes::lanes];
        const Lanes::Packed *from_a[Lanes::lanes], *from_b[Lanes::lanes];
        Lanes::Packed* to[Lanes::lanes];
        bool negative[Lanes::lanes];
        for (std::size_t l = 0; l < Lanes::lanes; ++l)
        {
            a[l] = random.fq12();
            b[l] = random.fq12();
            Lanes::pack(pa[l], a[l]);
            Lanes::pack(pb[l], b[l]);
            from_a[l] = &pa[l];
            from_b[l] = &pb[l];
            to[l] = &pc[l];
            negative[l] = (random() & 1) != 0;
        }
        const Fq6 half = random.fq12().c0;
        Lanes::PackedHalf packed_half;
        Lanes::pack(packed_half, half);

        const auto wide_a = Lanes::load(from_a), wide_b = Lanes::load(from_b);
        const auto square = (wide_a * wide_b * wide_a).cyclotomic_square();
        const auto monic =
            mote::curve::multiply_by_monic(square, Lanes::load_same(packed_half, negative));
        Lanes::store(to, monic.template frobenius<1>() * monic.template frobenius<2>());

        for (std::size_t l = 0; l < Lanes::lanes; ++l)
        {
            const Fq12 expected_square = (a[l] * b[l] * a[l]).cyclotomic_square();
            const Fq12 expected_monic =
                mote::curve::multiply_by_monic(expected_square, negative[l] ? -half : half);
            Fq12 result;
            Lanes::unpack(result, pc[l]);
            CHECK(result == expected_monic.frobenius<1>() * expected_monic.frobenius<2>());
            for (std::size_t i = 0; i < 60; ++i)
                CHECK(pc[l].limb[i] >> (i % 5 == 4 ? 47 : 52) == 0);
        }
    }
}

TEST_CASE("52-bit lanes against the model, at their bounds")
{
    Check<mote::field::Bn254Fq>().run(75);
    Check<mote::field::Bn254Fr>().run(76);
}

TEST_CASE("52-bit lanes walk with the scalar field")
{
    Check<mote::field::Bn254Fq>().walk(77, 2000);
    Check<mote::field::Bn254Fr>().walk(78, 2000);
}

TEST_CASE("52-bit lanes keep their invariant however often an operation repeats")
{
    Check<mote::field::Bn254Fq>().creep();
    Check<mote::field::Bn254Fr>().creep();
}
#else
TEST_CASE("52-bit lanes need 128-bit products") { SUCCEED("this build has the 9 x 29-bit field"); }
#endif
