#include "workload/signing.hpp"

#include <stdexcept>

#include "evm/rlp.hpp"
#include "hash/keccak.hpp"

namespace mote::workload
{
namespace
{
using Buffer = std::vector<std::uint8_t>;
using evm::TransactionType;

void add_header(Buffer& out, bool is_list, std::size_t bytes)
{
    std::uint8_t header[9];
    out.insert(out.end(), header, header + evm::write_rlp_header(is_list, bytes, header));
}
void add_integer(Buffer& out, const evm::Word& value)
{
    std::uint8_t bytes[33];
    out.insert(out.end(), bytes, bytes + evm::write_rlp_integer(value, bytes));
}
void add_string(Buffer& out, Bytes bytes)
{
    if (bytes.size() != 1 || bytes[0] >= 0x80)
        add_header(out, false, bytes.size());
    out.insert(out.end(), bytes.begin(), bytes.end());
}
/// The items with a list's header in front, behind `prefix`.
Buffer list_of(const Buffer& items, Buffer prefix = {})
{
    add_header(prefix, true, items.size());
    prefix.insert(prefix.end(), items.begin(), items.end());
    return prefix;
}
void add_list(Buffer& out, const Buffer& items)
{
    const Buffer list = list_of(items);
    out.insert(out.end(), list.begin(), list.end());
}

Buffer fields_of(const Unsigned& t)
{
    Buffer out;
    if (t.type != TransactionType::legacy)
        add_integer(out, t.chain_id);
    add_integer(out, evm::Word(t.nonce));
    if (t.type == TransactionType::fee_market)
        add_integer(out, t.max_priority_fee);
    add_integer(out, t.max_fee);
    add_integer(out, evm::Word(t.gas_limit));
    add_string(out, t.creates ? Bytes{} : Bytes(t.to.bytes));
    add_integer(out, t.value);
    add_string(out, t.data);
    if (t.type == TransactionType::legacy)
        return out;
    Buffer entries;
    for (const AccessedSlots& accessed : t.access_list)
    {
        Buffer entry, keys;
        add_string(entry, accessed.address.bytes);
        for (const evm::Word& slot : accessed.slots)
            add_string(keys, evm::to_hash(slot));
        add_list(entry, keys);
        add_list(entries, entry);
    }
    add_list(out, entries);
    return out;
}
}  // namespace

std::vector<std::uint8_t> sign(const Unsigned& transaction, const KeyPair& key)
{
    if (transaction.type > TransactionType::fee_market)
        throw std::invalid_argument("cannot sign transactions of this type");
    const bool legacy = transaction.type == TransactionType::legacy;
    Buffer prefix;
    if (!legacy)
        prefix.push_back(static_cast<std::uint8_t>(transaction.type));
    Buffer fields = fields_of(transaction);
    const std::size_t bytes = fields.size();
    if (legacy)
    {
        // EIP-155: as if the chain were v, and r and s zero.
        add_integer(fields, transaction.chain_id);
        add_integer(fields, {});
        add_integer(fields, {});
    }
    const Signature signature = sign(key, hash::keccak_256(list_of(fields, prefix)));
    fields.resize(bytes);
    const evm::Word parity = signature.parity;
    add_integer(fields,
                legacy ? transaction.chain_id * evm::Word(2) + evm::Word(35) + parity : parity);
    add_integer(fields, evm::load_word(signature.r_s.data()));
    add_integer(fields, evm::load_word(signature.r_s.data() + 32));
    return list_of(fields, std::move(prefix));
}
}  // namespace mote::workload
