// Paths, and EIP-2333's children along them.
#include "keystore/key_path.hpp"

#include "platforms/platform_support.hpp"

using namespace mote::keystore;
using namespace platform_test;
using mote::signature::SecretKey;

namespace
{
std::string stored(const SecretKey& key)
{
    std::array<std::uint8_t, 32> out;
    key.store(out);
    return "0x" + to_hex(out);
}
}  // namespace

TEST_CASE("Key path: its forms")
{
    CHECK(parse_path("m") == std::vector<std::uint32_t>{});
    CHECK(parse_path("m/12381/60/3141592653/589793238") ==
          std::vector<std::uint32_t>{12381, 60, 3141592653, 589793238});
    CHECK(parse_path("m/4294967295") == std::vector<std::uint32_t>{UINT32_MAX});
    for (const char* path :
         {"", "/0", "m/", "m//0", "m/0/", "m/00", "m/-1", "m/+1", "m/ 1", "m/1'", "m/4294967296",
          "m/x", "M/0", "m0", "m/1h", "m/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0"})
    {
        CAPTURE(path);
        CHECK_FALSE(parse_path(path));
    }
    CHECK(parse_path("m/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0"));
}

TEST_CASE("Key path: EIP-2333's keys")
{
    const Json file = read_vectors("bls/eip2333.json");
    std::size_t cases = 0;
    for (const Json& c : file.at("cases"))
    {
        const ByteVector seed = from_hex(c.at("seed").get<std::string>());
        SecretKey key;
        REQUIRE(derive_along(seed, "m", key));
        CHECK(stored(key) == c.at("master_SK").get<std::string>());
        REQUIRE(
            derive_along(seed, "m/" + std::to_string(c.at("child_index").get<unsigned>()), key));
        CHECK(stored(key) == c.at("child_SK").get<std::string>());
        ++cases;
    }
    CHECK(cases == 4);
    // Two steps are a child of a child.
    const ByteVector seed(32, 5);
    SecretKey child, grandchild, along;
    REQUIRE(derive_along(seed, "m/7", child));
    grandchild.derive_child(child, 9);
    REQUIRE(derive_along(seed, "m/7/9", along));
    CHECK(stored(along) == stored(grandchild));
    CHECK_FALSE(derive_along(ByteVector(31, 5), "m", along));
    CHECK(along.empty());
    CHECK_FALSE(derive_along(seed, "n", along));
}
