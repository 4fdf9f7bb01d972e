#include "state/account_value.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "sdk/state/state_support.hpp"

using namespace mote::state;
using mote::Bytes;
using Octets = std::vector<std::uint8_t>;

namespace
{
Octets encoded(const AccountValue& account)
{
    std::array<std::uint8_t, account_value_max> out;
    out.fill(0xee);
    const std::size_t size = encode(account, out);
    return {out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size)};
}

BigEndianWord word_of(std::uint64_t x)
{
    BigEndianWord word{};
    for (std::size_t i = 0; i < 8; ++i)
        word[31 - i] = static_cast<std::uint8_t>(x >> (8 * i));
    return word;
}

/// The rule in words of its own: digits to the base 256, most significant first.
Octets digits_of(std::uint64_t x)
{
    Octets out;
    for (; x != 0; x >>= 8)
        out.insert(out.begin(), static_cast<std::uint8_t>(x));
    return out;
}
}  // namespace

TEST_CASE("Accounts are encoded as the format says")
{
    CHECK(encoded({}).empty());
    CHECK(encoded({0, word_of(256), false, {}, {}}) == Octets{0, 2, 1, 0});
    CHECK(encoded({1, word_of(0), false, {}, {}}) == Octets{1, 0, 1});
    for (const std::uint64_t nonce : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{255},
                                      std::uint64_t{256}, ~std::uint64_t{0}})
        for (const std::uint64_t balance :
             {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{65536}, ~std::uint64_t{0}})
            for (const bool has_code : {false, true})
            {
                AccountValue account{nonce, word_of(balance), has_code, {}, {}};
                if (has_code)
                {
                    account.code_hash.fill(0xaa);
                    account.code_root.fill(0x55);
                }
                const Octets n = digits_of(nonce), b = digits_of(balance);
                Octets expected = {static_cast<std::uint8_t>(n.size()),
                                   static_cast<std::uint8_t>(b.size())};
                expected.insert(expected.end(), n.begin(), n.end());
                expected.insert(expected.end(), b.begin(), b.end());
                if (has_code)
                {
                    expected.insert(expected.end(), 32, 0xaa);
                    expected.insert(expected.end(), 32, 0x55);
                }
                if (expected.size() == 2)
                    expected.clear();
                CHECK(encoded(account) == expected);
                AccountValue back;
                CHECK(decode(expected, back) == !expected.empty());
                if (!expected.empty())
                    CHECK(back == account);
            }
    AccountValue rich;
    rich.balance.fill(0xff);
    CHECK(encoded(rich).size() == 34);
}

TEST_CASE("Only what encode gives is an account")
{
    mote::test::SplitMix random(3);
    std::size_t good = 0;
    for (int i = 0; i < 200000; ++i)
    {
        // Small lengths and bytes, so that many are nearly right.
        Octets value = random.bytes(random.below(12));
        for (std::uint8_t& byte : value)
            byte = static_cast<std::uint8_t>(byte % 4 == 0 ? byte : byte % 5);
        if (random.below(3) == 0)
            value.insert(value.end(), 64, 0x77);
        AccountValue account;
        if (!decode(value, account))
            continue;
        ++good;
        REQUIRE(encoded(account) == value);
    }
    CHECK(good > 1000);
}

TEST_CASE("Each change of an account's length is refused")
{
    AccountValue account{0x0102, word_of(0x030405), true, {}, {}};
    account.code_hash.fill(1);
    account.code_root.fill(2);
    const Octets value = encoded(account);
    AccountValue back;
    for (std::size_t size = 0; size < value.size(); ++size)
    {
        INFO(size);
        // Without the code's 64 bytes it is an account without code.
        CHECK(decode(Bytes(value).first(size), back) == (size == value.size() - 64));
    }
    Octets more = value;
    more.push_back(0);
    CHECK(!decode(more, back));
    for (const std::size_t at : {std::size_t{0}, std::size_t{1}})
        for (const unsigned size : {0U, 1U, 9U, 33U, 255U})
        {
            Octets other = value;
            other[at] = static_cast<std::uint8_t>(size);
            CHECK(!decode(other, back));
        }
}

TEST_CASE("Slots are words without leading zeros; zero is absent")
{
    CHECK(encode_slot({}).empty());
    const BigEndianWord word = word_of(0x0100);
    const Bytes value = encode_slot(word);
    CHECK(Octets(value.begin(), value.end()) == Octets{1, 0});
    BigEndianWord back;
    CHECK(decode_slot(value, back));
    CHECK(back == word);
    CHECK(!decode_slot({}, back));
    CHECK(!decode_slot(Octets{0, 1}, back));
    CHECK(!decode_slot(Octets(33, 1), back));
    CHECK(decode_slot(Octets(32, 1), back));
    CHECK(back == BigEndianWord{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1});
}
