// The AVX2 lanes against the scalar field and the model, at the bounds of their invariant.
#include "field_support.hpp"

#if defined(__AVX2__) && defined(MOTE_FIELD_SATURATED)
#include "field/arch/lanes_avx2.hpp"
#include "lanes_check.hpp"

using namespace field_test;
using mote::field::Bn254Fq;
using mote::field::Bn254Fr;

namespace
{
template <class Params>
struct Avx2Traits
{
    using L = mote::field::arch::LanesAvx2<Params>;
    using Narrow = typename L::Narrow;
    using Repr = typename Narrow::Repr;
    using F = typename L::Scalar;
    static constexpr std::size_t lanes = 4;
    static constexpr unsigned limb_bits = 29, top_bits = 23;
    static constexpr std::size_t radix_bits = 261;

    static Repr spread(const Integer& x) { return Narrow::spread(x); }
    static Integer gather(const Repr& x) { return Narrow::gather(x); }
    static Repr narrow(const F& x) { return L::narrow(x); }
    static F widen(const Repr& x) { return L::widen(x); }
    static L make(const Repr (&x)[lanes])
    {
        L z;
        for (std::size_t i = 0; i < L::n; ++i)
            z.limb[i] = _mm256_set_epi64x(x[3][i], x[2][i], x[1][i], x[0][i]);
        return z;
    }
    static void read(const L& x, std::uint64_t (&words)[L::n][lanes])
    {
        for (std::size_t i = 0; i < L::n; ++i)
            _mm256_storeu_si256(reinterpret_cast<__m256i*>(words[i]), x.limb[i]);
    }
    static L negate_where(const L& x, const bool (&flags)[lanes])
    {
        const auto mask = [&](std::size_t l) { return flags[l] ? -1LL : 0LL; };
        return x.negate_where(_mm256_set_epi64x(mask(3), mask(2), mask(1), mask(0)));
    }
};

template <class Params>
using Check = LanesCheck<Params, Avx2Traits<Params>>;
}  // namespace

TEST_CASE("AVX2 lanes against the model, at their bounds")
{
    Check<Bn254Fq>().run(71);
    Check<Bn254Fr>().run(72);
}

TEST_CASE("AVX2 lanes walk with the scalar field")
{
    Check<Bn254Fq>().walk(73, 5000);
    Check<Bn254Fr>().walk(74, 5000);
}

TEST_CASE("AVX2 lanes keep their invariant however often an operation repeats")
{
    Check<Bn254Fq>().creep();
    Check<Bn254Fr>().creep();
}
#else
TEST_CASE("AVX2 lanes need AVX2 and the saturated field") { SUCCEED("not in this variant"); }
#endif
