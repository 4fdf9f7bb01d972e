// The tests of limbs and fields once more, over the code that targets without a 128-bit type run:
// another namespace holds a second copy of the headers, compiled as if the type were not there.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#undef __SIZEOF_INT128__
#undef MOTE_FIELD_ADX
#undef mote
#define mote mote_without_int128
#define field_test field_test_without_int128
#undef TEST_CASE
#define TEST_CASE(name) INTERNAL_CATCH_TESTCASE("Without 128-bit integers: " name, "")

// NOLINTBEGIN(bugprone-suspicious-include)
#include "bn254_tower_test.cpp"
#include "limbs_test.cpp"
#include "prime_field_test.cpp"
#include "prime_field_twin_test.cpp"
// NOLINTEND(bugprone-suspicious-include)

TEST_CASE("fields are unsaturated by default")
{
    CHECK(std::is_same_v<Fq, PrimeField<Bn254Fq, Unsaturated>>);
    CHECK(std::is_same_v<Fr, PrimeField<Bn254Fr, Unsaturated>>);
    const mote::field::Product square = mote::field::mul_wide(all_ones, all_ones);
    CHECK((square.lo == 1 && square.hi == all_ones - 1));
}
