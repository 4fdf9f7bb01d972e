#include "sim/committees.hpp"

#include <algorithm>
#include <stdexcept>

#include "chain/draw.hpp"
#include "chain/tree.hpp"

namespace mote::sim
{
namespace
{
std::vector<std::uint16_t> draw_seats(const Membership& members, const Digest& seed,
                                      std::uint32_t seats)
{
    std::vector<chain::Candidate> candidates;
    for (std::uint32_t id = 0; id < members.stakes.size(); ++id)
        candidates.push_back({id, members.stakes[id]});
    std::vector<std::uint64_t> running(candidates.size());
    std::vector<std::uint16_t> out(candidates.size());
    if (chain::draw(seed, seats, candidates, running, {}, out) != Status::ok)
        throw std::logic_error("a draw fails");
    return out;
}

/// SVID wants four members; a smaller draw is topped up by the first validators without a seat.
std::vector<std::uint16_t> at_least_four(std::vector<std::uint16_t> seats)
{
    auto members = std::count_if(seats.begin(), seats.end(), [](auto s) { return s != 0; });
    for (std::size_t i = 0; i < seats.size() && members < 4; ++i)
        if (seats[i] == 0)
        {
            seats[i] = 1;
            ++members;
        }
    return seats;
}

/// Gives the values of the multiproof, in the order in which multiproof_holds() takes them.
class PathBuilder
{
  public:
    PathBuilder(Bytes list, std::span<const std::uint32_t> indices, std::vector<std::uint8_t>& out)
        : list_(list), indices_(indices), out_(out)
    {
    }

    void walk(std::uint32_t start, std::uint32_t end, std::size_t first, std::size_t last)
    {
        if (first == last)
        {
            const Digest value = top(start, end);
            out_.insert(out_.end(), value.begin(), value.end());
            return;
        }
        if (end - start == 1)
            return;
        const std::uint32_t middle = start + chain::internal::left_leaves(end - start);
        std::size_t split = first;
        while (split < last && indices_[split] < middle)
            ++split;
        walk(start, middle, first, split);
        walk(middle, end, split, last);
    }

  private:
    [[nodiscard]] Digest top(std::uint32_t start, std::uint32_t end) const
    {
        if (end - start == 1)
            return chain::leaf_hash(
                list_.subspan(start * chain::member_bytes, chain::member_bytes));
        const std::uint32_t middle = start + chain::internal::left_leaves(end - start);
        return chain::node_hash(top(start, middle), top(middle, end));
    }

    Bytes list_;
    std::span<const std::uint32_t> indices_;
    std::vector<std::uint8_t>& out_;
};
}  // namespace

CommitteePtr make_committee(const Membership& members, std::span<const std::uint16_t> seats_of)
{
    auto out = std::make_shared<CommitteeList>();
    out->member_of.assign(seats_of.size(), CommitteeList::nobody);
    std::uint32_t first = 0, count = 0;
    for (std::uint32_t id = 0; id < seats_of.size(); ++id)
    {
        if (seats_of[id] == 0)
            continue;
        const PublicKey& key = members.signatures->public_key(id);
        const auto leaf =
            chain::encode(chain::Member{id, key, static_cast<std::uint16_t>(first), seats_of[id]});
        out->list.insert(out->list.end(), leaf.begin(), leaf.end());
        out->keys.insert(out->keys.end(), key.begin(), key.end());
        out->stakes.push_back(seats_of[id]);
        out->member_of[id] = count++;
        first += seats_of[id];
    }
    if (!chain::open_committee(out->list, out->committee))
        throw std::logic_error("a committee does not hold");
    out->members_root = chain::members_root(out->list);
    out->agg_pk = members.signatures->sum_of(out->list);
    out->commitment =
        chain::committee_commitment(out->committee.seats, count, out->members_root, out->agg_pk);
    return out;
}

PlanPtr draw_plan(const Membership& members, std::uint64_t epoch, const Digest& randao,
                  const Plan* before)
{
    auto plan = std::make_shared<Plan>();
    const auto committee = [&](chain::SeedKind kind, std::uint32_t zone, std::uint32_t seats)
    {
        auto drawn = draw_seats(members, chain::seed(randao, epoch, kind, zone), seats);
        return make_committee(members, kind == chain::SeedKind::zone_committee
                                           ? at_least_four(std::move(drawn))
                                           : std::move(drawn));
    };
    plan->root = committee(chain::SeedKind::root_committee, 0, members.root_seats);
    plan->ckpt = before != nullptr && !members.calendar.begins_period(epoch)
                     ? before->ckpt
                     : committee(chain::SeedKind::ckpt_committee, 0, members.ckpt_seats);
    const Digest producers_root =
        chain::root_of(std::span<const chain::Producer>(members.producers));
    for (std::uint32_t zone = 0; zone < members.programs.size(); ++zone)
    {
        plan->zones.push_back(committee(chain::SeedKind::zone_committee, zone, members.zone_seats));
        plan->records.push_back(
            {zone, 0, members.programs[zone], producers_root, plan->zones.back()->commitment});
    }
    plan->set.epoch = epoch;
    plan->set.root_committee = plan->root->commitment;
    plan->set.ckpt_committee = plan->ckpt->commitment;
    plan->set.zones_root = chain::root_of(std::span<const chain::ZoneRecord>(plan->records));
    plan->set.params_root = plan->set.notice_root = chain::empty_tree_root();
    plan->set_hash = chain::hash_of(plan->set);
    return plan;
}

std::vector<std::uint8_t> absent_path(const CommitteeList& committee,
                                      std::span<const std::uint32_t> absent)
{
    std::vector<std::uint8_t> out;
    if (!absent.empty())
        PathBuilder(committee.list, absent, out)
            .walk(0, committee.committee.members(), 0, absent.size());
    return out;
}

chain::FollowerCertificate follower_form(const chain::Certificate& certificate,
                                         const CommitteeList& committee,
                                         std::vector<std::uint32_t>& absent,
                                         std::vector<std::uint8_t>& leaves,
                                         std::vector<std::uint8_t>& path)
{
    absent.clear();
    leaves.clear();
    for (std::uint32_t i = 0; i < committee.committee.members(); ++i)
    {
        if (chain::seat_set(certificate.signers, committee.committee.member(i).first_seat))
            continue;
        absent.push_back(i);
        const auto* at = committee.list.data() + i * chain::member_bytes;
        leaves.insert(leaves.end(), at, at + chain::member_bytes);
    }
    path = absent_path(committee, absent);
    chain::FollowerCertificate out;
    out.certificate = certificate;
    out.seats = committee.committee.seats;
    out.members = committee.committee.members();
    out.members_root = committee.members_root;
    out.agg_pk = committee.agg_pk;
    out.absent = absent;
    out.leaves = leaves;
    out.path = path;
    return out;
}
}  // namespace mote::sim
