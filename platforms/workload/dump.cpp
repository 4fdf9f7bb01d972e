#include "workload/dump.hpp"

#include "json_values.hpp"

namespace mote::workload
{
namespace
{
using evm_tool::hex_of;

std::string hex_of_number(std::uint64_t value) { return hex_of(evm::Word(value)); }
std::string hex_of_slot(const evm::Word& value) { return hex_of(Bytes(evm::to_hash(value))); }

/// Calls write(item) for each, with commas between.
template <class Items, class Write>
void list(std::ostream& out, const Items& items, const char* separator, const Write& write)
{
    bool first = true;
    for (const auto& item : items)
    {
        out << (first ? "" : separator);
        first = false;
        write(item);
    }
}
}  // namespace

evm::BlockContext first_block(const Options& options, std::uint64_t gas_limit)
{
    evm::BlockContext block;
    block.number = 1;
    block.timestamp = 1'700'000'000;
    block.gas_limit = gas_limit;
    block.coinbase.bytes.fill(0xc0);
    block.prev_randao = evm::Word(options.seed);
    block.base_fee = evm::Word(7'000'000'000);
    block.chain_id = evm::Word(options.chain_id);
    block.blobs_max = 9;
    return block;
}

void write_json(std::ostream& out, const Options& options,
                const std::vector<GenesisAccount>& genesis, const evm::BlockContext& block,
                const std::vector<SignedTransaction>& transactions)
{
    out << R"({"fork": "Osaka", "workload": ")" << name_of(options.kind) << R"(", "seed": )"
        << options.seed << ",\n"
        << R"("config": {"chainid": ")" << hex_of(block.chain_id) << "\"},\n"
        << R"("env": {"currentNumber": ")" << hex_of_number(block.number)
        << R"(", "currentTimestamp": ")" << hex_of_number(block.timestamp)
        << R"(", "currentGasLimit": ")" << hex_of_number(block.gas_limit)
        << R"(", "currentCoinbase": ")" << hex_of(block.coinbase.bytes)
        << R"(", "currentRandom": ")" << hex_of_slot(block.prev_randao)
        << R"(", "currentBaseFee": ")" << hex_of(block.base_fee) << "\"},\n\"pre\": {\n";
    list(
        out, genesis, ",\n",
        [&](const GenesisAccount& account)
        {
            out << '"' << hex_of(account.address.bytes) << R"(": {"balance": ")"
                << hex_of(account.balance) << R"(", "nonce": ")" << hex_of_number(account.nonce)
                << R"(", "code": ")" << hex_of(Bytes(account.code)) << R"(", "storage": {)";
            list(
                out, account.slots, ", ", [&](const SlotValue& slot)
                { out << '"' << hex_of_slot(slot.key) << R"(": ")" << hex_of(slot.value) << '"'; });
            out << "}}";
        });
    out << "},\n\"senders\": [\n";
    list(out, transactions, ",\n", [&](const SignedTransaction& transaction)
         { out << '"' << hex_of(transaction.sender.bytes) << '"'; });
    out << "],\n\"transactions\": [\n";
    list(out, transactions, ",\n", [&](const SignedTransaction& transaction)
         { out << '"' << hex_of(Bytes(transaction.bytes)) << '"'; });
    out << "]}\n";
}
}  // namespace mote::workload
