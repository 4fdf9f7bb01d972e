// Producer: leads root views, makes zone blocks, proves them, and relays.
//
//   relay     votes in, partials between relays, certificates out to devices and other relays
//   leader    in its view: the newest notarized block, what zones have, a proposal
//   zone      in its window: a block, dispersed to the zone's committee
//   prover    pending blocks: a statement and its proof to the zone's committee
//
// A producer holds no vote. What it does wrong follows from the run's faults, see Role.
#pragma once

#include <deque>
#include <set>

#include "sim/tally.hpp"
#include "sim/world.hpp"

namespace mote::sim
{
/// What a producer does wrong.
struct Role
{
    bool silent_leader = false, slow_leader = false, equivocating_leader = false,
         bare_leader = false;
    bool withholds = false, falsifies = false, lies = false;
    bool lazy_prover = false, late_prover = false, lying_prover = false;
    bool selective_relay = false, garbage_relay = false, replaying_relay = false;
    bool expired_keys = false;
};

class Producer
{
  public:
    static constexpr std::uint64_t lookahead = 32;  ///< views ahead that votes are taken for
    static constexpr std::size_t tallies_max = 4096;
    static constexpr std::size_t evidence_kept_max = 64;

    Producer(World& world, std::uint32_t index, const Role& role, const ContextPtr& genesis);

    void attach(std::uint32_t device_node) { devices_.push_back(device_node); }
    void receive(const MessagePtr& message, std::uint32_t from);
    void on_timer(Timer timer, std::uint64_t value);

    [[nodiscard]] const Role& role() const noexcept { return role_; }
    [[nodiscard]] std::size_t tallies() const noexcept { return tallies_.size(); }
    [[nodiscard]] std::uint64_t epoch() const noexcept { return context_->epoch; }
    [[nodiscard]] std::uint64_t view() const noexcept { return view_; }

  private:
    struct TallyKey
    {
        chain::Kind kind{};
        std::uint64_t epoch = 0, view = 0;
        std::uint32_t zone = 0;
        Digest subject{};
        friend auto operator<=>(const TallyKey&, const TallyKey&) = default;
    };
    struct ViewCertificates
    {
        MessagePtr notarized, nullified, finalized;
    };
    struct Available
    {
        ZoneBlockPtr block;
        MessagePtr certificate;
    };
    struct Proven
    {
        chain::Statement statement;
        MessagePtr certificate;
    };

    // Relay.
    void on_vote(const MessagePtr& message);
    void on_partial(const MessagePtr& message);
    void on_certificate(const MessagePtr& message, bool own);
    void on_ask(const MessagePtr& message, std::uint32_t from);
    void on_evidence(const MessagePtr& message);
    void on_proposal(const MessagePtr& message);
    [[nodiscard]] CommitteePtr committee_of(const chain::Certificate& place) const;
    [[nodiscard]] Tally* tally_of(const chain::Certificate& place);
    void try_certify(const chain::Certificate& place, Tally& tally);
    void send_partials();
    void push_to_devices(const MessagePtr& message);
    void send_to_relays(const MessagePtr& message);
    void root_certificate(const MessagePtr& message);
    void checkpoint_certificate(const MessagePtr& message);
    void prune();
    void replay_old();
    void forge_with_old_keys();
    void compare_votes(const MessagePtr& message, std::uint32_t validator);

    // Leader.
    void enter(std::uint64_t view);
    void propose();
    [[nodiscard]] bool find_parent(StatePtr& parent, const chain::Certificate*& certificate,
                                   std::vector<chain::Certificate>& nullifications) const;
    [[nodiscard]] BlockContent content_for(const BlockState& parent);
    void zone_content(const BlockState& parent, std::uint32_t zone, BlockContent& content);
    [[nodiscard]] MessagePtr make_proposal(const StatePtr& parent,
                                           const chain::Certificate* certificate,
                                           const std::vector<chain::Certificate>& nullifications,
                                           const BlockContent& content, std::uint64_t time_ms);
    [[nodiscard]] MessagePtr make_reproposal(const StatePtr& block,
                                             const chain::Certificate* certificate,
                                             const std::vector<chain::Certificate>& nullifications);
    [[nodiscard]] MessagePtr make_bare_reproposal(const chain::Certificate* newest);
    void broadcast_proposals(const std::vector<MessagePtr>& proposals);

    // Zones.
    void look_at_zones();
    void make_block(std::uint32_t zone);
    void send_shares(const ZoneBlockPtr& block);
    void prove(std::uint32_t zone);

    [[nodiscard]] std::uint32_t node() const noexcept { return world_.producer_node(index_); }
    [[nodiscard]] std::uint32_t key() const noexcept { return world_.producer_key(index_); }

    World& world_;
    std::uint32_t index_;
    Role role_;
    Random random_;
    std::vector<std::uint32_t> devices_;

    ContextPtr context_;
    std::uint64_t view_ = 1, proposed_view_ = 0, final_view_ = 0;
    StatePtr final_;
    StatePtr notarized_;                                      // the newest one known
    std::map<std::uint64_t, ViewCertificates> certificates_;  // of this epoch, by view
    std::map<std::uint64_t, MessagePtr> endings_;             // of epochs before
    std::map<TallyKey, Tally> tallies_;
    // The first notarize and the first last vote of each member, by view.
    std::map<std::tuple<std::uint64_t, std::uint32_t, bool>, MessagePtr> first_votes_;
    bool relay_due_ = false;
    std::set<Digest> forwarded_;
    std::uint64_t forwarded_view_ = 0;

    std::vector<std::map<std::uint64_t, Available>> available_;  // by zone, height
    std::vector<std::vector<Proven>> proven_;                    // by zone
    std::deque<wire::EvidenceMessage> evidence_;
    std::set<Digest> used_evidence_;
    struct Making
    {
        std::uint64_t window = UINT64_MAX;
        std::uint32_t blocks = 0;
        ZoneBlockPtr newest;
        Time sent_at = 0;
    };
    std::vector<Making> making_;
    struct Proving
    {
        std::uint64_t from = 0;  ///< the height that is being proven
        Time again_at = 0;       ///< when to try once more
    };
    std::vector<Proving> proving_;  // by zone
    std::vector<MessagePtr> old_certificates_;
    std::deque<PlanPtr> old_plans_;                       // of the last epochs, newest first
    std::deque<std::vector<chain::ZoneHeader>> skipped_;  // that updates under way point into
};
}  // namespace mote::sim
