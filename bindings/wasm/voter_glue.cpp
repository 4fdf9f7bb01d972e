// mote-signatures.wasm, second half: the voter of one key for src/voter_core.ts.
//
// JavaScript keeps bytes and says when they are flushed; what may be voted, and what has to be durable
// before it, is decided by consensus::Voter. There is no function here that signs a root vote but those
// that the voter gives a permit to, and no event of a voter whose record is not known to be on the medium.
//
//   prepare(secret, chain)                 key name: which record is ours
//   start(slots)     -> record, offset     the record that counts, to be written once more and flushed
//   started()                              it is: votes are possible
//   proposal(...)    -> record, offset     or a signature at once
//   flushed(token)   -> signature
#include <new>

#include "client/signer.hpp"
#include "committee_glue.hpp"

namespace
{
using namespace mote;
using consensus::Refusal;
using consensus::Step;
using consensus::VoteRecord;
using wasm::code;
using wasm::OpenCommittee;

/// What an event came to; src/signatures_layout.ts has these offsets.
struct Outcome
{
    std::uint32_t write = 0;
    std::uint32_t voted = 0;
    std::uint32_t refusal = 0;
    std::uint32_t offset = 0;  ///< of the record in its file
    std::uint64_t token = 0;
    std::uint64_t epoch = 0;
    std::uint64_t view = 0;
    std::uint32_t kind = 0;
    std::uint32_t fault = 0;  ///< a CertificateFault
    std::array<std::uint8_t, 32> block{};
    std::array<std::uint8_t, 96> signature{};
    std::array<std::uint8_t, 160> record{};
};
static_assert(sizeof(Outcome) == 336);

/// Where a voter stands; src/signatures_layout.ts has these offsets.
struct State
{
    std::uint64_t epoch = 0;
    std::uint64_t view = 0;
    std::uint64_t lease_nonce = 0;
    std::uint64_t reserved_view = 0;
    std::uint32_t first = 0;
    std::uint32_t second = 0;
    std::uint32_t open = 0;
    std::uint32_t pending = 0;
};
static_assert(sizeof(State) == 48);

/// Why a record does not open a voter.
enum class Unusable : std::uint32_t
{
    none = 0,
    no_record = 1,  ///< missing, unreadable, torn in both slots, or another key's
    retired = 2,    ///< exported or expired
    exhausted = 3,  ///< at the last number
};

class BrowserVoter
{
  public:
    Status prepare(std::span<const std::uint8_t, 32> secret, const chain::Digest& chain_id) noexcept
    {
        MOTE_TRY(key_.load(secret));
        chain_id_ = chain_id;
        signature::encode(key_.public_key(), public_key_);
        name_ = consensus::key_name(chain_id, public_key_);
        holder_ = client::KeyHolder(client::software_signer(key_), chain_id);
        return Status::ok;
    }

    [[nodiscard]] const chain::PublicKey& public_key() const noexcept { return public_key_; }
    [[nodiscard]] const consensus::KeyName& name() const noexcept { return name_; }
    [[nodiscard]] const client::KeyHolder& holder() const noexcept { return holder_; }
    [[nodiscard]] const chain::Digest& chain_id() const noexcept { return chain_id_; }
    [[nodiscard]] consensus::Voter& voter() noexcept { return voter_; }

    /// The record of a new key, or of one that has voted elsewhere up to a position.
    void first_record(std::uint64_t epoch, std::uint64_t view, Outcome& out) const noexcept
    {
        out = {};
        VoteRecord record = consensus::first_record();
        VoteRecord raised;
        if (consensus::raise(record, epoch, view, raised))
            record = raised;
        put(record, out);
    }

    /// Asks for the record that start() picked to be raised to a position, if that is above it.
    void raise(std::uint64_t epoch, std::uint64_t view, Outcome& out) const noexcept
    {
        out = {};
        VoteRecord raised;
        if (loaded_ && consensus::raise(record_, epoch, view, raised))
            put(raised, out);
    }

    [[nodiscard]] Unusable start(const std::array<consensus::Slot, 2>& slots, Outcome& out) noexcept
    {
        out = {};
        loaded_ = false;
        if (!consensus::load(slots, name_, record_))
            return Unusable::no_record;
        put(record_, out);
        if (record_.state == consensus::RecordState::retired)
            return Unusable::retired;
        if (record_.seq == UINT64_MAX)
            return Unusable::exhausted;
        loaded_ = true;
        return Unusable::none;
    }

    [[nodiscard]] const VoteRecord& record() const noexcept { return record_; }

    [[nodiscard]] Status started(consensus::VoteMode mode, std::uint64_t reserve_views) noexcept
    {
        if (!loaded_)
            return Status::invalid_argument;
        loaded_ = false;
        return voter_.open(record_, name_, mode, reserve_views);
    }

    /// Tells what a step asks for, or signs what it permits.
    [[nodiscard]] Status take(const Step& step, Outcome& out) const noexcept
    {
        out.write = step.write ? 1 : 0;
        out.refusal = static_cast<std::uint32_t>(step.refusal);
        out.offset = static_cast<std::uint32_t>(step.offset);
        out.token = step.token;
        out.record = step.record;
        if (!step.permitted)
            return Status::ok;
        const consensus::Vote& vote = step.permit().vote();
        if (!holder_.sign(step.permit(), out.signature))
            return Status::invalid_argument;
        out.voted = 1;
        out.kind = static_cast<std::uint32_t>(vote.kind);
        out.epoch = vote.epoch;
        out.view = vote.view;
        out.block = vote.block;
        return Status::ok;
    }

  private:
    void put(const VoteRecord& record, Outcome& out) const noexcept
    {
        out.write = 1;
        out.token = record.seq;
        out.offset = static_cast<std::uint32_t>(consensus::slot_offset(record.seq));
        out.record = consensus::encode(record, name_);
    }

    consensus::Voter voter_;
    signature::SecretKey key_;
    client::KeyHolder holder_;
    chain::Digest chain_id_{};
    chain::PublicKey public_key_{};
    consensus::KeyName name_{};
    VoteRecord record_;
    bool loaded_ = false;
};

std::uint32_t answer(BrowserVoter* voter, Outcome* out, const Step& step)
{
    *out = {};
    return code(voter->take(step, *out));
}

Status on_certificate(BrowserVoter& voter, OpenCommittee& committee, std::uint64_t committee_epoch,
                      Bytes bytes, bool ends_epoch, Outcome& out)
{
    chain::Certificate certificate;
    chain::CertificateFault fault = chain::CertificateFault::none;
    out = {};
    MOTE_TRY(wasm::check_certificate(committee, voter.chain_id(), bytes, certificate, fault));
    // A committee decides in its own epoch only, and checkpoints and attestations move no voter.
    if (certificate.kind > chain::Kind::finalize)
        fault = chain::CertificateFault::kind;
    if (certificate.epoch != committee_epoch)
        return Status::invalid_argument;
    out.fault = static_cast<std::uint32_t>(fault);
    if (fault != chain::CertificateFault::none)
        return Status::rejected;
    return voter.take(
        voter.voter().on_certificate(certificate.kind, certificate.epoch,
                                     certificate.view_or_height, certificate.subject, ends_epoch),
        out);
}
}  // namespace

MOTE_WASM_EXPORT(std::uint32_t, mote_wasm_voter_size)() { return sizeof(BrowserVoter); }

/// Errors  invalid_argument: no key.
MOTE_WASM_EXPORT(std::uint32_t, mote_wasm_voter_prepare)
(void* memory, const std::uint8_t* secret, const std::uint8_t* chain_id)
{
    auto* voter = new (memory) BrowserVoter;
    return code(
        voter->prepare(std::span<const std::uint8_t, 32>(secret, 32), wasm::digest_at(chain_id)));
}

/// Overwrites the key.
MOTE_WASM_EXPORT(void, mote_wasm_voter_close)(BrowserVoter* voter) { voter->~BrowserVoter(); }

MOTE_WASM_EXPORT(void, mote_wasm_voter_names)
(const BrowserVoter* voter, std::uint8_t* public_key, std::uint8_t* key_name)
{
    std::memcpy(public_key, voter->public_key().data(), voter->public_key().size());
    std::memcpy(key_name, voter->name().data(), voter->name().size());
}

MOTE_WASM_EXPORT(void, mote_wasm_voter_first_record)
(const BrowserVoter* voter, Outcome* out, std::uint64_t epoch, std::uint64_t view)
{
    voter->first_record(epoch, view, *out);
}

MOTE_WASM_EXPORT(void, mote_wasm_voter_raise)
(const BrowserVoter* voter, Outcome* out, std::uint64_t epoch, std::uint64_t view)
{
    voter->raise(epoch, view, *out);
}

/// Says where the record that start() picked stands, also if it is retired.
MOTE_WASM_EXPORT(void, mote_wasm_voter_loaded)(const BrowserVoter* voter, State* out)
{
    const VoteRecord& record = voter->record();
    *out = {};
    out->epoch = record.epoch;
    out->view = record.view;
    out->second = static_cast<std::uint32_t>(record.second);
}

/// Picks the record that counts, which is to be written once more. A slot at 0 could not be read.
MOTE_WASM_EXPORT(std::uint32_t, mote_wasm_voter_start)
(BrowserVoter* voter, Outcome* out, const std::uint8_t* slot0, const std::uint8_t* slot1)
{
    const auto slot = [](const std::uint8_t* bytes) -> consensus::Slot
    {
        return bytes == nullptr ? consensus::Slot{}
                                : consensus::Slot{true, Bytes(bytes, consensus::record_bytes)};
    };
    return static_cast<std::uint32_t>(voter->start({slot(slot0), slot(slot1)}, *out));
}

/// Takes the confirmation that the record of start() is on the medium.
MOTE_WASM_EXPORT(std::uint32_t, mote_wasm_voter_started)
(BrowserVoter* voter, std::uint32_t reserve, std::uint64_t reserve_views)
{
    return code(voter->started(
        reserve != 0 ? consensus::VoteMode::reserve : consensus::VoteMode::exact, reserve_views));
}

MOTE_WASM_EXPORT(void, mote_wasm_voter_state)(BrowserVoter* voter, State* out)
{
    const consensus::VoterState& state = voter->voter().state();
    const VoteRecord& record = voter->voter().record();
    *out = {state.epoch,
            state.view,
            record.lease_nonce,
            record.reserved_view,
            static_cast<std::uint32_t>(state.first),
            static_cast<std::uint32_t>(state.second),
            voter->voter().is_open() ? 1U : 0U,
            voter->voter().busy() ? 1U : 0U};
}

// ---------------------------------------------------------------- events

MOTE_WASM_EXPORT(std::uint32_t, mote_wasm_voter_genesis)(BrowserVoter* voter, Outcome* out)
{
    return answer(voter, out, voter->voter().on_genesis());
}

MOTE_WASM_EXPORT(std::uint32_t, mote_wasm_voter_proposal)
(BrowserVoter* voter, Outcome* out, std::uint64_t epoch, std::uint64_t view,
 const std::uint8_t* block)
{
    return answer(voter, out, voter->voter().on_proposal(epoch, view, wasm::digest_at(block)));
}

MOTE_WASM_EXPORT(std::uint32_t, mote_wasm_voter_timeout)
(BrowserVoter* voter, Outcome* out, std::uint64_t epoch, std::uint64_t view)
{
    return answer(voter, out, voter->voter().on_timeout(epoch, view));
}

/// Errors  malformed; rejected, with the fault; invalid_argument: of another epoch than the committee.
MOTE_WASM_EXPORT(std::uint32_t, mote_wasm_voter_certificate)
(BrowserVoter* voter, Outcome* out, OpenCommittee* committee, std::uint64_t committee_epoch,
 const std::uint8_t* bytes, std::uint32_t count, std::uint32_t ends_epoch)
{
    return code(on_certificate(*voter, *committee, committee_epoch, Bytes(bytes, count),
                               ends_epoch != 0, *out));
}

MOTE_WASM_EXPORT(std::uint32_t, mote_wasm_voter_repeat)(BrowserVoter* voter, Outcome* out)
{
    return answer(voter, out, voter->voter().repeat());
}

MOTE_WASM_EXPORT(std::uint32_t, mote_wasm_voter_lease)
(BrowserVoter* voter, Outcome* out, std::uint64_t nonce)
{
    return answer(voter, out, voter->voter().on_lease(nonce));
}

MOTE_WASM_EXPORT(std::uint32_t, mote_wasm_voter_finds_clone)
(BrowserVoter* voter, std::uint64_t nonce_on_chain)
{
    return voter->voter().finds_clone(nonce_on_chain) ? 1 : 0;
}

MOTE_WASM_EXPORT(std::uint32_t, mote_wasm_voter_stop)(BrowserVoter* voter, Outcome* out)
{
    return answer(voter, out, voter->voter().stop());
}

MOTE_WASM_EXPORT(std::uint32_t, mote_wasm_voter_retire)(BrowserVoter* voter, Outcome* out)
{
    return answer(voter, out, voter->voter().retire());
}

MOTE_WASM_EXPORT(std::uint32_t, mote_wasm_voter_flushed)
(BrowserVoter* voter, Outcome* out, std::uint64_t token)
{
    return answer(voter, out, voter->voter().flushed(token));
}

MOTE_WASM_EXPORT(void, mote_wasm_voter_write_failed)(BrowserVoter* voter)
{
    voter->voter().write_failed();
}

// ---------------------------------------------------------------- attestations

/// Signs an attestation, whose digest no root vote has: AVAIL, VALID (of an epoch; zone and height 0) or
/// CKPT (of a period; zone 0).
///
/// Errors  invalid_argument: another kind, a field that the kind has not, or a voter that is closed.
MOTE_WASM_EXPORT(std::uint32_t, mote_wasm_voter_attest)
(BrowserVoter* voter, std::uint8_t* out, std::uint32_t kind, std::uint64_t epoch,
 std::uint32_t zone, std::uint64_t height, const std::uint8_t* subject)
{
    if (!voter->voter().is_open())
        return code(Status::invalid_argument);
    chain::Signature signature{};
    const chain::Digest digest = wasm::digest_at(subject);
    bool good = false;
    if (kind == static_cast<std::uint32_t>(chain::Kind::avail))
        good = voter->holder().sign_avail(epoch, zone, height, digest, signature);
    else if (kind == static_cast<std::uint32_t>(chain::Kind::valid) && zone == 0 && height == 0)
        good = voter->holder().sign_valid(epoch, digest, signature);
    else if (kind == static_cast<std::uint32_t>(chain::Kind::ckpt) && zone == 0)
        good = voter->holder().sign_ckpt(epoch, height, digest, signature);
    if (!good)
        return code(Status::invalid_argument);
    std::memcpy(out, signature.data(), signature.size());
    return code(Status::ok);
}
