// Configuration checks with hostile numbers in every place: proof, key, layout, public I/O, setup.
#include "jolt/config.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <random>

#include "piop_support.hpp"

using namespace mote;
using namespace mote::test;

namespace
{
constexpr std::uint64_t all_ones = ~std::uint64_t{0};

/// The parts of a call, free to be spoiled. Both copies of the memory layout change together.
struct Call
{
    explicit Call(PiopCase& c)
        : key(c.key()), io(c.io), proof(c.proof), trusted(!c.parts.trusted_advice.bytes.empty())
    {
    }

    void layout(std::uint64_t jolt::MemoryLayout::* field, std::uint64_t value)
    {
        key.memory_layout.*field = value;
        io.memory_layout.*field = value;
    }
    Status check()
    {
        report = {};
        return jolt::check_config(key, io, proof, trusted, sigma_max, dimensions, report);
    }

    jolt::ProgramKey key;
    jolt::PublicIo io;
    jolt::Proof proof;
    bool trusted;
    std::uint32_t sigma_max = 10;
    jolt::Dimensions dimensions;
    Report report;
};

void refuses(PiopCase& base, Reason reason, Field field, const std::function<void(Call&)>& spoil,
             std::uint32_t index = 0)
{
    Call call(base);
    REQUIRE(call.check() == Status::ok);
    spoil(call);
    CHECK(call.check() == Status::rejected);
    CHECK(call.report.stage == Stage::config);
    CHECK(call.report.reason == reason);
    CHECK(call.report.field == field);
    CHECK(call.report.index == index);
}

PiopCase& full()
{
    static PiopCase c("muldiv");
    return c;
}
PiopCase& committed()
{
    static PiopCase c("committed-muldiv");
    return c;
}
PiopCase& advice()
{
    static PiopCase c("piop/full-with-advice");
    return c;
}

using Layout = jolt::MemoryLayout;
constexpr std::uint64_t Layout::* layout_fields[20] = {&Layout::program_size,
                                                       &Layout::max_trusted_advice_size,
                                                       &Layout::trusted_advice_start,
                                                       &Layout::trusted_advice_end,
                                                       &Layout::max_untrusted_advice_size,
                                                       &Layout::untrusted_advice_start,
                                                       &Layout::untrusted_advice_end,
                                                       &Layout::max_input_size,
                                                       &Layout::max_output_size,
                                                       &Layout::input_start,
                                                       &Layout::input_end,
                                                       &Layout::output_start,
                                                       &Layout::output_end,
                                                       &Layout::stack_size,
                                                       &Layout::stack_end,
                                                       &Layout::heap_size,
                                                       &Layout::heap_end,
                                                       &Layout::panic,
                                                       &Layout::termination,
                                                       &Layout::io_end};
}  // namespace

TEST_CASE("dimensions of accepted bundles", "[jolt]")
{
    Call call(committed());
    REQUIRE(call.check() == Status::ok);
    const jolt::Dimensions& d = call.dimensions;
    CHECK(d.log_trace == 9);
    CHECK(d.log_ram == 13);
    CHECK(d.log_bytecode == 12);
    CHECK(d.log_k_chunk == 4);
    CHECK(d.instruction_ra == 32);
    CHECK(d.bytecode_ra == 3);
    CHECK(d.ram_ra == 4);
    CHECK(d.virtual_ra == 8);
    CHECK(d.committed_per_virtual == 4);
    CHECK(d.ram_phase1 == 9);
    CHECK(d.ram_phase2 == 13);
    CHECK(d.registers_phase1 == 9);
    CHECK(d.registers_phase2 == 7);
    CHECK(d.log_chunk_count == 1);
    CHECK(d.schedule.total == 20);
    CHECK_FALSE(d.has_trusted_advice);
    CHECK_FALSE(d.has_untrusted_advice);
    CHECK(d.outputs.size() == 1);
    CHECK(d.lowest_address == call.key.lowest_address());
    CHECK(d.io_end == (0x80000000 - d.lowest_address) / 8);

    Call with_advice(advice());
    REQUIRE(with_advice.check() == Status::ok);
    CHECK(with_advice.dimensions.has_trusted_advice);
    CHECK(with_advice.dimensions.has_untrusted_advice);
    CHECK(with_advice.dimensions.trusted_advice.variables == 9);
    CHECK(with_advice.dimensions.untrusted_advice.variables == 9);
    CHECK(with_advice.dimensions.bytecode_ra == 2);

    Call without(full());
    REQUIRE(without.check() == Status::ok);
    CHECK_FALSE(without.dimensions.schedule.any);
    CHECK(without.dimensions.schedule.total == 13);
}

TEST_CASE("memory layout must be the key's in all twenty fields", "[jolt]")
{
    for (std::uint32_t i = 0; i < 20; ++i)
        refuses(
            full(), Reason::memory_layout_differs, Field::device_layout,
            [&](Call& c) { c.io.memory_layout.*layout_fields[i] ^= 1; }, i);
}

TEST_CASE("inputs and outputs have their maxima, zeros after the outputs do not count", "[jolt]")
{
    const std::uint64_t max_in = full().key().memory_layout.max_input_size;
    const std::uint64_t max_out = full().key().memory_layout.max_output_size;
    const Buffer bytes(std::max(max_in, max_out) + 1, 1);
    Buffer padded(max_out);
    padded[0] = 7;

    Call call(full());
    call.io.inputs = Bytes(bytes).first(max_in);
    call.io.outputs = padded;
    CHECK(call.check() == Status::ok);
    CHECK(call.dimensions.outputs.size() == 1);
    call.io.outputs = Bytes(padded).subspan(1);
    CHECK(call.check() == Status::ok);
    CHECK(call.dimensions.outputs.empty());
    call.io.outputs = Bytes(bytes).first(max_out);
    CHECK(call.check() == Status::ok);
    CHECK(call.dimensions.outputs.size() == max_out);

    refuses(full(), Reason::inputs_too_long, Field::inputs,
            [&](Call& c) { c.io.inputs = Bytes(bytes).first(max_in + 1); });
    refuses(full(), Reason::outputs_too_long, Field::outputs,
            [&](Call& c) { c.io.outputs = Bytes(bytes).first(max_out + 1); });
}

TEST_CASE("trace length is a power of two from 2 to the key's maximum and the limit", "[jolt]")
{
    for (const std::uint64_t length :
         {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{3}, std::uint64_t{513},
          std::uint64_t{131072}, std::uint64_t{1} << 62, std::uint64_t{1} << 63, all_ones})
        refuses(full(), Reason::trace_length, Field::trace_length,
                [&](Call& c) { c.proof.trace_length = length; });
    // No key can allow more than the build does.
    refuses(full(), Reason::trace_length, Field::trace_length,
            [&](Call& c)
            {
                c.key.max_padded_trace_length = all_ones;
                c.proof.trace_length = std::uint64_t{1} << (jolt::limits::log_trace_max + 1);
            });
    for (const std::uint64_t length : {2U, 4U, 65536U})
    {
        Call call(full());
        call.proof.trace_length = length;
        call.proof.ram_phase1 = call.proof.registers_phase1 = 0;
        CHECK(call.check() == Status::ok);
    }
}

TEST_CASE("joint matrix must fit the setup", "[jolt]")
{
    const auto narrow = [](std::uint32_t sigma) { return [=](Call& c) { c.sigma_max = sigma; }; };
    refuses(committed(), Reason::trace_length, Field::trace_length, narrow(9));
    refuses(full(), Reason::trace_length, Field::trace_length, narrow(6));
    refuses(full(), Reason::trace_length, Field::trace_length, narrow(0));
    Call call(full());
    call.sigma_max = 7;
    CHECK(call.check() == Status::ok);
}

TEST_CASE("RAM size is a power of two that covers program and I/O and no more than the map",
          "[jolt]")
{
    for (const std::uint64_t words :
         {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{3}, std::uint64_t{4096},
          std::uint64_t{8193}, std::uint64_t{1} << 40, std::uint64_t{1} << 41,
          std::uint64_t{1} << 63, all_ones})
        refuses(full(), Reason::ram_size, Field::ram_k, [&](Call& c) { c.proof.ram_k = words; });
    Call call(full());
    call.proof.ram_k = 16384;
    call.proof.ram_phase2 = 0;
    CHECK(call.check() == Status::ok);

    // An image that does not end within the smallest domain needs the next one.
    refuses(committed(), Reason::ram_size, Field::ram_k, [](Call& c) { c.key.image_words = 8192; });
    for (const std::uint64_t words :
         {(std::uint64_t{1} << 40) + 1, std::uint64_t{1} << 61, std::uint64_t{1} << 63, all_ones})
        refuses(committed(), Reason::invalid_program, Field::image_words,
                [&](Call& c) { c.key.image_words = words; });
}

TEST_CASE("addresses below the memory map or beyond it are refused", "[jolt]")
{
    const std::uint64_t lowest = committed().key().lowest_address();
    for (const std::uint64_t address : {std::uint64_t{0}, std::uint64_t{1}, lowest - 1})
    {
        refuses(committed(), Reason::address_out_of_map, Field::min_bytecode_address,
                [&](Call& c) { c.key.min_bytecode_address = address; });
        refuses(full(), Reason::address_out_of_map, Field::min_bytecode_address,
                [&](Call& c) { c.key.min_bytecode_address = address; });
        refuses(
            full(), Reason::address_out_of_map, Field::memory_layout,
            [&](Call& c) { c.layout(&Layout::heap_end, address); }, 16);
        refuses(
            full(), Reason::address_out_of_map, Field::memory_layout,
            [&](Call& c) { c.layout(&Layout::input_start, address); }, 9);
        refuses(
            full(), Reason::address_out_of_map, Field::memory_layout,
            [&](Call& c) { c.layout(&Layout::output_start, address); }, 11);
        refuses(
            full(), Reason::address_out_of_map, Field::memory_layout,
            [&](Call& c) { c.layout(&Layout::panic, address); }, 17);
        refuses(
            full(), Reason::address_out_of_map, Field::memory_layout,
            [&](Call& c) { c.layout(&Layout::termination, address); }, 18);
    }
    // An image far beyond every domain, also where adding would wrap.
    for (const std::uint64_t address : {std::uint64_t{1} << 62, all_ones})
        refuses(committed(), Reason::ram_size, Field::ram_k,
                [&](Call& c) { c.key.min_bytecode_address = address; });
    // Advice regions above RAM leave no map at all.
    refuses(
        full(), Reason::address_out_of_map, Field::memory_layout,
        [](Call& c)
        {
            c.layout(&Layout::trusted_advice_start, all_ones - 8);
            c.layout(&Layout::untrusted_advice_start, all_ones);
        },
        2);

    // A full program without an image may say so with address 0, one with an image may not.
    Call call(full());
    call.key.image_words = 0;
    call.key.min_bytecode_address = 0;
    CHECK(call.check() == Status::ok);
}

TEST_CASE("public words must lie in the region the output check pins", "[jolt]")
{
    refuses(
        full(), Reason::io_region, Field::memory_layout,
        [](Call& c) { c.layout(&Layout::input_start, 0x80000000); }, 9);
    refuses(
        full(), Reason::io_region, Field::memory_layout,
        [](Call& c) { c.layout(&Layout::input_start, all_ones); }, 9);
    refuses(
        full(), Reason::io_region, Field::memory_layout,
        [](Call& c)
        {
            c.layout(&Layout::input_start, 0x80000000 - 8);
            c.io.inputs = {};
        },
        11);
    refuses(
        full(), Reason::io_region, Field::memory_layout,
        [](Call& c) { c.layout(&Layout::panic, 0x80000000); }, 17);
    refuses(
        full(), Reason::io_region, Field::memory_layout,
        [](Call& c) { c.layout(&Layout::panic, all_ones); }, 17);
    refuses(
        full(), Reason::io_region, Field::memory_layout,
        [](Call& c) { c.layout(&Layout::termination, 0x80000000 + 8); }, 18);
    refuses(
        full(), Reason::io_region, Field::memory_layout,
        [](Call& c) { c.layout(&Layout::termination, c.key.lowest_address()); }, 18);
    refuses(
        full(), Reason::io_region, Field::memory_layout,
        [](Call& c) { c.layout(&Layout::output_start, all_ones); }, 11);

    // The last word of an input may use the last word before RAM, and not the one after.
    Buffer bytes(16, 1);
    Call call(full());
    call.io.outputs = {};
    call.layout(&Layout::output_start, 0x80000000 - 8);
    call.layout(&Layout::input_start, 0x80000000 - 16);
    call.layout(&Layout::panic, 0x80000000 - 8);
    call.layout(&Layout::termination, 0x80000000 - 8);
    call.io.inputs = bytes;
    CHECK(call.check() == Status::ok);
    bytes.push_back(1);
    call.io.inputs = bytes;
    CHECK(call.check() == Status::rejected);
    CHECK(call.report.reason == Reason::io_region);
}

TEST_CASE("program sizes must make sense whoever loaded the key", "[jolt]")
{
    for (PiopCase* base : {&full(), &committed()})
    {
        for (const std::uint64_t length :
             {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{4095}, std::uint64_t{1} << 33,
              std::uint64_t{1} << 63, all_ones})
            refuses(*base, Reason::invalid_program, Field::bytecode_len,
                    [&](Call& c) { c.key.bytecode_len = length; });
        for (const std::uint64_t index : {std::uint64_t{4096}, all_ones})
            refuses(*base, Reason::invalid_program, Field::entry_bytecode_index,
                    [&](Call& c) { c.key.entry_bytecode_index = index; });
        refuses(*base, Reason::unknown_revision, Field::program_key,
                [](Call& c) { c.key.revision = nullptr; });
    }
    for (const std::uint32_t count : {0U, 3U, 257U, 512U, 8192U, 0x80000000U, 0xffffffffU})
        refuses(committed(), Reason::precommitted_shape, Field::chunk_commitments,
                [&](Call& c) { c.key.chunk_count = count; });
    // A power of two within the limit, but more chunks than rows.
    refuses(committed(), Reason::precommitted_shape, Field::chunk_commitments,
            [](Call& c)
            {
                c.key.bytecode_len = 2;
                c.key.entry_bytecode_index = 0;
                c.key.chunk_count = 4;
            });

    refuses(full(), Reason::invalid_program, Field::bytecode_rows,
            [](Call& c) { c.key.rows = nullptr; });
    refuses(full(), Reason::invalid_program, Field::image_words,
            [](Call& c) { c.key.words = nullptr; });
    refuses(committed(), Reason::invalid_program, Field::chunk_commitments,
            [](Call& c) { c.key.chunk_encodings = nullptr; });
    refuses(committed(), Reason::invalid_program, Field::image_commitment,
            [](Call& c) { c.key.image_encoding = nullptr; });
}

TEST_CASE("only the two chunk settings a prover uses, and phases within bounds", "[jolt]")
{
    for (unsigned chunk = 0; chunk < 256; ++chunk)
        for (unsigned virtual_chunk = 0; virtual_chunk < 256; ++virtual_chunk)
        {
            Call call(full());
            call.proof.log_k_chunk = static_cast<std::uint8_t>(chunk);
            call.proof.lookups_ra_virtual_log_k_chunk = static_cast<std::uint8_t>(virtual_chunk);
            const Status status = call.check();
            if (chunk == 4 && virtual_chunk == 16)
            {
                REQUIRE(status == Status::ok);
                continue;
            }
            REQUIRE(status == Status::rejected);
            if (chunk == 8 && virtual_chunk == 32)
            {
                REQUIRE(call.report.reason == Reason::commitment_count);
                continue;
            }
            REQUIRE(call.report.reason == Reason::one_hot_config);
            REQUIRE(call.report.index == (chunk == 4 || chunk == 8 ? 1 : 0));
        }

    std::uint8_t jolt::Proof::* const phases[4] = {
        &jolt::Proof::ram_phase1, &jolt::Proof::ram_phase2, &jolt::Proof::registers_phase1,
        &jolt::Proof::registers_phase2};
    const std::uint8_t bounds[4] = {9, 13, 9, 7};
    for (std::uint32_t i = 0; i < 4; ++i)
        for (unsigned value = 0; value < 256; ++value)
        {
            Call call(full());
            call.proof.*phases[i] = static_cast<std::uint8_t>(value);
            const Status status = call.check();
            REQUIRE(status == (value <= bounds[i] ? Status::ok : Status::rejected));
            if (status == Status::ok)
                continue;
            REQUIRE(call.report.reason == Reason::phase_split);
            REQUIRE(call.report.index == i);
        }

    refuses(full(), Reason::value_out_of_range, Field::trace_polynomial_order,
            [](Call& c) { c.proof.trace_order = static_cast<jolt::TraceOrder>(2); });
}

TEST_CASE("every sumcheck must be in the clear", "[jolt]")
{
    for (std::uint32_t i = 0; i < jolt::sumcheck_count; ++i)
        refuses(full(), Reason::not_clear, static_cast<Field>(71 + i),
                [&](Call& c) { c.proof.sumchecks[i].form = jolt::RoundsView::Form::committed; });
}

TEST_CASE("numbers of commitments follow from the sizes", "[jolt]")
{
    const std::pair<jolt::GtView jolt::Commitments::*, Field> families[] = {
        {&jolt::Commitments::rd_inc, Field::rd_inc_commitment},
        {&jolt::Commitments::ram_inc, Field::ram_inc_commitment},
        {&jolt::Commitments::instruction_ra, Field::instruction_ra_commitments},
        {&jolt::Commitments::ram_ra, Field::ram_ra_commitments},
        {&jolt::Commitments::bytecode_ra, Field::bytecode_ra_commitments}};
    for (const auto& [family, field] : families)
    {
        const std::uint32_t count = (full().proof.commitments.*family).count;
        for (const std::uint32_t wrong : {0U, count - 1, count + 1, 0xffffffffU})
            refuses(full(), Reason::commitment_count, field,
                    [&, f = family](Call& c) { (c.proof.commitments.*f).count = wrong; });
    }
    refuses(full(), Reason::commitment_count, Field::untrusted_advice_commitment,
            [](Call& c) { c.proof.untrusted_advice_commitment.count = 2; });
}

TEST_CASE("advice must be an aligned block inside of RAM", "[jolt]")
{
    struct Kind
    {
        std::uint64_t Layout::* start;
        std::uint64_t Layout::* size;
        std::uint32_t start_index;
    };
    for (const Kind kind :
         {Kind{&Layout::trusted_advice_start, &Layout::max_trusted_advice_size, 2},
          Kind{&Layout::untrusted_advice_start, &Layout::max_untrusted_advice_size, 5}})
    {
        refuses(
            advice(), Reason::advice_region, Field::memory_layout,
            [&](Call& c) { c.layout(kind.size, 0); }, kind.start_index - 1);
        for (const std::uint64_t size :
             {std::uint64_t{1} << 17, std::uint64_t{1} << 60, std::uint64_t{1} << 63, all_ones})
            refuses(
                advice(), Reason::advice_region, Field::memory_layout,
                [&](Call& c) { c.layout(kind.size, size); }, kind.start_index - 1);
        // One word further it is no longer aligned; far beyond, aligned but outside. The other
        // region then begins the map, 4096 bytes up if it was the second one.
        refuses(
            advice(), Reason::advice_region, Field::memory_layout,
            [&](Call& c) { c.layout(kind.start, c.key.memory_layout.*kind.start + 8 + 4096 * 2); },
            kind.start_index);
        refuses(
            advice(), Reason::advice_region, Field::memory_layout, [&](Call& c)
            { c.layout(kind.start, c.key.lowest_address() + 4096 + 8 * 8192); }, kind.start_index);
    }
    // Sizes below a word are a block of one word.
    Call call(advice());
    call.layout(&Layout::max_trusted_advice_size, 1);
    CHECK(call.check() == Status::ok);
    CHECK(call.dimensions.trusted_advice.variables == 0);

    // The same layout is fine when there is no such advice.
    Call without(full());
    without.layout(&Layout::max_trusted_advice_size, 0);
    without.layout(&Layout::max_untrusted_advice_size, all_ones);
    CHECK(without.check() == Status::ok);
}

TEST_CASE("whatever the numbers, a configuration that passes is within the limits", "[jolt]")
{
    std::mt19937_64 random(7);
    const auto number = [&]() -> std::uint64_t
    {
        const std::uint64_t power = std::uint64_t{1} << random() % 64;
        switch (random() % 6)
        {
            case 0:
                return power;
            case 1:
                return power - 1;
            case 2:
                return power + 1;
            case 3:
                return all_ones - random() % 3;
            case 4:
                return 0x80000000 + random() % 64 * 8 - 256;
            default:
                return random() % 4;
        }
    };
    std::uint32_t passed = 0;
    for (int round = 0; round < 60000; ++round)
    {
        PiopCase* const bases[] = {&full(), &committed(), &advice()};
        Call call(*bases[random() % 3]);
        call.sigma_max = 64;
        for (std::uint64_t changes = 1 + random() % 2; changes > 0; --changes)
        {
            const std::uint64_t value = number();
            switch (random() % 9)
            {
                case 0:
                    call.proof.trace_length = value;
                    break;
                case 1:
                    call.proof.ram_k = value;
                    break;
                case 2:
                    call.key.bytecode_len = value;
                    break;
                case 3:
                    call.key.image_words = value;
                    break;
                case 4:
                    call.key.min_bytecode_address = value;
                    break;
                case 5:
                    call.key.chunk_count = static_cast<std::uint32_t>(value);
                    break;
                case 6:
                    call.key.max_padded_trace_length = value;
                    break;
                default:
                    call.layout(layout_fields[random() % 20], value);
                    break;
            }
        }
        if (call.check() != Status::ok)
        {
            REQUIRE(call.report.stage == Stage::config);
            REQUIRE(call.report.reason != Reason::none);
            continue;
        }
        ++passed;
        namespace limits = jolt::limits;
        const jolt::Dimensions& d = call.dimensions;
        const std::uint64_t ram = std::uint64_t{1} << d.log_ram;
        REQUIRE((d.log_trace >= 1 && d.log_trace <= limits::log_trace_max));
        REQUIRE((d.log_ram >= 1 && d.log_ram <= limits::log_ram_max));
        REQUIRE((d.log_bytecode >= 1 && d.log_bytecode <= limits::log_bytecode_max));
        REQUIRE(d.schedule.total <= limits::point_max);
        REQUIRE(d.io_begin < d.io_end);
        REQUIRE(d.io_end <= ram);
        REQUIRE(d.input_word + (call.io.inputs.size() + 7) / 8 <= d.io_end);
        REQUIRE(d.output_word + (d.outputs.size() + 7) / 8 <= d.io_end);
        REQUIRE(d.panic_word < d.io_end);
        REQUIRE(d.termination_word < d.io_end);
        REQUIRE(d.image_word <= ram);
        REQUIRE(call.key.image_words <= ram - d.image_word);
        if (d.has_trusted_advice)
            REQUIRE(d.trusted_advice.first_word + (1ULL << d.trusted_advice.variables) <= ram);
        if (!call.key.full)
            REQUIRE(d.schedule[jolt::Precommitted::program_image].variables <= d.log_ram);
    }
    CHECK(passed > 1000);
}
