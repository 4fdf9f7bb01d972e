#include "block/receipts.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "chain/tree.hpp"
#include "evm/rlp.hpp"
#include "hash/keccak.hpp"
#include "producer/block/block_support.hpp"

using namespace mote;
using namespace mote::block;

namespace
{
Outcome with_logs()
{
    Outcome out;
    out.type = evm::TransactionType::fee_market;
    out.gas_used = 50'000;
    out.cumulative_gas = 71'000;
    out.log_data = {1, 2, 3, 0x7f};
    out.logs.resize(3);
    out.logs[0].address = test::address_of(5);
    out.logs[0].topic_count = 2;
    out.logs[0].topics[0] = evm::Word(77);
    out.logs[0].topics[1] = evm::Word(1, 2, 3, 4);
    out.logs[0].data_bytes = 3;
    out.logs[1].address = test::address_of(6);
    out.logs[1].data_offset = 3;
    out.logs[1].data_bytes = 1;
    out.logs[2].address = test::address_of(5);
    out.logs[2].topic_count = 4;
    out.logs[2].data_offset = 4;
    return out;
}
}  // namespace

TEST_CASE("the receipt of a payment")
{
    Outcome payment;
    payment.type = evm::TransactionType::fee_market;
    payment.gas_used = payment.cumulative_gas = 21'000;
    std::vector<std::uint8_t> expected = {0x02, 0xf9, 0x01, 0x08, 0x01, 0x82,
                                          0x52, 0x08, 0xb9, 0x01, 0x00};
    expected.insert(expected.end(), 256, 0);
    expected.push_back(0xc0);
    CHECK(encode_receipt(payment) == expected);

    // A legacy one has no type, a failed one has status zero.
    payment.type = evm::TransactionType::legacy;
    payment.halt = evm::Halt::revert;
    expected.erase(expected.begin());
    expected[3] = 0x80;
    CHECK(encode_receipt(payment) == expected);
}

TEST_CASE("a receipt holds the logs as they were")
{
    const Outcome outcome = with_logs();
    const std::vector<std::uint8_t> bytes = encode_receipt(outcome);
    REQUIRE(bytes[0] == 2);
    REQUIRE(evm::is_rlp(Bytes(bytes).subspan(1)));
    Bytes fields, logs;
    evm::RlpReader whole(Bytes(bytes).subspan(1));
    REQUIRE(whole.next_list(fields));
    REQUIRE(whole.at_end());
    evm::RlpReader reader(fields);
    std::uint64_t status = 0, gas = 0;
    Bloom bloom;
    REQUIRE(reader.next_integer(status));
    REQUIRE(reader.next_integer(gas));
    REQUIRE(reader.next_fixed(bloom));
    REQUIRE(reader.next_list(logs));
    REQUIRE(reader.at_end());
    CHECK(status == 1);
    CHECK(gas == 71'000);
    evm::RlpReader list(logs);
    std::vector<Bytes> in_bloom;
    for (const LogEntry& log : outcome.logs)
    {
        Bytes entry, topics, data, address;
        REQUIRE(list.next_list(entry));
        evm::RlpReader parts(entry);
        REQUIRE(parts.next_bytes(address));
        REQUIRE(parts.next_list(topics));
        REQUIRE(parts.next_bytes(data));
        REQUIRE(parts.at_end());
        CHECK(std::equal(address.begin(), address.end(), log.address.bytes.begin(),
                         log.address.bytes.end()));
        in_bloom.push_back(address);
        const Bytes expected = outcome.data_of(log);
        CHECK(std::equal(data.begin(), data.end(), expected.begin(), expected.end()));
        evm::RlpReader topic_list(topics);
        for (std::uint32_t i = 0; i < log.topic_count; ++i)
        {
            Bytes topic;
            REQUIRE(topic_list.next_bytes(topic));
            CHECK(evm::word_from(topic) == log.topics[i]);
            in_bloom.push_back(topic);
        }
        CHECK(topic_list.at_end());
    }
    CHECK(list.at_end());
    // The bloom is the set of bits of everything in it and no more. The filter is one number, big-endian.
    std::set<unsigned> bits;
    for (const Bytes value : in_bloom)
    {
        const evm::Hash hash = hash::keccak_256(value);
        for (const std::size_t pair : {0U, 2U, 4U})
            bits.insert((hash[pair] * 256U + hash[pair + 1]) % 2048);
    }
    for (unsigned bit = 0; bit < 2048; ++bit)
        REQUIRE(((bloom[(2047 - bit) / 8] >> (bit % 8)) & 1) == bits.count(bit));
}

TEST_CASE("the root has a leaf for each transaction, refused ones too")
{
    Outcome refused;
    refused.refusal = evm::Refusal::malformed;
    CHECK(encode_receipt(refused).empty());
    CHECK(receipts_root({}) == chain::empty_tree_root());
    const std::vector<Outcome> outcomes = {with_logs(), refused};
    chain::TreeBuilder tree;
    tree.add(chain::leaf_hash(encode_receipt(outcomes[0])));
    tree.add(chain::leaf_hash({}));
    CHECK(receipts_root(outcomes) == tree.root());
    CHECK(receipts_root(std::span(outcomes).first(1)) != tree.root());
}
