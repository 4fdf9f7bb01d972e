#include "jolt/schedule.hpp"

#include <algorithm>

namespace mote::jolt
{
void Schedule::own_point(const Polynomial& polynomial, std::span<const field::Fr> by_round,
                         field::Fr* out) const noexcept
{
    for (std::uint32_t i = 0; i < polynomial.variables; ++i)
    {
        const std::uint32_t round = round_of(polynomial, i);
        MOTE_ASSERT(round < by_round.size());
        out[i] = by_round[round];
    }
}

bool make_schedule(const PrecommittedVariables& variables, std::uint32_t log_trace,
                   std::uint32_t log_k_chunk, TraceOrder order, Schedule& out,
                   Precommitted& culprit) noexcept
{
    out = {};
    culprit = Precommitted::trusted_advice;
    const std::uint32_t main = log_trace + log_k_chunk;
    out.total = main;
    for (std::uint32_t k = 0; k < precommitted_count; ++k)
    {
        if (variables.of[k] == PrecommittedVariables::absent)
            continue;
        out.any = true;
        if (variables.of[k] > out.total)
        {
            out.total = variables.of[k];
            culprit = static_cast<Precommitted>(k);
        }
    }
    if (out.total > limits::point_max || log_k_chunk == 0)
        return false;
    out.align = out.total - log_k_chunk;
    out.columns = (out.total + 1) / 2;
    const std::uint32_t row_variables = out.total - out.columns;

    // Coordinates count down through three runs of rounds: [0, prefix), [prefix, align) and
    // [align, total). When a precommitted polynomial is wider than the trace matrix, the rounds it
    // has alone are the prefix and the trace polynomials use the other two runs.
    const bool dominant = out.total > main;
    const std::uint32_t dense = dominant ? std::min(log_trace, out.align) : 0;
    const std::uint32_t prefix = out.align - dense;
    std::uint32_t at = 0;
    const auto descend = [&](std::uint32_t end, std::uint32_t begin)
    {
        while (end > begin)
            out.order[at++] = static_cast<std::uint8_t>(--end);
    };
    if (order == TraceOrder::cycle_major)
    {
        if (dominant)
            descend(prefix, 0);
        descend(out.total, out.align);
        descend(out.align, dominant ? prefix : 0);
    }
    else
    {
        descend(out.align, dominant ? prefix : 0);
        descend(out.total, out.align);
        if (dominant)
            descend(prefix, 0);
    }
    MOTE_ASSERT(at == out.total);

    for (std::uint32_t k = 0; k < precommitted_count; ++k)
    {
        if (variables.of[k] == PrecommittedVariables::absent)
            continue;
        Schedule::Polynomial& p = out.polynomials[k];
        p.present = true;
        p.variables = variables.of[k];
        const std::uint32_t columns = (p.variables + 1) / 2;
        p.rows = p.variables - columns;
        if (p.rows > row_variables || columns > out.columns)
        {
            culprit = static_cast<Precommitted>(k);
            return false;
        }
        for (std::uint32_t i = 0; i < p.variables; ++i)
            p.rounds |= std::uint64_t{1} << out.round_of(p, i);
        p.has_address_phase = (p.rounds >> out.align) != 0;
        p.skipped = (p.has_address_phase ? out.total : out.align) - p.variables;
    }
    return true;
}
}  // namespace mote::jolt
