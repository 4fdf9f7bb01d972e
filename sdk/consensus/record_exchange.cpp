#include "consensus/record_exchange.hpp"

namespace mote::consensus
{
Position exported(const VoteRecord& record) noexcept
{
    if (record.state == RecordState::reserve)
        return {record.epoch, record.reserved_view, Second::finalize};
    // A view with a first vote only has none of the second kind; that it was left is for `view` to say.
    const Second second = record.second == Second::used ? Second::finalize : record.second;
    return {record.epoch, record.view, second};
}

bool highest(std::span<const Position> positions, Position& out) noexcept
{
    out = {};
    for (std::size_t i = 0; i < positions.size(); ++i)
        if (i == 0 || below(out, positions[i]))
            out = positions[i];
    return !positions.empty();
}

Imported imported(const VoteRecord& record, const Position& position, VoteRecord& out) noexcept
{
    out = record;
    if (record.state == RecordState::retired)
        return Imported::retired;
    if (record.seq == UINT64_MAX)
        return Imported::no_seq;
    if (raise(record, position.epoch, position.view, out))
        return Imported::raised;
    const bool same_view = record.epoch == position.epoch && record.view == position.view;
    const bool used = record.first == First::used && record.second == Second::used;
    if (record.state != RecordState::exact || !same_view || used)
        return Imported::unchanged;
    out = arrived(position);
    out.seq = record.seq + 1;
    out.lease_nonce = record.lease_nonce;
    return Imported::raised;
}

VoteRecord arrived(const Position& position) noexcept
{
    VoteRecord record = first_record();
    record.epoch = position.epoch;
    record.view = position.view;
    return record;
}
}  // namespace mote::consensus
