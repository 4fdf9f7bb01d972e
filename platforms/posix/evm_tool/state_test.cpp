#include "state_test.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "hash/keccak.hpp"
#include "secret_key.hpp"
#include "trie.hpp"

namespace mote::evm_tool
{
namespace
{
using evm::Address;
using evm::Fork;
using evm::Hash;
using evm::Refusal;
using evm::Transaction;
using evm::TransactionType;
using evm::Word;

/// A transaction and what its spans point at.
struct BuiltTransaction
{
    Transaction transaction;
    Address sender;
    std::vector<std::uint8_t> bytes;
    std::vector<std::uint8_t> arena_bytes;
    std::vector<evm::AccessEntry> access_list;
    std::vector<std::vector<Word>> keys;
    std::vector<Hash> blob_hashes;
    std::vector<evm::Authorization> authorizations;
};

[[nodiscard]] Address sender_of(const Json& secret)
{
    Address out;
    if (!address_of_secret(hash_of(secret), out))
        throw std::runtime_error("not a secret key");
    return out;
}

void build_lists(const Json& fields, std::size_t data_index, BuiltTransaction& out)
{
    Transaction& t = out.transaction;
    const Json* access = nullptr;
    if (fields.contains("accessLists"))
        access = &fields.at("accessLists").at(data_index);
    else if (fields.contains("accessList"))
        access = &fields.at("accessList");
    if (access != nullptr && !access->is_null())
    {
        t.type = TransactionType::access_list;
        for (const Json& entry : *access)
        {
            std::vector<Word> keys;
            for (const Json& key : entry.at("storageKeys"))
                keys.push_back(word_of(key));
            out.keys.push_back(std::move(keys));
        }
        for (std::size_t i = 0; i < access->size(); ++i)
            out.access_list.push_back({address_of((*access)[i].at("address")), out.keys[i]});
    }
    if (fields.contains("maxFeePerGas"))
        t.type = TransactionType::fee_market;
    if (fields.contains("blobVersionedHashes"))
    {
        t.type = TransactionType::blob;
        for (const Json& hash : fields.at("blobVersionedHashes"))
            out.blob_hashes.push_back(hash_of(hash));
        t.max_blob_fee = word_of(fields.at("maxFeePerBlobGas"));
    }
    if (fields.contains("authorizationList"))
    {
        t.type = TransactionType::set_code;
        for (const Json& a : fields.at("authorizationList"))
            out.authorizations.push_back({word_of(a.at("chainId")), address_of(a.at("address")),
                                          u64_of(a.at("nonce")),
                                          static_cast<std::uint8_t>(u64_of(a.at("v"))),
                                          word_of(a.at("r")), word_of(a.at("s"))});
    }
    t.access_list = out.access_list;
    t.blob_hashes = out.blob_hashes;
    t.authorizations = out.authorizations;
}

/// The transaction of a case from its fields, for tests that do not give its bytes.
void build(const Json& fields, const Json& indexes, const Word& chain_id, BuiltTransaction& out)
{
    Transaction& t = out.transaction;
    const auto data_index = indexes.at("data").get<std::size_t>();
    build_lists(fields, data_index, out);
    t.chain_id = chain_id;
    t.nonce = u64_of(fields.at("nonce"));
    t.gas_limit = u64_of(fields.at("gasLimit").at(indexes.at("gas").get<std::size_t>()));
    t.value = word_of(fields.at("value").at(indexes.at("value").get<std::size_t>()));
    out.bytes = bytes_of(fields.at("data").at(data_index).get<std::string>());
    t.data = out.bytes;
    t.creates = fields.at("to").get<std::string>().empty();
    if (!t.creates)
        t.to = address_of(fields.at("to"));
    if (fields.contains("maxFeePerGas"))
    {
        t.max_fee = word_of(fields.at("maxFeePerGas"));
        t.max_priority_fee = word_of(fields.at("maxPriorityFeePerGas"));
    }
    else
        t.max_fee = t.max_priority_fee = word_of(fields.at("gasPrice"));
    out.sender = fields.contains("sender") ? address_of(fields.at("sender"))
                                           : sender_of(fields.at("secretKey"));
}

/// What execution-spec-tests call a reason; nullptr where several of theirs are one of ours.
[[nodiscard]] const char* test_name_of(Refusal refusal)
{
    switch (refusal)
    {
        case Refusal::type_unsupported:
            return "_TX_PRE_FORK";
        case Refusal::nonce_exhausted:
            return "NONCE_IS_MAX";
        case Refusal::sender_has_code:
            return "SENDER_NOT_EOA";
        case Refusal::gas_limit_above_cap:
            return "GAS_LIMIT_EXCEEDS_MAXIMUM";
        case Refusal::intrinsic_gas_too_low:
            return "INTRINSIC_GAS_TOO_LOW";
        case Refusal::floor_gas_too_low:
            return "INTRINSIC_GAS_BELOW_FLOOR_GAS_COST";
        case Refusal::init_code_too_large:
            return "INITCODE_SIZE_EXCEEDED";
        case Refusal::fee_below_base_fee:
            return "INSUFFICIENT_MAX_FEE_PER_GAS";
        case Refusal::priority_fee_above_fee:
            return "PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS";
        case Refusal::funds_insufficient:
            return "INSUFFICIENT_ACCOUNT_FUNDS";
        case Refusal::blobs_missing:
            return "TYPE_3_TX_ZERO_BLOBS";
        case Refusal::blobs_too_many:
            return "TYPE_3_TX_BLOB_COUNT_EXCEEDED";
        case Refusal::blob_version_unknown:
            return "TYPE_3_TX_INVALID_BLOB_VERSIONED_HASH";
        case Refusal::blob_creates:
            return "TYPE_3_TX_CONTRACT_CREATION";
        case Refusal::blob_fee_too_low:
            return "INSUFFICIENT_MAX_FEE_PER_BLOB_GAS";
        case Refusal::authorizations_missing:
            return "TYPE_4_EMPTY_AUTHORIZATION_LIST";
        case Refusal::authorization_creates:
            return "TYPE_4_TX_CONTRACT_CREATION";
        default:
            return nullptr;
    }
}

[[nodiscard]] Refusal make(const Json& fields, const Json& post, const evm::BlockContext& block,
                           Fork fork, BuiltTransaction& out)
{
    if (!post.contains("txbytes"))
    {
        try
        {
            build(fields, post.at("indexes"), block.chain_id, out);
        }
        catch (const std::runtime_error&)
        {
            return Refusal::malformed;  // numbers that no transaction can hold
        }
        return Refusal::none;
    }
    out.bytes = bytes_of(post.at("txbytes").get<std::string>());
    out.arena_bytes.resize(4 * out.bytes.size() + 4096);
    void* memory = out.arena_bytes.data();
    std::size_t room = out.arena_bytes.size();
    std::align(Arena::alignment, 1, memory, room);
    Arena arena(memory, room);
    if (const Refusal refusal = evm::decode(out.bytes, arena, out.transaction);
        refusal != Refusal::none)
        return refusal;
    return evm::recover_sender(out.transaction, fork, out.sender);
}
}  // namespace

bool is_other_reason(const std::string& expected, Refusal refusal)
{
    const char* const name = test_name_of(refusal);
    return name != nullptr && expected.find("TransactionException.") != std::string::npos &&
           expected.find(name) == std::string::npos;
}

MapState state_of(const Json& accounts)
{
    MapState state;
    for (const auto& [address, fields] : accounts.items())
    {
        MapAccount& account = state.accounts[address_of(address)];
        account.nonce = u64_of(fields.value("nonce", Json("0x0")));
        account.balance = word_of(fields.value("balance", Json("0x0")));
        state.set_code(account, bytes_of(fields.value("code", std::string("0x"))));
        if (fields.contains("storage"))
            for (const auto& [key, value] : fields.at("storage").items())
                if (const Word word = word_of(value); !word.is_zero())
                    account.slots[word_of(key)] = word;
    }
    return state;
}

Word blob_base_fee(std::uint64_t excess_blob_gas, std::uint64_t fraction)
{
    // sum of excess^i / (fraction^i i!), each term from the last, rounded as the rule says.
    Word output, accumulated = fraction;
    for (std::uint64_t i = 1; !accumulated.is_zero(); ++i)
    {
        output += accumulated;
        accumulated =
            evm::divide(accumulated * Word(excess_blob_gas), Word(fraction) * Word(i)).quotient;
    }
    return evm::divide(output, fraction).quotient;
}

evm::BlockContext block_of(const Json& env, const Json& config, Fork fork)
{
    evm::BlockContext block;
    block.coinbase = address_of(env.at("currentCoinbase"));
    block.number = u64_of(env.at("currentNumber"));
    block.timestamp = u64_of(env.at("currentTimestamp"));
    block.gas_limit = u64_of(env.at("currentGasLimit"));
    if (env.contains("currentBaseFee"))
        block.base_fee = word_of(env.at("currentBaseFee"));
    const char* const random = fork >= Fork::paris && env.contains("currentRandom")
                                   ? "currentRandom"
                                   : "currentDifficulty";
    if (env.contains(random))
        block.prev_randao = word_of(env[random]);
    if (config.contains("chainid"))
        block.chain_id = word_of(config.at("chainid"));
    // EIP-4844, 7691.
    std::uint64_t fraction = fork >= Fork::prague ? 5007716 : 3338477;
    block.blobs_max = fork >= Fork::prague ? 9 : 6;
    if (const Json schedule = config.value("blobSchedule", Json::object());
        schedule.contains(name_of(fork)))
    {
        fraction = u64_of(schedule[name_of(fork)].at("baseFeeUpdateFraction"));
        block.blobs_max = static_cast<std::uint32_t>(u64_of(schedule[name_of(fork)].at("max")));
    }
    if (env.contains("currentExcessBlobGas"))
        block.blob_base_fee = blob_base_fee(u64_of(env.at("currentExcessBlobGas")), fraction);
    return block;
}

Hash logs_hash(const evm::Journal& journal)
{
    std::vector<std::vector<std::uint8_t>> logs;
    for (std::uint32_t i = 0; i < journal.logs().size(); ++i)
    {
        const evm::Log& log = journal.logs()[i];
        std::vector<std::vector<std::uint8_t>> topics;
        for (std::uint32_t k = 0; k < log.topic_count; ++k)
            topics.push_back(rlp_string(evm::to_hash(log.topics[k])));
        logs.push_back(
            rlp_list({rlp_string(log.address.bytes), rlp_list(topics), rlp_string(log.data)}));
    }
    return hash::keccak_256(rlp_list(logs));
}

StateTestRunner::StateTestRunner(const StateTestOptions& options) : options_(options) {}

evm::Machine& StateTestRunner::machine_of(Fork fork)
{
    if (machine_ == nullptr || machine_->fork() != fork)
        machine_ = std::make_unique<evm::Machine>(memory_.get(), fork, 1, options_.tracer);
    return *machine_;
}

CaseResult StateTestRunner::run_case(const Json& test, const Json& post, Fork fork,
                                     const MapState& before)
{
    CaseResult result;
    evm::Machine& machine = machine_of(fork);
    machine.block = block_of(test.at("env"), test.value("config", Json::object()), fork);
    BuiltTransaction built;
    result.refusal = make(test.at("transaction"), post, machine.block, fork, built);
    MapState state = before;
    machine.journal().clear(state);
    if (result.refusal == Refusal::none)
        result.refusal = evm::execute(machine, built.transaction, built.sender, result.receipt);
    result.receipt.output = {};
    if (machine.journal().fault() != evm::Fault::none)
    {
        result.why = "the machine ran out of memory";
        return result;
    }
    const bool refused = result.refusal != Refusal::none;
    if (refused)
    {
        result.receipt = {};
        machine.journal().clear(state);
    }
    else
        state.apply(machine.journal());
    // The tool that filled the older tests pays the coinbase of a block without transactions, of nothing.
    if (refused && fork < Fork::spurious_dragon &&
        test.value("_info", Json::object()).contains("filling-rpc-server"))
        state.accounts.try_emplace(machine.block.coinbase);
    result.root = state.root();
    const bool should_refuse = post.contains("expectException");
    if (refused != should_refuse)
        result.why = refused
                         ? std::string("refused: ") + evm::name_of(result.refusal)
                         : "executed, but should be refused: " + post.at("expectException").dump();
    else if (refused &&
             is_other_reason(post.at("expectException").get<std::string>(), result.refusal))
        result.why = std::string("refused as ") + evm::name_of(result.refusal) + " instead of " +
                     post.at("expectException").get<std::string>();
    else if (result.root != hash_of(post.at("hash")))
        result.why = "state root " + hex_of(result.root) + " instead of " +
                     post.at("hash").get<std::string>();
    else if (!refused && logs_hash(machine.journal()) != hash_of(post.at("logs")))
        result.why = "hash of logs " + hex_of(logs_hash(machine.journal())) + " instead of " +
                     post.at("logs").get<std::string>();
    else if (!refused && built.transaction.type == TransactionType::legacy &&
             test.at("transaction").contains("sender") &&
             !(built.sender == address_of(test.at("transaction").at("sender"))))
        result.why = "another sender";
    result.passed = result.why.empty();
    return result;
}

std::vector<CaseResult> StateTestRunner::run(const Json& file)
{
    std::vector<CaseResult> results;
    for (const auto& [name, test] : file.items())
    {
        if (!options_.only_test.empty() && name.find(options_.only_test) == std::string::npos)
            continue;
        const MapState before = state_of(test.at("pre"));
        for (const auto& [fork_name, cases] : test.at("post").items())
        {
            const std::optional<Fork> fork = fork_of(fork_name);
            if (!options_.only_fork.empty() && fork != fork_of(options_.only_fork))
                continue;
            if (!fork)
            {
                skipped_ += cases.size();
                continue;
            }
            for (std::size_t i = 0; i < cases.size(); ++i)
            {
                CaseResult result = run_case(test, cases[i], *fork, before);
                result.test = name;
                result.fork = fork_name;
                result.index = i;
                results.push_back(std::move(result));
            }
        }
    }
    return results;
}
}  // namespace mote::evm_tool
