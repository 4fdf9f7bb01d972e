// The digest against its definition: the buffer is built in full and hashed in one go.
#include "jolt/digest.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "bundle_support.hpp"
#include "program_support.hpp"

using namespace mote;
using namespace mote::test;

namespace
{
/// What the library makes of a program; the digest only where check_program() allows it.
struct Computed
{
    Status status = Status::ok;
    Report report;
    std::array<std::uint8_t, 32> digest{};
};

Computed compute(const Buffer& program)
{
    Computed out;
    jolt::ProgramShape shape;
    jolt::BincodeReader in(program, 0, out.report);
    out.status = jolt::read_program(in, shape);
    if (out.status == Status::ok)
        out.status = jolt::check_program(shape, out.report);
    if (out.status != Status::ok)
        return out;
    std::uint8_t digest[32];
    jolt::program_digest(program, shape, digest);
    std::copy(std::begin(digest), std::end(digest), out.digest.begin());
    return out;
}

void require_same_digest(const TestProgram& program, std::uint64_t entry_index)
{
    const Computed computed = compute(program.program());
    REQUIRE(computed.status == Status::ok);
    REQUIRE(computed.digest == hash::blake2b_256(program.digest_input(entry_index)));
}
}  // namespace

TEST_CASE("Digest of full programs: random rows, maps and words")
{
    std::mt19937_64 random(7);
    const auto below = [&](std::uint64_t n) { return random() % n; };
    const std::vector<std::uint16_t> tags = all_tags();
    for (int round = 0; round < 60; ++round)
    {
        TestProgram p;
        p.rows.resize(std::size_t{2} << below(6));
        for (TestRow& r : p.rows)
        {
            r.kind = tags[below(tags.size())];
            r.address = random() >> below(64);
            if (below(2) == 0)
                r.rs1 = static_cast<std::uint8_t>(below(128));
            if (below(2) == 0)
                r.rs2 = static_cast<std::uint8_t>(below(128));
            if (below(2) == 0)
                r.rd = static_cast<std::uint8_t>(below(128));
            const auto wide = static_cast<UInt128>(random()) << 64 | random();
            r.imm = static_cast<Int128>(wide) >> below(128);
            if (below(2) == 0)
                r.vsr = static_cast<std::uint16_t>(random() >> below(64));
            r.is_first_in_sequence = below(2) == 0;
            r.is_compressed = below(2) == 0;
        }
        p.pc_map.assign(1 + below(40), {});
        for (auto& slot : p.pc_map)
            for (std::uint64_t i = below(4); i > 0; --i)
                slot.emplace_back(static_cast<std::uint16_t>(random() >> below(64)),
                                  random() >> below(64));
        const std::uint64_t slot = below(p.pc_map.size());
        const std::uint64_t entry = below(p.rows.size());
        p.pc_map[slot].insert(p.pc_map[slot].begin(), {0, entry});
        p.entry_address = slot == 0 ? 0 : 0x80000000 + 2 * (slot - 1);
        p.min_bytecode_address = random() >> below(64);
        p.words.resize(below(50));
        for (auto& word : p.words)
            word = random() >> below(64);
        for (auto& v : p.layout)
            v = random() >> below(64);
        p.max_padded_trace_length = random() >> (24 + below(40));
        require_same_digest(p, entry);
    }
}

TEST_CASE("Digest of committed programs: all chunk counts, image sizes and both chunk widths")
{
    for (std::uint64_t chunks = 1; chunks <= 256; chunks *= 2)
        for (std::uint64_t rows = 1; rows <= 1 << 13; rows *= 2)
        {
            TestProgram p;
            p.full = false;
            p.bytecode_len = chunks * rows;
            if (p.bytecode_len < 2)
                continue;
            p.chunks.clear();
            for (std::uint64_t i = 0; i < chunks; ++i)
                p.chunks.emplace_back(384, static_cast<std::uint8_t>(i));
            require_same_digest(p, 1);
        }
    for (std::uint64_t words = 0; words <= 1100; ++words)
    {
        TestProgram p;
        p.full = false;
        p.image_words = words;
        require_same_digest(p, 1);
    }
    for (int bit = 0; bit <= 40; ++bit)
        for (const int delta : {-1, 0, 1})
        {
            TestProgram p;
            p.full = false;
            p.max_padded_trace_length =
                (std::uint64_t{1} << bit) + static_cast<std::uint64_t>(delta);
            if (p.max_padded_trace_length > std::uint64_t{1} << 40)
                continue;
            require_same_digest(p, 1);
            p.image_words = p.max_padded_trace_length;
            require_same_digest(p, 1);
        }
    TestProgram longest;
    longest.full = false;
    longest.bytecode_len = std::uint64_t{1} << 32;
    require_same_digest(longest, 1);
}

TEST_CASE("The digest of each bundle is the one it carries, and every byte of a key counts")
{
    for (const char* name :
         {"muldiv", "committed-muldiv", "zk-muldiv", "zk-committed-muldiv", "zk-advice-consumer"})
    {
        const Decoded d = decode_all(read_bundle(name));
        REQUIRE(d.key.status == Status::ok);
    }
    std::mt19937 random(3);
    for (const char* name : transparent_bundles)
    {
        const Buffer bundle = read_bundle(name);
        const Decoded d = decode_all(bundle);
        const Bytes bytes = d.parts.key.bytes;
        const Buffer key(bytes.begin(), bytes.end());
        const std::size_t step = key.size() < 5000 ? 1 : 211;
        for (std::size_t i = 0; i < key.size(); i += step)
        {
            Buffer changed = key;
            changed[i] = static_cast<std::uint8_t>(changed[i] + 1 + random() % 255);
            const LoadedKey loaded = load_key(changed);
            if (loaded.status == Status::ok)
                FAIL(name << " byte " << i);
            if (loaded.key.rows != nullptr || loaded.key.revision != nullptr)
                FAIL("not empty: " << name << " byte " << i);
        }
    }
}
