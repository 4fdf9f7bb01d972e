// Committees: who sits where in an epoch, drawn from stakes by the rules of sdk/chain.
//
// A Plan is everything that an epoch set commits to. Zone 0's program would compute it from the stakes;
// here the simulator's reference does, and the set's hash reaches the chain as the aux_root of a zone 0
// statement, as the protocol has it.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "chain/calendar.hpp"
#include "chain/certificate.hpp"
#include "chain/epoch_set.hpp"
#include "chain/turns.hpp"
#include "sim/signatures.hpp"

namespace mote::sim
{
/// A list of members with its commitment.
struct CommitteeList
{
    static constexpr std::uint32_t nobody = UINT32_MAX;

    std::vector<std::uint8_t> list;
    chain::Committee committee;  ///< points into list
    Digest members_root{};
    PublicKey agg_pk{};
    Digest commitment{};
    std::vector<std::uint32_t> member_of;  ///< by validator id; nobody if it has no seat
    std::vector<std::uint64_t> stakes;     ///< seats of each member, as SVID takes them
    std::vector<std::uint8_t> keys;        ///< of the members, side by side

    [[nodiscard]] std::uint32_t member(std::uint32_t validator) const noexcept
    {
        return validator < member_of.size() ? member_of[validator] : nobody;
    }
};
using CommitteePtr = std::shared_ptr<const CommitteeList>;

/// What one epoch is made of.
struct Plan
{
    chain::EpochSet set;
    Digest set_hash{};
    CommitteePtr root, ckpt;
    std::vector<CommitteePtr> zones;
    std::vector<chain::ZoneRecord> records;
};
using PlanPtr = std::shared_ptr<const Plan>;

/// What does not change in a run.
struct Membership
{
    const SignatureScheme* signatures = nullptr;
    chain::Calendar calendar;
    std::vector<std::uint64_t> stakes;       ///< of each validator; its id is its key's index
    std::vector<chain::Producer> producers;  ///< root leaders and producers of every zone
    std::vector<Digest> programs;            ///< of each zone
    std::uint32_t root_seats = 0, zone_seats = 0, ckpt_seats = 0;  ///< 0: one for everybody
};

/// Makes the list of those with seats.
[[nodiscard]] CommitteePtr make_committee(const Membership& members,
                                          std::span<const std::uint16_t> seats_of);

/// Draws an epoch's committees from R(epoch). A period keeps its checkpoint committee.
///
/// Source  [CONSENSUS] section 10, draw.
[[nodiscard]] PlanPtr draw_plan(const Membership& members, std::uint64_t epoch,
                                const Digest& randao, const Plan* before);

/// The members root's proof for `absent`, for a certificate in follower form.
///
/// Source  [CONSENSUS] section 2, multiproof.
[[nodiscard]] std::vector<std::uint8_t> absent_path(const CommitteeList& committee,
                                                    std::span<const std::uint32_t> absent);

/// Turns a certificate of whole members into the follower form; the spans point into `absent` and `bytes`.
[[nodiscard]] chain::FollowerCertificate follower_form(const chain::Certificate& certificate,
                                                       const CommitteeList& committee,
                                                       std::vector<std::uint32_t>& absent,
                                                       std::vector<std::uint8_t>& leaves,
                                                       std::vector<std::uint8_t>& path);
}  // namespace mote::sim
