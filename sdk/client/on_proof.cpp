// Proofs: steps 1 to 3 of a statement here, step 4 is the host's zkVM verifier.
//
// The message: statement 252 | n zone headers of 200 | n SVID headers of 176 | proof; n = to - from + 1.
//
// Source  [CONSENSUS] sections 3.4 and 4.2.
#include <algorithm>

#include "chain/statement_check.hpp"
#include "client/validator_parts.hpp"
#include "svid/header.hpp"

namespace mote::client
{
namespace
{
constexpr std::size_t statement_bytes = chain::layout_bytes<chain::Statement>;
constexpr std::size_t header_bytes = chain::layout_bytes<chain::ZoneHeader>;

/// Whether a statement is about the zone as it stands: the next blocks, their marks, the program in force.
[[nodiscard]] bool fits(const chain::Statement& s, const chain::Zone& zone) noexcept
{
    const chain::ZoneLeaf& leaf = zone.leaf();
    const std::span<const chain::PendingBlock> pending = zone.pending();
    const std::uint64_t blocks = s.to - s.from + 1;
    if (s.from != leaf.proven_height + 1 || blocks > pending.size() ||
        s.program_id != leaf.program_id || s.pre_root != leaf.proven_root ||
        s.prev_header != leaf.proven_hash ||
        s.last_header != pending[static_cast<std::size_t>(blocks - 1)].header_hash)
        return false;
    for (std::size_t i = 0; i < blocks; ++i)
        if ((s.void_mask >> i & 1) != pending[i].is_void)
            return false;
    return true;
}
}  // namespace

void Validator::Parts::on_proof(Bytes body) noexcept
{
    chain::Statement statement;
    if (body.size() < statement_bytes || !chain::decode(body.first(statement_bytes), statement) ||
        !chain::range_holds(statement))
        return drop(Dropped::malformed);
    const auto count = static_cast<std::size_t>(statement.to - statement.from + 1);
    if (body.size() < statement_bytes + count * (header_bytes + svid::header_bytes))
        return drop(Dropped::malformed);
    const EpochSlot* const epoch = slot_of(final().state.header.epoch);
    const consensus::ZoneEpoch* const lists =
        epoch == nullptr ? nullptr : epoch->data.find(statement.zone);
    if (lists == nullptr || lists->committee == nullptr)
        return drop(Dropped::no_committee);
    if (lists->committee->find(public_key) == lists->committee->committee.members())
        return drop(Dropped::no_seat);
    const chain::Zone* const zone = final().state.zones.find(statement.zone);
    if (zone == nullptr || !fits(statement, *zone))
        return drop(Dropped::bad_statement);
    const Digest hash = chain::statement_hash(statement);
    for (const Digest& known : attested_statements)
        if (known == hash)
            return drop(Dropped::duplicate);
    for (const OpenJob& job : jobs)
        if (job.used && job.kind == JobKind::proof && job.subject == hash)
            return drop(Dropped::duplicate);

    Bytes rest = body.subspan(statement_bytes);
    for (std::size_t i = 0; i < count; ++i)
    {
        const bool whole = chain::decode(rest.first(header_bytes), proof_headers[i]);
        static_cast<void>(whole);  // the length was taken for it
        rest = rest.subspan(header_bytes);
    }
    for (std::size_t i = 0; i < count; ++i)
    {
        proof_svid_headers[i] = rest.first(svid::header_bytes);
        rest = rest.subspan(svid::header_bytes);
    }
    const std::span<const chain::ZoneHeader> headers_of = std::span(proof_headers).first(count);
    const std::span<const Bytes> svid_of = std::span(proof_svid_headers).first(count);
    if (chain::check_statement(statement, headers_of, svid_of, chain_id, calendar) !=
        chain::StatementStep::none)
        return drop(Dropped::bad_statement);
    OpenJob* const job = open_job(JobKind::proof, hash);
    job->zone = statement.zone;
    job->height = statement.to;
    Action& action = add(ActionKind::verify);
    action.id = job->id;
    action.job.kind = JobKind::proof;
    action.job.epoch = epoch->data.epoch;
    action.job.zone = statement.zone;
    action.job.statement = statement;
    action.job.input =
        Bytes(input).first(chain::write_input(statement, headers_of, svid_of, chain_id, input));
    action.job.output = Bytes(output).first(chain::write_output(statement, svid_of, output));
    action.job.proof = rest;
}

/// A proof of the statement verified. The epoch is that of the newest final block, which may be another now.
void Validator::Parts::attest_statement(const OpenJob& job) noexcept
{
    attested_statements[next_statement] = job.subject;
    next_statement = (next_statement + 1) % attested_statements.size();
    const EpochSlot* const epoch = slot_of(final().state.header.epoch);
    const consensus::ZoneEpoch* const lists =
        epoch == nullptr ? nullptr : epoch->data.find(job.zone);
    if (lists == nullptr || lists->committee == nullptr)
        return drop(Dropped::no_committee);
    const std::uint32_t member = lists->committee->find(public_key);
    if (member == lists->committee->committee.members())
        return drop(Dropped::no_seat);
    chain::Signature signature{};
    if (!key.sign_valid(epoch->data.epoch, job.subject, signature))
        return;
    send_vote(Kind::valid, epoch->data.epoch, job.height, job.zone, job.subject, member, signature);
    if (Report* const r = report(ReportKind::attested); r != nullptr)
    {
        r->vote_kind = Kind::valid;
        r->epoch = epoch->data.epoch;
        r->zone = job.zone;
        r->height = job.height;
        r->hash = job.subject;
    }
}
}  // namespace mote::client
