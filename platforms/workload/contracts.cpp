#include "workload/contracts.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include "hash/keccak.hpp"

namespace mote::workload
{
namespace
{
std::vector<std::uint8_t> bytes_of(std::string_view hex)
{
    const auto digit = [](char c)
    { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10); };
    std::vector<std::uint8_t> out(hex.size() / 2);
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = static_cast<std::uint8_t>(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
    return out;
}

struct Named
{
    std::string_view name;
    Contract contract;
};

const auto& all()
{
    static const std::array contracts = {
#define MOTE_CONTRACT(name, creation, runtime) \
    Named{#name, {bytes_of(creation), bytes_of(runtime)}},
#include "workload/contract_code.inc"
#undef MOTE_CONTRACT
    };
    return contracts;
}
}  // namespace

const Contract& contract(std::string_view name)
{
    for (const Named& named : all())
        if (named.name == name)
            return named.contract;
    throw std::invalid_argument("no contract called " + std::string(name));
}

evm::Word mapping_slot(const evm::Word& key, const evm::Word& base)
{
    std::array<std::uint8_t, 64> bytes{};
    evm::store_word(bytes.data(), key);
    evm::store_word(bytes.data() + 32, base);
    return evm::to_word(hash::keccak_256(bytes));
}

std::vector<std::uint8_t> call_data(std::string_view signature,
                                    std::initializer_list<evm::Word> arguments)
{
    const evm::Hash digest = hash::keccak_256(
        {reinterpret_cast<const std::uint8_t*>(signature.data()), signature.size()});
    std::vector<std::uint8_t> out(4 + 32 * arguments.size());
    std::copy_n(digest.begin(), 4, out.begin());
    std::uint8_t* at = out.data() + 4;
    for (const evm::Word& argument : arguments)
    {
        evm::store_word(at, argument);
        at += 32;
    }
    return out;
}

evm::Word token_balance_slot(const evm::Address& owner)
{
    return mapping_slot(evm::to_word(owner), {});
}
evm::Word token_allowance_slot(const evm::Address& owner, const evm::Address& spender)
{
    return mapping_slot(evm::to_word(spender), mapping_slot(evm::to_word(owner), evm::Word(1)));
}

evm::Word pack(const Reserves& reserves) { return reserves.token0 | reserves.token1 << 112; }
Reserves unpack_reserves(const evm::Word& slot)
{
    const evm::Word mask = (evm::Word(1) << 112) - evm::Word(1);
    return {slot & mask, (slot >> 112) & mask};
}
}  // namespace mote::workload
