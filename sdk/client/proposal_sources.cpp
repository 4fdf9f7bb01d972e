#include "client/proposal_sources.hpp"

namespace mote::client
{
ProposalSources::ProposalSources(const wire::ProposalMessage& message,
                                 std::span<chain::ZoneHeader, chain::skipped_max> headers,
                                 std::span<chain::ZoneRecord> records) noexcept
    : message_(message), headers_(headers)
{
    for (std::size_t i = 0; i < message.epoch_set_count; ++i)
        holds_ = chain::decode(message.epoch_sets[i], sets_[set_count_++]) && holds_;
    holds_ = holds_ && message.zone_record_count <= records.size();
    for (std::size_t i = 0; holds_ && i < message.zone_record_count; ++i)
        holds_ = chain::decode(message.zone_records[i], records[i]);

    proposal_.header = message.header;
    proposal_.view = message.view;
    proposal_.signature = message.signature;
    proposal_.reveal = message.has_reveal ? &message.reveal : nullptr;
    proposal_.parent_certificate =
        message.has_parent_certificate ? &message.parent_certificate : nullptr;
    proposal_.nullifications = {message.nullification_count, this,
                                [](void* self, std::size_t index, chain::Certificate& out)
                                {
                                    wire::Drop why = wire::Drop::none;
                                    const ProposalSources& s = *static_cast<ProposalSources*>(self);
                                    return wire::decode(s.message_.nullifications[index], out,
                                                        why) == Status::ok;
                                }};
    proposal_.body.updates = {
        message.update_count, this, [](void* self, std::size_t index, chain::ZoneUpdate& out)
        {
            wire::Drop why = wire::Drop::none;
            const ProposalSources& s = *static_cast<ProposalSources*>(self);
            return wire::decode(s.message_.updates[index], s.headers_, out, why) == Status::ok;
        }};
    proposal_.body.evidence = {
        message.evidence_count, this, [](void* self, std::size_t index, chain::Evidence& out)
        {
            wire::Drop why = wire::Drop::none;
            const ProposalSources& s = *static_cast<ProposalSources*>(self);
            return wire::decode(s.message_.evidence[index], out, why) == Status::ok;
        }};
    proposal_.body.sets = sets();
    proposal_.body.records = records.first(holds_ ? message.zone_record_count : 0);
}
}  // namespace mote::client
