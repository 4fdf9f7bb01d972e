#include "fafo/order.hpp"

#include <algorithm>
#include <queue>
#include <unordered_map>
#include <utility>

#include "base/assert.hpp"

namespace mote::fafo
{
namespace
{
constexpr std::uint32_t none = ~std::uint32_t{0};

struct Lane
{
    std::uint64_t gas = 0;  // of writers admitted
    // Height of the heaviest one so far that is later and reads, credits, writes.
    std::uint64_t read = 0, credit = 0, write = 0;
};
using Lanes = std::unordered_map<StateKey, Lane, SeededHash>;

bool is_write(Mode mode) { return mode == Mode::write || mode == Mode::write_unread; }

// Whose order matters to an access of this mode.
std::uint64_t above(const Lane& lane, Mode mode)
{
    std::uint64_t height = lane.write;
    if (mode != Mode::read)
        height = std::max(height, lane.read);
    if (mode != Mode::credit)
        height = std::max(height, lane.credit);
    return height;
}

std::uint64_t& of_mode(Lane& lane, Mode mode)
{
    return mode == Mode::read ? lane.read : mode == Mode::credit ? lane.credit : lane.write;
}

class Maker
{
  public:
    Maker(std::span<const Candidate> candidates, const OrderLimits& limits, std::uint64_t seed)
        : candidates_(candidates), limits_(limits), lanes_(16, SeededHash{seed})
    {
    }

    Order make()
    {
        admit();
        sort();
        return std::move(order_);
    }

  private:
    void admit()
    {
        const auto worse = [&](std::uint32_t a, std::uint32_t b)
        {
            return candidates_[a].tip != candidates_[b].tip
                       ? candidates_[a].tip < candidates_[b].tip
                       : a > b;
        };
        std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, decltype(worse)> heads(
            worse);
        std::vector<std::uint32_t> next(candidates_.size(), none);
        std::unordered_map<std::uint32_t, std::uint32_t> last;
        for (std::uint32_t i = 0; i < candidates_.size(); ++i)
        {
            const auto [at, is_first] = last.try_emplace(candidates_[i].sender, i);
            if (is_first)
                heads.push(i);
            else
                next[std::exchange(at->second, i)] = i;
        }
        while (!heads.empty())
        {
            const std::uint32_t best = heads.top();
            heads.pop();
            if (!take(candidates_[best].predicted))
                continue;
            order_.transactions.push_back(best);
            if (next[best] != none)
                heads.push(next[best]);
        }
    }

    bool take(const Predicted& predicted)
    {
        MOTE_ASSERT(predicted.gas > 0);
        if (predicted.gas > limits_.block_gas - order_.gas)
        {
            ++order_.over_block;
            return false;
        }
        for (const PredictedAccess& access : predicted.accesses)
        {
            if (!is_write(access.mode))
                continue;
            const auto at = lanes_.find(access.key);
            const std::uint64_t used = at != lanes_.end() ? at->second.gas : 0;
            // A transaction that is more than the budget by itself has the key for itself.
            if (used != 0 && predicted.gas > limits_.key_gas - std::min(used, limits_.key_gas))
            {
                ++order_.over_key;
                return false;
            }
        }
        for (const PredictedAccess& access : predicted.accesses)
            lanes_[access.key].gas += is_write(access.mode) ? predicted.gas : 0;
        order_.gas += predicted.gas;
        return true;
    }

    void sort()
    {
        std::unordered_map<std::uint32_t, std::uint64_t> of_sender;
        std::vector<std::pair<std::uint64_t, std::uint32_t>> by_height(order_.transactions.size());
        for (std::size_t rank = order_.transactions.size(); rank-- > 0;)
        {
            const Candidate& candidate = candidates_[order_.transactions[rank]];
            std::uint64_t& sender = of_sender[candidate.sender];
            std::uint64_t height = sender;
            for (const PredictedAccess& access : candidate.predicted.accesses)
                height = std::max(height, above(lanes_.at(access.key), access.mode));
            height += candidate.predicted.gas;
            for (const PredictedAccess& access : candidate.predicted.accesses)
            {
                std::uint64_t& most = of_mode(lanes_.at(access.key), access.mode);
                most = std::max(most, height);
            }
            sender = height;
            by_height[rank] = {~height, static_cast<std::uint32_t>(rank)};
            order_.critical_gas = std::max(order_.critical_gas, height);
        }
        // Heaviest first; as admitted where heights are equal.
        std::sort(by_height.begin(), by_height.end());
        std::vector<std::uint32_t> sorted;
        for (const auto& [_, rank] : by_height)
            sorted.push_back(order_.transactions[rank]);
        order_.transactions = std::move(sorted);
    }

    std::span<const Candidate> candidates_;
    const OrderLimits& limits_;
    Lanes lanes_;
    Order order_;
};
}  // namespace

Order make_order(std::span<const Candidate> candidates, const OrderLimits& limits,
                 std::uint64_t seed)
{
    return Maker(candidates, limits, seed).make();
}
}  // namespace mote::fafo
