#include "jolt/points.hpp"

namespace mote::jolt
{
void split_read_write(const ReadWritePhases& phases, std::span<const Fr> raw, Fr* address,
                      Fr* cycle) noexcept
{
    MOTE_ASSERT(raw.size() == std::size_t{phases.log_trace} + phases.log_address);
    MOTE_ASSERT(phases.phase1 <= phases.log_trace && phases.phase2 <= phases.log_address);
    // Phases as drawn: A cycle, B address, C cycle, D address. Points: rev(D) rev(B), rev(C) rev(A).
    std::size_t at = raw.size();
    const std::uint32_t d = phases.log_address - phases.phase2;
    const std::uint32_t c = phases.log_trace - phases.phase1;
    for (std::uint32_t i = 0; i < d; ++i)
        *address++ = raw[--at];
    for (std::uint32_t i = 0; i < c; ++i)
        *cycle++ = raw[--at];
    for (std::uint32_t i = 0; i < phases.phase2; ++i)
        *address++ = raw[--at];
    for (std::uint32_t i = 0; i < phases.phase1; ++i)
        *cycle++ = raw[--at];
}

void address_chunk(Point address, std::uint32_t log_k_chunk, std::uint32_t index, Fr* out) noexcept
{
    const std::size_t pieces = (address.size() + log_k_chunk - 1) / log_k_chunk;
    MOTE_ASSERT(index < pieces);
    const std::size_t zeros = pieces * log_k_chunk - address.size();
    for (std::uint32_t i = 0; i < log_k_chunk; ++i)
    {
        const std::size_t at = std::size_t{index} * log_k_chunk + i;
        out[i] = at < zeros ? Fr::zero() : address[at - zeros];
    }
}
}  // namespace mote::jolt
