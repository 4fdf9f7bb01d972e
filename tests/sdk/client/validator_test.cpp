#include <catch2/catch.hpp>

#include "client_support.hpp"

namespace client_test
{
TEST_CASE("a phone's validator fits into a mebibyte")
{
    CHECK(Validator::memory_bytes(Limits()) <= 1048576);
}
}  // namespace client_test
