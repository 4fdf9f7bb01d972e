// mote-signatures.wasm: committees and their certificates.
#include "committee_glue.hpp"

#include <new>

namespace mote::wasm
{
namespace
{
/// What a certificate says; src/signatures_layout.ts has these offsets.
struct Described
{
    std::uint32_t kind = 0;
    std::uint32_t zone = 0;
    std::uint64_t epoch = 0;
    std::uint64_t view_or_height = 0;
    std::array<std::uint8_t, 32> subject{};
    std::uint32_t fault = 0;
    std::uint32_t seats = 0;
};
static_assert(sizeof(Described) == 64);

void describe(const chain::Certificate& c, Described& out) noexcept
{
    out.kind = static_cast<std::uint32_t>(c.kind);
    out.zone = c.zone;
    out.epoch = c.epoch;
    out.view_or_height = c.view_or_height;
    out.subject = c.subject;
    out.seats = chain::count_seats(c.signers, 0, static_cast<std::uint32_t>(8 * c.signers.size()));
}

Status open(OpenCommittee*& out, void* memory, std::size_t memory_bytes, Bytes list,
            const chain::Digest& commitment) noexcept
{
    Arena arena(memory, memory_bytes);
    auto* place = arena.take<OpenCommittee>(1);
    auto* copy = arena.take<std::uint8_t>(list.size());
    if (place == nullptr || copy == nullptr)
        return Status::memory_too_small;
    if (!list.empty())
        std::memcpy(copy, list.data(), list.size());
    auto* committee = new (place) OpenCommittee;
    if (!chain::open_committee(Bytes(copy, list.size()), committee->committee))
        return Status::malformed;
    const chain::Digest root = chain::members_root(committee->committee.list);
    MOTE_TRY(committee->keys.open(committee->committee, arena));
    if (chain::committee_commitment(committee->committee.seats, committee->committee.members(),
                                    root, committee->keys.agg_pk()) != commitment)
        return Status::rejected;
    out = committee;
    return Status::ok;
}
}  // namespace

Status check_certificate(OpenCommittee& committee, const chain::Digest& chain_id, Bytes bytes,
                         chain::Certificate& out, chain::CertificateFault& fault) noexcept
{
    if (!chain::decode(bytes, out))
        return Status::malformed;
    fault = chain::verify(out, committee.committee, chain_id, committee.keys.check());
    return Status::ok;
}
}  // namespace mote::wasm

using namespace mote;
using wasm::code;
using wasm::OpenCommittee;

/// Bytes that a committee takes; malformed if the list is none.
MOTE_WASM_EXPORT(std::uint32_t, mote_wasm_committee_size)
(std::uint32_t* size, const std::uint8_t* list, std::uint32_t bytes)
{
    chain::Committee committee;
    if (!chain::open_committee(Bytes(list, bytes), committee))
        return code(Status::malformed);
    *size = static_cast<std::uint32_t>(consensus::MemberKeys::memory_bytes(committee) + bytes +
                                       sizeof(OpenCommittee) + 64);
    return code(Status::ok);
}

/// Errors  malformed: no list. rejected: a key is none, or the commitment is another one.
MOTE_WASM_EXPORT(std::uint32_t, mote_wasm_committee_open)
(OpenCommittee** out, void* memory, std::uint32_t memory_bytes, const std::uint8_t* list,
 std::uint32_t bytes, const std::uint8_t* commitment)
{
    *out = nullptr;
    return code(
        wasm::open(*out, memory, memory_bytes, Bytes(list, bytes), wasm::digest_at(commitment)));
}

MOTE_WASM_EXPORT(std::uint32_t, mote_wasm_committee_verify)
(wasm::Described* out, OpenCommittee* committee, const std::uint8_t* chain_id,
 const std::uint8_t* bytes, std::uint32_t count)
{
    *out = {};
    chain::Certificate certificate;
    chain::CertificateFault fault = chain::CertificateFault::none;
    const Status status = wasm::check_certificate(*committee, wasm::digest_at(chain_id),
                                                  Bytes(bytes, count), certificate, fault);
    if (status == Status::ok)
        wasm::describe(certificate, *out);
    out->fault = static_cast<std::uint32_t>(fault);
    return code(status);
}

/// Says of which epoch a certificate claims to be, unchecked: whose committee decides about it.
MOTE_WASM_EXPORT(std::uint32_t, mote_wasm_certificate_epoch)
(std::uint64_t* epoch, const std::uint8_t* bytes, std::uint32_t count)
{
    chain::Certificate certificate;
    if (!chain::decode(Bytes(bytes, count), certificate))
        return code(Status::malformed);
    *epoch = certificate.epoch;
    return code(Status::ok);
}
