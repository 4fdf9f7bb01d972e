#include "ethereum_chain.hpp"

#include <algorithm>

#include "block/receipts.hpp"
#include "evm/rlp.hpp"
#include "hash/sha256.hpp"
#include "state_test.hpp"
#include "trie.hpp"

namespace mote::evm_tool
{
namespace
{
using evm::Address;
using evm::Fork;
using evm::Hash;
using evm::Word;

constexpr std::int64_t system_gas = 30'000'000;
constexpr std::uint64_t ancestors_max = 256;
constexpr std::size_t block_bytes_max = 8'388'608;  // EIP-7934

[[nodiscard]] Address address(const char* digits)
{
    return address_of(Json(std::string("0x") + digits));
}

const Address system_caller = address("fffffffffffffffffffffffffffffffffffffffe");
const Address beacon_roots = address("000f3df6d732807ef1319fb7b8bb8522d0beac02");
const Address history = address("0000f90827f1c53a10cb7a02335b175320002935");
const Address deposit_contract = address("00000000219ab540356cbb839cbe05303d7705fa");
const Address withdrawal_requests = address("00000961ef480eb55e80d19ad83579a64c007002");
const Address consolidation_requests = address("0000bbddc7ce488642fb579f8b00f3a590007251");
const Word deposit_event =
    word_of(Json("0x649bbc62d0e31342afea4e5cd82d4049e7e1ee912fc0889aa790803be39038c5"));

void append(std::vector<std::uint8_t>& out, Bytes bytes)
{
    out.insert(out.end(), bytes.begin(), bytes.end());
}

/// A deposit from the data of its log: five byte strings as the ABI has them. Source: [EIPS] 6110.
[[nodiscard]] bool take_deposit(Bytes data, std::vector<std::uint8_t>& out)
{
    struct Field
    {
        std::size_t at, bytes;
    };
    constexpr std::array<Field, 5> fields = {{{160, 48}, {256, 32}, {320, 8}, {384, 96}, {512, 8}}};
    const auto is = [&](std::size_t at, std::size_t number)
    { return evm::load_word(data.data() + at) == Word(number); };
    if (data.size() != 576)
        return false;
    for (std::size_t i = 0; i < fields.size(); ++i)
        if (!is(32 * i, fields[i].at) || !is(fields[i].at, fields[i].bytes))
            return false;
    for (const Field& field : fields)
        append(out, data.subspan(field.at + 32, field.bytes));
    return true;
}
}  // namespace

bool EthereumChain::State::block_hash(std::uint64_t number, Hash& out) noexcept
{
    const auto found = hashes.find(number);
    out = found == hashes.end() ? Hash{} : found->second;
    return true;
}

EthereumChain::EthereumChain(MapState genesis, const EthereumHeader& header)
    : state_(std::move(genesis)), head_(header)
{
    view_.hashes[header.number] = header.hash;
}

void EthereumChain::settle()
{
    view_.accounts.apply(machine_->journal());
    machine_->journal().clear(view_);
}

EthereumChain::Verdict EthereumChain::take(Bytes rlp, const BlockRules& rules)
{
    EthereumBlock block;
    if (!decode_block(rlp, block))
        return {evm::is_rlp(rlp) ? "BlockException.INCORRECT_BLOCK_FORMAT"
                                 : "BlockException.RLP_STRUCTURES_ENCODING"};
    if (rules.fork >= Fork::osaka && rlp.size() > block_bytes_max)
        return {"BlockException.RLP_BLOCK_LIMIT_EXCEEDED"};
    if (block.header.parent != head_.hash)
        return {"BlockException.UNKNOWN_PARENT"};
    if (std::string fault = check_header(block.header, head_, rules.fork, rules.blobs);
        !fault.empty())
        return {std::move(fault)};
    if (block.has_withdrawals != (rules.fork >= Fork::shanghai))
        return {"BlockException.INCORRECT_BLOCK_FORMAT"};
    if (rules.fork >= Fork::paris && block.has_uncles)
        return {"BlockException.IMPORT_IMPOSSIBLE_UNCLES_OVER_PARIS"};
    if (block.uncles_hash != block.header.uncles)
        return {"BlockException.INVALID_UNCLES_HASH"};
    if (list_root(block.transactions) != block.header.transactions_root)
        return {"BlockException.INVALID_TRANSACTIONS_ROOT"};
    std::vector<std::vector<std::uint8_t>> withdrawals;
    for (const Withdrawal& withdrawal : block.withdrawals)
        withdrawals.push_back(withdrawal.encoded);
    if (block.has_withdrawals && list_root(withdrawals) != *block.header.withdrawals_root)
        return {"BlockException.INVALID_WITHDRAWALS_ROOT"};
    view_.accounts = state_;
    Verdict verdict = execute(block, rules);
    if (!verdict.valid())
        return verdict;
    state_ = view_.accounts;
    head_ = block.header;
    view_.hashes[head_.number] = head_.hash;
    if (head_.number >= ancestors_max)
        view_.hashes.erase(head_.number - ancestors_max);
    return verdict;
}

EthereumChain::Verdict EthereumChain::execute(const EthereumBlock& block, const BlockRules& rules)
{
    const EthereumHeader& header = block.header;
    if (machine_ == nullptr || machine_->fork() != rules.fork)
        machine_ = std::make_unique<evm::Machine>(memory_.get(), rules.fork, 1);
    evm::BlockContext& context = machine_->block;
    context = {};
    context.number = header.number;
    context.timestamp = header.timestamp;
    context.gas_limit = header.gas_limit;
    context.coinbase = header.coinbase;
    context.prev_randao = rules.fork >= Fork::paris ? evm::to_word(header.mix) : header.difficulty;
    context.base_fee = header.base_fee.value_or(Word{});
    context.chain_id = rules.chain_id;
    context.blobs_max = static_cast<std::uint32_t>(rules.blobs.max);
    if (header.excess_blob_gas)
        context.blob_base_fee = blob_base_fee(*header.excess_blob_gas, rules.blobs.fraction);
    machine_->journal().clear(view_);

    // Whether these two are there and what they come to does not matter.
    if (rules.fork >= Fork::cancun)
        static_cast<void>(call_system(beacon_roots, *header.beacon_root, nullptr));
    if (rules.fork >= Fork::prague)
        static_cast<void>(call_system(history, header.parent, nullptr));
    std::vector<block::Outcome> outcomes;
    if (Verdict verdict = execute_transactions(block, rules, outcomes); !verdict.valid())
        return verdict;
    if (std::string fault = check_receipts(block, outcomes); !fault.empty())
        return {std::move(fault)};
    pay(block, rules);
    if (rules.fork >= Fork::prague)
        if (std::string fault = take_requests(block, outcomes); !fault.empty())
            return {std::move(fault)};
    if (view_.accounts.root() != header.state_root)
        return {"BlockException.INVALID_STATE_ROOT"};
    return {};
}

// A call that no transaction makes: it pays for nothing, and its gas is not the block's.
std::string EthereumChain::call_system(const Address& contract, Bytes input,
                                       std::vector<std::uint8_t>* output)
{
    evm::Journal& journal = machine_->journal();
    journal.begin_transaction();
    if (!journal.account(contract).has_code())
        return "BlockException.SYSTEM_CONTRACT_EMPTY";
    machine_->transaction = {system_caller, {}, {}};
    evm::Message message;
    message.gas = system_gas;
    message.sender = system_caller;
    message.recipient = message.code_address = contract;
    message.input = input;
    const evm::Outcome outcome = machine_->run(message);
    if (output != nullptr)
        output->assign(outcome.output.begin(), outcome.output.end());
    journal.end_transaction(true);
    settle();
    return outcome.halt == evm::Halt::success ? std::string()
                                              : "BlockException.SYSTEM_CONTRACT_CALL_FAILED";
}

EthereumChain::Verdict EthereumChain::execute_transactions(const EthereumBlock& block,
                                                           const BlockRules& rules,
                                                           std::vector<block::Outcome>& outcomes)
{
    std::vector<Bytes> bytes(block.transactions.begin(), block.transactions.end());
    const block::PreparedList list = block::prepare(bytes, rules.fork, 1);
    std::uint64_t gas = 0, blobs = 0;
    for (const block::Prepared& transaction : list.transactions())
    {
        blobs += transaction.transaction.blob_hashes.size();
        block::Outcome outcome;
        block::execute_one(*machine_, transaction, gas, outcome);
        if (machine_->journal().fault() != evm::Fault::none)
            return {"the machine ran out of memory"};
        if (!outcome.executed())
            return {std::string("a transaction is refused: ") + evm::name_of(outcome.refusal),
                    outcome.refusal};
        gas = outcome.cumulative_gas;
        outcomes.push_back(std::move(outcome));
        settle();
    }
    if (blobs > rules.blobs.max)
        return {"TransactionException.TYPE_3_TX_MAX_BLOB_GAS_ALLOWANCE_EXCEEDED"};
    if (rules.fork >= Fork::cancun && *block.header.blob_gas_used != blobs * evm::blob_gas)
        return {"BlockException.INCORRECT_BLOB_GAS_USED"};
    return {};
}

std::string EthereumChain::check_receipts(const EthereumBlock& block,
                                          const std::vector<block::Outcome>& outcomes)
{
    std::vector<std::vector<std::uint8_t>> receipts;
    block::Bloom bloom{};
    std::uint64_t gas = 0;
    for (const block::Outcome& outcome : outcomes)
    {
        receipts.push_back(block::encode_receipt(outcome));
        const block::Bloom own = block::bloom_of(outcome);
        for (std::size_t i = 0; i < bloom.size(); ++i)
            bloom[i] |= own[i];
        gas = outcome.cumulative_gas;
    }
    if (gas != block.header.gas_used)
        return "BlockException.INVALID_GAS_USED";
    if (list_root(receipts) != block.header.receipts_root)
        return "BlockException.INVALID_RECEIPTS_ROOT";
    if (!std::equal(bloom.begin(), bloom.end(), block.header.bloom.begin()))
        return "BlockException.INVALID_LOG_BLOOM";
    return {};
}

// Whom the protocol pays: who found a block, until Paris; who takes out of a stake, from Shanghai.
void EthereumChain::pay(const EthereumBlock& block, const BlockRules& rules)
{
    constexpr std::uint64_t wei_a_gwei = 1'000'000'000;
    const Word reward = Word(2'000'000'000) * Word(wei_a_gwei);  // from Constantinople (EIP-1234)
    if (rules.fork < Fork::paris)
        view_.accounts.accounts[block.header.coinbase].balance += reward;
    for (const Withdrawal& withdrawal : block.withdrawals)
        if (withdrawal.gwei != 0)
            view_.accounts.accounts[withdrawal.address].balance +=
                Word(withdrawal.gwei) * Word(wei_a_gwei);
    machine_->journal().clear(view_);
}

std::string EthereumChain::take_requests(const EthereumBlock& block,
                                         const std::vector<block::Outcome>& outcomes)
{
    std::array<std::vector<std::uint8_t>, 3> requests = {{{0}, {1}, {2}}};
    for (const block::Outcome& outcome : outcomes)
        for (const block::LogEntry& log : outcome.logs)
            if (log.address == deposit_contract && log.topic_count > 0 &&
                log.topics[0] == deposit_event && !take_deposit(outcome.data_of(log), requests[0]))
                return "BlockException.INVALID_DEPOSIT_EVENT_LAYOUT";
    std::vector<std::uint8_t> digests;
    for (const auto& [contract, index] :
         {std::pair(withdrawal_requests, 1U), std::pair(consolidation_requests, 2U)})
    {
        std::vector<std::uint8_t> output;
        if (std::string fault = call_system(contract, {}, &output); !fault.empty())
            return fault;
        append(requests[index], output);
    }
    for (const auto& list : requests)
        if (list.size() > 1)
            append(digests, hash::sha256(list));
    return hash::sha256(digests) == *block.header.requests_hash ? std::string()
                                                                : "BlockException.INVALID_REQUESTS";
}
}  // namespace mote::evm_tool
