// Zone headers: may this device say that it holds its shards of one? And evidence against their makers.
//
// Source  [CONSENSUS] sections 3.3 and 4.1.
#include "client/validator_parts.hpp"
#include "consensus/evidence_check.hpp"
#include "svid/params.hpp"

namespace mote::client
{
namespace
{
constexpr std::size_t headers_per_place = 2;  ///< of one zone, height and producer

[[nodiscard]] bool same_place(const chain::ZoneHeader& a, const chain::ZoneHeader& b) noexcept
{
    return a.zone == b.zone && a.height == b.height && a.producer == b.producer;
}

/// The height of an included block of a zone, by its hash; false if it is none.
[[nodiscard]] bool included_height(const chain::Zone& zone, const Digest& hash,
                                   std::uint64_t& height) noexcept
{
    const chain::ZoneLeaf& leaf = zone.leaf();
    height = leaf.proven_height;
    if (hash == leaf.proven_hash)
        return true;
    for (const chain::PendingBlock& block : zone.pending())
    {
        ++height;
        if (block.header_hash == hash)
            return true;
    }
    return false;
}
}  // namespace

SeenHeader* Validator::Parts::find_header(const Digest& hash) noexcept
{
    for (SeenHeader& header : headers)
        if (header.used && header.hash == hash)
            return &header;
    return nullptr;
}

SeenHeader& Validator::Parts::keep_header(const chain::ZoneHeader& header,
                                          const Digest& hash) noexcept
{
    SeenHeader& place = headers[next_header];
    next_header = (next_header + 1) % headers.size();
    place = {};
    place.used = true;
    place.hash = hash;
    place.header = header;
    return place;
}

/// Remembers the headers of a root block: the next ones are checked against them.
void Validator::Parts::note_headers(const wire::ProposalMessage& m) noexcept
{
    const Digest block = chain::hash_of(m.header);
    const auto note_one = [&](const chain::ZoneHeader& header)
    {
        const Digest hash = chain::hash_of(header);
        SeenHeader* known = find_header(hash);
        if (known == nullptr)
            known = &keep_header(header, hash);
        known->included = known->certified = true;
        static_cast<void>(height_of(header.anchor, block, known->anchor_height));
    };
    for (std::size_t i = 0; i < m.update_count; ++i)
    {
        chain::ZoneUpdate update;
        wire::Drop why = wire::Drop::none;
        if (wire::decode(m.updates[i], scratch_headers, update, why) != Status::ok ||
            !update.has_tip)
            continue;
        for (const chain::ZoneHeader& header : update.skipped)
            note_one(header);
        note_one(update.tip);
    }
}

/// What a header must be before its shards are worth asking for; its signature comes after.
Dropped Validator::Parts::check_zone_header(const chain::ZoneHeader& header,
                                            std::uint64_t& anchor_height, bool& good) noexcept
{
    good = false;
    const std::uint64_t window = calendar.window(newest_height() + 1);
    if (header.window + 1 < window)
        return Dropped::old;
    if (header.window > window + 1)
        return Dropped::future;
    const EpochSlot* const epoch = slot_of(calendar.epoch_of_window(header.window));
    if (epoch == nullptr || !epoch->has_records)
        return Dropped::no_committee;
    const consensus::ZoneEpoch* const lists = epoch->data.find(header.zone);
    if (lists == nullptr)
        return Dropped::bad_header;
    if (lists->committee == nullptr || lists->producers.size() == 0)
        return Dropped::no_committee;
    if (lists->committee->find(public_key) == lists->committee->committee.members())
        return Dropped::no_seat;

    const Block* newest = &final();
    for (const Block& block : blocks)
        if (block.used && block.state.header.height > newest->state.header.height)
            newest = &block;
    const chain::Zone* const zone = newest->state.zones.find(header.zone);
    if (zone == nullptr || !consensus::may_produce(lists->producers, header.producer, header.window,
                                                   zone->windows_open()))
        return Dropped::bad_header;
    const std::uint64_t limit = epoch->data.parameters.block_bytes_max;
    if (header.version != chain::header_version || header.height == 0 ||
        (limit != 0 && header.data_bytes > limit) || header.data_bytes > svid::block_bytes_max)
        return Dropped::bad_header;

    // The chain that it continues.
    std::uint64_t parent_height = 0;
    const bool included = included_height(*zone, header.parent, parent_height);
    const SeenHeader* const parent = find_header(header.parent);
    const bool here = parent != nullptr &&
                      (parent->certified ||
                       (parent->attested && calendar.epoch_of_window(parent->header.window) ==
                                                calendar.epoch_of_window(header.window)));
    if (!included && !here)
        return Dropped::unknown_parent;
    if (!included)
        parent_height = parent->header.height;
    // Without its header only the beginning of a zone has nothing that could be broken.
    if (parent == nullptr && parent_height != 0)
        return Dropped::unknown_parent;
    if (header.height != parent_height + 1)
        return Dropped::bad_header;
    switch (height_of(header.anchor, final().state.hash, anchor_height))
    {
        case Lookup::found:
            break;
        case Lookup::unknown:
        case Lookup::not_found:
            // It may be final elsewhere; who made the header sends it again.
            return Dropped::undecided;
    }
    if (parent != nullptr &&
        (header.window < parent->header.window || header.time_ms <= parent->header.time_ms ||
         anchor_height < parent->anchor_height))
        return Dropped::bad_header;
    good = true;
    return Dropped::count_;
}

void Validator::Parts::on_zone_header(Bytes body) noexcept
{
    wire::SignedZoneHeader message;
    wire::Drop why = wire::Drop::none;
    if (wire::decode(body, message, why) != Status::ok || !message.is_signed)
        return drop(Dropped::malformed);
    const chain::ZoneHeader& header = message.header;
    const Digest hash = chain::hash_of(header);
    if (find_header(hash) != nullptr)
        return drop(Dropped::duplicate);
    std::uint64_t anchor_height = 0;
    bool good = false;
    const Dropped reason = check_zone_header(header, anchor_height, good);
    if (!good)
        return drop(reason);
    const SeenHeader* twin = nullptr;
    std::size_t others = 0;
    for (const SeenHeader& other : headers)
        if (other.used && same_place(other.header, header))
        {
            ++others;
            if (other.header.window == header.window && !chain::is_zero(other.hash) &&
                other.signature != chain::Signature{})
                twin = &other;
        }
    if (others >= headers_per_place)
        return drop(Dropped::full);

    const EpochSlot& epoch = *slot_of(calendar.epoch_of_window(header.window));
    const consensus::ZoneEpoch& lists = *epoch.data.find(header.zone);
    consensus::SignatureClaims claims(draw(), consensus::SignatureClaims::Mode::one_by_one,
                                      signatures);
    if (!claims.add(lists.producers.at(header.producer).public_key,
                    chain::zone_header_digest(chain_id, hash), message.signature))
        return drop(Dropped::bad_signature);
    if (twin != nullptr)
    {
        chain::Evidence evidence;
        evidence.kind = 2;
        evidence.headers.headers = {twin->header, header};
        evidence.headers.signatures = {twin->signature, message.signature};
        chain::put_in_order(evidence.headers);
        send_evidence(evidence);
        if (Report* const r = report(ReportKind::convicted); r != nullptr)
        {
            r->zone = header.zone;
            r->height = header.height;
            r->evidence_kind = 2;
        }
    }
    OpenJob* const job = open_job(JobKind::shares, hash);
    if (job == nullptr)
        return drop(Dropped::full);
    SeenHeader& kept = keep_header(header, hash);
    kept.signature = message.signature;
    kept.anchor_height = anchor_height;
    if (Report* const r = report(ReportKind::level); r != nullptr)
    {
        r->zone = header.zone;
        r->height = header.height;
        r->hash = hash;
        r->level = chain::Level::seen;
    }
    job->epoch = epoch.data.epoch;
    job->zone = header.zone;
    job->height = header.height;
    job->member = lists.committee->find(public_key);
    Action& action = add(ActionKind::verify);
    action.id = job->id;
    action.job.kind = JobKind::shares;
    action.job.epoch = job->epoch;
    action.job.zone = job->zone;
    action.job.member = job->member;
    action.job.header = header;
    action.job.seed =
        chain::seed(epoch.randao, job->epoch, chain::SeedKind::zone_committee, header.zone);
    action.job.committee = lists.committee->committee.list;
}

/// A place for a job; the oldest one is given up if there is none.
OpenJob* Validator::Parts::open_job(JobKind kind, const Digest& subject) noexcept
{
    OpenJob* place = nullptr;
    for (OpenJob& job : jobs)
        if (!job.used || (place != nullptr && place->used && job.id < place->id) ||
            place == nullptr)
            place = place != nullptr && !place->used ? place : &job;
    *place = {};
    place->used = true;
    place->kind = kind;
    place->id = next_id++;
    place->subject = subject;
    return place;
}

void Validator::Parts::on_verified(std::uint64_t id, bool ok) noexcept
{
    for (OpenJob& job : jobs)
    {
        if (!job.used || job.id != id || job.answered)
            continue;
        if (job.kind == JobKind::bad_row)
        {
            job.answered = true;
            job.good = ok;
            something_came = true;
            return;
        }
        const OpenJob done = job;
        job.used = false;
        if (!ok)
            return drop(Dropped::bad_proof);
        return done.kind == JobKind::shares ? attest_header(done) : attest_statement(done);
    }
    drop(Dropped::unknown_id);
}

/// The shards are here and durable.
void Validator::Parts::attest_header(const OpenJob& job) noexcept
{
    SeenHeader* const header = find_header(job.subject);
    if (header != nullptr)
        header->attested = true;
    chain::Signature signature{};
    if (!key.sign_avail(job.epoch, job.zone, job.height, job.subject, signature))
        return;
    send_vote(Kind::avail, job.epoch, job.height, job.zone, job.subject, job.member, signature);
    if (Report* const r = report(ReportKind::attested); r != nullptr)
    {
        r->vote_kind = Kind::avail;
        r->epoch = job.epoch;
        r->zone = job.zone;
        r->height = job.height;
        r->hash = job.subject;
    }
}

Lookup Validator::Parts::convicts(const Digest& bad_row, const chain::ZoneHeader& header) noexcept
{
    const Digest hash = chain::hash_of(header);
    for (const OpenJob& job : jobs)
        if (job.used && job.kind == JobKind::bad_row && job.subject == bad_row &&
            job.header == hash && job.answered)
            return job.good ? Lookup::found : Lookup::not_found;
    return Lookup::unknown;
}

/// The bytes of a bad row are here; what they show is for the host to find out.
void Validator::Parts::on_bad_row(OpenJob& job, Bytes bytes) noexcept
{
    Digest digest;
    hash::Blake3 hash;
    hash.update(bytes);
    hash.finish(digest);
    if (digest != job.subject)
    {
        drop(Dropped::bad_evidence);
        job.used = false;
        return;
    }
    Action& action = add(ActionKind::verify);
    action.id = job.id;
    action.job.kind = JobKind::bad_row;
    action.job.epoch = job.epoch;
    action.job.zone = job.zone;
    action.job.header = job.zone_header;
    action.job.proof = bytes;
}

/// Evidence of others is checked against the newest final block, and passed on once.
void Validator::Parts::on_evidence(Bytes body) noexcept
{
    chain::Evidence evidence;
    wire::Drop why = wire::Drop::none;
    if (wire::decode(body, evidence, why) != Status::ok)
        return drop(Dropped::malformed);
    const Digest leaf = chain::leaf_hash_of(evidence);
    for (const Digest& known : evidence_seen)
        if (known == leaf)
            return drop(Dropped::duplicate);
    const EpochSlot* epoch = slot_of(voter_epoch());
    if (epoch == nullptr || !epoch->has_records)
        epoch = slot_of(final().state.header.epoch);
    if (epoch == nullptr)
        return drop(Dropped::no_committee);
    consensus::SignatureClaims claims(draw(), consensus::SignatureClaims::Mode::one_by_one,
                                      signatures);
    consensus::ProposalVerdict verdict;
    const ProposalFault fault =
        consensus::check_evidence(context(*epoch, &final()), evidence, claims, verdict);
    if (consensus::undecided(fault))
        return drop(Dropped::undecided);
    if (fault != ProposalFault::none)
        return drop(Dropped::bad_evidence);
    evidence_seen[next_evidence] = leaf;
    next_evidence = (next_evidence + 1) % evidence_seen.size();
    send_evidence(evidence);
    if (Report* const r = report(ReportKind::convicted); r != nullptr)
        r->evidence_kind = evidence.kind;
}
}  // namespace mote::client
