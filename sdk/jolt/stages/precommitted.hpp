// Precommitted members of stages 6b and 7: advice, committed bytecode, program image.
//
// Each reduces a claim at a point of the trace's relations to an opening of the polynomial itself.
// Where the schedule leaves it address rounds the reduction passes through stage 6b with an
// intermediate claim and ends in stage 7; otherwise it ends in stage 6b.
//
// Source  [JOLT] crates/jolt-claims/src/protocols/jolt/geometry/claim_reductions/{advice,bytecode,
//         program_image}.rs.
#pragma once

#include "jolt/context.hpp"

namespace mote::jolt
{
inline constexpr Precommitted all_precommitted[precommitted_count] = {
    Precommitted::trusted_advice, Precommitted::untrusted_advice, Precommitted::bytecode_chunks,
    Precommitted::program_image};

/// The openings a reduction ends in: one value, or one per chunk of the bytecode.
struct PrecommittedOpenings
{
    Fr value;
    FrView chunks;
};

/// The claims stage 6b leaves for a polynomial that goes on to stage 7, or ends there.
///
/// Shape   the polynomial is present and the shapes of stage 6b were checked.
[[nodiscard]] PrecommittedOpenings cycle_phase_openings(const Context& c,
                                                        Precommitted kind) noexcept;

/// The claim stage 6b hands to stage 7.
[[nodiscard]] Fr intermediate_claim(const Context& c, Precommitted kind) noexcept;

/// The claims stage 7 ends in.
[[nodiscard]] PrecommittedOpenings address_phase_openings(const Context& c,
                                                          Precommitted kind) noexcept;

/// Evaluates what is summed, at the polynomial's own point, halved once for every skipped round.
///
/// Reads c.by_round, which must hold the challenges of all rounds the polynomial uses.
[[nodiscard]] Fr precommitted_expected(const Context& c, Precommitted kind,
                                       const PrecommittedOpenings& openings) noexcept;
}  // namespace mote::jolt
