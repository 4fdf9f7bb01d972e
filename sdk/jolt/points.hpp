// Points: from challenges in the order drawn to the points claims are made at.
//
// Sumchecks bind the least significant variable first, so a point (most significant coordinate first)
// is usually the challenges reversed. The read-write checks of RAM and registers bind in up to three
// phases and mix cycle and address variables; here they are sorted apart. Worked case: cycles 4 bits,
// addresses 3, phases of 3 and 1 rounds, challenges c0 ... c6: the address is (c6, c5, c3), the cycle
// (c4, c2, c1, c0).
//
// Source  [JOLT] crates/jolt-claims/src/protocols/jolt/geometry/dimensions.rs.
#pragma once

#include "base/assert.hpp"
#include "poly/point.hpp"

namespace mote::jolt
{
using poly::Fr;
using poly::Point;

/// A point of at most `Max` coordinates with room of its own.
template <std::uint32_t Max>
struct PointBuffer
{
    Fr coordinates[Max];
    std::uint32_t count = 0;

    operator Point() const noexcept { return {coordinates, count}; }

    /// Takes the challenges in opposite order.
    void assign_reversed(std::span<const Fr> raw) noexcept
    {
        MOTE_ASSERT(raw.size() <= Max);
        count = static_cast<std::uint32_t>(raw.size());
        for (std::uint32_t i = 0; i < count; ++i)
            coordinates[i] = raw[count - 1 - i];
    }

    /// Takes the challenges as they are.
    void assign(std::span<const Fr> raw) noexcept
    {
        MOTE_ASSERT(raw.size() <= Max);
        count = static_cast<std::uint32_t>(raw.size());
        for (std::uint32_t i = 0; i < count; ++i)
            coordinates[i] = raw[i];
    }
};

/// How a read-write check binds its variables: phase1 cycle rounds, phase2 address rounds, the rest of
/// the cycle rounds, the rest of the address rounds.
struct ReadWritePhases
{
    std::uint32_t log_trace;
    std::uint32_t log_address;
    std::uint32_t phase1;  ///< at most log_trace
    std::uint32_t phase2;  ///< at most log_address
};

/// Sorts the challenges of a read-write check into an address and a cycle point.
///
/// Shape   raw: log_trace + log_address challenges; address, cycle: room for log_address, log_trace.
void split_read_write(const ReadWritePhases& phases, std::span<const Fr> raw, Fr* address,
                      Fr* cycle) noexcept;

/// Writes piece `index` of an address point cut into pieces of log_k_chunk coordinates.
///
/// Zeros are put in front so that the pieces are whole; piece 0 has the most significant bits.
/// Worked case: (a, b, c, d, e) in pieces of 4 is (0, 0, 0, a) and (b, c, d, e).
///
/// Shape   index < ceil(address.size() / log_k_chunk); out: log_k_chunk elements.
void address_chunk(Point address, std::uint32_t log_k_chunk, std::uint32_t index, Fr* out) noexcept;
}  // namespace mote::jolt
