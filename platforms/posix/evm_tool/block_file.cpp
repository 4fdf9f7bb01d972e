#include "block_file.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "state_test.hpp"

namespace mote::evm_tool
{
namespace
{
[[nodiscard]] std::vector<std::uint8_t> read_file(const std::string& name)
{
    std::ifstream file(name, std::ios::binary);
    if (!file)
        throw std::runtime_error(name + ": cannot be opened");
    std::vector<std::uint8_t> out{std::istreambuf_iterator<char>(file), {}};
    if (file.bad())
        throw std::runtime_error(name + ": cannot be read");
    return out;
}

[[nodiscard]] Json json_of(const std::string& name, const std::vector<std::uint8_t>& bytes)
{
    try
    {
        return Json::parse(bytes);
    }
    catch (const Json::exception& error)
    {
        throw std::runtime_error(name + ": " + error.what());
    }
}

[[nodiscard]] block::Header header_of(const Json& file, const std::string& fork_name)
{
    block::Header header;
    const std::string name =
        fork_name.empty() && file.contains("fork") ? file.at("fork").get<std::string>() : fork_name;
    if (!name.empty())
    {
        const std::optional<evm::Fork> fork = fork_of(name);
        if (!fork || *fork < evm::Fork::cancun)
            throw std::runtime_error("no rules of blocks are called " + name);
        header.fork = *fork;
    }
    const Json& env = file.at("env");
    const evm::BlockContext context =
        block_of(env, file.value("config", Json::object()), header.fork);
    if (!context.chain_id.fits_u64())
        throw std::runtime_error("chain id above 2^64");
    header.number = context.number;
    header.timestamp = context.timestamp;
    header.gas_limit = context.gas_limit;
    header.chain_id = context.chain_id.limb[0];
    header.base_fee = context.base_fee;
    header.prev_randao = evm::to_hash(context.prev_randao);
    header.coinbase = context.coinbase;
    if (env.contains("previousHash"))
        header.parent = hash_of(env.at("previousHash"));
    return header;
}

void read_json(const Json& file, const std::string& fork, BlockFile& out)
{
    out.block.header = header_of(file, fork);
    for (const Json& transaction : file.at("transactions"))
    {
        out.bytes.push_back(bytes_of(transaction.get<std::string>()));
        if (out.bytes.back().size() > block::transaction_bytes_max)
            throw std::runtime_error("a transaction is too long");
    }
    out.block.transactions.assign(out.bytes.begin(), out.bytes.end());
    out.block.access.first.assign(out.bytes.size() + 1, 0);
    if (file.contains("pre"))
        out.before = state_of(file.at("pre"));
}
}  // namespace

BlockFile read_block(const std::string& name, const std::string& pre, const std::string& fork)
{
    constexpr std::array<std::uint8_t, 3> magic = {'m', 't', 'b'};
    BlockFile out;
    std::vector<std::uint8_t> bytes = read_file(name);
    if (bytes.size() >= magic.size() && std::equal(magic.begin(), magic.end(), bytes.begin()))
    {
        if (!fork.empty())
            throw std::runtime_error("the block says its rules itself");
        out.bytes.push_back(std::move(bytes));
        if (const block::BlockError error = block::decode(out.bytes.back(), out.block);
            error != block::BlockError::none)
            throw std::runtime_error(name + ": " + block::text_of(error));
        out.has_access = !out.block.access.keys.empty();
    }
    else
        read_json(json_of(name, bytes), fork, out);
    if (!pre.empty())
    {
        const Json file = json_of(pre, read_file(pre));
        out.before = state_of(file.contains("pre") ? file.at("pre") : file);
    }
    // A block's view has no accounts without anything.
    std::erase_if(out.before.accounts,
                  [](const auto& entry)
                  {
                      const MapAccount& account = entry.second;
                      return account.nonce == 0 && account.balance.is_zero() &&
                             account.code.empty();
                  });
    return out;
}

void apply(const block::StateChanges& changes, MapState& state)
{
    for (const block::AccountChange& change : changes.accounts)
    {
        if (!change.exists)
        {
            state.accounts.erase(change.address);
            continue;
        }
        MapAccount& account = state.accounts[change.address];
        account.nonce = change.nonce;
        account.balance = change.balance;
        if (account.code_hash == change.code_hash)
            continue;
        account.code.clear();
        account.code_hash = change.code_hash;
        const auto code = std::find_if(changes.codes.begin(), changes.codes.end(),
                                       [&](const block::NewCode& new_code)
                                       { return new_code.hash == change.code_hash; });
        if (code != changes.codes.end())
            account.code = code->bytes;
    }
    for (const block::SlotChange& change : changes.slots)
        if (change.value.is_zero())
            state.accounts[change.address].slots.erase(change.key);
        else
            state.accounts[change.address].slots[change.key] = change.value;
}
}  // namespace mote::evm_tool
