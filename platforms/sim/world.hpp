// World: all nodes of a run, their clock and their network. One thread, one event after the other.
//
//   World world(config);
//   while (world.step()) {}
//   if (world.violation()) ...            // an invariant's name, and when
//
// Nodes are numbered: devices, then producers, then followers. A producer leads root views, makes zone
// blocks, proves them and relays. Devices hear of everything through relays.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "sim/config.hpp"
#include "sim/event_queue.hpp"
#include "sim/network.hpp"
#include "sim/state.hpp"
#include "sim/zones.hpp"

namespace mote::sim
{
class Device;
class Producer;
class FollowerNode;
class Invariants;

enum class Timer : std::uint8_t
{
    start,
    tick,
    flush,   ///< value: token
    stored,  ///< shares are on the medium; value: number of the block
    crash,
    snapshot,  ///< value 0: take an image; 1: crash and come back with it
    sleep,
    wake,
    clock,
    propose,
    relay,     ///< partials are due
    zone,      ///< time to look at the zones
    prove,     ///< value: zone
    replay,    ///< a replaying relay sends old certificates
    verified,  ///< value: number of the proof
};

/// Somebody who broke the rules and was noticed.
struct Caught
{
    std::uint64_t at_ms = 0;
    std::uint32_t node = 0;
    std::string what;
};

/// One view, for the report.
struct ViewPoint
{
    std::uint64_t epoch = 0, view = 0;
    std::uint64_t ended_ms = 0;
    bool nullified = false;
};

/// What a run did.
struct Counts
{
    std::uint64_t events = 0, votes = 0, certificates = 0, proposals = 0, reproposals = 0;
    std::uint64_t crashes = 0, sleeps = 0, restarts = 0;
    std::uint64_t views = 0, nullified = 0, finalized_height = 0;
    std::uint64_t zone_blocks = 0, included = 0, proven = 0, voided = 0;
    std::uint64_t checkpoints = 0, dropped = 0, evidence = 0, equivocations = 0, bad_shares = 0;
    std::uint64_t epochs = 0, carried = 0;
    std::uint64_t planned_crashes = 0;
};

class World
{
  public:
    explicit World(const Config& config);
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    /// Handles one event; false when the run is over.
    bool step();
    void run()
    {
        while (step())
        {
        }
    }

    /// What broke, or nothing.
    [[nodiscard]] const std::string& violation() const noexcept { return violation_; }
    void violate(std::string what);

    /// A hash over everything that was sent and finalized: equal runs have equal ones.
    [[nodiscard]] std::uint64_t fingerprint() const noexcept { return fingerprint_; }
    void stir(std::uint64_t value) noexcept { fingerprint_ = mix(fingerprint_ ^ value); }

    // For nodes.
    [[nodiscard]] const Config& config() const noexcept { return config_; }
    [[nodiscard]] const Faults& faults() const noexcept { return faults_; }
    [[nodiscard]] Time now() const noexcept { return queue_.now(); }
    [[nodiscard]] std::uint64_t now_ms() const noexcept { return queue_.now() / 1000; }
    [[nodiscard]] Time calm_from() const noexcept { return calm_from_; }
    [[nodiscard]] bool calm() const noexcept { return now() >= calm_from_; }
    [[nodiscard]] Ledger& ledger() noexcept { return *ledger_; }
    [[nodiscard]] const Membership& members() const noexcept { return members_; }
    [[nodiscard]] const SignatureScheme& signatures() const noexcept { return *signatures_; }
    [[nodiscard]] ProofOracle& oracle() noexcept { return oracle_; }
    [[nodiscard]] const Digest& chain_id() const noexcept { return ledger_->rules().chain_id; }
    [[nodiscard]] Invariants& invariants() noexcept { return *invariants_; }
    [[nodiscard]] Counts& counts() noexcept { return counts_; }

    void send(std::uint32_t from, std::uint32_t to, const MessagePtr& message);
    void schedule(Time at, std::uint32_t node, Timer timer, std::uint64_t value = 0,
                  std::uint32_t life = 0);

    /// Verifies in member form; asked once for each certificate, because the answer never changes.
    [[nodiscard]] bool verify(const chain::Certificate& certificate,
                              const CommitteeList& committee);
    /// Checks a proposal, once.
    [[nodiscard]] ProposalFault check(const MessagePtr& proposal, const EpochContext& context,
                                      StatePtr& state);
    [[nodiscard]] bool check_evidence(const wire::EvidenceMessage& piece,
                                      const EpochContext& context);
    void catch_somebody(std::uint32_t node, const std::string& what);
    void note_view(std::uint64_t epoch, std::uint64_t view, bool nullified);

    // Zone blocks that were made, by hash of their header.
    void publish(ZoneBlockPtr block);
    [[nodiscard]] ZoneBlockPtr zone_block(const Digest& hash) const;
    /// Rows that are not the code's, for whoever asks by hash.
    Digest publish(BadRowPtr row);

    // Who is who.
    [[nodiscard]] std::uint32_t device_count() const noexcept;
    [[nodiscard]] std::uint32_t producer_node(std::uint32_t producer) const noexcept;
    [[nodiscard]] std::uint32_t producer_key(std::uint32_t producer) const noexcept
    {
        return config_.validators + producer;
    }
    [[nodiscard]] Device& device(std::uint32_t index) noexcept { return *devices_[index]; }
    [[nodiscard]] Producer& producer(std::uint32_t index) noexcept { return *producers_[index]; }
    [[nodiscard]] std::uint32_t follower_count() const noexcept
    {
        return static_cast<std::uint32_t>(followers_.size());
    }
    [[nodiscard]] FollowerNode& follower(std::uint32_t index) noexcept
    {
        return *followers_[index];
    }
    [[nodiscard]] const Network& network() const noexcept { return *network_; }
    [[nodiscard]] std::string node_name(std::uint32_t node) const;

    // For reports.
    [[nodiscard]] const std::vector<ViewPoint>& views() const noexcept { return views_; }
    [[nodiscard]] const std::vector<Caught>& caught() const noexcept { return caught_; }
    /// Milliseconds from a block's proposal to its finalization, by height, and when it was final.
    struct Latency
    {
        std::uint64_t height = 0, final_ms = 0, after_ms = 0;
    };
    [[nodiscard]] const std::vector<Latency>& latencies() const noexcept { return latencies_; }
    void note_final(const BlockState& block);

  private:
    struct Event
    {
        MessagePtr message;  // null: a timer
        std::uint64_t value = 0;
        std::uint32_t node = 0, from = 0, life = 0;
        Timer timer{};
    };

    void make_members();
    void make_nodes();
    void make_partitions();
    [[nodiscard]] Time lateness(const Message& message);
    void dispatch(const Event& event);
    [[nodiscard]] bool over();

    Config config_;
    Faults faults_;
    std::unique_ptr<SignatureScheme> signatures_;
    Membership members_;
    std::unique_ptr<Ledger> ledger_;
    ProofOracle oracle_;
    std::unique_ptr<Network> network_;
    EventQueue<Event> queue_;
    std::unique_ptr<Invariants> invariants_;
    std::vector<std::unique_ptr<Device>> devices_;
    std::vector<std::unique_ptr<Producer>> producers_;
    std::vector<std::unique_ptr<FollowerNode>> followers_;
    Time calm_from_ = 0, ends_at_ = 0;
    Random late_;
    std::vector<Time> slow_us_;  // that messages from and to a node take longer

    std::unordered_map<Digest, bool, DigestHash> verified_;
    struct Checked
    {
        ProposalFault fault{};
        StatePtr state;
    };
    std::unordered_map<Digest, Checked, DigestHash> checked_;
    std::unordered_map<Digest, ZoneBlockPtr, DigestHash> zone_blocks_;
    std::unordered_map<Digest, BadRowPtr, DigestHash> bad_rows_;
    std::unordered_map<Digest, std::uint64_t, DigestHash> proposed_at_;
    std::map<std::uint32_t, std::uint32_t> copies_;  // clones that did not start yet
    std::map<std::pair<std::uint64_t, std::uint64_t>, bool> seen_views_;

    Counts counts_;
    std::vector<ViewPoint> views_;
    std::vector<Caught> caught_;
    std::vector<Latency> latencies_;
    std::string violation_;
    std::uint64_t fingerprint_ = 0;
};
}  // namespace mote::sim
