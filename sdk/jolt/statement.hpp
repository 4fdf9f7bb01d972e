// OpeningStatement: what stages 1 to 7 leave for the polynomial-commitment check.
//
// "These committed polynomials, combined with powers of gamma, take the value joint_claim at
// joint_point." Stage 8 builds it (stages/stage8.cpp); openings/dory.hpp decides it.
#pragma once

#include "field/bn254.hpp"
#include "jolt/limits.hpp"
#include "openings/dory.hpp"

namespace mote::jolt
{
/// A commitment and its coefficient gamma^i.
using OpeningEntry = openings::WeightedCommitment;

struct OpeningStatement
{
    OpeningEntry entries[limits::entries_max];
    std::uint32_t entry_count = 0;
    field::Fr joint_point[limits::point_max];  ///< first coordinate = most significant index bit
    std::uint32_t point_count = 0;
    field::Fr joint_claim;
};
}  // namespace mote::jolt
