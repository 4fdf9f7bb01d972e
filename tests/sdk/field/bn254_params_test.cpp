#include "field/bn254_params.hpp"
#include "field_support.hpp"

using namespace field_test;
using mote::field::Bn254Fq;
using mote::field::Bn254Fr;

namespace
{
/// a * b as an integer; REQUIREs that it fits.
Integer product(const Integer& a, std::uint64_t b)
{
    Integer z{};
    for (std::size_t i = 64; i-- > 0;)
    {
        z = Model<Bn254Fq>::plus(z, z);
        if (((b >> i) & 1) != 0)
            z = Model<Bn254Fq>::plus(z, a);
    }
    return z;
}

/// 36u^4 + 36u^3 + middle u^2 + 6u + 1.
Integer polynomial(std::uint64_t middle)
{
    Integer z{36};
    for (const std::uint64_t coefficient :
         {std::uint64_t{36}, middle, std::uint64_t{6}, std::uint64_t{1}})
        z = Model<Bn254Fq>::plus(product(z, mote::field::bn254_u), Integer{coefficient});
    return z;
}
}  // namespace

TEST_CASE("BN254: the primes come from u")
{
    CHECK(mote::field::bn254_u == 4965661367192848881u);
    CHECK(Bn254Fq::modulus == polynomial(24));
    CHECK(Bn254Fr::modulus == polynomial(18));
    CHECK(mote::field::bit_length(Bn254Fq::modulus) == Bn254Fq::bits);
    CHECK(mote::field::bit_length(Bn254Fr::modulus) == Bn254Fr::bits);
}
