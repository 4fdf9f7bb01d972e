#include "block/receipts.hpp"

#include "chain/tree.hpp"
#include "evm/rlp.hpp"
#include "hash/keccak.hpp"

namespace mote::block
{
namespace
{
void append(std::vector<std::uint8_t>& out, Bytes bytes)
{
    out.insert(out.end(), bytes.begin(), bytes.end());
}

void append_header(std::vector<std::uint8_t>& out, bool is_list, std::size_t payload)
{
    std::array<std::uint8_t, 9> header;
    append(out, Bytes(header).first(evm::write_rlp_header(is_list, payload, header.data())));
}

void append_string(std::vector<std::uint8_t>& out, Bytes bytes)
{
    if (bytes.size() != 1 || bytes[0] >= 0x80)
        append_header(out, false, bytes.size());
    append(out, bytes);
}

void append_integer(std::vector<std::uint8_t>& out, std::uint64_t value)
{
    std::array<std::uint8_t, 33> bytes;
    append(out, Bytes(bytes).first(evm::write_rlp_integer(value, bytes.data())));
}

void append_list(std::vector<std::uint8_t>& out, Bytes payload)
{
    append_header(out, true, payload.size());
    append(out, payload);
}

void append_log(std::vector<std::uint8_t>& out, const Outcome& outcome, const LogEntry& log)
{
    std::vector<std::uint8_t> topics, fields;
    for (std::uint32_t i = 0; i < log.topic_count; ++i)
        append_string(topics, evm::to_hash(log.topics[i]));
    append_string(fields, log.address.bytes);
    append_list(fields, topics);
    append_string(fields, outcome.data_of(log));
    append_list(out, fields);
}

void add_to_bloom(Bloom& bloom, Bytes value)
{
    const evm::Hash hash = hash::keccak_256(value);
    for (std::size_t i = 0; i < 6; i += 2)
    {
        const unsigned bit = (unsigned{hash[i]} << 8 | hash[i + 1]) & 2047;
        bloom[255 - bit / 8] |= static_cast<std::uint8_t>(1U << (bit % 8));
    }
}
}  // namespace

Bloom bloom_of(const Outcome& outcome)
{
    Bloom bloom{};
    for (const LogEntry& log : outcome.logs)
    {
        add_to_bloom(bloom, log.address.bytes);
        for (std::uint32_t i = 0; i < log.topic_count; ++i)
            add_to_bloom(bloom, evm::to_hash(log.topics[i]));
    }
    return bloom;
}

std::vector<std::uint8_t> encode_receipt(const Outcome& outcome)
{
    std::vector<std::uint8_t> out, fields, logs;
    if (!outcome.executed())
        return out;
    for (const LogEntry& log : outcome.logs)
        append_log(logs, outcome, log);
    append_integer(fields, outcome.halt == evm::Halt::success ? 1 : 0);
    append_integer(fields, outcome.cumulative_gas);
    append_string(fields, bloom_of(outcome));
    append_list(fields, logs);
    if (outcome.type != evm::TransactionType::legacy)
        out.push_back(static_cast<std::uint8_t>(outcome.type));
    append_list(out, fields);
    return out;
}

evm::Hash receipts_root(std::span<const Outcome> outcomes)
{
    chain::TreeBuilder tree;
    for (const Outcome& outcome : outcomes)
        tree.add(chain::leaf_hash(encode_receipt(outcome)));
    return tree.root();
}
}  // namespace mote::block
