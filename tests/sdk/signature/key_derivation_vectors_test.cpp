// EIP-2333's key trees.
#include "signature_support.hpp"

using namespace signature_test;

namespace
{
ByteVector stored(const SecretKey& key)
{
    ByteVector out(32);
    key.store(std::span<std::uint8_t, 32>{out.data(), 32});
    return out;
}
}  // namespace

TEST_CASE("Key derivation: EIP-2333")
{
    const json file = read_json("eip2333.json");
    std::size_t cases = 0;
    for (const json& c : file.at("cases"))
    {
        SecretKey master, child;
        REQUIRE(master.derive_master(from_hex(c.at("seed"))) == Status::ok);
        CHECK(stored(master) == from_hex(c.at("master_SK")));
        child.derive_child(master, c.at("child_index").get<std::uint32_t>());
        CHECK(stored(child) == from_hex(c.at("child_SK")));
        SecretKey sibling;
        sibling.derive_child(master, c.at("child_index").get<std::uint32_t>() ^ 1U);
        CHECK(stored(sibling) != stored(child));
        ++cases;
    }
    CHECK(cases == 4);
}
