// Dispersals for tests that cannot use the producer, or that need one that cheats: rows first, then
// everything that has to be consistent with them.
#pragma once

#include <algorithm>
#include <memory>
#include <random>
#include <stdexcept>
#include <vector>

#include "coding/encode.hpp"
#include "merkle/row_tree.hpp"
#include "support/svid_cases.hpp"
#include "svid/fingerprint.hpp"
#include "svid/share.hpp"

namespace svid_producer
{
using mote::Bytes;
using mote::hash::ChainingValue;
using mote::svid::Digest;
using svid_cases::ByteVector;

inline ByteVector random_bytes(std::size_t bytes, std::mt19937& random)
{
    ByteVector out(bytes);
    for (std::uint8_t& b : out)
        b = static_cast<std::uint8_t>(random());
    return out;
}

/// Parity rows of L bytes from data rows of L bytes, for any code.
inline std::vector<ByteVector> parity_of(const mote::coding::CodeShape& shape,
                                         const std::vector<ByteVector>& data)
{
    using mote::coding::tile_bytes;
    struct Context
    {
        const std::vector<ByteVector>* data;
        std::vector<ByteVector> parity;
        std::size_t column;
    } context{&data, {}, 0};
    context.parity.assign(shape.parity_rows, ByteVector(data[0].size()));
    mote::Arena count(nullptr, 0);
    static_cast<void>(mote::coding::Encoder(shape, count));
    svid_cases::Memory memory(count.used());
    mote::Arena arena = memory.arena();
    const mote::coding::Encoder encoder(shape, arena);
    if (!encoder.ok())
        throw std::logic_error("the encoder needs more memory than it said");
    const mote::coding::TileIo io = {
        &context,
        [](void* opaque, std::uint32_t first, std::uint32_t rows, std::uint8_t* space)
        {
            const auto& c = *static_cast<const Context*>(opaque);
            for (std::uint32_t i = 0; i < rows; ++i)
                std::copy_n((*c.data)[first + i].data() + c.column, tile_bytes,
                            space + i * tile_bytes);
            return mote::coding::TileRows{space, tile_bytes};
        },
        [](void* opaque, std::uint32_t first, std::uint32_t rows, mote::coding::TileRows tile)
        {
            auto& c = *static_cast<Context*>(opaque);
            for (std::uint32_t i = 0; i < rows; ++i)
                std::copy_n(tile.bytes + i * tile.distance, tile_bytes,
                            c.parity[first + i].data() + c.column);
        }};
    for (; context.column < data[0].size(); context.column += tile_bytes)
        encoder.encode(io);
    return context.parity;
}

/// Rows as one message has them.
struct Message
{
    std::uint32_t first = 0, count = 0;
    ByteVector rows, data_path, parity_path;

    [[nodiscard]] mote::svid::RowsHead head() const
    {
        return {first, count, rows.size(), data_path, parity_path};
    }
};

/// How seal() makes the values of rows; the others make trees that nobody may accept.
enum class Values
{
    right,
    counter_zero,
    root_flag,
};

/// One dispersal, whose rows can be edited before seal() makes the rest of it.
struct Dispersed
{
    mote::svid::Params params;
    mote::svid::Header header;
    mote::svid::HeaderBytes bytes{};
    std::vector<ByteVector> rows;  ///< as they are sent
    std::vector<ChainingValue> data_nodes, parity_nodes;
    ByteVector z;

    /// Trees, header and an honest Z of the data rows.
    void seal(Values values = Values::right)
    {
        plant(values);
        z.clear();
        const mote::svid::Challenge rho(mote::svid::challenge(bytes));
        for (std::uint32_t r = 0; r < params.data_rows; ++r)
        {
            std::array<std::uint8_t, 16> fingerprint;
            mote::svid::fingerprint(rho, rows[r], params.row_bytes()).store(fingerprint.data());
            z.insert(z.end(), fingerprint.begin(), fingerprint.end());
        }
        seal_z();
    }

    /// Both trees, and all of the header but z_digest: rho is known afterwards.
    void plant(Values values = Values::right)
    {
        const std::uint32_t k = params.data_rows;
        data_nodes = grow(0, k, values, header.data_root);
        parity_nodes = grow(k, params.rows - k, values, header.parity_root);
        bytes = mote::svid::encode(header);
    }

    void seal_z()
    {
        header.z_digest = mote::hash::blake3(z);
        bytes = mote::svid::encode(header);
    }

    [[nodiscard]] Digest svid_root() const { return mote::svid::svid_root(bytes); }

    [[nodiscard]] Message message(std::uint32_t first, std::uint32_t count) const
    {
        Message out{first, count, {}, {}, {}};
        for (std::uint32_t r = first; r < first + count; ++r)
            out.rows.insert(out.rows.end(), rows[r].begin(), rows[r].end());
        const std::uint32_t k = params.data_rows, end = first + count;
        if (first < k)
            out.data_path = path(data_nodes, k, first, std::min(end, k));
        if (end > k)
            out.parity_path = path(parity_nodes, params.rows - k, std::max(first, k) - k, end - k);
        return out;
    }

    /// An assigned range, cut where it wraps.
    [[nodiscard]] std::vector<Message> messages(const mote::svid::AssignedRange& range) const
    {
        std::vector<Message> out;
        const std::uint32_t before = std::min(range.count, params.rows - range.first);
        out.push_back(message(range.first, before));
        if (before < range.count)
            out.push_back(message(0, range.count - before));
        return out;
    }

    static ByteVector path(std::vector<ChainingValue> nodes, std::uint32_t rows,
                           std::uint32_t first, std::uint32_t end)
    {
        const mote::merkle::RowTree tree(rows, nodes.data());
        std::vector<ChainingValue> values(mote::merkle::path_values_max);
        values.resize(tree.path(first, end - first, values.data()));
        ByteVector out;
        for (const ChainingValue& value : values)
            out.insert(out.end(), value.begin(), value.end());
        return out;
    }

  private:
    std::vector<ChainingValue> grow(std::uint32_t first, std::uint32_t count, Values values,
                                    Digest& root) const
    {
        std::vector<ChainingValue> nodes(mote::merkle::RowTree::node_count(count));
        for (std::uint32_t i = 0; i < count; ++i)
        {
            const Bytes row = rows[first + i];
            const std::uint64_t chunk = std::uint64_t{i} << (params.row_log2 - 10);
            nodes[i] = count == 1 || values == Values::root_flag ? mote::hash::blake3(row)
                       : values == Values::counter_zero ? mote::hash::blake3_subtree(row, 0)
                                                        : mote::hash::blake3_subtree(row, chunk);
        }
        root = mote::merkle::RowTree(count, nodes.data()).root();
        return nodes;
    }
};

/// Data rows of a block as they are coded: all of L bytes.
inline std::vector<ByteVector> padded_rows(const mote::svid::Params& params, Bytes block)
{
    std::vector<ByteVector> rows(params.data_rows, ByteVector(params.row_bytes()));
    for (std::uint32_t r = 0; r < params.data_rows; ++r)
        std::copy_n(block.data() + r * params.row_bytes(), params.bytes_of_row(r), rows[r].begin());
    return rows;
}

/// An honest dispersal, made row by row.
inline Dispersed disperse(Bytes block, std::span<const std::uint64_t> stakes)
{
    Dispersed out;
    if (mote::svid::derive(block.size(), stakes, out.params) != mote::Status::ok)
        throw std::invalid_argument("no such dispersal");
    const mote::svid::Params& params = out.params;
    out.header.zone = 7;
    out.header.height = 1000;
    out.header.epoch = 3;
    for (std::size_t i = 0; i < 32; ++i)
        out.header.chain_id[i] = static_cast<std::uint8_t>(i);
    out.header.block_bytes = block.size();
    out.header.row_log2 = params.row_log2;
    out.header.data_rows = params.data_rows;
    out.header.rows = params.rows;
    if (params.rows == 0)
    {
        out.header.data_root = mote::hash::blake3({});
        out.seal_z();
        return out;
    }
    std::vector<ByteVector> data = padded_rows(params, block);
    std::vector<ByteVector> parity =
        parity_of({params.data_rows, params.code_rows, params.parity_rows()}, data);
    data.back().resize(params.bytes_of_row(params.data_rows - 1));
    out.rows = std::move(data);
    out.rows.insert(out.rows.end(), parity.begin(), parity.end());
    out.seal();
    return out;
}

/// One receiver of rows, which takes messages in pieces.
class Receiver
{
  public:
    Receiver(const Dispersed& from, const std::vector<std::uint32_t>& requested)
        : memory_(memory_of(from, requested)), arena_(memory_.arena())
    {
        if (share.open(from.header, from.params, from.bytes, requested, arena_) != mote::Status::ok)
            throw std::logic_error("the check needs more memory than it said");
        share.begin_source();
    }
    Receiver(const Receiver&) = delete;
    Receiver& operator=(const Receiver&) = delete;
    Receiver(Receiver&&) = delete;
    Receiver& operator=(Receiver&&) = delete;
    ~Receiver() = default;

    [[nodiscard]] static std::size_t memory_of(const Dispersed& from,
                                               const std::vector<std::uint32_t>& requested)
    {
        mote::svid::ShareCheck share;
        mote::Arena count(nullptr, 0);
        static_cast<void>(share.open(from.header, from.params, from.bytes, requested, count));
        return count.used();
    }

    /// Hands over all of Z; returns the first fault.
    mote::svid::Fault give_z(Bytes z, std::size_t piece = SIZE_MAX)
    {
        mote::svid::Fault first = mote::svid::Fault::none;
        const auto keep = [&](mote::svid::Fault fault)
        {
            if (first == mote::svid::Fault::none)
                first = fault;
        };
        for (; !z.empty(); z = z.subspan(std::min(piece, z.size())))
            keep(share.append_z(z.first(std::min(piece, z.size()))));
        keep(share.end_z());
        return first;
    }

    /// Hands over one message; returns the first fault.
    mote::svid::Fault give(const Message& message, std::size_t piece = SIZE_MAX)
    {
        return give(message.head(), message.rows, piece);
    }
    mote::svid::Fault give(const mote::svid::RowsHead& head, Bytes rows,
                           std::size_t piece = SIZE_MAX)
    {
        mote::svid::Fault first = share.begin_rows(head);
        const auto keep = [&](mote::svid::Fault fault)
        {
            if (first == mote::svid::Fault::none)
                first = fault;
        };
        for (; !rows.empty(); rows = rows.subspan(std::min(piece, rows.size())))
            keep(share.append_rows(rows.first(std::min(piece, rows.size()))));
        keep(share.end_rows());
        return first;
    }

    [[nodiscard]] mote::svid::Verdict verdict() const { return share.verdict(); }

  private:
    svid_cases::Memory memory_;
    mote::Arena arena_;

  public:
    mote::svid::ShareCheck share;
};

/// The verdict as one number: the step that rejects, minus the last finished step if something is
/// missing, and 7 + 100 if nothing is.
inline int answer_of(const mote::svid::Verdict& verdict)
{
    switch (verdict.outcome)
    {
        case mote::svid::Outcome::rejected:
            return verdict.step;
        case mote::svid::Outcome::incomplete:
            return -verdict.step;
        default:
            return 100 + verdict.step;
    }
}
inline constexpr int provisional = 107;
}  // namespace svid_producer
