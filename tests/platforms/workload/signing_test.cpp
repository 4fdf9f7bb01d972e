#include "workload/signing.hpp"

#include <catch2/catch.hpp>

#include "json_values.hpp"

using namespace mote;
using namespace mote::workload;
using evm_tool::hex_of;

namespace
{
struct Decoded
{
    std::vector<std::uint8_t> bytes;
    evm::Transaction transaction;  // views of the bytes and of the room
    evm::Address sender;
    std::vector<std::uint8_t> room = std::vector<std::uint8_t>(4096);
};

Decoded decoded(std::vector<std::uint8_t> bytes)
{
    Decoded out;
    out.bytes = std::move(bytes);
    Arena arena(out.room.data(), out.room.size());
    REQUIRE(evm::decode(out.bytes, arena, out.transaction) == evm::Refusal::none);
    REQUIRE(evm::recover_sender(out.transaction, evm::newest_fork, out.sender) ==
            evm::Refusal::none);
    return out;
}
}  // namespace

TEST_CASE("keys depend on seed and number, and on nothing else")
{
    const KeyPair key = make_key(1, 2);
    CHECK(make_key(1, 2).secret == key.secret);
    CHECK(make_key(1, 2).address == key.address);
    CHECK(make_key(1, 3).secret != key.secret);
    CHECK(make_key(2, 2).secret != key.secret);
    CHECK(make_key(2, 1).secret != key.secret);
}

TEST_CASE("the example of EIP-155 is signed as it is printed there")
{
    KeyPair key;
    key.secret.fill(0x46);
    Unsigned t;
    t.type = evm::TransactionType::legacy;
    t.nonce = 9;
    t.max_fee = evm::Word(20'000'000'000);
    t.value = evm::Word(1'000'000'000'000'000'000);
    t.to.bytes.fill(0x35);
    CHECK(hex_of(Bytes(sign(t, key))) ==
          "0xf86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a7640000"
          "8025a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f76"
          "1aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83");
}

TEST_CASE("what was signed is what is decoded, and its sender is recovered")
{
    const KeyPair key = make_key(7, 7);
    for (const auto type : {evm::TransactionType::legacy, evm::TransactionType::access_list,
                            evm::TransactionType::fee_market})
        for (const bool creates : {false, true})
        {
            Unsigned t;
            t.type = type;
            t.creates = creates;
            t.nonce = 0x1234567890;
            t.gas_limit = 99'999;
            t.chain_id = evm::Word(1337);
            t.max_fee = evm::Word(0, 0, 1, 5);
            t.max_priority_fee = evm::Word(3);
            t.value = evm::Word(1, 2, 3, 4);
            t.to.bytes[0] = creates ? 0 : 0xaa;
            t.data.assign(100, 0x5a);
            t.access_list = {{t.to, {evm::Word(1), evm::Word(4, 3, 2, 1)}}, {key.address, {}}};
            const Decoded d = decoded(sign(t, key));
            const evm::Transaction& out = d.transaction;
            CHECK(d.sender == key.address);
            CHECK(out.type == type);
            CHECK(out.creates == creates);
            CHECK(out.nonce == t.nonce);
            CHECK(out.gas_limit == t.gas_limit);
            CHECK(out.has_chain_id);
            CHECK(out.chain_id == t.chain_id);
            CHECK(out.max_fee == t.max_fee);
            CHECK(out.max_priority_fee ==
                  (type == evm::TransactionType::fee_market ? t.max_priority_fee : t.max_fee));
            CHECK(out.value == t.value);
            CHECK(out.to == t.to);
            CHECK(std::vector(out.data.begin(), out.data.end()) == t.data);
            if (type == evm::TransactionType::legacy)
            {
                CHECK(out.access_list.empty());
                continue;
            }
            REQUIRE(out.access_list.size() == 2);
            CHECK(out.access_list[0].address == t.to);
            REQUIRE(out.access_list[0].keys.size() == 2);
            CHECK(out.access_list[0].keys[1] == evm::Word(4, 3, 2, 1));
            CHECK(out.access_list[1].address == key.address);
            CHECK(out.access_list[1].keys.empty());
        }
}

TEST_CASE("a field that is one byte or none is encoded as that")
{
    const KeyPair key = make_key(1, 1);
    for (const std::size_t bytes : {0U, 1U, 55U, 56U, 300U})
        for (const std::uint8_t byte : std::array<std::uint8_t, 3>{0x00, 0x7f, 0x80})
        {
            Unsigned t;
            t.max_fee = evm::Word(1);
            t.data.assign(bytes, byte);
            const Decoded d = decoded(sign(t, key));
            CHECK(d.sender == key.address);
            CHECK(std::vector(d.transaction.data.begin(), d.transaction.data.end()) == t.data);
        }
}

TEST_CASE("types with fields that wallets' transfers lack are not signed")
{
    Unsigned t;
    t.type = evm::TransactionType::blob;
    CHECK_THROWS_AS(sign(t, make_key(1, 1)), std::invalid_argument);
}
