#include "jolt/config.hpp"

#include <array>
#include <bit>
#include <cstring>

#include "jolt/program_shape.hpp"

namespace mote::jolt
{
namespace
{
constexpr std::uint32_t bytecode_lane_bits = 9;

/// Positions in MemoryLayout, for reports.
enum LayoutIndex : std::uint32_t
{
    trusted_advice_start = 2,
    untrusted_advice_start = 5,
    input_start = 9,
    output_start = 11,
    heap_end = 16,
    panic = 17,
    termination = 18,
};

Status no(Report& report, Reason reason, Field field, std::uint32_t index = 0) noexcept
{
    return reject(report, Stage::config, reason, field, index);
}

/// log2 of a power of two.
std::uint32_t log2_exact(std::uint64_t power) noexcept
{
    return static_cast<std::uint32_t>(std::countr_zero(power));
}

std::uint64_t word_count(Bytes bytes) noexcept
{
    return std::uint64_t{bytes.size()} / 8 + (bytes.size() % 8 != 0 ? 1 : 0);
}

/// Turns an address into a word of the RAM domain; false below the memory map.
bool remap(std::uint64_t lowest, std::uint64_t address, std::uint64_t& word) noexcept
{
    if (address == 0 || address < lowest)
        return false;
    word = (address - lowest) / 8;
    return true;
}

/// Whether `count` words from `first` on end at or before `end`.
bool fits(std::uint64_t first, std::uint64_t count, std::uint64_t end) noexcept
{
    return first <= end && count <= end - first;
}

Status check_public_io(const ProgramKey& key, const PublicIo& io, Dimensions& out,
                       Report& report) noexcept
{
    std::array<std::uint64_t, 20> expected, found;
    static_assert(sizeof expected == sizeof key.memory_layout);
    std::memcpy(expected.data(), &key.memory_layout, sizeof expected);
    std::memcpy(found.data(), &io.memory_layout, sizeof found);
    for (std::uint32_t i = 0; i < expected.size(); ++i)
        if (expected[i] != found[i])
            return no(report, Reason::memory_layout_differs, Field::device_layout, i);

    if (io.inputs.size() > key.memory_layout.max_input_size)
        return no(report, Reason::inputs_too_long, Field::inputs);
    if (io.outputs.size() > key.memory_layout.max_output_size)
        return no(report, Reason::outputs_too_long, Field::outputs);

    std::size_t used = io.outputs.size();
    while (used > 0 && io.outputs[used - 1] == 0)
        --used;
    out.outputs = io.outputs.first(used);
    return Status::ok;
}

/// Trace length, bytecode length and RAM size: the logarithms everything else counts with.
Status check_sizes(const ProgramKey& key, const Proof& proof, Dimensions& out,
                   Report& report) noexcept
{
    if (!is_power_of_two(proof.trace_length) || proof.trace_length < 2 ||
        proof.trace_length > key.max_padded_trace_length ||
        proof.trace_length > std::uint64_t{1} << limits::log_trace_max)
        return no(report, Reason::trace_length, Field::trace_length);
    out.log_trace = log2_exact(proof.trace_length);

    if (!is_power_of_two(key.bytecode_len) || key.bytecode_len < 2 ||
        key.bytecode_len > std::uint64_t{1} << limits::log_bytecode_max)
        return no(report, Reason::invalid_program, Field::bytecode_len);
    out.log_bytecode = log2_exact(key.bytecode_len);
    if (key.entry_bytecode_index >= key.bytecode_len)
        return no(report, Reason::invalid_program, Field::entry_bytecode_index);

    const MemoryLayout& layout = key.memory_layout;
    out.lowest_address = key.lowest_address();
    const std::uint64_t lowest = out.lowest_address;
    std::uint64_t ram_word = 0;
    if (!remap(lowest, ram_start_address, ram_word))
    {
        const bool trusted = layout.trusted_advice_start < layout.untrusted_advice_start;
        return no(report, Reason::address_out_of_map, Field::memory_layout,
                  trusted ? trusted_advice_start : untrusted_advice_start);
    }
    // The image of a full program may be absent and its address 0 then; a committed one has a
    // polynomial that must lie somewhere.
    const bool absent = key.full && key.image_words == 0 && key.min_bytecode_address == 0;
    out.image_word = 0;
    if (!absent && !remap(lowest, key.min_bytecode_address, out.image_word))
        return no(report, Reason::address_out_of_map, Field::min_bytecode_address);
    if (layout.heap_end < lowest)
        return no(report, Reason::address_out_of_map, Field::memory_layout, heap_end);

    // Both words are below 2^61, so the sum fits once the image does.
    constexpr std::uint64_t domain_max = std::uint64_t{1} << limits::log_ram_max;
    if (key.image_words > domain_max)
        return no(report, Reason::invalid_program, Field::image_words);
    const std::uint64_t image_end = out.image_word + key.image_words;
    const std::uint64_t smallest = next_power_of_two(image_end > ram_word ? image_end : ram_word);
    const std::uint64_t largest = next_power_of_two((layout.heap_end - lowest) / 8);
    if (!is_power_of_two(proof.ram_k) || proof.ram_k < 2 || proof.ram_k < smallest ||
        proof.ram_k > largest || proof.ram_k > domain_max)
        return no(report, Reason::ram_size, Field::ram_k);
    out.log_ram = log2_exact(proof.ram_k);
    out.io_end = ram_word;
    return Status::ok;
}

/// The content of the key that the stages walk through has to be there.
Status check_key_content(const ProgramKey& key, Report& report) noexcept
{
    if (key.full)
    {
        if (key.rows == nullptr || key.bytecode_len > SIZE_MAX / sizeof(Row))
            return no(report, Reason::invalid_program, Field::bytecode_rows);
        if ((key.words == nullptr && key.image_words != 0) || key.image_words > SIZE_MAX / 8)
            return no(report, Reason::invalid_program, Field::image_words);
        return Status::ok;
    }
    if (!is_power_of_two(key.chunk_count) || key.chunk_count > limits::chunk_count_max ||
        key.chunk_count > key.bytecode_len)
        return no(report, Reason::precommitted_shape, Field::chunk_commitments);
    if (key.chunk_encodings == nullptr)
        return no(report, Reason::invalid_program, Field::chunk_commitments);
    if (key.image_encoding == nullptr)
        return no(report, Reason::invalid_program, Field::image_commitment);
    return Status::ok;
}

Status check_proof_settings(const Proof& proof, Dimensions& out, Report& report) noexcept
{
    for (std::uint32_t i = 0; i < sumcheck_count; ++i)
        if (proof.sumchecks[i].form == RoundsView::Form::committed)
            return no(
                report, Reason::not_clear,
                static_cast<Field>(static_cast<std::uint32_t>(Field::sumcheck_1_uniskip) + i));

    const std::uint32_t chunk = proof.log_k_chunk;
    const std::uint32_t virtual_chunk = proof.lookups_ra_virtual_log_k_chunk;
    const bool known_chunk = chunk == 4 || chunk == 8;
    if (!known_chunk || virtual_chunk != 4 * chunk)
        return no(report, Reason::one_hot_config, Field::one_hot_config, known_chunk ? 1 : 0);
    out.log_k_chunk = chunk;
    out.virtual_ra = limits::lookup_address_bits / virtual_chunk;
    out.committed_per_virtual = virtual_chunk / chunk;
    out.instruction_ra = limits::lookup_address_bits / chunk;
    out.bytecode_ra = (out.log_bytecode + chunk - 1) / chunk;
    out.ram_ra = (out.log_ram + chunk - 1) / chunk;

    out.ram_phase1 = proof.ram_phase1;
    out.ram_phase2 = proof.ram_phase2;
    out.registers_phase1 = proof.registers_phase1;
    out.registers_phase2 = proof.registers_phase2;
    const std::uint32_t bounds[4] = {out.log_trace, out.log_ram, out.log_trace,
                                     limits::register_address_bits};
    const std::uint32_t phases[4] = {out.ram_phase1, out.ram_phase2, out.registers_phase1,
                                     out.registers_phase2};
    for (std::uint32_t i = 0; i < 4; ++i)
        if (phases[i] > bounds[i])
            return no(report, Reason::phase_split, Field::rw_config, i);

    if (proof.trace_order != TraceOrder::cycle_major &&
        proof.trace_order != TraceOrder::address_major)
        return no(report, Reason::value_out_of_range, Field::trace_polynomial_order);
    out.trace_order = proof.trace_order;
    return Status::ok;
}

/// Finds the block of RAM that advice fills; it must be a subcube for its claim to have a point.
Status check_advice(std::uint64_t start, std::uint64_t bytes_max, std::uint32_t start_index,
                    const Dimensions& d, AdviceBlock& out, Report& report) noexcept
{
    if (bytes_max == 0)
        return no(report, Reason::advice_region, Field::memory_layout, start_index - 1);
    out.variables = log2_exact(next_power_of_two(bytes_max / 8));
    if (!remap(d.lowest_address, start, out.first_word))
        return no(report, Reason::address_out_of_map, Field::memory_layout, start_index);
    if (out.variables > d.log_ram)
        return no(report, Reason::advice_region, Field::memory_layout, start_index - 1);
    const std::uint64_t words = std::uint64_t{1} << out.variables;
    if (out.first_word % words != 0 || !fits(out.first_word, words, std::uint64_t{1} << d.log_ram))
        return no(report, Reason::advice_region, Field::memory_layout, start_index);
    return Status::ok;
}

Status check_precommitted(const ProgramKey& key, const Proof& proof, Dimensions& out,
                          Report& report) noexcept
{
    const MemoryLayout& layout = key.memory_layout;
    PrecommittedVariables variables;
    if (out.has_trusted_advice)
    {
        MOTE_TRY(check_advice(layout.trusted_advice_start, layout.max_trusted_advice_size,
                              trusted_advice_start, out, out.trusted_advice, report));
        variables[Precommitted::trusted_advice] = out.trusted_advice.variables;
    }
    if (proof.untrusted_advice_commitment.count > 1)
        return no(report, Reason::commitment_count, Field::untrusted_advice_commitment);
    out.has_untrusted_advice = proof.untrusted_advice_commitment.count == 1;
    if (out.has_untrusted_advice)
    {
        MOTE_TRY(check_advice(layout.untrusted_advice_start, layout.max_untrusted_advice_size,
                              untrusted_advice_start, out, out.untrusted_advice, report));
        variables[Precommitted::untrusted_advice] = out.untrusted_advice.variables;
    }
    if (!key.full)
    {
        out.log_chunk_count = log2_exact(key.chunk_count);
        variables[Precommitted::bytecode_chunks] =
            bytecode_lane_bits + out.log_bytecode - out.log_chunk_count;
        const std::uint64_t padded = next_power_of_two(key.image_words);
        variables[Precommitted::program_image] = log2_exact(padded < 2 ? 2 : padded);
    }

    Precommitted culprit{};
    if (!make_schedule(variables, out.log_trace, out.log_k_chunk, out.trace_order, out.schedule,
                       culprit))
    {
        constexpr Field fields[precommitted_count] = {
            Field::trusted_advice_commitment, Field::untrusted_advice_commitment,
            Field::chunk_commitments, Field::image_commitment};
        return no(report, Reason::precommitted_shape, fields[static_cast<std::uint32_t>(culprit)]);
    }
    return Status::ok;
}

/// Everything public must lie where the output check and the initial memory look for it.
Status check_memory(const ProgramKey& key, const PublicIo& io, Dimensions& out,
                    Report& report) noexcept
{
    const MemoryLayout& layout = key.memory_layout;
    const std::uint64_t lowest = out.lowest_address;
    struct Region
    {
        std::uint64_t address;
        std::uint64_t words;
        std::uint64_t& first;
        LayoutIndex index;
    };
    const Region regions[] = {
        {layout.input_start, word_count(io.inputs), out.input_word, input_start},
        {layout.output_start, word_count(out.outputs), out.output_word, output_start},
        {layout.panic, 1, out.panic_word, panic},
        {layout.termination, 1, out.termination_word, termination},
    };
    for (const Region& region : regions)
        if (!remap(lowest, region.address, region.first))
            return no(report, Reason::address_out_of_map, Field::memory_layout, region.index);

    out.io_begin = out.input_word;
    if (out.io_begin >= out.io_end || out.io_end > std::uint64_t{1} << out.log_ram)
        return no(report, Reason::io_region, Field::memory_layout, input_start);
    for (const Region& region : regions)
        if (region.first < out.io_begin || !fits(region.first, region.words, out.io_end))
            return no(report, Reason::io_region, Field::memory_layout, region.index);

    // Holds already because ram_k covers the image; stated because the sums depend on it.
    if (!fits(out.image_word, key.image_words, std::uint64_t{1} << out.log_ram))
        return no(report, Reason::initial_memory, Field::image_words);
    return Status::ok;
}

Status check_commitments(const Proof& proof, const Dimensions& d, Report& report) noexcept
{
    const Commitments& c = proof.commitments;
    if (c.rd_inc.count != 1)
        return no(report, Reason::commitment_count, Field::rd_inc_commitment);
    if (c.ram_inc.count != 1)
        return no(report, Reason::commitment_count, Field::ram_inc_commitment);
    if (c.instruction_ra.count != d.instruction_ra)
        return no(report, Reason::commitment_count, Field::instruction_ra_commitments);
    if (c.ram_ra.count != d.ram_ra)
        return no(report, Reason::commitment_count, Field::ram_ra_commitments);
    if (c.bytecode_ra.count != d.bytecode_ra)
        return no(report, Reason::commitment_count, Field::bytecode_ra_commitments);
    return Status::ok;
}
}  // namespace

Status check_config(const ProgramKey& key, const PublicIo& io, const Proof& proof,
                    bool has_trusted_advice, std::uint32_t sigma_max, Dimensions& out,
                    Report& report) noexcept
{
    out = {};
    out.has_trusted_advice = has_trusted_advice;
    if (key.revision == nullptr)
        return no(report, Reason::unknown_revision, Field::program_key);
    MOTE_TRY(check_public_io(key, io, out, report));
    MOTE_TRY(check_sizes(key, proof, out, report));
    MOTE_TRY(check_key_content(key, report));
    MOTE_TRY(check_proof_settings(proof, out, report));
    MOTE_TRY(check_precommitted(key, proof, out, report));
    MOTE_TRY(check_memory(key, io, out, report));
    MOTE_TRY(check_commitments(proof, out, report));

    // Dory opens a matrix of at most 2^sigma_max columns.
    if (out.schedule.columns > sigma_max)
        return no(report, Reason::trace_length, Field::trace_length);
    return Status::ok;
}
}  // namespace mote::jolt
