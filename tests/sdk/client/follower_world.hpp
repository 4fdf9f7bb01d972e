// A chain of headers with committees that sign, and what a follower is sent of it.
#pragma once

#include <map>

#include "chain/epoch_rules.hpp"
#include "client/follower.hpp"
#include "sdk/consensus/aggregator_support.hpp"
#include "sdk/consensus/follower_support.hpp"

namespace follower_test
{
using namespace aggregator_test;
using namespace mote::client;
using mote::chain::Calendar;
using mote::chain::EpochSet;
using mote::chain::RootHeader;

/// Root and checkpoint committees that change with every epoch and period, and headers by the rules.
class World
{
  public:
    static constexpr Calendar calendar{4, 2, 2};

    /// Shape   without_set: epochs for which no set is announced.
    explicit World(std::uint64_t heights, const std::set<std::uint64_t>& without_set = {},
                   std::uint8_t branch = 0, std::uint64_t branch_above = UINT64_MAX)
    {
        RootHeader genesis;
        genesis.time_ms = 1000000;
        genesis.parent = digest_of(1);
        genesis.root_committee = root(0).commitment();
        genesis.ckpt_committee = checkpoint(0).commitment();
        const EpochSet first = set_of(1, 0);
        genesis.next_set = hash_of(first);
        genesis.next_root_committee = first.root_committee;
        headers.push_back(genesis);
        chain_id = hash_of(genesis);
        for (std::uint64_t height = 1; height <= heights; ++height)
        {
            const RootHeader& parent = headers.back();
            const std::uint64_t epoch = calendar.epoch(height);
            const bool begins = epoch != parent.epoch;
            const EpochSet adopted = set_of(epoch, 0);
            // The third block of an epoch announces the next one.
            const bool announces = height % 4 == 3 && !without_set.contains(epoch + 1);
            const EpochSet announced = set_of(epoch + 1, 0);
            mote::chain::EpochFields fields;
            if (next_epoch_fields(
                    parent, height,
                    begins && !mote::chain::is_zero(parent.next_set) ? &adopted : nullptr,
                    announces ? &announced : nullptr, calendar, 8,
                    fields) != mote::chain::EpochFault::none)
                throw std::runtime_error("no next header");
            RootHeader header;
            header.epoch = epoch;
            header.height = height;
            header.view = begins ? 1 : parent.view + 1;
            header.parent = hash_of(parent);
            header.time_ms = parent.time_ms + 1000;
            header.flags = fields.flags;
            header.root_committee = fields.root_committee;
            header.next_root_committee = fields.next_root_committee;
            header.ckpt_committee = fields.ckpt_committee;
            header.next_ckpt_committee = fields.next_ckpt_committee;
            header.zones_root = fields.zones_root;
            header.params_root = fields.params_root;
            header.next_set = fields.next_set;
            header.epoch_randao = fields.epoch_randao;
            header.randao[0] = static_cast<std::uint8_t>(height);
            header.randao[1] = height > branch_above ? branch : std::uint8_t{0};
            headers.push_back(header);
        }
    }

    static EpochSet set_of(std::uint64_t epoch, std::uint8_t notices)
    {
        EpochSet set;
        set.epoch = epoch;
        set.root_committee = root(epoch).commitment();
        set.ckpt_committee = checkpoint(calendar.period(epoch)).commitment();
        set.zones_root = digest_of(static_cast<std::uint8_t>(50 + epoch));
        set.params_root = digest_of(90);
        set.notice_root[0] = notices;
        return set;
    }
    static Voters& root(std::uint64_t epoch) { return voters(epoch, {2, 1, 2, 1, 1}, 10); }
    static Voters& checkpoint(std::uint64_t period) { return voters(period, {1, 1, 2, 1}, 60); }

    /// A checkpoint certificate of a block.
    [[nodiscard]] Follows checkpointed(const RootHeader& header,
                                       std::vector<std::uint32_t> members = {0, 1, 2}) const
    {
        const std::uint64_t period = calendar.period(header.epoch);
        return {checkpoint(period),
                checkpoint(period).certificate(chain_id, members, Kind::ckpt, period, header.height,
                                               hash_of(header))};
    }
    /// A finalization in the view of the header or a later one.
    [[nodiscard]] Follows finalized(const RootHeader& header, std::uint64_t later = 0,
                                    std::vector<std::uint32_t> members = {0, 1, 2}) const
    {
        // The committee that the header names, which a carried over epoch has from before.
        std::uint64_t of = header.epoch;
        while (root(of).commitment() != header.root_committee)
            --of;
        return {root(of), root(of).certificate(chain_id, members, Kind::finalize, header.epoch,
                                               header.view + later, hash_of(header))};
    }

    std::vector<RootHeader> headers;
    Digest chain_id{};

  private:
    static Voters& voters(std::uint64_t number, const std::vector<std::uint16_t>& seats,
                          std::uint8_t seed)
    {
        static std::map<std::uint64_t, std::unique_ptr<Voters>> all;
        std::unique_ptr<Voters>& one = all[256 * number + seed];
        if (!one)
            one = std::make_unique<Voters>(seats, static_cast<std::uint8_t>(seed + number));
        return *one;
    }
};

inline FollowerConfig config_of(const World& world)
{
    FollowerConfig config;
    config.chain_id = world.chain_id;
    config.calendar = World::calendar;
    return config;
}

inline mote::chain::Checkpoint checkpoint_of(const RootHeader& header)
{
    return {header.height, hash_of(header)};
}

inline WallClock at(std::uint64_t ms) { return {ms, true}; }
}  // namespace follower_test
