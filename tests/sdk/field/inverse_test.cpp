#include "field/inverse.hpp"

#include "field/bls12_381.hpp"
#include "field_support.hpp"

using namespace field_test;

namespace
{
template <class F>
void check_field()
{
    using Params = typename F::Params;
    using M = Model<Params>;
    Random random(71);
    std::vector<typename M::Integer> values = edges<Params>(M::p);
    for (int i = 0; i < 300; ++i)
        values.push_back(M::reduce(random.integer<Params::limbs>()));
    // Short ones, where f and g differ most.
    for (int i = 0; i < 64; ++i)
        values.push_back({std::uint64_t{1} << i});
    for (const auto& x : values)
    {
        const auto inverse = mote::field::inverse(x, M::p);
        CHECK(mote::field::inverse_vartime(x, M::p) == inverse);
        CHECK(M::below(inverse, M::p));
        if (x == typename M::Integer{})
            CHECK(inverse == x);
        else
            CHECK(M::mul(inverse, x) == typename M::Integer{1});
        CHECK(F::from_integer(x).inverse_vartime() == F::from_integer(x).inverse());
    }
}
}  // namespace

TEST_CASE("Inverses in constant and variable time, in every field")
{
    check_field<Fq>();
    check_field<Fr>();
    check_field<mote::field::bls12_381::Fq>();
    check_field<mote::field::bls12_381::Fr>();
}

TEST_CASE("Inverses in constant and variable time modulo small primes, all of them")
{
    using mote::field::Limbs;
    for (const std::uint64_t p : {3U, 5U, 7U, 11U, 251U})
        for (std::uint64_t x = 0; x < p; ++x)
        {
            const Limbs<1> inverse = mote::field::inverse(Limbs<1>{x}, Limbs<1>{p});
            CHECK(mote::field::inverse_vartime(Limbs<1>{x}, Limbs<1>{p}) == inverse);
            CHECK(inverse[0] < p);
            CHECK(inverse[0] * x % p == (x == 0 ? 0U : 1U));
        }
}
