// Validator: follows the root chain, attests shards, proofs and checkpoints, and votes. Sans I/O.
//
//   Setup setup = ...;                                     // chain, limits, signer, record, a final block
//   void* memory = allocate(Validator::memory_bytes(setup.limits));
//   Validator validator;
//   if (validator.open(setup, memory, bytes) != Status::ok) ...
//   for (each event)
//       for (const Action& action : validator.step(event))
//           carry_out(action);
//
// What happens to a message: decoded (wire), form and committee (chain), signatures (signature), rules
// (consensus/proposal_check), then the voter (consensus/root_voter). A signature for an exclusive vote
// leaves only after flushed(token), or at once inside a reservation or as a repetition.
//
// Deterministic: the same setup and events give the same actions, byte for byte. Bounded: all memory is
// taken in open(), every queue has its place in Limits, everything refused is counted.
//
// Source  [CONSENSUS] sections 4 to 7, 11, 12 and 15.
#pragma once

#include "base/arena.hpp"
#include "client/actions.hpp"
#include "client/limits.hpp"
#include "client/signer.hpp"
#include "consensus/chain_state.hpp"
#include "consensus/root_voter.hpp"

namespace mote::client
{
/// A final block that the validator starts from, and what its header commits to. Genesis of a new network.
struct Start
{
    chain::RootHeader header;
    std::span<const chain::ZoneLeaf> zones;          ///< ascending, under zone_table_root
    std::span<const chain::PendingBlock> pending;    ///< of all zones, one after the other
    std::span<const chain::Digest> ancestors;        ///< hashes of the blocks before, newest last
    std::span<const chain::ZoneRecord> records;      ///< under zones_root
    std::span<const chain::ZoneRecord> old_records;  ///< of the epoch before; empty for epoch 0
    chain::Digest old_root_committee{};              ///< of the epoch before; zero for epoch 0
    /// R(e) and R(e - 1) of [CONSENSUS] section 2 for the header's epoch e; R(e) is the randao of the
    /// last block of epoch e - 2, of genesis for e < 2.
    chain::Digest seed_randao{}, old_seed_randao{};
};

struct Setup
{
    Limits limits;
    chain::Digest chain_id{};
    chain::Calendar calendar;  ///< as the genesis parameters say
    consensus::Timing timing;
    std::uint64_t drift_ms = 2000;  ///< DRIFT
    std::uint32_t carry_max = chain::carry_max_default;
    chain::Digest empty_state_root{};  ///< proven_root of a zone that enters the table
    Start start;

    chain::PublicKey public_key{};
    Signer signer;
    /// None: signatures are verified. A simulation of many validators may put something cheaper here, and
    /// has to say that it did.
    chain::SignatureCheck signatures;
    consensus::VoteRecord record;  ///< as consensus::load picked it
    bool record_readable = false;  ///< false: follows and attests, casts no exclusive vote
    consensus::VoteMode mode = consensus::VoteMode::exact;
    std::uint64_t reserve_views = consensus::Voter::reserve_views_default;
};

/// Why something was not taken. Each has a counter.
enum class Dropped : std::uint8_t
{
    malformed,     ///< does not decode
    unknown_kind,  ///< no message of a validator
    too_long,
    busy,        ///< a record is being written: bring it again
    no_entropy,  ///< before the first entropy event
    old,         ///< of an epoch, view or window that is over
    future,      ///< of an epoch or view too far ahead
    duplicate,
    no_committee,     ///< the committee it needs is not here (and was asked for)
    bad_certificate,  ///< form or quorum
    bad_signature,
    bad_header,      ///< a zone header that breaks a rule of 4.1
    bad_statement,   ///< a statement that breaks steps 1 to 3 of 3.4
    bad_proof,       ///< verified(job, false)
    bad_evidence,    ///< convicts nobody
    undecided,       ///< evidence or a header that needs something that is not here
    bad_list,        ///< a list that does not have the root it was asked for by
    unknown_parent,  ///< its parent was asked for
    no_seat,         ///< nothing to attest here
    full,            ///< a limit of Limits
    unknown_id,      ///< an answer to no question
    count_,
};

class Validator
{
  public:
    Validator() noexcept = default;
    Validator(const Validator&) = delete;
    Validator& operator=(const Validator&) = delete;

    /// Bytes that open() takes.
    [[nodiscard]] static std::size_t memory_bytes(const Limits& limits) noexcept;

    /// Starts. The first step brings the actions that the start itself asks for.
    ///
    /// Errors  invalid_argument: limits without sense, a calendar that does not hold, or a start whose
    ///         parts do not have the roots of its header; memory_too_small.
    /// Memory  keeps `memory`, aligned to Arena::alignment. The spans of the setup are copied.
    Status open(const Setup& setup, void* memory, std::size_t bytes) noexcept;

    /// Takes one event.
    ///
    /// Shape   now_ms never decreases.
    /// Memory  the actions hold until the next call.
    /// Cost    of a proposal: a multi-pairing over its certificates; of a certificate: a pairing.
    std::span<const Action> step(const Event& event) noexcept;

    [[nodiscard]] std::uint64_t dropped(Dropped reason) const noexcept;

    /// The newest final root block.
    [[nodiscard]] const chain::RootHeader& final_header() const noexcept;
    /// The state after a root block that is known; null for any other. Of use to a leader, with
    /// consensus/build_block.hpp.
    ///
    /// Memory  holds until the next step.
    [[nodiscard]] const consensus::ChainState* state_of(const chain::Digest& block) const noexcept;
    [[nodiscard]] const consensus::VoterState& voter_state() const noexcept;

    /// Whether a record is being written. Proposals, certificates and timers that come meanwhile are refused
    /// and counted as Dropped::busy: a host keeps them back until flushed or write_failed.
    [[nodiscard]] bool busy() const noexcept;

    /// Implementation; its layout is in validator_parts.hpp.
    struct Parts;

  private:
    Parts* parts_ = nullptr;
};
}  // namespace mote::client
