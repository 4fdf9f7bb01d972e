// A decoded Jolt proof and the public input/output it speaks about.
//
// decode_proof() walks the bytes once, checks everything that can be checked without arithmetic in
// groups (canonical varints, field elements below the modulus, lengths, no trailing bytes) and leaves
// views into the span. Group elements are checked later, all together (openings/, jolt/elements.hpp).
//
// Source  docs/formats/jolt-bundle.md; [JOLT] crates/jolt-verifier/src/proof.rs.
#pragma once

#include "base/status.hpp"
#include "jolt/claims.hpp"

namespace mote::jolt
{
/// The twenty addresses and sizes of the guest's memory map, in wire order.
struct MemoryLayout
{
    std::uint64_t program_size, max_trusted_advice_size, trusted_advice_start, trusted_advice_end,
        max_untrusted_advice_size, untrusted_advice_start, untrusted_advice_end, max_input_size,
        max_output_size, input_start, input_end, output_start, output_end, stack_size, stack_end,
        heap_size, heap_end, panic, termination, io_end;

    friend bool operator==(const MemoryLayout&, const MemoryLayout&) = default;
};

/// What the guest read and wrote in public. Advice bytes are not part of it: a verifier knows advice
/// by its commitment only.
struct PublicIo
{
    Bytes inputs;
    Bytes outputs;
    bool panic = false;
    MemoryLayout memory_layout{};
};

enum class TraceOrder : std::uint8_t
{
    cycle_major = 0,
    address_major = 1,
};

/// The ten sumcheck proofs in wire order.
enum class Sumcheck : std::uint8_t
{
    stage1_uniskip,
    stage1,
    stage2_uniskip,
    stage2,
    stage3,
    stage4,
    stage5,
    stage6a,
    stage6b,
    stage7,
};
inline constexpr std::uint32_t sumcheck_count = 10;

struct Commitments
{
    GtView rd_inc;   ///< one element
    GtView ram_inc;  ///< one element
    GtView instruction_ra, ram_ra, bytecode_ra;
};

struct Proof
{
    Commitments commitments;
    RoundsView sumchecks[sumcheck_count];
    Bytes joint_opening_proof;               ///< the Dory blob, see openings/dory_proof.hpp
    std::uint64_t joint_opening_offset = 0;  ///< its position in the caller's span
    GtView untrusted_advice_commitment;      ///< zero or one element
    Claims claims;
    std::uint64_t trace_length = 0;
    std::uint64_t ram_k = 0;
    std::uint8_t ram_phase1 = 0, ram_phase2 = 0, registers_phase1 = 0, registers_phase2 = 0;
    std::uint8_t log_k_chunk = 0, lookups_ra_virtual_log_k_chunk = 0;
    TraceOrder trace_order = TraceOrder::cycle_major;
};
}  // namespace mote::jolt
