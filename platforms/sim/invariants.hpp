// Invariants I1 to I17, looked at from outside: what is on the wire and on the media, never what a voter
// thinks of itself.
//
// Votes are counted as they leave a device, so a certificate that nobody built yet already counts.
//
// Source  [CONSENSUS] section 18.2.
#pragma once

#include <map>
#include <set>

#include "consensus/voter.hpp"
#include "sim/world.hpp"

namespace mote::sim
{
class Invariants
{
  public:
    static constexpr unsigned count = 17;

    explicit Invariants(World& world);

    /// Short text of an invariant, 1 to 17.
    [[nodiscard]] static const char* text(unsigned number);

    /// Reports a broken one, unless the run looks at another one only.
    void broken(unsigned number, const std::string& what, std::uint32_t node);

    /// A key has signed. I6.
    void on_signature(Device& device, const consensus::Vote& vote);
    /// A vote leaves a device. I1 to I5.
    void on_vote(const Device& device, const consensus::Vote& vote, const Plan& plan);
    /// A record is on a medium. I7.
    void on_record(Device& device);
    /// A certificate was verified in member form. I12.
    void on_certificate(const chain::Certificate& certificate, const CommitteeList& committee,
                        bool accepted);
    /// A follower has a new checkpoint. I13.
    void on_checkpoint(std::uint32_t follower, std::uint64_t height, const Digest& hash);
    /// From now on the key is not a correct one.
    void disqualify(std::uint32_t validator) { correct_[validator] = false; }
    /// A medium was set back behind its device's back.
    void forget_position(std::uint32_t device);
    void after_event(std::uint32_t node);
    void finish();

    [[nodiscard]] const StatePtr& newest() const noexcept { return final_; }
    [[nodiscard]] Time final_at() const noexcept { return final_at_; }
    [[nodiscard]] bool looks_at(unsigned number) const;

  private:
    struct Signers
    {
        std::vector<bool> seen;
        std::uint32_t seats = 0;
        bool complete = false;
    };
    struct View
    {
        std::map<Digest, Signers> notarize, finalize;
        Signers nullify;
    };
    using Place = std::pair<std::uint64_t, std::uint64_t>;
    struct Key
    {
        Place at{0, 0};
        bool notarized = false, nullified = false, finalized = false;
        Digest notarized_block{}, finalized_block{};
    };
    struct Included
    {
        Digest hash{};
        std::uint64_t at = 0;
        bool is_void = false;
    };

    void check_key(const Device& device, const consensus::Vote& vote);
    void on_notarized(const Place& place, const Digest& block);
    void on_finalized(const Place& place, const Digest& block);
    void check_descent(const Digest& block, std::uint32_t node);
    void take_final(const StatePtr& block);
    void final_block(const BlockState& before, const BlockState& block);
    void check_zone(const BlockState& before, const BlockState& block, std::uint32_t zone);
    void check_proven(const BlockState& before, const BlockState& block, std::uint32_t zone);
    void check_growth();

    World& world_;
    std::vector<bool> correct_;
    std::map<Place, View> views_;
    std::vector<Key> keys_;
    std::vector<Place> positions_;  // on each device's medium
    std::map<Place, Digest> finalized_;
    StatePtr final_;
    Time final_at_ = 0;
    std::vector<std::map<std::uint64_t, Included>> included_;
    std::vector<Digest> roots_;
    std::vector<std::uint64_t> follower_heights_;
    std::map<std::uint64_t, Digest> final_hashes_;
    std::uint64_t certificates_ = 0;
    std::uint64_t growth_bound_us_ = 0;
};
}  // namespace mote::sim
