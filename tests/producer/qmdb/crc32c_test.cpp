#include "qmdb/crc32c.hpp"

#include <catch2/catch.hpp>

#include "tools/state_history.hpp"

using mote::qmdb::crc32c;
using mote::qmdb::crc32c_portable;

TEST_CASE("known answers of RFC 3720 and the usual check value")
{
    const std::string digits = "123456789";
    CHECK(crc32c({reinterpret_cast<const std::uint8_t*>(digits.data()), 9}) == 0xe3069283);
    const std::vector<std::uint8_t> zeros(32), ones(32, 0xff);
    CHECK(crc32c(zeros) == 0x8a9136aa);
    CHECK(crc32c(ones) == 0x62a8ab43);
}

TEST_CASE("both forms agree for every length")
{
    mote::test::SplitMix random(1);
    for (std::size_t n = 0; n < 300; ++n)
    {
        const auto bytes = random.bytes(n);
        REQUIRE(crc32c(bytes) == crc32c_portable(bytes));
    }
}
