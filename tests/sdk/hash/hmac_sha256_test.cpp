#include "hash/hmac_sha256.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "hash_support.hpp"

using namespace hash_test;
using mote::Bytes;
using mote::hash::HmacSha256;

namespace
{
using ByteVector = std::vector<std::uint8_t>;

std::string code(Bytes key, Bytes message, std::size_t cut)
{
    HmacSha256 mac(key);
    mac.update(message.first(cut));
    mac.update(message.subspan(cut));
    std::array<std::uint8_t, 32> out;
    mac.finish(out);
    return to_hex(out);
}
}  // namespace

TEST_CASE("HMAC-SHA-256: RFC 4231, and what CPython says of other lengths")
{
    ByteVector counting, all;
    for (int i = 1; i <= 25; ++i)
        counting.push_back(static_cast<std::uint8_t>(i));
    for (int i = 0; i < 200; ++i)
        all.push_back(static_cast<std::uint8_t>(i));
    const struct
    {
        ByteVector key, message;
        const char* code;
    } cases[] = {
        {ByteVector(20, 0x0b),
         {'H', 'i', ' ', 'T', 'h', 'e', 'r', 'e'},
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {ByteVector(20, 0xaa), ByteVector(50, 0xdd),
         "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        {counting, ByteVector(50, 0xcd),
         "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
        {{}, {}, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"},
        // A key as long as a block.
        {ByteVector(all.begin(), all.begin() + 64), all,
         "45f8fa81cfb242288196f6a27ce22896c8f0c3946640698a5743ab0ae9ce72e6"},
    };
    for (const auto& c : cases)
        for (std::size_t cut = 0; cut <= c.message.size(); cut += 7)
            CHECK(code(c.key, c.message, cut) == c.code);
    CHECK(code(text_bytes("key"), text_bytes("The quick brown fox jumps over the lazy dog"), 9) ==
          "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8");
}
