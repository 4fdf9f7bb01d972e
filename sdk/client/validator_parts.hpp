// The parts of a validator: what it keeps between two events, and the steps that work on it.
//
// One struct in the caller's memory. The files of this folder each hold the steps of one story: lists.cpp
// gets what commitments stand for, on_proposal.cpp and on_certificate.cpp lead to votes, finality.cpp follows
// what became final, on_header.cpp and on_proof.cpp attest, output.cpp writes messages and actions.
#pragma once

#include "chain/statement_check.hpp"
#include "client/validator.hpp"
#include "consensus/proposal_check.hpp"
#include "wire/consensus_messages.hpp"

namespace mote::client
{
using chain::Digest;
using chain::Kind;
using consensus::EpochData;
using consensus::KnownCommittee;
using consensus::Lookup;
using consensus::ProposalFault;

/// A root block that is known, checked and not final; one more is the newest final one.
struct Block
{
    bool used = false;
    bool notarized = false;
    consensus::ChainState state;
};

/// A list that a commitment stands for.
struct ListEntry
{
    enum class State : std::uint8_t
    {
        empty,
        asked,
        here,
    };
    State state = State::empty;
    ListKind kind = ListKind::parameters;
    bool in_use = false;  ///< of the epochs that are kept, since the last sweep
    Digest root{};
    std::uint64_t request = 0;
    Bytes bytes;               ///< the host's
    KnownCommittee committee;  ///< of kind committee
    std::uint32_t first_key = 0, key_count = 0;
};

/// An epoch whose certificates may still be of use: the current one, the one before, the next.
struct EpochSlot
{
    bool used = false;
    bool has_records = false;  ///< zones_root and params_root are known
    bool complete = false;     ///< every list is here
    Digest randao{};           ///< R(e)
    EpochData data;
    const KnownCommittee* checkpoint = nullptr;
    std::span<chain::ZoneRecord> records;
    std::uint32_t record_count = 0;
    std::span<consensus::ZoneEpoch> zones;
    std::span<std::uint32_t> orders;
};

/// A zone header that was seen, by its hash.
struct SeenHeader
{
    bool used = false;
    bool attested = false;   ///< AVAIL was signed here
    bool certified = false;  ///< an AVAIL certificate covers it
    bool included = false;   ///< in a root block that is known
    Digest hash{};
    chain::ZoneHeader header;
    chain::Signature signature{};
    std::uint64_t anchor_height = 0;
};

struct OpenJob
{
    bool used = false;
    JobKind kind = JobKind::shares;
    std::uint64_t id = 0;
    std::uint64_t epoch = 0;
    std::uint32_t zone = 0;
    std::uint32_t member = 0;
    std::uint64_t height = 0;  ///< of the header, or `to` of the statement
    Digest subject{};          ///< header hash, statement hash, or H of the bad row
    Digest header{};           ///< bad_row: hash of the header
    chain::ZoneHeader zone_header;
    bool answered = false;  ///< bad_row: `good` is known
    bool good = false;
};

/// The leader's signature under a proposal, remembered to find a second one.
struct SeenProposal
{
    std::uint64_t epoch = 0, view = 0;
    Digest hash{};
    chain::Signature signature{};
};

/// What a certificate says, whoever signed it.
struct SeenCertificate
{
    Kind kind = Kind::notarize;
    std::uint64_t epoch = 0, view_or_height = 0;
    std::uint32_t zone = 0;
    Digest subject{};

    friend bool operator==(const SeenCertificate&, const SeenCertificate&) noexcept = default;
};

/// What a proposal waits for.
enum class Held : std::uint8_t
{
    nothing,
    time,
    flush,    ///< a record is being written
    fetched,  ///< a list, a parent or a bad row
};

/// A certificate with its own bitmap.
struct KeptCertificate
{
    bool used = false;
    chain::Certificate certificate;
    std::array<std::uint8_t, chain::signer_bytes_max> signers{};

    void keep(const chain::Certificate& from) noexcept;
};

inline constexpr std::size_t actions_max = 48, actions_kept = 16;
inline constexpr std::size_t proposals_seen_max = 16, catch_up_max = 256;
inline constexpr std::uint64_t lookahead_views = 32;  ///< LOOKAHEAD
inline constexpr std::uint64_t list_patience = 4;     ///< in T_retry
inline constexpr std::uint64_t no_deadline = UINT64_MAX;
/// Parameter 0 above this is a protocol that this code does not speak.
inline constexpr std::uint64_t protocol_version_max = 1;

/// Blocks that are asked for, see catch_up.cpp.
struct CatchUp
{
    std::array<Digest, catch_up_max>
        chain;  ///< a final block, its parent, its parent's parent, ...
    std::size_t count = 0;
    std::uint64_t again_ms = 0, way_again_ms = 0;
    std::array<Digest, 8> wanted;  ///< blocks that are notarized
    std::size_t next_wanted = 0;

    [[nodiscard]] bool wants(const Digest& hash) const noexcept;
    [[nodiscard]] bool is_next(const Digest& hash) const noexcept;
};

struct Validator::Parts
{
    // What never changes.
    Limits limits;
    Digest chain_id{};
    chain::Calendar calendar;
    consensus::BlockRules rules;
    consensus::Timing timing;
    std::uint64_t drift_ms = 2000;
    chain::PublicKey public_key{};
    KeyHolder key;
    chain::SignatureCheck signatures;
    consensus::VoteMode mode = consensus::VoteMode::exact;
    std::uint64_t reserve_views = 0;
    consensus::KeyName key_name{};

    // Time and entropy.
    std::uint64_t now_ms = 0;
    bool clock_trusted = false;
    std::uint64_t clock_wall_ms = 0, clock_at_ms = 0;
    bool has_entropy = false;
    Digest entropy{};
    std::uint64_t draws = 0;

    // The chain. blocks[final_block] is final, the others above it.
    std::span<Block> blocks;
    std::size_t final_block = 0;
    std::span<Digest> ancestors;  // of height h at h % size, up to the final height
    std::uint64_t ancestors_from = 0;
    std::array<EpochSlot, 3> epochs;
    std::span<ListEntry> known_lists;
    std::span<signature::PublicKey> keys;
    bool stale_lists = false;
    std::uint64_t lists_again_ms = no_deadline;
    consensus::ZoneTable scratch_table;
    std::array<chain::ZoneHeader, chain::skipped_max> scratch_headers;
    std::span<chain::ZoneRecord> scratch_records;
    Digest checked_parent{};  ///< of the proposal that is being checked

    // Votes.
    bool may_vote = false;
    consensus::RootVoter root{consensus::Voter(), {}, {}, {}, 0};
    KeptCertificate led_here;  // led to this view
    std::array<SeenProposal, proposals_seen_max> proposals;
    std::size_t next_proposal = 0;
    std::span<SeenCertificate> certificates;
    std::size_t next_certificate = 0;
    KeptCertificate pending_final;  // until its block is final here
    CatchUp catch_up;

    // A proposal that waits.
    std::span<std::uint8_t> held;
    std::size_t held_bytes = 0;
    Held held_for = Held::nothing;
    bool something_came = false;  ///< since it is held
    std::uint64_t held_until_ms = no_deadline;

    // Attestations.
    std::span<SeenHeader> headers;
    std::size_t next_header = 0;
    std::span<OpenJob> jobs;
    std::array<Digest, 16> attested_statements;
    std::size_t next_statement = 0;
    std::array<Digest, 16> evidence_seen;
    std::size_t next_evidence = 0;
    std::array<chain::ZoneHeader, chain::statement_blocks_max> proof_headers;
    std::array<Bytes, chain::statement_blocks_max> proof_svid_headers;

    // Output.
    std::span<Action> actions;
    std::size_t action_count = 0;
    std::uint64_t next_id = 1, deadline = 0;
    std::array<std::uint8_t, consensus::record_bytes> record_out{};
    std::span<std::uint8_t> out;  // messages of one step, one after the other
    std::size_t out_used = 0;
    std::array<std::uint8_t, chain::statement_input_bytes_max> input{};
    std::array<std::uint8_t, chain::statement_output_bytes_max> output{};
    std::array<std::uint64_t, static_cast<std::size_t>(Dropped::count_)> dropped{};
    bool closed_reported = false;

    // validator.cpp
    bool take_memory(Arena& arena) noexcept;
    Status start(const Setup& setup) noexcept;
    void on_message(Bytes message) noexcept;
    void on_fetched(std::uint64_t id, Bytes bytes) noexcept;
    void on_wake() noexcept;
    void on_entropy(Bytes bytes) noexcept;
    [[nodiscard]] Digest draw() noexcept;
    [[nodiscard]] std::uint64_t voter_epoch() const noexcept;
    void resume() noexcept;
    void update_deadline() noexcept;
    void drop(Dropped reason) noexcept { ++dropped[static_cast<std::size_t>(reason)]; }

    // lists.cpp
    [[nodiscard]] EpochSlot* slot_of(std::uint64_t epoch) noexcept;
    [[nodiscard]] EpochSlot& open_slot(std::uint64_t epoch, const Digest& randao,
                                       const Digest& root_committee) noexcept;
    void set_records(EpochSlot& slot, std::span<const chain::ZoneRecord> records,
                     const Digest& zones_root, const Digest& params_root) noexcept;
    void assemble() noexcept;
    void assemble(EpochSlot& slot) noexcept;
    void sweep_lists() noexcept;
    void ask_for_lists_again() noexcept;
    [[nodiscard]] ListEntry* need(ListKind kind, const Digest& root) noexcept;
    void on_list(ListEntry& entry, Bytes bytes) noexcept;
    [[nodiscard]] bool place_keys(ListEntry& entry, Bytes bytes) noexcept;

    // on_proposal.cpp
    void on_proposal(Bytes message, Bytes body) noexcept;
    void check_and_vote(const wire::ProposalMessage& m, const Digest& hash, EpochSlot& epoch,
                        Bytes message) noexcept;
    [[nodiscard]] consensus::ProposalContext context(const EpochSlot& epoch,
                                                     const Block* parent) noexcept;
    [[nodiscard]] bool in_reach(const wire::ProposalMessage& m) noexcept;
    [[nodiscard]] bool check_signer(const wire::ProposalMessage& m, const Digest& hash,
                                    EpochSlot& epoch, Bytes message) noexcept;
    void adopt_epoch(const wire::ProposalMessage& m) noexcept;
    [[nodiscard]] bool feed_certificates(const wire::ProposalMessage& m) noexcept;
    void store_block(const wire::ProposalMessage& m, const Digest& hash,
                     const Block& parent) noexcept;
    void vote_on(const wire::ProposalMessage& m, const Digest& hash, bool valid,
                 Bytes message) noexcept;
    void refuse(const wire::ProposalMessage& m, const Digest& hash,
                const consensus::ProposalVerdict& verdict, Bytes message) noexcept;
    void hold(Bytes message, Held reason, std::uint64_t until_ms) noexcept;
    void fetch_bad_row(const wire::ProposalMessage& m,
                       const consensus::ProposalVerdict& verdict) noexcept;

    // on_certificate.cpp
    void on_certificate(Bytes body) noexcept;
    bool take_root_certificate(const chain::Certificate& certificate) noexcept;
    [[nodiscard]] bool seen(const chain::Certificate& certificate) const noexcept;
    void note(const chain::Certificate& certificate) noexcept;
    [[nodiscard]] const KnownCommittee* committee_of(
        const chain::Certificate& certificate) noexcept;
    void on_zone_certificate(const chain::Certificate& certificate) noexcept;
    void carry_out(const consensus::Actions& actions,
                   const chain::Certificate* certificate) noexcept;
    void sign(const consensus::Permit& permit) noexcept;

    // finality.cpp
    [[nodiscard]] const Block& final() const noexcept { return blocks[final_block]; }
    [[nodiscard]] Block* find_block(const Digest& hash) noexcept;
    [[nodiscard]] Block* free_block(const Block& parent) noexcept;
    [[nodiscard]] bool descends(const Block& block, const Digest& from) noexcept;
    [[nodiscard]] Lookup height_of(const Digest& block, const Digest& tip,
                                   std::uint64_t& height) noexcept;
    [[nodiscard]] std::uint64_t newest_height() const noexcept;
    void on_final(const Digest& hash) noexcept;
    void on_final_without_path(const Block& block) noexcept;
    void make_final(Block& block) noexcept;
    void begin_epoch(const Block& last) noexcept;
    void on_notarized(const Digest& hash) noexcept;
    void attest_checkpoint(const Block& block) noexcept;
    void report_levels(const consensus::ZoneTable& before, const consensus::ZoneTable& after,
                       bool is_final) noexcept;

    // catch_up.cpp
    void want_block(const Digest& hash) noexcept;
    void follow_down(const Digest& hash) noexcept;
    void go_up(const Digest& hash) noexcept;
    void catch_up_again() noexcept;
    void ask_the_way(std::uint64_t epoch) noexcept;

    // on_header.cpp
    void on_zone_header(Bytes body) noexcept;
    void on_evidence(Bytes body) noexcept;
    void note_headers(const wire::ProposalMessage& m) noexcept;
    [[nodiscard]] SeenHeader* find_header(const Digest& hash) noexcept;
    SeenHeader& keep_header(const chain::ZoneHeader& header, const Digest& hash) noexcept;
    [[nodiscard]] Dropped check_zone_header(const chain::ZoneHeader& header,
                                            std::uint64_t& anchor_height, bool& good) noexcept;
    void attest_header(const OpenJob& job) noexcept;
    [[nodiscard]] OpenJob* open_job(JobKind kind, const Digest& subject) noexcept;
    void on_verified(std::uint64_t id, bool ok) noexcept;
    void on_bad_row(OpenJob& job, Bytes bytes) noexcept;
    [[nodiscard]] Lookup convicts(const Digest& bad_row, const chain::ZoneHeader& header) noexcept;

    // on_proof.cpp
    void on_proof(Bytes body) noexcept;
    void attest_statement(const OpenJob& job) noexcept;

    // output.cpp
    Action& add(ActionKind kind) noexcept;
    Report* report(ReportKind kind) noexcept;
    void fetch(FetchKind kind, const Digest& hash, std::uint64_t epoch,
               std::uint64_t view) noexcept;
    void send_vote(Kind kind, std::uint64_t epoch, std::uint64_t view_or_height, std::uint32_t zone,
                   const Digest& subject, std::uint32_t member,
                   const chain::Signature& signature) noexcept;
    void send_certificate(const chain::Certificate& certificate, Audience to) noexcept;
    void send_evidence(const chain::Evidence& evidence) noexcept;
    template <class Message>
    void send(MessageKind kind, const Message& message, std::size_t bytes_max,
              Audience to) noexcept;
};
}  // namespace mote::client
