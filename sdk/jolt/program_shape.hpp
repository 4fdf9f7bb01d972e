// ProgramShape: the structure of a program key, found in one pass that stores no row.
//
// Size function, digest and loader all start from a shape: it says how many of everything there are
// and where, and that all of it parses, so that a second pass over the rows only has to convert
// them. Worked case: the key of a full program with 4096 rows gives row_count == 4096 and rows_at ==
// the position of the first row.
//
// Source  docs/formats/jolt-bundle.md; [JOLT] crates/jolt-program/src/preprocess,
//         crates/jolt-verifier/src/preprocessing.rs.
#pragma once

#include "jolt/bincode.hpp"
#include "jolt/proof.hpp"

namespace mote::jolt
{
/// Positions are those of the reader that made the shape.
struct ProgramShape
{
    bool full = false;
    std::uint64_t entry_address = 0;
    std::uint64_t min_bytecode_address = 0;
    std::uint64_t image_words = 0;
    std::uint64_t bytecode_len = 0;          ///< code_size in full mode
    std::uint64_t entry_bytecode_index = 0;  ///< carried in committed mode, looked up in full mode
    MemoryLayout memory_layout{};
    std::uint64_t max_padded_trace_length = 0;
    std::size_t begin = 0, end = 0;  ///< of the program, without the digest behind it

    // Full mode.
    std::uint32_t row_count = 0;
    std::uint32_t slot_count = 0;  ///< of pc_map
    std::size_t rows_at = 0;       ///< first row, behind the length
    std::size_t slots_at = 0;      ///< first slot, behind the length
    std::size_t words_at = 0;      ///< first word, behind the length
    bool entry_found = false;

    // Committed mode.
    GtView chunk_commitments;
    GtView image_commitment;
};

/// A row as it is on the wire.
struct WireRow
{
    std::uint16_t tag = 0;
    std::uint64_t address = 0;
    Maybe<std::uint8_t> rs1, rs2, rd;
    std::uint64_t imm_lo = 0, imm_hi = 0;
    Maybe<std::uint16_t> virtual_sequence_remaining;
    bool is_first_in_sequence = false, is_compressed = false;
};

/// Walks over a program. The reader stops after it.
///
/// Errors  malformed, with row_count if the number of rows is not code_size.
/// Cost    linear: pc_map is walked a second time, up to the slot of the entry address.
[[nodiscard]] Status read_program(BincodeReader& in, ProgramShape& out) noexcept;

[[nodiscard]] Status read_row(BincodeReader& in, WireRow& out) noexcept;

/// The slot of pc_map that belongs to an instruction address; false if there is none.
///
/// Source  [JOLT] crates/jolt-program/src/preprocess/bytecode.rs: slot 0 belongs to address 0,
///         slot (address - 0x80000000) / 2 + 1 to the others.
[[nodiscard]] bool pc_map_slot(std::uint64_t address, std::uint64_t& slot) noexcept;

/// First address of RAM, where programs are linked to.
inline constexpr std::uint64_t ram_start_address = 0x80000000;
}  // namespace mote::jolt
