// The forty instruction lookup tables, as polynomials in the 128 bits of their index.
//
// An instruction of the guest is one table lookup: index 2^128 wide, either one number or two 64-bit
// operands with their bits interleaved (left operand on the odd positions). No table is ever written
// down: the verifier evaluates each one's multilinear extension at a random point. Worked case: at the
// point whose coordinates are the bits of the interleaving of 6 and 3, table bit_and is 2.
#pragma once

#include <span>

#include "field/bn254.hpp"

namespace mote::jolt
{
using field::Fr;

/// Evaluates every lookup table of the revision at r.
///
/// Shape   r: 128 coordinates, most significant index bit first; so the even ones belong to the left
///         operand. out: one value per table, in the order of the table flags.
/// Cost    about 750 multiplications for all tables together.
/// Memory  a frame of about 4 KiB.
/// Source  [JOLT] crates/jolt-lookup-tables/src/tables.
void evaluate_lookup_tables(std::span<const Fr> r, std::span<Fr> out) noexcept;
}  // namespace mote::jolt
