#include "client/event_log.hpp"

#include <cstring>

#include "chain/layout.hpp"

namespace mote::client
{
namespace
{
using chain::internal::WriteFields;

/// Fields of any layout, hashed in order.
struct Absorb
{
    hash::Blake3& hash;

    template <class... Fields>
    void operator()(const Fields&... fields) noexcept
    {
        (write(fields), ...);
    }
    template <class Int>
    void write(Int value) noexcept
    {
        std::array<std::uint8_t, sizeof(Int)> bytes;
        store_le(bytes.data(), value);
        hash.update(bytes);
    }
    template <std::size_t n>
    void write(const std::array<std::uint8_t, n>& bytes) noexcept
    {
        hash.update(bytes);
    }
    void write(Bytes bytes) noexcept
    {
        write(std::uint64_t{bytes.size()});
        hash.update(bytes);
    }
};

template <class Enum>
[[nodiscard]] std::uint8_t code(Enum value) noexcept
{
    return static_cast<std::uint8_t>(value);
}

void absorb_job(const Job& job, Absorb& on) noexcept
{
    on(code(job.kind), job.epoch, job.zone, job.member);
    chain::ZoneHeader::fields(job.header, on);
    on(job.seed, job.committee);
    chain::Statement::fields(job.statement, on);
    on(job.input, job.output, job.proof);
}

void absorb_report(const Report& report, Absorb& on) noexcept
{
    const consensus::ProposalVerdict& verdict = report.verdict;
    on(code(report.kind), report.epoch, report.view, report.height, report.zone, report.hash,
       code(report.vote_kind), code(report.level), report.evidence_kind, code(verdict.fault),
       code(verdict.zone_fault), code(verdict.certificate_fault), code(verdict.epoch_fault),
       verdict.index, verdict.needed);
}
}  // namespace

Status encode(const Event& event, MutableBytes out, std::size_t& written) noexcept
{
    written = 0;
    if (event.bytes.size() > UINT32_MAX)
        return Status::limit_exceeded;
    if (out.size() < encoded_bytes(event))
        return Status::memory_too_small;
    WriteFields write{out.data()};
    write(code(event.kind), static_cast<std::uint8_t>(event.ok ? 1 : 0), event.now_ms, event.peer,
          event.id, event.wall_ms, static_cast<std::uint32_t>(event.bytes.size()));
    if (!event.bytes.empty())
        std::memcpy(write.at, event.bytes.data(), event.bytes.size());
    written = encoded_bytes(event);
    return Status::ok;
}

Status decode(Bytes& log, Event& out) noexcept
{
    out = {};
    if (log.size() < event_head_bytes)
        return Status::malformed;
    Event event;
    std::uint8_t kind = 0, ok = 0;
    std::uint32_t bytes = 0;
    chain::internal::ReadFields read{log.data()};
    read(kind, ok, event.now_ms, event.peer, event.id, event.wall_ms, bytes);
    if (kind < code(EventKind::message) || kind > code(EventKind::entropy) || ok > 1 ||
        bytes > log.size() - event_head_bytes)
        return Status::malformed;
    event.kind = static_cast<EventKind>(kind);
    event.ok = ok == 1;
    event.bytes = log.subspan(event_head_bytes, bytes);
    log = log.subspan(event_head_bytes + bytes);
    out = event;
    return Status::ok;
}

void absorb(const Action& action, hash::Blake3& hash) noexcept
{
    Absorb on{hash};
    const Fetch& fetch = action.fetch;
    on(code(action.kind), code(action.to), action.peer, action.bytes, action.at_ms, action.offset,
       action.id, code(fetch.kind), code(fetch.list), fetch.hash, fetch.epoch, fetch.view);
    absorb_job(action.job, on);
    absorb_report(action.report, on);
}
}  // namespace mote::client
