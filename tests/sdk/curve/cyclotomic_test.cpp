#include "curve/cyclotomic.hpp"

#include "curve_support.hpp"

using namespace curve_test;
using namespace mote::curve;

TEST_CASE("Cyclotomic powers are powers")
{
    Random random(161);
    for (int i = 0; i < 6; ++i)
    {
        const Fq12 x = i == 0 ? Fq12::one() : i == 1 ? gt_generator().value : random.cyclotomic();
        CHECK(power_u(x) == power_plain(x, Limbs<1>{mote::field::bn254_u}));
        CHECK(power_6(x) == power_plain(x, Limbs<1>{6}));
        CHECK(square_times(x, 0) == x);
        CHECK(square_times(x, 1) == x * x);
        CHECK(square_times(x, 9) == power_plain(x, Limbs<1>{512}));
    }
}
