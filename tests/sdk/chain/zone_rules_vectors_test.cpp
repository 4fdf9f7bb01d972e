// The zone traces of tests/vectors/consensus/zones.json, and a model that keeps everything.
#include "chain/zone_rules.hpp"

#include <catch2/catch.hpp>
#include <map>

#include "chain_support.hpp"

using namespace chain_test;
using mote::Status;

namespace
{
/// A zone with room for its blocks.
struct OwnedZone
{
    explicit OwnedZone(const ZoneLeaf& leaf, std::size_t room = 64) : memory(room)
    {
        REQUIRE(zone.open(leaf, {}, memory) == Status::ok);
    }

    std::vector<PendingBlock> memory;
    Zone zone;
};

const std::map<std::string, ZoneFault> faults = {
    {"unproven", ZoneFault::unproven},     {"parent", ZoneFault::parent},
    {"header", ZoneFault::header},         {"from", ZoneFault::from},
    {"tip height", ZoneFault::tip_height}, {"program", ZoneFault::program},
    {"pre_root", ZoneFault::pre_root},     {"to", ZoneFault::to},
    {"void_mask", ZoneFault::void_mask},
};

std::vector<Digest> digests_of(const Json& step, const char* name)
{
    std::vector<Digest> out;
    if (step.contains(name))
        for (const Json& hash : step[name])
            out.push_back(digest(hash));
    return out;
}

ZoneFault run(Zone& zone, const Json& step, const ZoneLimits& limits)
{
    const std::vector<Digest> hashes = digests_of(step, "new");
    const std::vector<Digest> parents = digests_of(step, "parents");
    const std::vector<Digest> evidence = digests_of(step, "evidence");
    NewHeaders headers = {hashes, parents, 0};
    if (!hashes.empty())
        headers.tip_height = integer(step["tip_height"]);
    Statement proven;
    if (step.contains("stmt"))
        proven = statement(step["stmt"]);
    ZoneFault fault = ZoneFault::none;
    REQUIRE(zone.apply(integer(step["h"]), hashes.empty() ? nullptr : &headers,
                       step.contains("stmt") ? &proven : nullptr, evidence, limits,
                       fault) == Status::ok);
    return fault;
}

Json pending_of(const Zone& zone)
{
    Json out = Json::array();
    for (const PendingBlock& block : zone.pending())
        out.push_back({to_hex(block.header_hash), block.included_at, block.is_void});
    return out;
}
}  // namespace

TEST_CASE("zones go through the vectors' root blocks")
{
    const Json vectors = read("zones.json");
    std::size_t steps = 0, refused = 0;
    for (const Json& trace : vectors["traces"])
    {
        ZoneLimits limits;
        const Json& given = trace["limits"];
        for (const auto& [name, value] : given.items())
        {
            REQUIRE(
                (name == "max_unproven" || name == "prove_timeout" || name == "evidence_window"));
            (name == "max_unproven"    ? limits.unproven_max
             : name == "prove_timeout" ? limits.prove_timeout
                                       : limits.evidence_window) = integer(value);
        }
        OwnedZone owned(new_zone(static_cast<std::uint32_t>(integer(trace["zone"])),
                                 digest(trace["program_id"]), digest(trace["producers_root"]),
                                 digest(trace["proven_root"])));
        CHECK(hex_of(owned.zone.leaf()) == text(trace["steps"][0]["leaf"]));
        for (std::size_t i = 1; i < trace["steps"].size(); ++i)
        {
            const Json& step = trace["steps"][i];
            CAPTURE(text(trace["name"]), i, step.dump());
            const ZoneFault fault = run(owned.zone, step, limits);
            CHECK((fault == ZoneFault::none) == step["error"].is_null());
            // The name is a hint: a mask with a bit beyond `to` fails as a range here.
            if (!step["error"].is_null() && fault != ZoneFault::range)
                CHECK(fault == faults.at(text(step["error"])));
            if (fault == ZoneFault::range)
                CHECK(step["error"] == "void_mask");
            CHECK(hex_of(owned.zone.leaf()) == text(step["leaf"]));
            CHECK(pending_of(owned.zone) == step["pending"]);
            CHECK(owned.zone.windows_open() == step["open"].get<bool>());

            // A zone that is opened from what the chain shows goes on in the same way.
            const std::vector<PendingBlock> shown(owned.zone.pending().begin(),
                                                  owned.zone.pending().end());
            std::vector<PendingBlock> memory(64);
            Zone again;
            REQUIRE(again.open(owned.zone.leaf(), shown, memory) == Status::ok);
            CHECK(hex_of(again.leaf()) == text(step["leaf"]));
            ++steps;
            refused += fault == ZoneFault::none ? 0 : 1;
        }
    }
    CHECK(vectors["traces"].size() == 11);
    CHECK(steps > 40);
    CHECK(refused > 10);
}

namespace
{
/// Everything that ever happened to a zone, without shortcuts.
struct Model
{
    struct Block
    {
        Digest hash{};
        std::uint64_t included_at = 0;
        bool is_void = false;
    };
    std::vector<Block> blocks;  // height 1, 2, ...
    std::uint64_t proven = 0;
    Digest proven_root{}, msgs_root{};
    ZoneLeaf genesis;

    [[nodiscard]] Digest hash_at(std::uint64_t height) const
    {
        return height == 0 ? genesis.tip_hash : blocks[static_cast<std::size_t>(height - 1)].hash;
    }
    [[nodiscard]] ZoneLeaf leaf() const
    {
        ZoneLeaf out = genesis;
        out.tip_height = blocks.size();
        out.tip_hash = hash_at(blocks.size());
        out.proven_height = proven;
        out.proven_hash = hash_at(proven);
        out.proven_root = proven_root;
        out.msgs_root = msgs_root;
        TreeBuilder tree;
        for (auto h = static_cast<std::size_t>(proven); h < blocks.size(); ++h)
            tree.add(leaf_hash_of(PendingBlock{blocks[h].hash, blocks[h].included_at,
                                               std::uint8_t{blocks[h].is_void}}));
        out.pending_root = tree.root();
        return out;
    }
};
}  // namespace

TEST_CASE("random root blocks do to a zone what the model says")
{
    std::mt19937_64 random(5);
    const ZoneLimits limits = {6, 5, 2};
    std::size_t voids = 0, proofs = 0, both = 0;
    for (int round = 0; round < 60; ++round)
    {
        Model model;
        model.genesis = new_zone(3, random_array<32>(random), random_array<32>(random),
                                 random_array<32>(random));
        model.proven_root = model.genesis.proven_root;
        model.msgs_root = model.genesis.msgs_root;
        OwnedZone owned(model.genesis, 6);
        for (std::uint64_t height = 1; height < 60; ++height)
        {
            std::vector<Digest> hashes, parents, evidence;
            for (std::uint64_t n = random() % 3; n > 0; --n)
            {
                parents.push_back(hashes.empty() ? model.hash_at(model.blocks.size())
                                                 : hashes.back());
                hashes.push_back(random_array<32>(random));
            }
            const std::uint64_t total = model.blocks.size() + hashes.size();
            Statement s;
            const bool proves = random() % 3 == 0 && total > model.proven;
            if (proves)
            {
                s.zone = 3;
                s.program_id = model.genesis.program_id;
                s.from = model.proven + 1;
                s.to = s.from + random() % (total - model.proven);
                for (std::uint64_t h = s.from; h <= s.to && h <= model.blocks.size(); ++h)
                    s.void_mask |=
                        std::uint64_t{model.blocks[static_cast<std::size_t>(h - 1)].is_void}
                        << (h - s.from);
                s.prev_header = model.hash_at(model.proven);
                s.last_header =
                    s.to <= model.blocks.size()
                        ? model.hash_at(s.to)
                        : hashes[static_cast<std::size_t>(s.to - model.blocks.size() - 1)];
                s.pre_root = model.proven_root;
                s.post_root = random_array<32>(random);
                s.out_msgs_root = random_array<32>(random);
            }
            const std::uint64_t left = total - (proves ? s.to : model.proven);
            if (!hashes.empty() && left > 6)
            {
                hashes.clear();
                parents.clear();
                if (proves && s.to > model.blocks.size())
                    continue;
            }
            if (random() % 4 == 0 && !model.blocks.empty())
                evidence.push_back(model.blocks[random() % model.blocks.size()].hash);
            const NewHeaders headers = {hashes, parents, model.blocks.size() + hashes.size()};
            ZoneFault fault = ZoneFault::none;
            REQUIRE(owned.zone.apply(height, hashes.empty() ? nullptr : &headers,
                                     proves ? &s : nullptr, evidence, limits, fault) == Status::ok);
            REQUIRE(fault == ZoneFault::none);

            for (const Digest& hash : hashes)
                model.blocks.push_back({hash, height, false});
            if (proves)
            {
                model.proven = s.to;
                model.proven_root = s.post_root;
                model.msgs_root = s.out_msgs_root;
                ++proofs;
                both += hashes.empty() ? 0 : 1;
            }
            for (auto h = static_cast<std::size_t>(model.proven); h < model.blocks.size(); ++h)
            {
                Model::Block& block = model.blocks[h];
                for (const Digest& hash : evidence)
                    if (hash == block.hash && height - block.included_at <= 2)
                        block.is_void = true;
                if (height - block.included_at >= 5)
                    block.is_void = true;
                voids += block.is_void ? 1 : 0;
            }
            CHECK(hex_of(owned.zone.leaf()) == hex_of(model.leaf()));
        }
    }
    CHECK(voids > 100);
    CHECK(proofs > 300);
    CHECK(both > 50);
}

TEST_CASE("every field of a statement is held against the zone")
{
    std::mt19937_64 random(6);
    OwnedZone owned(
        new_zone(3, random_array<32>(random), random_array<32>(random), random_array<32>(random)));
    const std::vector<Digest> hashes = {random_array<32>(random), random_array<32>(random)};
    const std::vector<Digest> parents = {owned.zone.leaf().tip_hash, hashes[0]};
    const NewHeaders headers = {hashes, parents, 2};
    Statement good;
    good.zone = 3;
    good.program_id = owned.zone.leaf().program_id;
    good.from = 1;
    good.to = 2;
    good.prev_header = owned.zone.leaf().proven_hash;
    good.last_header = hashes[1];
    good.pre_root = owned.zone.leaf().proven_root;
    const auto fault_of = [&](const Statement& s)
    {
        ZoneFault fault = ZoneFault::none;
        std::vector<PendingBlock> memory(64);
        Zone zone;
        REQUIRE(zone.open(owned.zone.leaf(), {}, memory) == Status::ok);
        REQUIRE(zone.apply(1, &headers, &s, {}, {}, fault) == Status::ok);
        if (fault != ZoneFault::none)
            CHECK(zone.leaf() == owned.zone.leaf());
        return fault;
    };
    CHECK(fault_of(good) == ZoneFault::none);
    const auto changed = [&](const auto& change)
    {
        Statement s = good;
        change(s);
        return fault_of(s);
    };
    CHECK(changed([](Statement& s) { s.program_id[0] ^= 1; }) == ZoneFault::program);
    CHECK(changed([](Statement& s) { s.from = 2; }) == ZoneFault::from);
    CHECK(changed([](Statement& s) { s.from = 0; }) == ZoneFault::range);
    CHECK(changed([](Statement& s) { s.to = 3; }) == ZoneFault::to);
    CHECK(changed([](Statement& s) { s.to = 64; }) == ZoneFault::to);
    CHECK(changed([](Statement& s) { s.to = 65; }) == ZoneFault::range);
    CHECK(changed([](Statement& s) { s.to = UINT64_MAX; }) == ZoneFault::range);
    CHECK(changed([](Statement& s) { s.to = 1; }) == ZoneFault::header);
    CHECK(changed([](Statement& s) { s.void_mask = 1; }) == ZoneFault::void_mask);
    CHECK(changed([](Statement& s) { s.void_mask = 4; }) == ZoneFault::range);
    CHECK(changed([](Statement& s) { s.prev_header[1] ^= 1; }) == ZoneFault::header);
    CHECK(changed([](Statement& s) { s.last_header[1] ^= 1; }) == ZoneFault::header);
    CHECK(changed([](Statement& s) { s.pre_root[1] ^= 1; }) == ZoneFault::pre_root);
}

TEST_CASE("a paused zone takes statements only")
{
    OwnedZone owned(new_zone(3, {}, {}, {}));
    ZoneRecord record;
    record.zone = 3;
    record.flags = zone_paused;
    record.program_id[0] = 9;
    record.producers_root[0] = 8;
    owned.zone.adopt(record);
    CHECK(owned.zone.leaf().program_id == record.program_id);
    CHECK(owned.zone.leaf().producers_root == record.producers_root);
    const std::vector<Digest> hashes = {Digest{1}}, parents = {owned.zone.leaf().tip_hash};
    const NewHeaders headers = {hashes, parents, 1};
    ZoneFault fault = ZoneFault::none;
    REQUIRE(owned.zone.apply(1, &headers, nullptr, {}, {}, fault) == Status::ok);
    CHECK(fault == ZoneFault::paused);
    record.flags = 0;
    owned.zone.adopt(record);
    REQUIRE(owned.zone.apply(1, &headers, nullptr, {}, {}, fault) == Status::ok);
    CHECK(fault == ZoneFault::none);
}

TEST_CASE("a zone is opened only with the blocks that its leaf has pending")
{
    std::mt19937_64 random(7);
    OwnedZone owned(new_zone(3, {}, {}, {}));
    std::vector<Digest> hashes = {random_array<32>(random), random_array<32>(random)};
    std::vector<Digest> parents = {owned.zone.leaf().tip_hash, hashes[0]};
    const NewHeaders headers = {hashes, parents, 2};
    ZoneFault fault = ZoneFault::none;
    REQUIRE(owned.zone.apply(1, &headers, nullptr, {}, {}, fault) == Status::ok);
    REQUIRE(fault == ZoneFault::none);
    const ZoneLeaf leaf = owned.zone.leaf();
    const std::vector<PendingBlock> pending(owned.zone.pending().begin(),
                                            owned.zone.pending().end());
    const auto open = [&](const ZoneLeaf& l, std::vector<PendingBlock> blocks, std::size_t room)
    {
        std::vector<PendingBlock> memory(room);
        Zone zone;
        return zone.open(l, blocks, memory);
    };
    CHECK(open(leaf, pending, 2) == Status::ok);
    CHECK(open(leaf, pending, 1) == Status::memory_too_small);
    CHECK(open(leaf, {pending[0]}, 2) == Status::invalid_argument);
    CHECK(open(leaf, {pending[1], pending[0]}, 2) == Status::invalid_argument);
    std::vector<PendingBlock> changed = pending;
    changed[0].is_void = 1;
    CHECK(open(leaf, changed, 2) == Status::invalid_argument);
    ZoneLeaf other = leaf;
    other.tip_hash[0] ^= 1;
    CHECK(open(other, pending, 2) == Status::invalid_argument);
    other = leaf;
    other.proven_height = 3;
    CHECK(open(other, pending, 2) == Status::invalid_argument);

    // Room for two only, and limits that allow more.
    std::vector<PendingBlock> memory(2);
    Zone small;
    REQUIRE(small.open(leaf, pending, memory) == Status::ok);
    hashes = {random_array<32>(random)};
    parents = {leaf.tip_hash};
    const NewHeaders more = {hashes, parents, 3};
    CHECK(small.apply(2, &more, nullptr, {}, {}, fault) == Status::memory_too_small);
    CHECK(small.leaf() == leaf);
}
