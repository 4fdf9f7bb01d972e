#include "qmdb/kernels.hpp"

#include <cstring>

#include "hash/blake3.hpp"
#include "state/hashing.hpp"
#include "state/tree.hpp"

namespace mote::qmdb
{
namespace
{
using state::Digest;
using state::Domain;

constexpr std::size_t batch = 64;

void digest(const std::uint8_t* data, std::size_t bytes, std::uint8_t* out)
{
    const auto hash = hash::blake3({data, bytes});
    std::memcpy(out, hash.data(), hash.size());
}

void leaves(const std::uint8_t* const* entries, const std::uint32_t* blocks, std::size_t count,
            std::uint8_t* out)
{
    // Entries of one length go together: sorted by length within a window.
    const std::uint8_t* inputs[batch];
    std::size_t places[batch];
    Digest hashes[batch];
    for (std::size_t begin = 0; begin < count; begin += 4 * batch)
    {
        const std::size_t end = begin + 4 * batch < count ? begin + 4 * batch : count;
        bool done[4 * batch] = {};
        for (std::size_t first = begin; first < end; ++first)
        {
            if (done[first - begin])
                continue;
            std::size_t n = 0;
            for (std::size_t i = first; i < end && n < batch; ++i)
                if (!done[i - begin] && blocks[i] == blocks[first])
                {
                    done[i - begin] = true;
                    inputs[n] = entries[i];
                    places[n++] = i;
                }
            state::kh_many(Domain::leaf, inputs, blocks[first], n, hashes);
            for (std::size_t i = 0; i < n; ++i)
                std::memcpy(out + 32 * places[i], hashes[i].data(), 32);
        }
    }
}

// Joins pairs that lie in a row, in place.
void join(std::uint8_t* nodes, std::size_t pairs)
{
    const std::uint8_t* inputs[batch];
    Digest hashes[batch];
    for (std::size_t at = 0; at < pairs; at += batch)
    {
        const std::size_t n = pairs - at < batch ? pairs - at : batch;
        for (std::size_t i = 0; i < n; ++i)
            inputs[i] = nodes + 64 * (at + i);
        state::kh_many(Domain::node, inputs, 1, n, hashes);
        std::memcpy(nodes + 32 * at, hashes, 32 * n);
    }
}

void chunk(std::uint8_t* nodes, std::size_t used, std::uint8_t* s)
{
    for (std::uint32_t level = 0; level < state::chunk_shift; ++level)
    {
        if (used % 2 != 0)
        {
            const Digest null = state::null_node(level);
            std::memcpy(nodes + 32 * used, null.data(), 32);
            ++used;
        }
        used /= 2;
        join(nodes, used);
    }
    std::memcpy(s, nodes, 32);
}

void twigs(const std::uint8_t* const* chunks, std::size_t count, std::uint8_t* out)
{
    const std::uint8_t* inputs[batch];
    Digest row[batch];
    for (std::size_t at = 0; at < count; at += batch / 8)
    {
        const std::size_t n = count - at < batch / 8 ? count - at : batch / 8;
        for (std::size_t i = 0; i < 8 * n; ++i)
            inputs[i] = chunks[at + i / 8] + 64 * (i % 8);
        state::kh_many(Domain::bits, inputs, 1, 8 * n, row);
        for (std::size_t pairs = 4 * n; pairs >= n && pairs != 0; pairs /= 2)
        {
            join(row[0].data(), pairs);
            if (pairs == n)
                break;
        }
        std::memcpy(out + 32 * at, row, 32 * n);
    }
}

void nodes(const std::uint8_t* const* inputs, std::size_t count, std::uint8_t* out)
{
    Digest hashes[batch];
    for (std::size_t at = 0; at < count; at += batch)
    {
        const std::size_t n = count - at < batch ? count - at : batch;
        state::kh_many(Domain::node, inputs + at, 1, n, hashes);
        std::memcpy(out + 32 * at, hashes, 32 * n);
    }
}

void keys(const std::uint8_t* const* keys, const std::uint8_t* lengths, std::size_t count,
          std::uint8_t* out)
{
    alignas(64) std::uint8_t blocks[batch][64];
    const std::uint8_t* inputs[batch] = {};
    std::size_t places[batch];
    Digest hashes[batch];
    std::size_t n = 0;
    const auto flush = [&]
    {
        state::kh_many(Domain::key, inputs, 1, n, hashes);
        for (std::size_t i = 0; i < n; ++i)
            std::memcpy(out + 32 * places[i], hashes[i].data(), 32);
        n = 0;
    };
    for (std::size_t i = 0; i < count; ++i)
    {
        if (lengths[i] > 63)
        {
            const Digest hash = state::key_hash({keys[i], lengths[i]});
            std::memcpy(out + 32 * i, hash.data(), 32);
            continue;
        }
        blocks[n][0] = lengths[i];
        if (lengths[i] != 0)
            std::memcpy(blocks[n] + 1, keys[i], lengths[i]);
        std::memset(blocks[n] + 1 + lengths[i], 0, 63U - lengths[i]);
        inputs[n] = blocks[n];
        places[n] = i;
        if (++n == batch)
            flush();
    }
    flush();
}
}  // namespace
}  // namespace mote::qmdb

#define MOTE_JOIN2(a, b) a##b
#define MOTE_JOIN(a, b) MOTE_JOIN2(a, b)
#define MOTE_TEXT2(a) #a
#define MOTE_TEXT(a) MOTE_TEXT2(a)

extern "C" const mote_qmdb_kernels* MOTE_JOIN(mote_qmdb_, MOTE_VARIANT)(void)
{
    static constexpr mote_qmdb_kernels table = {
        MOTE_TEXT(MOTE_VARIANT), mote::qmdb::leaves, mote::qmdb::chunk, mote::qmdb::twigs,
        mote::qmdb::nodes,       mote::qmdb::keys,   mote::qmdb::digest};
    return &table;
}
