// Config: everything about a proof that can be refused before the first hash.
//
// Sizes in the proof, the key and the public I/O decide how many rounds, claims and commitments there
// have to be. check_config() tests each of them against the others and against this build's limits,
// and leaves them as Dimensions, small integers the stages rely on without asking again: buffer sizes,
// loop bounds and shifts all come from here. Every number it reads is hostile, those of the key too.
//
// Upstream accepts more. What no honest prover writes is refused here:
//   one-hot chunks        only (4, 16) and (8, 32); upstream: any divisors of 128
//   commitment counts     before anything is absorbed; upstream: when the opening begins
//   trace length 1        a program runs at least one cycle and the prover pads cycles + 1, so 2 is
//                         the smallest; upstream: accepts a point without cycle variables
//   bytecode length       a power of two from 2 on in both modes (preprocessing pads it to that);
//                         upstream: checks it only for committed programs
//   I/O words             inputs, outputs, panic and termination inside the region the output check
//                         pins; upstream: whatever the layout says
// Phase splits of the read-write checks may be anything within bounds, as upstream: provers with
// other settings exist.
//
// Source  [JOLT] crates/jolt-verifier/src/verifier.rs (validate_inputs, validate_proof_consistency),
//         crates/jolt-claims/src/protocols/jolt/geometry/dimensions.rs.
#pragma once

#include "jolt/program_key.hpp"
#include "jolt/proof.hpp"
#include "jolt/schedule.hpp"

namespace mote::jolt
{
/// A region of RAM that holds advice: 2^variables words from first_word on, aligned to its size.
struct AdviceBlock
{
    std::uint32_t variables = 0;
    std::uint64_t first_word = 0;
};

/// The sizes of one verification. Words are positions in the RAM domain, in units of 8 bytes.
struct Dimensions
{
    std::uint32_t log_trace = 0;     ///< 1 to limits::log_trace_max
    std::uint32_t log_ram = 0;       ///< 1 to limits::log_ram_max
    std::uint32_t log_bytecode = 0;  ///< 1 to limits::log_bytecode_max

    std::uint32_t log_k_chunk = 0;     ///< 4 or 8
    std::uint32_t instruction_ra = 0;  ///< committed one-hot polynomials per family
    std::uint32_t bytecode_ra = 0;
    std::uint32_t ram_ra = 0;
    std::uint32_t virtual_ra = 0;             ///< instruction lookups: virtual polynomials
    std::uint32_t committed_per_virtual = 0;  ///< each the product of so many committed ones

    std::uint32_t ram_phase1 = 0, ram_phase2 = 0, registers_phase1 = 0, registers_phase2 = 0;
    TraceOrder trace_order = TraceOrder::cycle_major;

    bool has_trusted_advice = false, has_untrusted_advice = false;
    AdviceBlock trusted_advice, untrusted_advice;
    std::uint32_t log_chunk_count = 0;  ///< committed mode: chunks of the bytecode
    Schedule schedule;

    Bytes outputs;                           ///< without the zeros at the end
    std::uint64_t lowest_address = 0;        ///< of word 0
    std::uint64_t io_begin = 0, io_end = 0;  ///< words whose final value is public
    std::uint64_t input_word = 0, output_word = 0, panic_word = 0, termination_word = 0;
    std::uint64_t image_word = 0;  ///< first word of the program image; 0 if there is none
};

/// Checks all sizes and derives the dimensions.
///
/// Units   sigma_max: column variables the Dory setup can open.
/// Errors  rejected at Stage::config:
///         memory_layout_differs (index: which of the twenty), inputs_too_long, outputs_too_long,
///         trace_length (also: joint matrix wider than the setup), ram_size, address_out_of_map,
///         invalid_program, one_hot_config, phase_split, not_clear, precommitted_shape, advice_region,
///         io_region, initial_memory, commitment_count.
///         `out` is unspecified then.
/// Memory  out.outputs points into io.outputs.
/// Cost    a few hundred integer operations and one look at the zeros after the outputs.
[[nodiscard]] Status check_config(const ProgramKey& key, const PublicIo& io, const Proof& proof,
                                  bool has_trusted_advice, std::uint32_t sigma_max, Dimensions& out,
                                  Report& report) noexcept;
}  // namespace mote::jolt
