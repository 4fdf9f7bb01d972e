// Stage 1: the nineteen constraints of the R1CS, for every cycle at once.
#include "jolt/r1cs.hpp"
#include "jolt/stages/stages.hpp"
#include "poly/eq.hpp"
#include "poly/lagrange.hpp"
#include "sumcheck/uniskip.hpp"

namespace mote::jolt
{
Status verify_stage1(Context& c, const Observer& observer, Report& report) noexcept
{
    const Stage1Claims& claims = c.proof.claims.stage1;
    const std::uint32_t log_trace = c.d.log_trace;

    observer.stage(Stage::stage1_uniskip);
    if (claims.outer.count != outer_count)
        return reject(report, Stage::stage1_uniskip, Reason::claim_shape, Field::claims_stage1, 1);

    // tau: cycle, which of the two row groups, which row of the group.
    Fr tau[limits::log_trace_max + 2];
    for (std::uint32_t i = 0; i < log_trace + 2; ++i)
        tau[i] = c.transcript.challenge();
    const Fr& tau_row = tau[log_trace + 1];

    Fr r_row;
    MOTE_TRY(sumcheck::verify_uniskip<10>(
        {Fr::zero(), claims.uniskip, sumcheck::uniskip_degree_max},
        c.proof.sumchecks[static_cast<std::uint32_t>(Sumcheck::stage1_uniskip)],
        {Stage::stage1_uniskip, Field::sumcheck_1_uniskip}, c.transcript, r_row, report));

    observer.stage(Stage::stage1);
    c.batch.start(Stage::stage1, c.proof, Sumcheck::stage1);
    const std::uint32_t outer = c.batch.add(1 + log_trace, 3, claims.uniskip);
    MOTE_TRY(c.batch.run(c.transcript, report));

    // The first challenge chooses the row group and ends up as the last coordinate.
    c.outer.assign_reversed(c.batch.raw(outer));
    const Fr& r_group = c.outer.coordinates[log_trace];
    Fr az, bz;
    evaluate_outer_constraints(claims, r_row, r_group, az, bz);
    c.batch.members[outer].expected = poly::lagrange_kernel<10>(tau_row, r_row) *
                                      poly::eq({tau, log_trace + 1}, c.outer) * az * bz;
    MOTE_TRY(c.batch.finish(report));

    c.absorb(claims.outer);
    return Status::ok;
}
}  // namespace mote::jolt
