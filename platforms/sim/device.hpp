// Device: a validator's host. It feeds the core, keeps its record, and attests shares, proofs and
// checkpoints.
//
// A device dies between any two steps of a vote, and comes back from what is on its medium:
//
//   1 before the write   2 written, not flushed   3 flushed, not signed   4 signed, not sent
//   5 sent to some       6 sent to all            7 in the slot's write   8 in a reservation's write
//   9 after the record of a clean stop
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>

#include "sim/core.hpp"
#include "sim/disk.hpp"
#include "sim/world.hpp"

namespace mote::sim
{
enum class CrashPoint : std::uint8_t
{
    none = 0,
    before_write,
    before_flush,
    before_sign,
    before_send,
    sent_to_some,
    sent_to_all,
    slot_write,
    reserve_write,
    clean_stop,
};

/// Which rule's vote; any: whichever comes.
enum class CrashRule : std::uint8_t
{
    any = 0,
    notarize = 1,  ///< R1
    finalize = 2,  ///< R2
    nullify = 3,   ///< R3
};

enum class DeviceKind : std::uint8_t
{
    honest,
    everything,  ///< signs all it sees
    nullifier,   ///< signs NULLIFY in every view
    offline,     ///< never starts
};

class Device
{
  public:
    static constexpr std::size_t waiting_max = 256;  ///< messages that wait for a flush
    static constexpr std::uint64_t reserve_views = 16;
    static constexpr std::size_t attested_max = 64;  ///< headers that are remembered as attested

    struct Setup
    {
        std::uint32_t node = 0, validator = 0;
        DeviceKind kind = DeviceKind::honest;
        consensus::VoteMode mode = consensus::VoteMode::exact;
        bool logged = false;
    };

    Device(World& world, const Setup& setup, ContextPtr genesis);

    void receive(const MessagePtr& message, std::uint32_t from);
    void on_timer(Timer timer, std::uint64_t value, std::uint32_t life);

    [[nodiscard]] const Setup& setup() const noexcept { return setup_; }
    [[nodiscard]] Disk& disk() noexcept { return disk_; }
    [[nodiscard]] const consensus::KeyName& key_name() const noexcept { return key_name_; }
    [[nodiscard]] bool running() const noexcept { return core_.has_value(); }
    [[nodiscard]] std::size_t waiting() const noexcept { return waiting_.size(); }
    [[nodiscard]] std::uint64_t final_height() const noexcept { return final_height_; }
    /// Replays the log of the core; true if it has none.
    [[nodiscard]] bool replay();

    void arm(CrashPoint point, CrashRule rule) noexcept
    {
        armed_ = point;
        armed_rule_ = rule;
    }
    /// Takes the image of another device, as a clone does.
    void become(const Device& other);

  private:
    void start();
    void crash();
    void set_back();
    void sleep();
    bool crash_at(CrashPoint point);
    void schedule_tick();
    void act(const consensus::Actions& actions);
    void write(const consensus::Step& step);
    void flushed(std::uint64_t token);
    void vote(const consensus::Vote& vote);
    void sign(const consensus::Vote& vote);
    void send_vote(const wire::VoteMessage& vote, bool to_all);
    consensus::Actions step(CoreEvent event);
    [[nodiscard]] CoreEvent event(CoreEvent::What what) const;

    void on_certificate(const MessagePtr& message);
    bool take_certificate(const chain::Certificate& certificate, const chain::RootHeader* header,
                          const MessagePtr& keep);
    void on_proposal(const MessagePtr& message);
    bool is_second_proposal(const MessagePtr& message);
    void on_final(const Digest& block);
    void sign_checkpoints(const StatePtr& newest);
    void on_shares(const MessagePtr& message);
    void attest_shares(std::uint64_t number);
    [[nodiscard]] bool knows_parent(const chain::ZoneHeader& header) const;
    void on_proof(const MessagePtr& message);
    [[nodiscard]] bool has_seat() const noexcept
    {
        return context_->plan->root->member(setup_.validator) != CommitteeList::nobody;
    }
    void ask();
    void resend();
    void may_wait(const MessagePtr& message);
    [[nodiscard]] std::uint32_t relay(std::uint32_t subnet, std::uint32_t i) const;

    World& world_;
    Setup setup_;
    Random random_;
    consensus::KeyName key_name_{};

    // On the medium.
    Disk disk_;
    std::vector<std::uint8_t> image_;  // an old one, somewhere else
    ContextPtr context_;
    MessagePtr ending_;  // the finalization that led into the context's epoch
    std::uint64_t final_height_ = 0;

    // In memory.
    std::optional<Core> core_;
    std::uint32_t life_ = 0;
    std::optional<consensus::Step> writing_;
    std::deque<MessagePtr> waiting_;
    MessagePtr entry_;              // the certificate that led into the current view
    std::vector<MessagePtr> sent_;  // votes of this view, to send again
    MessagePtr first_proposal_;
    StatePtr newest_;  // of a good proposal
    std::uint64_t proposal_epoch_ = 0, proposal_view_ = 0;
    std::uint64_t final_view_ = 0;
    CoreEvent::What cause_{};
    consensus::Vote wanted_;
    Time tick_at_ = never;
    bool stopping_ = false;
    Time wakes_at_ = 0;
    std::map<std::uint64_t, ZoneBlockPtr> storing_;
    std::uint64_t stores_ = 0;
    std::set<Digest> attested_;
    std::map<std::tuple<std::uint32_t, std::uint64_t, std::uint32_t>, std::uint32_t> headers_of_;
    Time asked_at_ = 0;

    CrashPoint armed_ = CrashPoint::none;
    CrashRule armed_rule_ = CrashRule::any;
    std::int64_t clock_offset_ms_ = 0;
    bool clock_trusted_ = true;
};
}  // namespace mote::sim
