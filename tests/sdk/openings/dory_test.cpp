// The shape of an opening: exactly the balanced split of as many variables, and a setup for it.
#include "openings/dory.hpp"

#include <catch2/catch.hpp>

using namespace mote;
using openings::check_dory_shape;
using openings::DoryProof;
using openings::DorySetup;

namespace
{
DoryProof proof_of(std::uint32_t nu, std::uint32_t sigma, std::uint32_t rounds)
{
    DoryProof p;
    p.nu = nu;
    p.sigma = sigma;
    p.rounds = rounds;
    return p;
}
}  // namespace

TEST_CASE("One split of each number of variables is accepted")
{
    // By search over all small splits: what is accepted is nu + sigma = variables, 0 <= sigma - nu <= 1.
    for (std::size_t variables = 0; variables <= 12; ++variables)
        for (std::uint32_t m : {0U, 2U, 6U, DorySetup::m_max})
            for (std::uint32_t nu = 0; nu <= 13; ++nu)
                for (std::uint32_t sigma = 0; sigma <= 13; ++sigma)
                    for (std::uint32_t rounds = 0; rounds <= 13; ++rounds)
                    {
                        const bool good = nu + sigma == variables &&
                                          (sigma == nu || sigma == nu + 1) && rounds == sigma &&
                                          sigma <= m;
                        Report report;
                        const Status status =
                            check_dory_shape(proof_of(nu, sigma, rounds), variables, m, report);
                        if ((status == Status::ok) != good)
                            FAIL(variables << " variables, m " << m << ": " << nu << " " << sigma
                                           << " " << rounds);
                        if (good)
                            continue;
                        if (status != Status::rejected || report.stage != Stage::dory ||
                            report.reason != Reason::opening_shape)
                            FAIL("wrong report");
                    }
}

TEST_CASE("The field that is wrong is named")
{
    Report report;
    REQUIRE(check_dory_shape(proof_of(6, 7, 7), 13, 10, report) == Status::ok);
    REQUIRE(check_dory_shape(proof_of(5, 8, 8), 13, 10, report) == Status::rejected);
    REQUIRE(report.field == Field::sigma);
    REQUIRE(check_dory_shape(proof_of(7, 6, 6), 13, 10, report) == Status::rejected);
    REQUIRE(report.field == Field::sigma);
    REQUIRE(check_dory_shape(proof_of(7, 7, 7), 13, 10, report) == Status::rejected);
    REQUIRE(report.field == Field::nu);
    REQUIRE(check_dory_shape(proof_of(UINT32_MAX, 7, 7), 13, 10, report) == Status::rejected);
    REQUIRE(report.field == Field::nu);
    for (const std::uint32_t rounds : {0U, 6U, 8U, UINT32_MAX})
    {
        REQUIRE(check_dory_shape(proof_of(6, 7, rounds), 13, 10, report) == Status::rejected);
        REQUIRE(report.field == Field::dory_rounds);
    }
    // A setup that is too small, and more columns than any setup may have.
    REQUIRE(check_dory_shape(proof_of(6, 7, 7), 13, 7, report) == Status::ok);
    REQUIRE(check_dory_shape(proof_of(6, 7, 7), 13, 6, report) == Status::rejected);
    REQUIRE(report.field == Field::dory_rounds);
    REQUIRE(check_dory_shape(proof_of(32, 32, 32), 64, 32, report) == Status::ok);
    REQUIRE(check_dory_shape(proof_of(32, 33, 33), 65, 64, report) == Status::rejected);
    REQUIRE(report.field == Field::dory_rounds);
    // Numbers that are equal only modulo 2^32.
    REQUIRE(check_dory_shape(proof_of(6, 7, 7), (std::size_t{1} << 31 << 2) + 13, 10, report) ==
            (sizeof(std::size_t) > 4 ? Status::rejected : Status::ok));
}

TEST_CASE("Scratch memory grows with commitments and rounds")
{
    for (std::size_t sigma = 0; sigma < DorySetup::m_max; ++sigma)
        for (const std::size_t commitments : {1U, 40U, 300U})
        {
            REQUIRE(openings::dory_scratch_bytes(commitments, sigma) <
                    openings::dory_scratch_bytes(commitments, sigma + 1));
            REQUIRE(openings::dory_scratch_bytes(commitments, sigma) <
                    openings::dory_scratch_bytes(commitments + 1, sigma));
        }
}
