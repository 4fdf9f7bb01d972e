// A proposal: may it be looked at, did its leader sign it, is it valid, and what follows for the vote.
//
//   in_reach -> adopt_epoch -> check_signer -> parent known? -> check_proposal -> store -> certificates -> vote
//
// Source  [CONSENSUS] sections 6.1, 6.6 and 12.
#include <cstring>

#include "base/assert.hpp"
#include "client/proposal_sources.hpp"
#include "client/validator_parts.hpp"

namespace mote::client
{
using consensus::ProposalVerdict;

consensus::ProposalContext Validator::Parts::context(const EpochSlot& epoch,
                                                     const Block* parent) noexcept
{
    consensus::ProposalContext c;
    c.chain_id = chain_id;
    c.rules = rules;
    c.parent = parent == nullptr ? nullptr : &parent->state;
    c.epoch = &epoch.data;
    const EpochSlot* const before = epoch.data.epoch == 0 ? nullptr : slot_of(epoch.data.epoch - 1);
    c.before = before == nullptr ? nullptr : &before->data;
    c.ancestors = {this, [](void* self, const Digest& block, std::uint64_t& height)
                   {
                       Parts& p = *static_cast<Parts*>(self);
                       return p.height_of(block, p.checked_parent, height);
                   }};
    checked_parent = parent == nullptr ? Digest{} : parent->state.hash;
    c.bad_rows = {this, [](void* self, const Digest& bad_row, const chain::ZoneHeader& header)
                  { return static_cast<Parts*>(self)->convicts(bad_row, header); }};
    c.time.trusted = clock_trusted;
    c.time.wall_ms = clock_wall_ms + (now_ms - clock_at_ms);
    c.time.drift_ms = drift_ms;
    c.entropy = draw();
    c.signatures = signatures;
    return c;
}

/// Keeps a proposal until what it waits for is there; one at a time, the newest.
void Validator::Parts::hold(Bytes message, Held reason, std::uint64_t until_ms) noexcept
{
    if (message.size() > held.size())
        return drop(Dropped::full);
    std::memmove(held.data(), message.data(), message.size());
    held_bytes = message.size();
    held_for = reason;
    held_until_ms = until_ms;
    something_came = false;
}

/// Whether the view is one that can be voted in soon, or the block is one that was asked for.
bool Validator::Parts::in_reach(const wire::ProposalMessage& m) noexcept
{
    const consensus::VoterState& state = root.voter().state();
    if (!root.voter().is_open())
        return true;
    if (m.header.epoch < state.epoch || (m.header.epoch == state.epoch && m.view < state.view))
    {
        drop(Dropped::old);
        return false;
    }
    const std::uint64_t from = m.header.epoch == state.epoch ? state.view : 1;
    if (m.header.epoch - state.epoch > 1 || m.view - from > lookahead_views)
    {
        drop(Dropped::future);
        ask_the_way(m.header.epoch);
        return false;
    }
    return true;
}

/// The first proposals of an epoch bring its records; their hash was announced by a final block.
void Validator::Parts::adopt_epoch(const wire::ProposalMessage& m) noexcept
{
    EpochSlot* const epoch = slot_of(m.header.epoch);
    const chain::RootHeader& last = final().state.header;
    chain::EpochSet set;
    if (epoch == nullptr || epoch->has_records || m.epoch_set_count == 0 ||
        m.header.epoch != last.epoch + 1 || m.header.parent != final().state.hash ||
        !chain::decode(m.epoch_sets[0], set) || chain::hash_of(set) != last.next_set ||
        m.zone_record_count > scratch_records.size())
        return;
    const std::span<chain::ZoneRecord> records = scratch_records.first(m.zone_record_count);
    for (std::size_t i = 0; i < records.size(); ++i)
        if (!chain::decode(m.zone_records[i], records[i]))
            return;
    if (!chain::records_hold(records, set.zones_root))
        return;
    set_records(*epoch, records, set.zones_root, set.params_root);
    sweep_lists();
}

void Validator::Parts::on_proposal(Bytes message, Bytes body) noexcept
{
    wire::ProposalMessage m;
    wire::Drop why = wire::Drop::none;
    if (wire::decode(body, m, why) != Status::ok)
        return drop(Dropped::malformed);
    const Digest hash = chain::hash_of(m.header);
    const bool wanted = catch_up.wants(hash);
    if (!wanted && !in_reach(m))
        return;
    if (catch_up.is_next(hash) && find_block(hash) == nullptr &&
        find_block(m.header.parent) == nullptr)
        return follow_down(m.header.parent);
    adopt_epoch(m);
    EpochSlot* const epoch = slot_of(m.header.epoch);
    if (epoch == nullptr)
    {
        if (m.header.epoch > voter_epoch())
            ask_the_way(m.header.epoch);
        return drop(m.header.epoch < voter_epoch() ? Dropped::old : Dropped::future);
    }
    if (root.voter().busy())
        return hold(message, Held::flush, 0);
    // What a certificate hangs on needs no leader's signature any more.
    if (!catch_up.is_next(hash) && !check_signer(m, hash, *epoch, message))
        return;
    root.on_leader_heard(m.header.epoch, m.view);
    check_and_vote(m, hash, *epoch, message);
}

/// Whether the leader signed this proposal and no other one. What is not its is nobody's fault but the sender's.
bool Validator::Parts::check_signer(const wire::ProposalMessage& m, const Digest& hash,
                                    EpochSlot& epoch, Bytes message) noexcept
{
    const SeenProposal* other = nullptr;
    for (const SeenProposal& known : proposals)
        if (known.view == m.view && known.epoch == m.header.epoch && known.view != 0)
        {
            if (known.hash == hash)
                return true;
            other = &known;
        }
    const ProposalSources sources(m, scratch_headers, scratch_records);
    ProposalVerdict verdict;
    verdict.fault = sources.holds()
                        ? consensus::check_leader(context(epoch, nullptr), sources.proposal())
                        : ProposalFault::too_large;
    if (verdict.fault == ProposalFault::leader_signature ||
        verdict.fault == ProposalFault::version || verdict.fault == ProposalFault::epoch ||
        verdict.fault == ProposalFault::view)
    {
        // Anybody could have sent it.
        drop(Dropped::bad_signature);
        return false;
    }
    if (verdict.fault != ProposalFault::none)
    {
        refuse(m, hash, verdict, message);
        return false;
    }
    chain::Evidence evidence;
    if (other != nullptr)
    {
        evidence.kind = 3;
        evidence.proposals.epoch = m.header.epoch;
        evidence.proposals.view = m.view;
        evidence.proposals.blocks = {other->hash, hash};
        evidence.proposals.signatures = {other->signature, m.signature};
        chain::put_in_order(evidence.proposals);
    }
    proposals[next_proposal] = {m.header.epoch, m.view, hash, m.signature};
    next_proposal = (next_proposal + 1) % proposals.size();
    if (other == nullptr || catch_up.wants(hash))
        return true;
    send_evidence(evidence);
    if (Report* const r = report(ReportKind::convicted); r != nullptr)
    {
        r->epoch = m.header.epoch;
        r->view = m.view;
        r->evidence_kind = 3;
    }
    carry_out(root.on_conflict(m.header.epoch, m.view), nullptr);
    return false;
}

void Validator::Parts::check_and_vote(const wire::ProposalMessage& m, const Digest& hash,
                                      EpochSlot& epoch, Bytes message) noexcept
{
    const bool again = m.header.view != m.view;
    const Block* const parent = find_block(m.header.parent);
    // An ancestor of a final block is final, and makes room.
    if (parent != nullptr && catch_up.is_next(hash))
        on_final(parent->state.hash);
    const ProposalSources sources(m, scratch_headers, scratch_records);
    ProposalVerdict verdict;
    if (again || (parent == nullptr && find_block(hash) == nullptr))
        verdict.fault =
            consensus::check_ancestry(context(epoch, nullptr), sources.proposal(), verdict);
    else if (find_block(hash) == nullptr)
    {
        consensus::check_proposal(context(epoch, parent), sources.proposal(), scratch_table,
                                  verdict);
        if (verdict.fault == ProposalFault::none)
            store_block(m, hash, *parent);
    }
    if (verdict.fault != ProposalFault::none)
        return refuse(m, hash, verdict, message);
    // Storing the block may have made it final, and a record may be under way.
    if (!feed_certificates(m))
        return hold(message, Held::flush, 0);
    if (!again && find_block(hash) == nullptr && parent == nullptr)
    {
        drop(Dropped::unknown_parent);
        want_block(m.header.parent);
        return hold(message, Held::fetched, 0);
    }
    vote_on(m, hash, true, message);
}

/// Keeps a block whose proposal was accepted, and goes on with what waited for it.
void Validator::Parts::store_block(const wire::ProposalMessage& m, const Digest& hash,
                                   const Block& parent) noexcept
{
    Block* const room = free_block(parent);
    if (room == nullptr)
        return drop(Dropped::full);
    room->used = true;
    room->notarized = false;
    room->state.header = m.header;
    room->state.hash = hash;
    room->state.zones.copy_from(scratch_table);
    something_came = true;
    note_headers(m);
    if (pending_final.used && pending_final.certificate.subject == hash)
    {
        const KeptCertificate kept = pending_final;
        pending_final.used = false;
        chain::Certificate certificate = kept.certificate;
        certificate.signers = Bytes(kept.signers).first(kept.certificate.signers.size());
        static_cast<void>(take_root_certificate(certificate));
    }
    go_up(hash);
}

/// Gives the voter what the proposal brought; false if a record has to be flushed first.
bool Validator::Parts::feed_certificates(const wire::ProposalMessage& m) noexcept
{
    if (m.has_parent_certificate && !seen(m.parent_certificate))
    {
        if (root.voter().busy())
            return false;
        if (take_root_certificate(m.parent_certificate))
            note(m.parent_certificate);
    }
    for (std::size_t i = 0; i < m.nullification_count; ++i)
    {
        chain::Certificate certificate;
        wire::Drop why = wire::Drop::none;
        if (wire::decode(m.nullifications[i], certificate, why) != Status::ok)
            continue;
        const consensus::VoterState& state = root.voter().state();
        if (certificate.epoch == state.epoch && certificate.view_or_height < state.view)
            root.on_old_nullification(certificate.epoch, certificate.view_or_height);
        else if (!seen(certificate))
        {
            if (root.voter().busy())
                return false;
            if (take_root_certificate(certificate))
                note(certificate);
        }
    }
    return !root.voter().busy();
}

void Validator::Parts::vote_on(const wire::ProposalMessage& m, const Digest& hash, bool valid,
                               Bytes message) noexcept
{
    const consensus::VoterState& state = root.voter().state();
    if (!may_vote || m.header.epoch != state.epoch || m.view != state.view)
        return;
    consensus::Place place;
    place.epoch = m.header.epoch;
    place.view = m.view;
    place.header_view = m.header.view;
    place.height = m.header.height;
    place.block = hash;
    place.parent_view = m.header.parent_view;
    place.parent = m.header.parent;
    // What was checked says so; a bad block needs no place.
    place.parent_height = m.header.height - 1;
    place.has_certificate = m.has_parent_certificate;
    place.certificate_view = m.parent_certificate.view_or_height;
    place.certificate_block = m.parent_certificate.subject;
    const consensus::Actions list = root.on_proposal(place, valid, now_ms);
    bool waits = false;
    for (const consensus::Action& action : list)
        waits = waits || action.kind == consensus::ActionKind::fetch_nullification;
    carry_out(list, nullptr);
    if (waits)
        hold(message, Held::fetched, 0);
}

/// A proposal that does not hold is as good as none. One that cannot be judged yet waits.
void Validator::Parts::refuse(const wire::ProposalMessage& m, const Digest& hash,
                              const ProposalVerdict& verdict, Bytes message) noexcept
{
    const bool waits = consensus::undecided(verdict.fault);
    if (Report* const r = report(!waits                                   ? ReportKind::refused
                                 : verdict.fault == ProposalFault::future ? ReportKind::held
                                                                          : ReportKind::missing);
        r != nullptr)
    {
        r->epoch = m.header.epoch;
        r->view = m.view;
        r->hash = hash;
        r->verdict = verdict;
    }
    if (!waits)
        return vote_on(m, hash, false, message);
    if (verdict.fault == ProposalFault::future)
    {
        const std::uint64_t wall = clock_wall_ms + (now_ms - clock_at_ms);
        return hold(message, Held::time, now_ms + (m.header.time_ms - drift_ms - wall));
    }
    if (verdict.fault == ProposalFault::unknown_bad_row)
        fetch_bad_row(m, verdict);
    hold(message, Held::fetched, 0);
}

void Validator::Parts::fetch_bad_row(const wire::ProposalMessage& m,
                                     const ProposalVerdict& verdict) noexcept
{
    chain::Evidence evidence;
    wire::Drop why = wire::Drop::none;
    if (verdict.index >= m.evidence_count ||
        wire::decode(m.evidence[verdict.index], evidence, why) != Status::ok || evidence.kind != 4)
        return;
    const chain::BadRowEvidence& claim = evidence.bad_row;
    const Digest header = chain::hash_of(claim.header);
    for (const OpenJob& known : jobs)
        if (known.used && known.kind == JobKind::bad_row && known.subject == claim.bad_row &&
            known.header == header)
            return;
    OpenJob* const job = open_job(JobKind::bad_row, claim.bad_row);
    if (job == nullptr)
        return drop(Dropped::full);
    job->header = header;
    job->zone_header = claim.header;
    job->epoch = calendar.epoch_of_window(claim.header.window);
    job->zone = claim.header.zone;
    Action& action = add(ActionKind::fetch);
    action.id = job->id;
    action.fetch = {FetchKind::bad_row, ListKind::parameters, claim.bad_row, job->epoch, 0};
}
}  // namespace mote::client
