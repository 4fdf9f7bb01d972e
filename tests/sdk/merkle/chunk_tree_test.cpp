#include "merkle/chunk_tree.hpp"

#include <catch2/catch.hpp>
#include <numeric>
#include <random>
#include <vector>

#include "tools/effort.hpp"

using namespace mote::merkle;
using mote::Bytes;
using ByteVector = std::vector<std::uint8_t>;

namespace
{
ByteVector random_block(std::size_t bytes, std::mt19937& random)
{
    ByteVector block(bytes);
    for (std::uint8_t& b : block)
        b = static_cast<std::uint8_t>(random());
    return block;
}

ByteVector path_of(Bytes block, std::uint64_t offset, std::uint64_t length)
{
    std::vector<ChainingValue> values(chunk_path_values_max);
    values.resize(chunk_path(block, offset, length, values.data()));
    ByteVector path;
    for (const ChainingValue& value : values)
        path.insert(path.end(), value.begin(), value.end());
    return path;
}

bool leads_to(const ChainingValue& hash, std::uint64_t block_bytes, std::uint64_t offset,
              Bytes data, Bytes path)
{
    ChainingValue root{};
    return root_of_chunks(block_bytes, offset, data, path, root) && root == hash;
}

/// [offset, offset + length) of chunks [first, end).
struct Piece
{
    Piece(Bytes block, std::size_t first, std::size_t end)
        : offset(first * chunk_bytes),
          data(block.subspan(offset, std::min(end * chunk_bytes, block.size()) - offset))
    {
    }
    std::size_t offset;
    Bytes data;
};
}  // namespace

TEST_CASE("whole chunks are those that begin and end at a multiple of 1024, or end with the block")
{
    CHECK(are_chunks(5000, 0, 1024));
    CHECK(are_chunks(5000, 0, 5000));
    CHECK(are_chunks(5000, 4096, 904));
    CHECK(are_chunks(1, 0, 1));
    CHECK_FALSE(are_chunks(5000, 0, 0));
    CHECK_FALSE(are_chunks(5000, 4096, 1024));
    CHECK_FALSE(are_chunks(5000, 4096, 903));
    CHECK_FALSE(are_chunks(5000, 1, 1023));
    CHECK_FALSE(are_chunks(5000, 5000, 1));
    CHECK_FALSE(are_chunks(5000, 5120, 1024));
    CHECK_FALSE(are_chunks(0, 0, 1));
    CHECK_FALSE(are_chunks(0, 0, 0));
    constexpr std::uint64_t far = ~std::uint64_t{0};
    CHECK_FALSE(are_chunks(5000, far - 1023, 1024));
    CHECK_FALSE(are_chunks(5000, 1024, far));
    CHECK_FALSE(are_chunks(5000, 1024, far - 1023));
}

TEST_CASE("every range of chunks of small blocks leads to the plain hash of the block")
{
    std::mt19937 random(2);
    for (std::size_t chunks = 1; chunks <= (mote::test::emulated ? 9U : 20U); ++chunks)
        for (const std::size_t cut : {std::size_t{0}, std::size_t{1}, std::size_t{1023}})
        {
            const ByteVector block = random_block(chunks * chunk_bytes - cut, random);
            const ChainingValue hash = mote::hash::blake3(block);
            for (std::size_t first = 0; first < chunks; ++first)
                for (std::size_t end = first + 1; end <= chunks; ++end)
                {
                    INFO(block.size() << " bytes, chunks " << first << " to " << end);
                    const Piece piece(block, first, end);
                    const ByteVector path = path_of(block, piece.offset, piece.data.size());
                    REQUIRE(leads_to(hash, block.size(), piece.offset, piece.data, path));
                    REQUIRE((path.empty()) == (piece.data.size() == block.size()));
                }
        }
}

TEST_CASE("a transaction in the middle of a large block needs few values")
{
    std::mt19937 random(3);
    const ByteVector block = random_block((std::size_t{4} << 20) + 17, random);
    const ChainingValue hash = mote::hash::blake3(block);
    // Two chunks around the middle, which have the longest path.
    const Piece piece(block, 2047, 2049);
    const ByteVector path = path_of(block, piece.offset, piece.data.size());
    CHECK(path.size() / 32 <= 2 * 12);
    CHECK(leads_to(hash, block.size(), piece.offset, piece.data, path));
    const Piece last(block, 4096, 4097);
    CHECK(last.data.size() == 17);
    CHECK(leads_to(hash, block.size(), last.offset, last.data,
                   path_of(block, last.offset, last.data.size())));
}

TEST_CASE("any bit of a path or of the data changed, any value more or less, is no proof")
{
    std::mt19937 random(4);
    const ByteVector block = random_block(11 * chunk_bytes + 300, random);
    const ChainingValue hash = mote::hash::blake3(block);
    for (const auto& [first, end] : {std::pair{0U, 1U}, {4U, 7U}, {11U, 12U}, {1U, 11U}})
    {
        const Piece piece(block, first, end);
        const ByteVector data(piece.data.begin(), piece.data.end());
        const ByteVector path = path_of(block, piece.offset, piece.data.size());
        const auto good = [&](const ByteVector& d, const ByteVector& p)
        { return leads_to(hash, block.size(), piece.offset, d, p); };
        REQUIRE(good(data, path));
        for (std::size_t i = 0; i < path.size(); ++i)
        {
            ByteVector bad = path;
            bad[i] ^= static_cast<std::uint8_t>(1 << i % 8);
            REQUIRE_FALSE(good(data, bad));
        }
        mote::test::Thinned thinned(3);
        for (std::size_t i = 0; i < data.size(); ++i)
        {
            if (!thinned.next())
                continue;
            ByteVector bad = data;
            bad[i] ^= static_cast<std::uint8_t>(1 << i % 8);
            REQUIRE_FALSE(good(bad, path));
        }
        for (std::size_t bytes = 0; bytes < path.size(); ++bytes)
            REQUIRE_FALSE(good(data, ByteVector(path.data(), path.data() + bytes)));
        ByteVector longer = path;
        for (std::size_t more = 1; more <= 32; ++more)
        {
            longer.push_back(0);
            REQUIRE_FALSE(good(data, longer));
        }
        // The same bytes somewhere else.
        for (std::size_t other = 0; other + (end - first) <= 11; ++other)
            if (other != first && end != 12)
                REQUIRE_FALSE(leads_to(hash, block.size(), other * chunk_bytes, data, path));
    }
}
