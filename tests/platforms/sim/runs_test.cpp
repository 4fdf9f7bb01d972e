// Whole runs: many seeds under every profile, equal runs, every crash point, real signatures.
#include <catch2/catch.hpp>
#include <set>

#include "sim/device.hpp"
#include "sim/world.hpp"
#include "tools/effort.hpp"

using namespace mote::sim;

namespace
{
Config small(std::uint64_t seed)
{
    Config config;
    config.validators = static_cast<std::uint32_t>(4 + seed % 9);
    config.producers = static_cast<std::uint32_t>(4 + seed % 3);
    config.zones = static_cast<std::uint32_t>(1 + seed % 2);
    config.views = 50;
    config.seed = seed;
    config.calendar = {16, 8, 2};
    config.signatures = SignatureMode::simulated;
    config.zone_bytes_max = 3000;
    return config;
}

std::uint64_t seeds_of(std::uint64_t all)
{
    return mote::test::effort_stride() == 1 ? all : mote::test::sanitized ? all / 10 : all / 4;
}
}  // namespace

TEST_CASE("no invariant breaks, whatever goes wrong")
{
    const auto profiles = fault_profiles();
    // MOTE_SIM_SEEDS=10000 is the nightly run.
    const char* more = std::getenv("MOTE_SIM_SEEDS");
    const std::uint64_t seeds = more != nullptr ? std::strtoull(more, nullptr, 10) : seeds_of(200);
    Counts sum;
    std::set<std::string> caught;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed)
    {
        Config config = small(seed);
        const Faults& faults = profiles[static_cast<std::size_t>(seed % profiles.size())];
        config.faults = &faults;
        World world(config);
        world.run();
        CAPTURE(seed, std::string(faults.name), config.validators, config.producers, config.zones);
        CHECK(world.violation() == "");
        sum.crashes += world.counts().crashes;
        sum.sleeps += world.counts().sleeps;
        sum.proven += world.counts().proven;
        sum.voided += world.counts().voided;
        sum.epochs += world.counts().epochs;
        sum.reproposals += world.counts().reproposals;
        sum.checkpoints += world.counts().checkpoints;
        for (const Caught& one : world.caught())
            caught.insert(one.what);
    }
    // The faults happened.
    CHECK(sum.crashes > seeds / 8);
    CHECK(sum.epochs > seeds);
    CHECK(sum.proven > 2 * seeds);
    CHECK(sum.reproposals > seeds / 2);
    CHECK(sum.checkpoints > seeds);
    if (seeds >= 100)
    {
        CHECK(sum.sleeps > 10);
        CHECK(sum.voided > 0);
        CHECK(caught == std::set<std::string>{
                            "two proposals for one view", "two votes of one view that conflict",
                            "a row that is not the code's", "a proof that does not verify"});
    }
}

TEST_CASE("equal configs give equal runs, another seed another one")
{
    for (const char* name : {"none", "everything"})
    {
        Config config = small(5);
        config.faults = find_profile(name);
        World first(config), second(config);
        first.run();
        second.run();
        CHECK(first.fingerprint() == second.fingerprint());
        CHECK(first.counts().events == second.counts().events);
        CHECK(first.now() == second.now());
        config.seed = 6;
        World third(config);
        third.run();
        CHECK(first.fingerprint() != third.fingerprint());
    }
}

TEST_CASE("every crash point of every rule, in both modes")
{
    unsigned happened = 0, runs = 0;
    for (const bool reserve : {false, true})
        for (std::uint8_t rule = 1; rule <= 3; ++rule)
            for (std::uint8_t point = 1; point <= 9; ++point)
            {
                Config config = small(1000 + point);
                config.validators = 7;
                config.views = 40;
                // A silent leader makes the views that R3 is for.
                config.faults = find_profile(rule == 3 ? "leaders" : "none");
                config.crash_point = point;
                config.crash_rule = rule;
                config.crash_in_reserve = reserve;
                World world(config);
                world.run();
                CAPTURE(reserve, static_cast<int>(rule), static_cast<int>(point));
                CHECK(world.violation() == "");
                CHECK(world.counts().finalized_height > 4);
                ++runs;
                const auto crash = static_cast<CrashPoint>(point);
                const bool at_write = crash == CrashPoint::before_write ||
                                      crash == CrashPoint::before_flush ||
                                      crash == CrashPoint::slot_write;
                // Only reservations are reservations, and in reserve mode the first vote of a range
                // writes, which is never a finalize here.
                const bool possible = crash == CrashPoint::reserve_write
                                          ? reserve && rule != 2
                                          : !(reserve && at_write && rule == 2);
                const bool sure = possible && !(reserve && rule == 3 &&
                                                (at_write || crash == CrashPoint::reserve_write));
                if (sure)
                    CHECK(world.counts().planned_crashes == 1);
                happened += static_cast<unsigned>(world.counts().planned_crashes);
            }
    CHECK(runs == 54);
    CHECK(happened >= 44);
}

TEST_CASE("real signatures give the same chain as simulated ones would, and no invariant breaks")
{
    Config config = small(2);
    config.validators = 4;
    config.producers = 3;
    config.zones = 1;
    config.views = mote::test::effort_stride() == 1 ? 12 : 3;
    config.signatures = SignatureMode::real;
    World world(config);
    world.run();
    CHECK(world.violation() == "");
    CHECK(world.counts().finalized_height + 4 > config.views);
}
