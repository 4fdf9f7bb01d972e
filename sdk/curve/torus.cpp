#include "curve/torus.hpp"

namespace mote::curve
{
namespace
{
using field::Bn254Tower;
using field::Fq;
using field::Fq2;

constexpr Fq2 inverse_g1 = Bn254Tower::frobenius[1].inverse();
constexpr Fq inverse_gg1 = Bn254Tower::frobenius_squared[1].inverse();
}  // namespace

Fq6 torus_frobenius(const Fq6& a) noexcept
{
    return {a.c0.conjugate() * inverse_g1, a.c1.conjugate() * Bn254Tower::frobenius[1],
            a.c2.conjugate() * Bn254Tower::frobenius[3]};
}

Fq6 torus_frobenius_2(const Fq6& a) noexcept
{
    return {a.c0 * inverse_gg1, a.c1 * Bn254Tower::frobenius_squared[1],
            a.c2 * Bn254Tower::frobenius_squared[3]};
}

void to_torus(Fq6* out, bool* is_one, const Fq12* const* elements, std::size_t count,
              Fq6* scratch) noexcept
{
    Fq6 running = Fq6::one();
    for (std::size_t i = 0; i < count; ++i)
    {
        const Fq6& c1 = elements[i]->c1;
        is_one[i] = c1.is_zero();
        scratch[i] = running;
        if (!is_one[i])
            running = running * c1;
    }
    Fq6 inverse = running.inverse();
    for (std::size_t i = count; i-- > 0;)
    {
        const Fq12& x = *elements[i];
        if (is_one[i])
        {
            out[i] = Fq6::zero();
            continue;
        }
        out[i] = x.c0 * (inverse * scratch[i]);
        inverse = inverse * x.c1;
    }
}

Fq12 from_torus_squared(const Fq12& z) noexcept
{
    const Fq12 zz = z.square();
    const Fq6 norm = (z.c0 * z.c0 - (z.c1 * z.c1).mul_by_v()).inverse();
    return {zz.c0 * norm, zz.c1 * norm};
}
}  // namespace mote::curve
