// Programs made up by tests: their wire form and their digest, written down from the format's
// description without the decoder.
#pragma once

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "hash/blake2b.hpp"
#include "tools/bundle_edit.hpp"

namespace mote::test
{
/// The tests need a compiler with 128-bit integers; the core does not.
__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UInt128;

struct TestRow
{
    std::uint16_t kind = 0;
    std::uint64_t address = 0;
    std::optional<std::uint8_t> rs1, rs2, rd;
    Int128 imm = 0;
    std::optional<std::uint16_t> vsr;
    bool is_first_in_sequence = false, is_compressed = false;
};

/// Appends to a buffer, both in bincode and in fixed width.
struct Writer
{
    Buffer bytes;

    void raw(const Buffer& b) { bytes.insert(bytes.end(), b.begin(), b.end()); }
    void u8(std::uint64_t v) { bytes.push_back(static_cast<std::uint8_t>(v)); }
    void varint(std::uint64_t v) { raw(encode_varint(v)); }
    void fixed(UInt128 v, int width)
    {
        for (int i = 0; i < width; ++i)
            u8(i < 16 ? static_cast<std::uint64_t>(v >> (8 * i)) & 0xff : 0);
    }
    void u64(std::uint64_t v) { fixed(v, 8); }
    void zigzag(Int128 v)
    {
        const auto doubled = static_cast<UInt128>(v) << 1;
        const UInt128 z = v < 0 ? ~doubled : doubled;
        if (z >> 64 == 0)
            return varint(static_cast<std::uint64_t>(z));
        u8(254);
        fixed(z, 16);
    }
};

struct TestProgram
{
    bool full = true;
    std::uint64_t entry_address = 0x80000000;
    std::uint64_t min_bytecode_address = 0x80000000;
    std::array<std::uint64_t, 20> layout{};
    std::uint64_t max_padded_trace_length = 1024;

    // full
    std::optional<std::uint64_t> code_size;  // of the rows if not set
    std::vector<TestRow> rows{TestRow{}, TestRow{}};
    std::vector<std::vector<std::pair<std::uint16_t, std::uint64_t>>> pc_map{{{0, 0}}, {{0, 1}}};
    std::vector<std::uint64_t> words;

    // committed
    std::uint64_t entry_bytecode_index = 1;
    std::uint64_t image_words = 5;
    std::uint64_t bytecode_len = 64;
    std::vector<Buffer> chunks{Buffer(384, 1)};
    Buffer image = Buffer(384, 2);

    [[nodiscard]] Buffer program() const
    {
        Writer w;
        const auto tail = [&]
        {
            for (const std::uint64_t v : layout)
                w.varint(v);
            w.varint(max_padded_trace_length);
        };
        const auto option = [&](const auto& v, auto put)
        {
            w.u8(v.has_value() ? 1 : 0);
            if (v.has_value())
                put(*v);
        };
        w.varint(full ? 0 : 1);
        if (full)
        {
            w.varint(code_size.value_or(rows.size()));
            w.varint(rows.size());
            for (const TestRow& r : rows)
            {
                w.varint(r.kind);
                w.varint(r.address);
                for (const auto* reg : {&r.rs1, &r.rs2, &r.rd})
                    option(*reg, [&](std::uint8_t v) { w.u8(v); });
                w.zigzag(r.imm);
                option(r.vsr, [&](std::uint16_t v) { w.varint(v); });
                w.u8(r.is_first_in_sequence ? 1 : 0);
                w.u8(r.is_compressed ? 1 : 0);
            }
            w.varint(pc_map.size());
            for (const auto& slot : pc_map)
            {
                w.varint(slot.size());
                for (const auto& [vsr, row] : slot)
                {
                    w.varint(vsr);
                    w.varint(row);
                }
            }
            w.varint(entry_address);
            w.varint(min_bytecode_address);
            w.varint(words.size());
            for (const std::uint64_t word : words)
                w.varint(word);
            tail();
            return w.bytes;
        }
        for (const std::uint64_t v :
             {entry_address, min_bytecode_address, entry_bytecode_index, image_words, bytecode_len})
            w.varint(v);
        tail();
        w.varint(chunks.size());
        for (const Buffer& chunk : chunks)
        {
            w.varint(chunk.size());
            w.raw(chunk);
        }
        w.varint(image.size());
        w.raw(image);
        return w.bytes;
    }

    /// The string the digest is the hash of.
    [[nodiscard]] Buffer digest_input(std::uint64_t entry_index) const
    {
        Writer w;
        const auto metadata = [&]
        {
            w.u64(entry_address);
            w.u64(min_bytecode_address);
            w.u64(entry_index);
            w.u64(full ? words.size() : image_words);
            w.u64(full ? code_size.value_or(rows.size()) : bytecode_len);
        };
        w.u8(full ? 0 : 1);
        if (full)
        {
            w.u64(code_size.value_or(rows.size()));
            w.u64(rows.size());
            for (const TestRow& r : rows)
            {
                w.fixed(r.kind, 2);
                w.u64(r.address);
                for (const auto* reg : {&r.rs1, &r.rs2, &r.rd})
                {
                    w.u8(reg->has_value() ? 1 : 0);
                    if (reg->has_value())
                        w.u8(**reg);
                }
                w.fixed(static_cast<UInt128>(r.imm), 16);
                w.u8(r.vsr.has_value() ? 1 : 0);
                if (r.vsr.has_value())
                    w.fixed(*r.vsr, 2);
                w.u8(r.is_first_in_sequence ? 1 : 0);
                w.u8(r.is_compressed ? 1 : 0);
            }
            w.u64(pc_map.size());
            for (const auto& slot : pc_map)
            {
                w.u64(slot.size());
                for (const auto& [vsr, row] : slot)
                {
                    w.fixed(vsr, 2);
                    w.u64(row);
                }
            }
            w.u64(entry_address);
            w.u64(min_bytecode_address);
            w.u64(words.size());
            for (const std::uint64_t word : words)
                w.u64(word);
        }
        else
        {
            // Plain doubling, where the decoder counts bits.
            std::uint64_t padded_words = 2;
            while (padded_words < image_words)
                padded_words *= 2;
            const std::uint64_t chunk_rows = bytecode_len / chunks.size();
            metadata();
            w.u64(chunks.size());
            for (const Buffer& chunk : chunks)
                w.raw(chunk);
            w.u64(balanced_columns(512 * chunk_rows));
            w.u8(max_padded_trace_length <= std::uint64_t{1} << 24 ? 4 : 8);
            w.u64(chunks.size());
            w.u64(bytecode_len);
            w.u64(chunk_rows);
            w.raw(image);
            w.u64(balanced_columns(padded_words));
            w.u64(padded_words);
        }
        metadata();
        for (const std::uint64_t v : layout)
            w.u64(v);
        w.u64(max_padded_trace_length);
        w.u64(full ? 1 : chunks.size());
        return w.bytes;
    }

    /// Columns of the matrix with 2^nu <= 2^sigma columns that holds `entries` values.
    static std::uint64_t balanced_columns(std::uint64_t entries)
    {
        std::uint64_t columns = 1, rows_there = 1;
        while (columns * rows_there < entries)
            (columns == rows_there ? columns : rows_there) *= 2;
        return columns;
    }

    /// Program and digest.
    [[nodiscard]] Buffer key(std::uint64_t entry_index) const
    {
        Buffer out = program();
        const auto digest = hash::blake2b_256(digest_input(entry_index));
        out.insert(out.end(), digest.begin(), digest.end());
        return out;
    }
    /// Program and zeros, for programs that are refused before their digest matters; some of them
    /// have none.
    [[nodiscard]] Buffer key_without_digest() const
    {
        Buffer out = program();
        out.resize(out.size() + 32);
        return out;
    }
    [[nodiscard]] Buffer key() const { return key(entry_bytecode_index); }
};

/// Tags of all instruction kinds.
inline std::vector<std::uint16_t> all_tags()
{
    std::vector<std::uint16_t> out;
    const std::pair<int, int> ranges[] = {{0x00, 0x00}, {0x02, 0x0d}, {0x14, 0x16}, {0x19, 0x19},
                                          {0x1c, 0x1c}, {0x1f, 0x1f}, {0x22, 0x24}, {0x28, 0x28},
                                          {0x2c, 0x2f}, {0x34, 0x34}, {0x36, 0x37}, {0x61, 0x6d},
                                          {0x70, 0x88}};
    for (const auto& [first, last] : ranges)
        for (int tag = first; tag <= last; ++tag)
            out.push_back(static_cast<std::uint16_t>(tag));
    return out;
}
}  // namespace mote::test
