// Revision: everything that changes when Jolt changes, as data chosen by name.
//
// Upstream's proof carries no version, so the embedder names the revision it expects; a key loaded
// under one revision never verifies a proof under another. Today there is one: "jolt-69eea119"
// (a16z/jolt at commit 69eea119fc6f7ff3e9d73443d607e78b2192b499). Instruction kinds, flags, lookup
// tables and relations are listed in revisions/*.inc.
#pragma once

#include <cstdint>

namespace mote::jolt
{
/// One instruction kind of the final (expanded) bytecode.
struct InstructionKind
{
    static constexpr std::uint8_t no_table = 0xff;

    std::uint16_t tag;               ///< number on the wire
    std::uint16_t circuit_flags;     ///< bit i = circuit flag i, without the per-row dynamic ones
    std::uint8_t instruction_flags;  ///< bit i = instruction flag i
    std::uint8_t lookup_table;       ///< index, or no_table
};

struct Revision
{
    const char* name;
    const InstructionKind* kinds;  ///< ascending tags; index 0 is NoOp
    std::uint32_t kind_count;
    std::uint32_t lookup_table_count;
    std::uint32_t circuit_flag_count;
    std::uint32_t instruction_flag_count;

    /// Index of the kind with this tag, or -1.
    [[nodiscard]] int find_kind(std::uint16_t tag) const noexcept;
};

/// The revision called `name`, or nullptr.
[[nodiscard]] const Revision* find_revision(const char* name, std::uint32_t name_bytes) noexcept;

/// The newest revision this build knows.
[[nodiscard]] const Revision& default_revision() noexcept;
}  // namespace mote::jolt
