// ProgramKey: what a verifier knows of the guest program, checked once and used for many proofs.
//
// Full mode carries the expanded bytecode and the initial memory; committed mode only commitments to
// them. Either way the key is self-contained after loading: nothing points into the bytes it came
// from. Its digest is recomputed from its content and is the program's identity.
//
// Source  [JOLT] crates/jolt-verifier/src/preprocessing.rs, crates/jolt-program/src/preprocess.
#pragma once

#include "jolt/proof.hpp"
#include "jolt/revision.hpp"

namespace mote::curve
{
struct Gt;
}

namespace mote::jolt
{
/// A row of the expanded bytecode.
struct Row
{
    static constexpr std::uint8_t no_register = 0xff;

    std::uint64_t address;         ///< unexpanded program counter
    std::uint64_t imm_lo, imm_hi;  ///< signed 128-bit immediate, two's complement
    std::uint8_t kind;             ///< index into Revision::kinds
    std::uint8_t rs1, rs2, rd;     ///< no_register when absent
    std::uint16_t virtual_sequence_remaining;
    bool has_virtual_sequence_remaining;
    bool is_first_in_sequence;
    bool is_compressed;
};

struct ProgramKey
{
    const Revision* revision = nullptr;
    bool full = false;
    std::uint8_t digest[32] = {};
    MemoryLayout memory_layout{};
    std::uint64_t max_padded_trace_length = 0;
    std::uint64_t entry_address = 0;
    std::uint64_t min_bytecode_address = 0;
    std::uint64_t entry_bytecode_index = 0;
    std::uint64_t image_words = 0;   ///< number of 64-bit words of the initial program image
    std::uint64_t bytecode_len = 0;  ///< rows including padding

    // Full mode.
    const Row* rows = nullptr;             ///< bytecode_len rows
    const std::uint64_t* words = nullptr;  ///< image_words words

    // Committed mode.
    std::uint32_t chunk_count = 0;
    const std::uint8_t* chunk_encodings = nullptr;  ///< chunk_count * 384 bytes
    const std::uint8_t* image_encoding = nullptr;   ///< 384 bytes
    const curve::Gt* chunk_commitments = nullptr;   ///< the same, decoded and checked
    const curve::Gt* image_commitment = nullptr;

    /// Lowest address of the memory map; word 0 of the RAM domain.
    [[nodiscard]] std::uint64_t lowest_address() const noexcept
    {
        const auto a = memory_layout.trusted_advice_start, b = memory_layout.untrusted_advice_start;
        return a < b ? a : b;
    }
};
}  // namespace mote::jolt
