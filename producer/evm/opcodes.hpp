// The instructions: their names, what they take from the stack, since when they exist, what they cost.
//
// Worked case: opcodes[0x01] is ADD, takes two items and leaves one; static_gas(Fork::osaka)[0x01] == 3.
#pragma once

#include <array>
#include <cstdint>

#include "evm/fork.hpp"

namespace mote::evm
{
struct Opcode
{
    const char* name;     ///< "" for a byte that is no instruction
    std::uint8_t popped;  ///< items it takes
    std::uint8_t pushed;  ///< items it leaves
    Fork since;
};

inline constexpr std::array<Opcode, 256> opcodes = {{
#define MOTE_OPCODE(code, label, name, popped, pushed, since) {name, popped, pushed, Fork::since},
#include "evm/opcode_table.inc"
#undef MOTE_OPCODE
}};

/// Whether the byte is an instruction under these rules. INVALID (0xfe) is none.
[[nodiscard]] constexpr bool defined(std::uint8_t code, Fork fork) noexcept
{
    return opcodes[code].name[0] != 0 && code != 0xfe && fork >= opcodes[code].since;
}

namespace op
{
// The ones the analysis and the calls need by name.
inline constexpr std::uint8_t stop = 0x00, jump = 0x56, jumpi = 0x57, pc = 0x58, gas = 0x5a,
                              jumpdest = 0x5b, push0 = 0x5f, push1 = 0x60, push32 = 0x7f,
                              sstore = 0x55, create = 0xf0, call = 0xf1, callcode = 0xf2,
                              return_ = 0xf3, delegatecall = 0xf4, create2 = 0xf5,
                              staticcall = 0xfa, revert = 0xfd, invalid = 0xfe, selfdestruct = 0xff;
// Instructions of the analysed form, in codes that no fork defines.
inline constexpr std::uint8_t block = 0x0c, trace = 0x0d, push_word = 0x0e, push_jump = 0x0f,
                              push_jumpi = 0x21, bad_jump = 0x22, bad_jumpi = 0x23;
}  // namespace op

/// What an instruction costs whatever its operands are; the warm price where one depends on access.
///
/// Source  [YP] appendix G; [EIPS] 150, 160, 1884, 2200, 2929, 3855, 4844, 5656, 7516, 7939.
[[nodiscard]] const std::array<std::uint16_t, 256>& static_gas(Fork fork) noexcept;
}  // namespace mote::evm
