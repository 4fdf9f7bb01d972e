#include "chain/epoch_rules.hpp"

#include "chain/tree.hpp"

namespace mote::chain
{
namespace
{
void adopt(const EpochSet& set, const RootHeader& parent, EpochFields& fields) noexcept
{
    fields.flags = 0;
    fields.root_committee = set.root_committee;
    fields.zones_root = set.zones_root;
    fields.params_root = set.params_root;
    if (!is_zero(parent.next_ckpt_committee))
        fields.ckpt_committee = set.ckpt_committee;
}

/// Starts an epoch: everything announced is adopted or, without a set, carried over.
EpochFault begin_epoch(const RootHeader& parent, std::uint64_t epoch, const EpochSet* adopted,
                       const Calendar& calendar, std::uint32_t carry_max,
                       EpochFields& fields) noexcept
{
    if (is_zero(parent.next_set))
    {
        if (adopted != nullptr)
            return EpochFault::adopted;
        if (parent.flags >= carry_max)
            return EpochFault::carried;
        fields.flags = parent.flags + 1;
        if (calendar.begins_period(epoch))
            fields.ckpt_committee = {};
    }
    else
    {
        if (adopted == nullptr || adopted->epoch != epoch || hash_of(*adopted) != parent.next_set)
            return EpochFault::adopted;
        adopt(*adopted, parent, fields);
    }
    fields.next_root_committee = fields.next_ckpt_committee = fields.next_set = {};
    fields.epoch_randao = parent.randao;
    return EpochFault::none;
}
}  // namespace

EpochFields epoch_fields(const RootHeader& h) noexcept
{
    return {h.flags,
            h.root_committee,
            h.next_root_committee,
            h.ckpt_committee,
            h.next_ckpt_committee,
            h.zones_root,
            h.params_root,
            h.next_set,
            h.epoch_randao};
}

EpochFault next_epoch_fields(const RootHeader& parent, std::uint64_t height,
                             const EpochSet* adopted, const EpochSet* announced,
                             const Calendar& calendar, std::uint32_t carry_max,
                             EpochFields& out) noexcept
{
    out = {};
    if (parent.height == UINT64_MAX || height != parent.height + 1 ||
        parent.epoch != calendar.epoch(parent.height))
        return EpochFault::height;
    const std::uint64_t epoch = calendar.epoch(height);
    EpochFields fields = epoch_fields(parent);
    if (epoch != parent.epoch)
    {
        if (const EpochFault fault =
                begin_epoch(parent, epoch, adopted, calendar, carry_max, fields);
            fault != EpochFault::none)
            return fault;
    }
    else if (adopted != nullptr)
        return EpochFault::adopted;

    if (announced != nullptr && announced->epoch == epoch + 1 && is_zero(fields.next_set))
    {
        fields.next_set = hash_of(*announced);
        fields.next_root_committee = announced->root_committee;
        if (calendar.begins_period(epoch + 1) || is_zero(fields.ckpt_committee))
            fields.next_ckpt_committee = announced->ckpt_committee;
    }
    out = fields;
    return EpochFault::none;
}

EpochFault check_epoch_fields(const RootHeader& parent, const RootHeader& header,
                              const EpochSet* adopted, const EpochSet* announced,
                              const Calendar& calendar, std::uint32_t carry_max) noexcept
{
    EpochFields expected;
    if (const EpochFault fault = next_epoch_fields(parent, header.height, adopted, announced,
                                                   calendar, carry_max, expected);
        fault != EpochFault::none)
        return fault;
    return header.epoch == calendar.epoch(header.height) && epoch_fields(header) == expected
               ? EpochFault::none
               : EpochFault::fields;
}

bool records_hold(std::span<const ZoneRecord> records, const Digest& zones_root) noexcept
{
    for (std::size_t i = 1; i < records.size(); ++i)
        if (records[i].zone <= records[i - 1].zone)
            return false;
    return root_of(records) == zones_root;
}
}  // namespace mote::chain
