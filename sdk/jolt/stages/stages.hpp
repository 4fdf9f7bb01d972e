// The stages: eight batches of sumchecks that turn "this program ran like this" into openings.
//
// Each stage is one file and one function. It starts from claims of earlier stages, runs its batch,
// works out what every member must be at the point the challenges made, and absorbs the claims it
// hands on. A claim that no later stage uses would be a hole; the table says who takes what.
//
//     stage   proves                                            leaves in the context
//     1       the R1CS holds in every cycle                     outer
//     2       products, RAM accesses and final RAM              product, ram_address, ram_cycle
//     3       next cycle's values; operands; register values    shift
//     4       register accesses; RAM values from writes         register_*, ram_val_cycle
//     5       instruction lookups; register values from writes  lookup_address, lookup_cycle
//     6a, 6b  instructions are those of the bytecode;           bytecode_address, cycle,
//             one-hot polynomials are 0 or 1                    first half of by_round
//     7       one-hot polynomials have weight one               chunk_address, by_round
//     8       joins all openings in one statement               -
//
// Reports name the stage and its sumcheck, or its claims: index is then the number of field elements
// of the stage's claims before the one meant. Every function ends with ok, rejected, or nothing else.
//
// Source  [JOLT] crates/jolt-verifier/src/stages/stage*/, named alike; relations in
//         crates/jolt-claims/src/protocols/jolt/relations/.
#pragma once

#include "jolt/context.hpp"
#include "jolt/elements.hpp"
#include "jolt/statement.hpp"

namespace mote::jolt
{
/// Spartan's outer sumcheck: one uniskip round over ten rows, then cycles.
Status verify_stage1(Context& c, const Observer& observer, Report& report) noexcept;

/// Product virtualization (uniskip over three products), RAM read-write, lookup operands' claims, RAM
/// address and final memory.
Status verify_stage2(Context& c, const Observer& observer, Report& report) noexcept;

/// Values of the next cycle, instruction operands, register values.
Status verify_stage3(Context& c, Report& report) noexcept;

/// Register read-write, RAM values as initial memory plus writes.
Status verify_stage4(Context& c, Report& report) noexcept;

/// Lookup results and operands, RAM addresses of three points joined, register values from writes.
Status verify_stage5(Context& c, Report& report) noexcept;

/// Address rounds of bytecode lookups and booleanity.
Status verify_stage6a(Context& c, Report& report) noexcept;

/// Cycle rounds of the same, the virtual one-hot polynomials, increments, and the cycle rounds of
/// precommitted polynomials.
Status verify_stage6b(Context& c, Report& report) noexcept;

/// Hamming weights of all one-hot polynomials and the address rounds of precommitted polynomials.
Status verify_stage7(Context& c, Report& report) noexcept;

/// Builds the opening statement. Cannot fail: counts and shapes were checked before.
void build_opening(Context& c, const Elements& elements, OpeningStatement& out) noexcept;
}  // namespace mote::jolt
