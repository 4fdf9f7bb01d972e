// Each invariant is seen to notice: hosts and voters that are broken on purpose, one invariant watched at
// a time. The same runs without the mutant are good.
#include <catch2/catch.hpp>

#include "sim/invariants.hpp"
#include "sim/world.hpp"

using namespace mote::sim;

namespace
{
struct Case
{
    Mutant mutant;
    unsigned invariant;
    const char* faults;
    std::uint64_t views = 60;
    std::uint64_t seeds = 1;  ///< how many to try
    std::uint32_t seats = 0;
};

constexpr Case cases[] = {
    {Mutant::sign_everything, 1, "leaders"},
    {Mutant::sign_everything, 2, "leaders"},
    {Mutant::sign_everything, 3, "leaders"},
    {Mutant::sign_everything, 5, "leaders"},
    {Mutant::skip_nullifications, 4, "none"},
    {Mutant::bare_reproposals, 4, "ends", 120, 40},  // a re-proposal without nullifications, 18.3
    {Mutant::endless_epochs, 5, "none"},             // a child of the epoch's last block, 18.3
    {Mutant::forget_votes, 5, "crash", 60, 20},
    {Mutant::sign_before_flush, 6, "none"},
    {Mutant::old_record, 7, "none"},
    {Mutant::attest_without_shares, 8, "none"},
    {Mutant::accept_any_proof, 9, "provers", 60, 10},
    {Mutant::forget_pending, 10, "none"},
    {Mutant::unlimited_unproven, 11, "provers", 200, 10},
    {Mutant::ignore_absent, 12, "none"},
    {Mutant::follower_goes_back, 13, "loss", 100, 10},
    {Mutant::keep_old_committee, 14, "none", 60, 1, 40},
    {Mutant::never_finalize, 15, "none"},
    {Mutant::unbounded_queue, 16, "none", 400},
    {Mutant::hidden_input, 17, "none"},
};

Config config_of(const Case& c, std::uint64_t seed)
{
    Config config;
    config.validators = 7;
    config.views = c.views;
    config.seed = seed;
    config.faults = find_profile(c.faults);
    config.signatures = SignatureMode::simulated;
    config.only_invariant = c.invariant;
    config.seats = c.seats;
    return config;
}
}  // namespace

TEST_CASE("every invariant notices what it is for, and nothing else")
{
    for (const Case& c : cases)
    {
        CAPTURE(static_cast<int>(c.mutant), c.invariant, c.faults);
        std::string found;
        std::uint64_t seed = 0;
        while (seed < c.seeds && found.empty())
        {
            ++seed;
            Config config = config_of(c, seed);
            config.mutant = c.mutant;
            World world(config);
            world.run();
            found = world.violation();
        }
        const std::string name = "I" + std::to_string(c.invariant) + " ";
        CHECK(found.substr(0, name.size()) == name);

        World honest(config_of(c, seed));
        honest.run();
        CHECK(honest.violation().empty());
    }
}

TEST_CASE("every invariant has a case above")
{
    for (unsigned number = 1; number <= Invariants::count; ++number)
    {
        CAPTURE(number);
        CHECK(std::any_of(std::begin(cases), std::end(cases),
                          [&](const Case& c) { return c.invariant == number; }));
        CHECK_FALSE(std::string(Invariants::text(number)).empty());
    }
}
