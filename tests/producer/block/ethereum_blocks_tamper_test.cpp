// Ethereum's own blocks, with one field of the header or one byte of the body changed: each that says something
// about the block makes it invalid. All blocks as they are: evm/all_eest-blocks-*.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "block_test.hpp"
#include "ethereum_chain.hpp"
#include "evm/rlp.hpp"
#include "hash/keccak.hpp"
#include "state_test.hpp"
#include "tools/effort.hpp"
#include "tools/state_history.hpp"
#include "trie.hpp"

using namespace mote;
using namespace mote::evm_tool;
using Octets = std::vector<std::uint8_t>;

namespace
{
struct Case
{
    Json test;
    Octets rlp;
    BlockRules rules;
};

/// Cases of one block that is valid, of the newest forks.
std::vector<Case> cases_of_test()
{
    std::vector<Case> out;
    std::set<std::filesystem::path> files;
    for (const char* const archive : {"cancun", "prague", "osaka"})
        for (const auto& entry : std::filesystem::recursive_directory_iterator(
                 std::string(MOTE_EVM_VECTORS) + "/eest-blocks-" + archive))
            if (entry.path().extension() == ".json")
                files.insert(entry.path());
    std::size_t number = 0;
    for (const auto& path : files)
    {
        // Every third file has enough of all kinds.
        if (++number % 3 != 0 || std::filesystem::file_size(path) > 100'000)
            continue;
        std::ifstream stream(path);
        const Json file = Json::parse(stream);
        const Json& test = file.begin().value();
        const auto fork = fork_of(test.at("network").get<std::string>());
        if (!fork || *fork < evm::Fork::shanghai || test.at("blocks").size() != 1 ||
            test.at("blocks")[0].contains("expectException"))
            continue;
        out.push_back({test,
                       bytes_of(test.at("blocks")[0].at("rlp").get<std::string>()),
                       {*fork, *fork >= evm::Fork::prague ? BlobRules{6, 9, 5007716}
                                                          : BlobRules{3, 6, 3338477}}});
    }
    return out;
}

EthereumChain chain_of(const Case& c)
{
    EthereumBlock genesis;
    REQUIRE(decode_block(bytes_of(c.test.at("genesisRLP").get<std::string>()), genesis));
    return {state_of(c.test.at("pre")), genesis.header};
}

std::vector<Octets> items_of(Bytes list)
{
    evm::RlpReader outer(list);
    Bytes payload;
    REQUIRE(outer.next_list(payload));
    std::vector<Octets> out;
    for (evm::RlpReader reader(payload); !reader.at_end();)
    {
        evm::RlpItem item;
        REQUIRE(reader.next(item));
        out.emplace_back(item.whole.begin(), item.whole.end());
    }
    return out;
}

Octets changed_string(const Octets& item)
{
    evm::RlpReader reader(item);
    Bytes payload;
    REQUIRE(reader.next_bytes(payload));
    Octets value(payload.begin(), payload.end());
    if (value.empty())
        value.push_back(1);
    else
        value.back() = value.size() == 1 && value[0] == 1 ? 2 : value.back() ^ 1;
    return rlp_string(value);
}

const std::vector<std::string> header_fields = {"parent",
                                                "uncles",
                                                "coinbase",
                                                "state_root",
                                                "transactions_root",
                                                "receipts_root",
                                                "bloom",
                                                "difficulty",
                                                "number",
                                                "gas_limit",
                                                "gas_used",
                                                "timestamp",
                                                "extra",
                                                "mix",
                                                "nonce",
                                                "base_fee",
                                                "withdrawals_root",
                                                "blob_gas_used",
                                                "excess_blob_gas",
                                                "beacon_root",
                                                "requests_hash"};
// The proposer's choice: with another one it is another block, valid unless something in it asks.
const std::set<std::string> free_fields = {"coinbase", "gas_limit", "timestamp", "extra", "mix"};
}  // namespace

TEST_CASE("an Ethereum block with one changed field of its header is invalid")
{
    const auto cases = cases_of_test();
    REQUIRE(cases.size() > 30);
    std::map<std::string, std::size_t> refused;
    std::size_t number = 0;
    for (const Case& c : cases)
    {
        if (mote::test::sanitized && ++number % 4 != 0)
            continue;
        REQUIRE(chain_of(c).take(c.rlp, c.rules).valid());
        const std::vector<Octets> parts = items_of(c.rlp);
        const std::vector<Octets> fields = items_of(parts[0]);
        REQUIRE(fields.size() >= 17);
        for (std::size_t i = 0; i < fields.size(); ++i)
        {
            std::vector<Octets> other = fields;
            other[i] = changed_string(fields[i]);
            std::vector<Octets> block = parts;
            block[0] = rlp_list(other);
            EthereumChain chain = chain_of(c);
            const evm::Hash before = chain.state().root();
            const auto verdict = chain.take(rlp_list(block), c.rules);
            INFO(header_fields[i]);
            if (verdict.valid())
                REQUIRE(free_fields.count(header_fields[i]) == 1);
            else
            {
                REQUIRE(chain.state().root() == before);
                ++refused[header_fields[i]];
            }
            // One field fewer is no header of these rules.
            other = fields;
            other.erase(other.begin() + static_cast<std::ptrdiff_t>(i));
            block[0] = rlp_list(other);
            REQUIRE_FALSE(chain_of(c).take(rlp_list(block), c.rules).valid());
        }
    }
    for (const std::string& field : header_fields)
        if (free_fields.count(field) == 0)
            CHECK(refused[field] > 0);
}

TEST_CASE("an Ethereum block with another body than its header says is invalid")
{
    const auto cases = cases_of_test();
    mote::test::SplitMix random(3);
    std::size_t number = 0;
    for (const Case& c : cases)
    {
        if (mote::test::sanitized && ++number % 4 != 0)
            continue;
        const std::size_t header_ends = items_of(c.rlp)[0].size();
        for (int i = 0; i < 40; ++i)
        {
            Octets other = c.rlp;
            const std::size_t first = c.rlp.size() - 1 > header_ends + 4 ? header_ends + 4 : 0;
            const std::size_t at = first + random.below(other.size() - first);
            other[at] ^= static_cast<std::uint8_t>(1U << random.below(8));
            INFO("byte " << at);
            REQUIRE_FALSE(chain_of(c).take(other, c.rules).valid());
            other = c.rlp;
            other.resize(random.below(other.size()));
            REQUIRE_FALSE(chain_of(c).take(other, c.rules).valid());
        }
        // Without its last transaction, and with the header that says so: gas, receipts or state differ.
        std::vector<Octets> parts = items_of(c.rlp);
        std::vector<Octets> transactions = items_of(parts[1]);
        if (transactions.empty())
            continue;
        transactions.pop_back();
        parts[1] = rlp_list(transactions);
        REQUIRE_FALSE(chain_of(c).take(rlp_list(parts), c.rules).valid());
        std::vector<Octets> hashed;
        for (const Octets& item : transactions)
        {
            evm::RlpReader reader(item);
            evm::RlpItem read;
            REQUIRE(reader.next(read));
            const Bytes bytes = read.is_list ? read.whole : read.payload;
            hashed.emplace_back(bytes.begin(), bytes.end());
        }
        std::vector<Octets> fields = items_of(parts[0]);
        fields[4] = rlp_string(list_root(hashed));
        parts[0] = rlp_list(fields);
        REQUIRE_FALSE(chain_of(c).take(rlp_list(parts), c.rules).valid());
    }
}
