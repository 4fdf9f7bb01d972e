// The names of revision jolt-69eea119: flags, lookup tables, lanes.
//
// Code that speaks of "the Branch flag" or "lane 446" takes the number from here, and the numbers are
// in the .inc files beside this one. Another revision is another header and another set of tables.
// Worked case: bit(CircuitFlag::jump) == 0x20.
//
// Source  [JOLT] crates/jolt-riscv/src/flags.rs, crates/jolt-lookup-tables/src/tables/mod.rs,
//         crates/jolt-claims/src/protocols/jolt/geometry/claim_reductions/bytecode.rs.
#pragma once

#include <cstdint>

namespace mote::jolt::jolt_69eea119
{
inline constexpr char name[] = "jolt-69eea119";

/// Flags the R1CS constrains; the number is the bit, the index in folds and the offset in the lanes.
enum class CircuitFlag : std::uint8_t
{
#define MOTE_CIRCUIT_FLAG(bit, name, text) name = bit,
#include "jolt/revisions/jolt_69eea119_circuit_flags.inc"
#undef MOTE_CIRCUIT_FLAG
};
inline constexpr std::uint32_t circuit_flag_count = 14;

/// Flags that route operands; numbered like the circuit flags.
enum class InstructionFlag : std::uint8_t
{
#define MOTE_INSTRUCTION_FLAG(bit, name, text) name = bit,
#include "jolt/revisions/jolt_69eea119_instruction_flags.inc"
#undef MOTE_INSTRUCTION_FLAG
};
inline constexpr std::uint32_t instruction_flag_count = 6;

/// Lookup tables in the order of the table flags of a proof.
enum class LookupTable : std::uint8_t
{
#define MOTE_LOOKUP_TABLE(index, name, text) name = index,
#include "jolt/revisions/jolt_69eea119_lookup_tables.inc"
#undef MOTE_LOOKUP_TABLE
};
inline constexpr std::uint32_t lookup_table_count = 40;

[[nodiscard]] constexpr std::uint16_t bit(CircuitFlag flag) noexcept
{
    return static_cast<std::uint16_t>(1u << static_cast<unsigned>(flag));
}
[[nodiscard]] constexpr std::uint8_t bit(InstructionFlag flag) noexcept
{
    return static_cast<std::uint8_t>(1u << static_cast<unsigned>(flag));
}

/// Circuit flags of which any one makes the lookup index a single 128-bit number.
inline constexpr std::uint16_t single_operand_flags =
    bit(CircuitFlag::add_operands) | bit(CircuitFlag::subtract_operands) |
    bit(CircuitFlag::multiply_operands) | bit(CircuitFlag::advice);

/// Consecutive lanes of a committed bytecode row.
struct Lanes
{
    std::uint32_t first, count;
};
namespace lanes
{
#define MOTE_LANES(name, first, count) inline constexpr Lanes name{first, count};
#include "jolt/revisions/jolt_69eea119_lanes.inc"
#undef MOTE_LANES
}  // namespace lanes
inline constexpr std::uint32_t log_lane_count = 9;
}  // namespace mote::jolt::jolt_69eea119
