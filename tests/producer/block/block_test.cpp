#include "block/block.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "producer/block/block_support.hpp"

using namespace mote;
using namespace mote::block;

namespace
{
struct Example
{
    std::vector<std::vector<std::uint8_t>> transactions = {{1, 2, 3}, {}, {0xff}};
    Block block;

    Example()
    {
        Header& header = block.header;
        header.number = 0x0102030405060708;
        header.timestamp = 0x1112131415161718;
        header.gas_limit = 0x2122232425262728;
        header.chain_id = 0x3132333435363738;
        header.base_fee = evm::Word(1, 2, 3, 4);
        header.prev_randao.fill(0x41);
        header.parent.fill(0x51);
        header.coinbase.bytes.fill(0x61);
        for (const auto& transaction : transactions)
            block.transactions.emplace_back(transaction);
        const evm::Address a = test::address_of(7), b = test::address_of(8);
        const std::vector<std::vector<fafo::PredictedAccess>> accessed = {
            {{balance_key(a), fafo::Mode::write},
             {identity_key(a), fafo::Mode::write},
             {balance_key(b), fafo::Mode::credit}},
            {},
            {{slot_key(b, evm::Word(5)), fafo::Mode::write_unread},
             {slot_key(b, evm::Word(4)), fafo::Mode::read}}};
        block.access = make_access_lists(accessed);
    }
};

BlockError error_of(const std::vector<std::uint8_t>& bytes)
{
    Block ignored;
    return decode(bytes, ignored);
}

std::vector<std::uint8_t> changed(std::vector<std::uint8_t> bytes, std::size_t at,
                                  std::uint8_t value)
{
    bytes.at(at) = value;
    return bytes;
}
}  // namespace

TEST_CASE("what is encoded decodes to itself")
{
    const Example example;
    const std::vector<std::uint8_t> bytes = encode(example.block);
    Block out;
    REQUIRE(decode(bytes, out) == BlockError::none);
    CHECK(out.header == example.block.header);
    CHECK(out.access == example.block.access);
    REQUIRE(out.transactions.size() == 3);
    for (std::size_t i = 0; i < 3; ++i)
        CHECK(std::equal(out.transactions[i].begin(), out.transactions[i].end(),
                         example.transactions[i].begin(), example.transactions[i].end()));
    CHECK(encode(out) == bytes);
}

TEST_CASE("the bytes are those of docs/formats/block.md")
{
    const Example example;
    const std::vector<std::uint8_t> bytes = encode(example.block);
    CHECK(bytes[0] == 'm');
    CHECK(bytes[4] == 14);
    CHECK(load_le64(bytes.data() + 8) == example.block.header.number);
    CHECK(load_le64(bytes.data() + 16) == example.block.header.timestamp);
    CHECK(load_le64(bytes.data() + 24) == example.block.header.gas_limit);
    CHECK(load_le64(bytes.data() + 32) == example.block.header.chain_id);
    CHECK(load_le64(bytes.data() + 40) == 4);
    CHECK(load_le64(bytes.data() + 64) == 1);
    CHECK(bytes[72] == 0x41);
    CHECK(bytes[104] == 0x51);
    CHECK(bytes[136] == 0x61);
    CHECK(load_le32(bytes.data() + 156) == 3);
    CHECK(load_le32(bytes.data() + 160) == 3);
    CHECK(load_le32(bytes.data() + 168) == 1);
    CHECK(bytes[172] == 1);
    CHECK(bytes[175] == 0xff);
    CHECK(load_le32(bytes.data() + 176) == 5);
    CHECK(bytes[180] == 0);       // identity of 7
    CHECK(bytes[180 + 21] == 2);  // its balance
    CHECK(bytes[180 + 42] == 1);  // slot 4 of 8
    CHECK(bytes[180 + 42 + 52] == 4);
    CHECK(bytes[180 + 42 + 53] == 1);   // slot 5
    CHECK(bytes[180 + 42 + 106] == 2);  // balance of 8
    const std::uint8_t* const lists = bytes.data() + 180 + 42 + 106 + 21;
    CHECK(load_le32(lists) == 3);
    CHECK(load_le32(lists + 4) == 0 * 4 + 1);
    CHECK(load_le32(lists + 8) == 1 * 4 + 1);
    CHECK(load_le32(lists + 12) == 4 * 4 + 3);
    CHECK(load_le32(lists + 16) == 0);
    CHECK(load_le32(lists + 20) == 2);
    CHECK(load_le32(lists + 24) == 2 * 4 + 0);
    CHECK(load_le32(lists + 28) == 3 * 4 + 2);
    CHECK(lists + 32 == bytes.data() + bytes.size());
}

TEST_CASE("a block that ends early or goes on is none")
{
    const std::vector<std::uint8_t> bytes = encode(Example().block);
    for (std::size_t length = 0; length < bytes.size(); ++length)
        REQUIRE(error_of({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length)}) ==
                BlockError::truncated);
    std::vector<std::uint8_t> longer = bytes;
    longer.push_back(0);
    CHECK(error_of(longer) == BlockError::trailing_bytes);
}

TEST_CASE("a changed byte gives another block or none")
{
    const std::vector<std::uint8_t> bytes = encode(Example().block);
    std::set<BlockError> errors;
    for (std::size_t at = 0; at < bytes.size(); ++at)
        for (const unsigned by : {1U, 2U, 0x80U, 0xffU})
        {
            const auto other = changed(bytes, at, static_cast<std::uint8_t>(bytes[at] ^ by));
            Block out;
            const BlockError error = decode(other, out);
            errors.insert(error);
            if (error == BlockError::none)
                REQUIRE(encode(out) == other);
        }
    for (const BlockError error :
         {BlockError::none, BlockError::truncated, BlockError::magic, BlockError::fork_unsupported,
          BlockError::padding, BlockError::transactions_too_many, BlockError::transaction_too_long,
          BlockError::key_kind_unknown, BlockError::keys_unordered, BlockError::key_unused,
          BlockError::key_missing, BlockError::accesses_unordered})
    {
        CAPTURE(name_of(error));
        CHECK(errors.count(error) == 1);
    }
}

TEST_CASE("forks before Cancun and after the newest are refused")
{
    const std::vector<std::uint8_t> bytes = encode(Example().block);
    CHECK(error_of(changed(bytes, 4, 12)) == BlockError::none);
    CHECK(error_of(changed(bytes, 4, 11)) == BlockError::fork_unsupported);
    CHECK(error_of(changed(bytes, 4, 15)) == BlockError::fork_unsupported);
}

TEST_CASE("counts are compared with the bytes that are there before memory is taken")
{
    std::vector<std::uint8_t> bytes = encode(Example().block);
    store_le(bytes.data() + 156, std::uint32_t{transactions_max});
    CHECK(error_of(bytes) == BlockError::truncated);
    bytes = encode(Example().block);
    store_le(bytes.data() + 176, ~std::uint32_t{0});
    CHECK(error_of(bytes) == BlockError::truncated);
}
