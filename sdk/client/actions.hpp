// Actions: everything a validator ever does.
//
// step() answers with a list, to be carried out in order. Bytes in it belong to the validator, or are
// the event's, and are good until the next call.
//
//   send             `bytes`, a message as in MessageKind, to `to`
//   set_deadline     one deadline in all: a timer event is due at `at_ms`; replaces the one before
//   write_and_flush  `bytes`, 160 of them, at `offset` of the record file; flush; answer with `id`
//   fetch            `fetch`; answer with `id`, whenever, or not at all
//   verify           `job`; answer with `id`
//   report           something the user of the validator may want to know
//
// A host that gets write_and_flush must not bring another event before flushed or write_failed unless
// it has to: events that could lead to a vote are refused with `busy` and have to be brought again.
// (messages are kept back by the host, timers come again by themselves).
#pragma once

#include "chain/epoch_rules.hpp"
#include "chain/evidence.hpp"
#include "chain/statement.hpp"
#include "client/events.hpp"
#include "consensus/proposal_fault.hpp"

namespace mote::client
{
/// Whom a message is for.
enum class Audience : std::uint8_t
{
    peer,    ///< `peer` only
    relays,  ///< the relays of this member: at least two
    all,     ///< everybody connected
};

enum class FetchKind : std::uint8_t
{
    nullification,  ///< certificate of (epoch, view)
    newest,         ///< newest finalization or nullification, from at least two relays
    epoch_end,      ///< finalization of the last block of `epoch`
    block,          ///< the proposal that brought root block `hash`
    list,           ///< a list whose root or commitment is `hash`; see ListKind
    bad_row,        ///< the SVID BadRow message with its z whose H is `hash`
};

/// What a list is made of, in layouts of sdk/chain one after the other.
enum class ListKind : std::uint8_t
{
    parameters,  ///< chain::Parameter, under params_root
    producers,   ///< chain::Producer, under producers_root or parameter 1
    committee,   ///< chain::Member, under a commitment
    records,     ///< chain::ZoneRecord, under zones_root
};

struct Fetch
{
    FetchKind kind = FetchKind::newest;
    ListKind list = ListKind::parameters;
    chain::Digest hash{};
    std::uint64_t epoch = 0;
    std::uint64_t view = 0;
};

enum class JobKind : std::uint8_t
{
    /// Get the shards of `member` of the zone's committee of `epoch` under header.data_commit, check them
    /// (sdk/svid steps 1 to 7; validator list: the committee, stake := seats; seed: seed(epoch, 2, zone))
    /// and store them. True once they are durable. They are to be served until the retention height.
    shares,
    /// Verify `proof` under the key of statement.program_id with exactly `input` and `output`, not
    /// panicked, without trusted advice.
    proof,
    /// Check that `proof` is a BadRow message that convicts under header.data_commit ([SVID] section 13).
    bad_row,
};

struct Job
{
    JobKind kind = JobKind::shares;
    std::uint64_t epoch = 0;
    std::uint32_t zone = 0;
    std::uint32_t member = 0;
    chain::ZoneHeader header;    ///< shares, bad_row
    chain::Digest seed{};        ///< shares: of the assignment
    Bytes committee;             ///< shares: the list of members
    chain::Statement statement;  ///< proof
    Bytes input, output, proof;  ///< proof
};

enum class ReportKind : std::uint8_t
{
    entered,    ///< view of epoch
    voted,      ///< vote_kind in view of epoch, for hash
    refused,    ///< the proposal of view: `proposal_fault`
    held,       ///< the proposal of view is from the near future
    finalized,  ///< root block hash at height
    level,      ///< block hash at height of zone has reached `level`
    attested,   ///< vote_kind avail, valid or ckpt for hash
    convicted,  ///< evidence of `evidence_kind` was forwarded
    missing,    ///< the votes wait for something that was asked for: hash
    closed,  ///< no exclusive vote any more: record retired, storage failed, or a clone was found
    upgrade_required,  ///< parameter 0 is above what this code knows
    conflict,          ///< two certificates that exclude each other: more than a third is lying
};

struct Report
{
    ReportKind kind = ReportKind::entered;
    std::uint64_t epoch = 0;
    std::uint64_t view = 0;
    std::uint64_t height = 0;
    std::uint32_t zone = 0;
    chain::Digest hash{};
    chain::Kind vote_kind = chain::Kind::notarize;
    chain::Level level = chain::Level::unknown;
    std::uint32_t evidence_kind = 0;
    consensus::ProposalVerdict verdict;
};

enum class ActionKind : std::uint8_t
{
    send,
    set_deadline,
    write_and_flush,
    fetch,
    verify,
    report,
};

struct Action
{
    ActionKind kind = ActionKind::report;
    Audience to = Audience::relays;
    PeerId peer = 0;
    Bytes bytes;
    std::uint64_t at_ms = 0;   ///< set_deadline; UINT64_MAX for never
    std::uint64_t offset = 0;  ///< write_and_flush
    std::uint64_t id = 0;      ///< write_and_flush, fetch, verify: to be given back
    Fetch fetch;
    Job job;
    Report report;
};
}  // namespace mote::client
