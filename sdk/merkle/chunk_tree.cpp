#include "merkle/chunk_tree.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace mote::merkle
{
bool are_chunks(std::uint64_t block_bytes, std::uint64_t offset, std::uint64_t length) noexcept
{
    if (length == 0 || offset >= block_bytes || length > block_bytes - offset)
        return false;
    const std::uint64_t end = offset + length;
    return offset % chunk_bytes == 0 && (end % chunk_bytes == 0 || end == block_bytes);
}

LeafRange chunks_of(std::uint64_t block_bytes, std::uint64_t offset, std::uint64_t length) noexcept
{
    MOTE_ASSERT(are_chunks(block_bytes, offset, length));
    const auto chunks = [](std::uint64_t bytes) noexcept
    { return static_cast<std::uint32_t>((bytes + chunk_bytes - 1) / chunk_bytes); };
    return {chunks(block_bytes), chunks(offset), chunks(length)};
}

bool root_of_chunks(std::uint64_t block_bytes, std::uint64_t offset, Bytes data, Bytes path,
                    ChainingValue& root) noexcept
{
    const LeafRange range = chunks_of(block_bytes, offset, data.size());
    const auto known = [&](std::uint32_t s, std::uint32_t e, ChainingValue& out) noexcept
    {
        if (s < range.first || e > range.first + range.count)
            return false;
        if (e - s == range.leaves)
        {
            out = hash::blake3(data);
            return true;
        }
        const std::size_t begin = chunk_bytes * (s - range.first);
        const std::size_t bytes = std::min(chunk_bytes * std::size_t{e - s}, data.size() - begin);
        out = hash::blake3_subtree(data.subspan(begin, bytes), s);
        return true;
    };
    return Climb(range, path, known).root(root);
}

std::size_t chunk_path(Bytes block, std::uint64_t offset, std::uint64_t length,
                       ChainingValue* out) noexcept
{
    const LeafRange range = chunks_of(block.size(), offset, length);
    std::size_t used = 0;
    walk_path(range, 0, range.leaves, [&](std::uint32_t s, std::uint32_t e) noexcept
              { out[used++] = chunk_node(block, s, e); });
    return used;
}

ChainingValue chunk_node(Bytes block, std::uint32_t s, std::uint32_t e) noexcept
{
    const std::size_t begin = chunk_bytes * std::size_t{s};
    return hash::blake3_subtree(
        block.subspan(begin, std::min(chunk_bytes * std::size_t{e - s}, block.size() - begin)), s);
}
}  // namespace mote::merkle
