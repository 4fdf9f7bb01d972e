#include "field/bls12_381_params.hpp"
#include "field_support.hpp"

using namespace field_test;
using mote::field::bls12_381_x;
using mote::field::Bls12_381Fq;
using mote::field::Bls12_381Fr;

namespace
{
using M = Model<Bls12_381Fq>;
using Wide = M::Integer;

/// a * b as an integer; REQUIREs that it fits.
Wide product(const Wide& a, std::uint64_t b)
{
    Wide z{};
    for (std::size_t i = 64; i-- > 0;)
    {
        z = M::plus(z, z);
        if (((b >> i) & 1) != 0)
            z = M::plus(z, a);
    }
    return z;
}
}  // namespace

TEST_CASE("BLS12-381: the primes come from x")
{
    CHECK(bls12_381_x == 0xd201000000010000u);
    const Wide one{1}, x{bls12_381_x};
    const Wide xx = product(x, bls12_381_x);
    const Wide r = M::plus(M::minus(product(product(xx, bls12_381_x), bls12_381_x), xx), one);
    const auto& narrow = Bls12_381Fr::modulus;
    CHECK(r == Wide{narrow[0], narrow[1], narrow[2], narrow[3], 0, 0});
    // With the negative x of the curve, (x - 1)^2 = (|x| + 1)^2. Three times p + |x| is (x - 1)^2 r.
    const Wide once = M::plus(product(r, bls12_381_x), r);
    const Wide shifted = M::plus(Bls12_381Fq::modulus, x);
    CHECK(M::plus(product(once, bls12_381_x), once) == product(shifted, 3));
    CHECK(mote::field::bit_length(Bls12_381Fq::modulus) == Bls12_381Fq::bits);
    CHECK(mote::field::bit_length(Bls12_381Fr::modulus) == Bls12_381Fr::bits);
}
