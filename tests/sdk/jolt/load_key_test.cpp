#include "jolt/load_key.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "bundle_support.hpp"
#include "program_support.hpp"

using namespace mote;
using namespace mote::test;

namespace
{
void require_rejected(const TestProgram& program, Reason reason, Field field,
                      std::uint32_t index = 0)
{
    const LoadedKey loaded = load_key(program.key_without_digest());
    REQUIRE(loaded.status == Status::rejected);
    REQUIRE(loaded.report.stage == Stage::key);
    REQUIRE(static_cast<int>(loaded.report.reason) == static_cast<int>(reason));
    REQUIRE(static_cast<int>(loaded.report.field) == static_cast<int>(field));
    REQUIRE(loaded.report.index == index);
}

TestProgram committed()
{
    TestProgram p;
    p.full = false;
    return p;
}
}  // namespace

TEST_CASE("Rows come out as they went in: all kinds, immediates and registers")
{
    const std::vector<std::uint16_t> tags = all_tags();
    REQUIRE(tags.size() == 68);
    const auto imm_max = static_cast<Int128>(~(static_cast<UInt128>(1) << 127));
    const Int128 imms[] = {0,
                           1,
                           -1,
                           imm_max,
                           -imm_max - 1,
                           std::numeric_limits<std::int64_t>::min(),
                           std::numeric_limits<std::int64_t>::max(),
                           static_cast<Int128>(UINT64_MAX),
                           -static_cast<Int128>(UINT64_MAX) - 1};
    TestProgram p;
    p.rows.resize(128);
    for (std::size_t i = 0; i < p.rows.size(); ++i)
    {
        TestRow& r = p.rows[i];
        r.kind = tags[i % tags.size()];
        r.address = 0x80000000 + 4 * i;
        r.imm = imms[i % std::size(imms)];
        if (i % 2 == 0)
            r.rs1 = static_cast<std::uint8_t>(i);
        if (i % 3 == 0)
            r.rs2 = static_cast<std::uint8_t>(127 - i);
        if (i % 5 == 0)
            r.rd = static_cast<std::uint8_t>(i / 2);
        if (i % 7 == 0)
            r.vsr = static_cast<std::uint16_t>(i == 0 ? 0xffff : i / 7 - 1);
        r.is_first_in_sequence = i % 4 == 1;
        r.is_compressed = i % 4 == 2;
    }
    p.words = {0, 1, UINT64_MAX};
    for (std::size_t i = 0; i < 20; ++i)
        p.layout[i] = 1000 + i;

    const LoadedKey loaded = load_key(p.key());
    REQUIRE(loaded.status == Status::ok);
    const jolt::ProgramKey& key = loaded.key;
    REQUIRE(key.full);
    REQUIRE(key.bytecode_len == 128);
    REQUIRE(key.entry_bytecode_index == 1);
    for (std::size_t i = 0; i < p.rows.size(); ++i)
    {
        INFO(i);
        const TestRow& r = p.rows[i];
        const jolt::Row& row = key.rows[i];
        REQUIRE(key.revision->kinds[row.kind].tag == r.kind);
        REQUIRE(row.address == r.address);
        REQUIRE(row.rs1 == r.rs1.value_or(jolt::Row::no_register));
        REQUIRE(row.rs2 == r.rs2.value_or(jolt::Row::no_register));
        REQUIRE(row.rd == r.rd.value_or(jolt::Row::no_register));
        const auto imm = static_cast<UInt128>(r.imm);
        REQUIRE(row.imm_lo == static_cast<std::uint64_t>(imm));
        REQUIRE(row.imm_hi == static_cast<std::uint64_t>(imm >> 64));
        REQUIRE(row.has_virtual_sequence_remaining == r.vsr.has_value());
        REQUIRE(row.virtual_sequence_remaining == r.vsr.value_or(0));
        REQUIRE(row.is_first_in_sequence == r.is_first_in_sequence);
        REQUIRE(row.is_compressed == r.is_compressed);
    }
    REQUIRE(std::equal(p.words.begin(), p.words.end(), key.words));
    REQUIRE(key.memory_layout.program_size == 1000);
    REQUIRE(key.memory_layout.io_end == 1019);
}

TEST_CASE("Unknown instruction kinds are malformed, at their row")
{
    const std::vector<std::uint16_t> tags = all_tags();
    for (int tag = 0; tag < 0x10000; ++tag)
    {
        const bool known = std::find(tags.begin(), tags.end(), tag) != tags.end();
        if (tag > 0x200 && tag % 251 != 0 && tag != 0xffff)
            continue;
        TestProgram p;
        p.rows[1].kind = static_cast<std::uint16_t>(tag);
        const LoadedKey loaded = load_key(p.key(), 100);
        REQUIRE(loaded.status == (known ? Status::ok : Status::malformed));
        if (known)
            continue;
        REQUIRE(loaded.report.reason == Reason::unknown_instruction);
        REQUIRE(loaded.report.field == Field::bytecode_rows);
        REQUIRE(loaded.report.index == 1);
        REQUIRE(loaded.report.offset == 100 + 3 + 9);  // the first row is nine bytes of zero
    }
}

TEST_CASE("Registers beyond the last are refused")
{
    for (int which = 0; which < 3; ++which)
        for (const int number : {0, 31, 127, 128, 254, 255})
        {
            TestProgram p;
            auto& row = p.rows[1];
            (which == 0   ? row.rs1
             : which == 1 ? row.rs2
                          : row.rd) = static_cast<std::uint8_t>(number);
            if (number < 128)
                REQUIRE(load_key(p.key()).status == Status::ok);
            else
                require_rejected(p, Reason::invalid_program, Field::bytecode_rows, 1);
        }
}

TEST_CASE("The number of rows is code_size, a power of two from 2 on")
{
    for (const std::uint64_t size :
         {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{3}, std::uint64_t{4},
          std::uint64_t{1} << 32, (std::uint64_t{1} << 32) + 2, UINT64_MAX})
    {
        TestProgram p;
        p.code_size = size;
        const LoadedKey loaded = load_key(p.key());
        REQUIRE(loaded.status == Status::malformed);
        REQUIRE(loaded.report.reason == Reason::row_count);
        REQUIRE(loaded.report.field == Field::bytecode_rows);
        REQUIRE(loaded.report.offset == encode_varint(size).size() + 1);
    }
    for (std::size_t rows = 0; rows <= 33; ++rows)
    {
        TestProgram p;
        p.rows.resize(rows);
        if (rows >= 2 && is_power_of_two(rows))
            REQUIRE(load_key(p.key()).status == Status::ok);
        else
            require_rejected(p, Reason::invalid_program, Field::code_size);
    }
}

TEST_CASE("The entry point is the first row of its slot, and has to be there")
{
    TestProgram p;
    p.rows.resize(8);
    p.pc_map = {{{0, 0}}, {{0, 1}}, {}, {{2, 5}, {1, 6}, {0, 7}}};
    const auto load_with = [&](std::uint64_t address, std::uint64_t index)
    {
        p.entry_address = address;
        return load_key(p.key(index));
    };
    const std::pair<std::uint64_t, std::uint64_t> good[] = {
        {0, 0}, {0x80000000, 1}, {0x80000004, 5}};
    for (const auto& [address, index] : good)
    {
        const LoadedKey loaded = load_with(address, index);
        REQUIRE(loaded.status == Status::ok);
        REQUIRE(loaded.key.entry_bytecode_index == index);
        // The digest binds the index that was looked up.
        REQUIRE(load_with(address, index + 1).report.reason == Reason::digest_differs);
    }
    for (const std::uint64_t address :
         {std::uint64_t{0x80000002}, std::uint64_t{0x80000001}, std::uint64_t{0x80000006},
          std::uint64_t{0x7fffffff}, std::uint64_t{0x7ffffffe}, std::uint64_t{1}, std::uint64_t{2},
          UINT64_MAX, UINT64_MAX - 1, (std::uint64_t{1} << 33) + 0x80000000,
          (std::uint64_t{1} << 32) + 0x80000004})
    {
        const LoadedKey loaded = load_with(address, 1);
        REQUIRE(loaded.status == Status::rejected);
        REQUIRE(loaded.report.stage == Stage::key);
        REQUIRE(loaded.report.reason == Reason::invalid_program);
        REQUIRE(loaded.report.field == Field::entry_address);
    }
    // A row beyond the last.
    for (const std::uint64_t row : {std::uint64_t{8}, UINT64_MAX})
    {
        p.pc_map[1][0].second = row;
        REQUIRE(load_with(0x80000000, row).report.field == Field::entry_address);
    }
    p.pc_map.clear();
    REQUIRE(load_with(0, 0).report.field == Field::entry_address);
}

TEST_CASE("Committed programs: lengths and chunks that cannot be are refused")
{
    REQUIRE(load_key(committed().key()).status == Status::ok);
    for (const std::size_t chunks :
         {std::size_t{0}, std::size_t{3}, std::size_t{6}, std::size_t{128}, std::size_t{512}})
    {
        TestProgram p = committed();  // 64 rows
        p.chunks.assign(chunks, Buffer(384, 9));
        require_rejected(p, Reason::invalid_program, Field::chunk_commitments);
    }
    TestProgram many = committed();
    many.bytecode_len = 4096;
    many.chunks.assign(512, Buffer(384, 9));
    require_rejected(many, Reason::invalid_program, Field::chunk_commitments);
    many.chunks.resize(256);
    REQUIRE(load_key(many.key()).status == Status::ok);
    for (const std::uint64_t length :
         {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{63}, std::uint64_t{65}, UINT64_MAX})
    {
        TestProgram p = committed();
        p.bytecode_len = length;
        require_rejected(p, Reason::invalid_program, Field::bytecode_len);
    }
    for (const std::uint64_t index : {std::uint64_t{64}, std::uint64_t{65}, UINT64_MAX})
    {
        TestProgram p = committed();
        p.entry_bytecode_index = index;
        require_rejected(p, Reason::invalid_program, Field::entry_bytecode_index);
    }
    TestProgram last = committed();
    last.entry_bytecode_index = 63;
    REQUIRE(load_key(last.key()).status == Status::ok);
}

TEST_CASE("Sizes beyond the limits are refused, those at the limits are not")
{
    TestProgram p = committed();
    p.bytecode_len = std::uint64_t{1} << 33;
    require_rejected(p, Reason::value_out_of_range, Field::bytecode_len);
    p.bytecode_len = std::uint64_t{1} << 32;
    REQUIRE(load_key(p.key()).status == Status::ok);

    p.image_words = (std::uint64_t{1} << 40) + 1;
    require_rejected(p, Reason::value_out_of_range, Field::program_image_len_words);
    p.image_words = std::uint64_t{1} << 40;
    REQUIRE(load_key(p.key()).status == Status::ok);

    for (const bool full : {false, true})
    {
        TestProgram t;
        t.full = full;
        t.max_padded_trace_length = (std::uint64_t{1} << 40) + 1;
        require_rejected(t, Reason::value_out_of_range, Field::max_padded_trace_length);
        t.max_padded_trace_length = std::uint64_t{1} << 40;
        REQUIRE(load_key(t.key()).status == Status::ok);
    }
}

TEST_CASE("A digest that is not of this program is refused, at the digest")
{
    for (const bool full : {false, true})
    {
        TestProgram p;
        p.full = full;
        Buffer key = p.key();
        for (std::size_t bit = 0; bit < 256; ++bit)
        {
            Buffer changed = key;
            changed[key.size() - 32 + bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
            const LoadedKey loaded = load_key(changed, 10);
            REQUIRE(loaded.status == Status::rejected);
            REQUIRE(loaded.report.stage == Stage::key);
            REQUIRE(loaded.report.reason == Reason::digest_differs);
            REQUIRE(loaded.report.field == Field::preprocessing_digest);
            REQUIRE(loaded.report.offset == 10 + key.size() - 32);
        }
    }
}

TEST_CASE("program_key_bytes is exactly what the load takes")
{
    for (const bool full : {false, true})
        for (std::size_t words = 0; words < 5; ++words)
        {
            TestProgram p;
            p.full = full;
            p.rows.resize(4);
            p.words.resize(words);
            const Buffer key = p.key();
            const LoadedKey loaded = load_key(key);
            REQUIRE(loaded.status == Status::ok);
            REQUIRE(loaded.memory_bytes ==
                    (full ? (4 * sizeof(jolt::Row) + 15) / 16 * 16 + 8 * words : 2 * 384));

            // In the middle of an arena, with one byte less, and with none.
            const std::size_t before = 3 * Arena::alignment;
            const std::size_t needed = before + loaded.memory_bytes;
            alignas(Arena::alignment) unsigned char memory[4096];
            for (const std::size_t bytes : {needed, needed - 1, before, std::size_t{0}})
            {
                Arena arena(memory, bytes);
                static_cast<void>(arena.take<unsigned char>(before));
                jolt::ProgramKey out;
                Report report;
                const Status status =
                    jolt::load_program_key(key, 0, jolt::default_revision(), arena, out, report);
                REQUIRE(status == (bytes == needed ? Status::ok : Status::memory_too_small));
                REQUIRE(arena.used() == (bytes == needed ? needed : before));
                REQUIRE((out.revision != nullptr) == (bytes == needed));
            }
        }
}

TEST_CASE("A failed load leaves an empty key and gives its memory back")
{
    TestProgram p;
    p.rows[1].rd = 200;
    alignas(Arena::alignment) unsigned char memory[4096];
    Arena arena(memory, sizeof(memory));
    jolt::ProgramKey out;
    out.bytecode_len = 77;
    Report report;
    REQUIRE(jolt::load_program_key(p.key(), 0, jolt::default_revision(), arena, out, report) ==
            Status::rejected);
    REQUIRE(arena.used() == 0);
    REQUIRE(out.bytecode_len == 0);
    REQUIRE(out.rows == nullptr);
    REQUIRE(out.revision == nullptr);
}

TEST_CASE("Memory asked for grows with the key, not with what it claims")
{
    TestProgram p;
    const Buffer program = p.program();
    // code_size and the number of rows, one byte each behind the variant.
    for (const std::uint64_t claimed :
         {std::uint64_t{1} << 31, std::uint64_t{1} << 32, std::uint64_t{1} << 60, UINT64_MAX})
    {
        Buffer key{0};
        for (int i = 0; i < 2; ++i)
        {
            const Buffer v = encode_varint(claimed);
            key.insert(key.end(), v.begin(), v.end());
        }
        key.insert(key.end(), program.begin() + 3, program.end());
        key.resize(key.size() + 32);
        std::size_t memory = 1;
        Report report;
        REQUIRE(jolt::program_key_bytes(key, 0, memory, report) == Status::malformed);
        REQUIRE(report.reason == Reason::truncated);
        REQUIRE(memory == 0);
    }
}

TEST_CASE("Elements of the least size fill a key up to its end")
{
    // Whatever bounds a count by the bytes left must not be too strict: each part in turn is much
    // longer than all that follows it, and made of its shortest elements.
    TestProgram rows, slots, entries, words;
    rows.rows.resize(4096);
    slots.pc_map.resize(5000);
    entries.pc_map.back().assign(5000, {0, 1});
    words.words.resize(5000);
    for (const TestProgram* p : {&rows, &slots, &entries, &words})
        REQUIRE(load_key(p->key()).status == Status::ok);
}
