// The R1CS of one cycle: nineteen products that must vanish, folded at the point of stage 1.
//
// Every row says "if the guard holds, this linear relation holds" and has the form A * B = 0; there
// is no C part. Rows are revision data (revisions/). Worked case: row 2 is load * (ram_read_value -
// ram_write_value): a load leaves memory as it was.
#pragma once

#include "jolt/claims.hpp"

namespace mote::jolt
{
/// Evaluates sum_row w_row A_row(z) and sum_row w_row B_row(z) on the claims of stage 1.
///
/// The rows form two groups. Row i of a group (i is the position in the group's list, not the row
/// number) weighs lagrange_i(r_u) over the ten-point domain, times 1 - r_s in the first group and r_s
/// in the second.
///
/// Shape   claims.outer: outer_count values. r_u: uniskip challenge. r_s: stream challenge, the first
///         round challenge of stage 1.
/// Cost    about 120 multiplications.
/// Source  [JOLT] crates/jolt-r1cs/src/constraints/rv64.rs, crates/jolt-verifier/src/stages/stage1.
void evaluate_outer_constraints(const Stage1Claims& claims, const Fr& r_u, const Fr& r_s, Fr& az,
                                Fr& bz) noexcept;
}  // namespace mote::jolt
