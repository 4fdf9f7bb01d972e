// One tile of a code: data rows in, parity rows out, with the encoder's memory and calls watched.
#pragma once

#include <algorithm>
#include <functional>
#include <random>
#include <stdexcept>
#include <vector>

#include "coding/encode.hpp"
#include "tools/aligned_memory.hpp"
#include "tools/svid_model.hpp"

namespace coding_test
{
using mote::coding::CodeShape;
using mote::coding::tile_bytes;
using ByteVector = std::vector<std::uint8_t>;

inline ByteVector random_bytes(std::size_t bytes, std::mt19937& random)
{
    ByteVector out(bytes);
    for (std::uint8_t& b : out)
        b = static_cast<std::uint8_t>(random());
    return out;
}

inline CodeShape shape_of(std::uint32_t k, std::uint32_t p)
{
    return {k, static_cast<std::uint32_t>(mote::next_power_of_two(k)), p};
}

/// How the data rows are shown to the encoder.
enum class Show
{
    in_place,
    copied,
};

/// Gives every parity row to `take`, once and in order; throws when the encoder asks for something
/// that it must not.
class Tile
{
  public:
    Tile(const CodeShape& shape, const ByteVector& data, Show show,
         std::function<void(std::uint32_t, const std::uint8_t*)> take)
        : shape_(shape), data_(data), show_(show), take_(std::move(take))
    {
        mote::Arena count(nullptr, 0);
        static_cast<void>(mote::coding::Encoder(shape, count));
        memory_ = mote::test::aligned_memory(count.used());
        mote::Arena arena(memory_.get(), count.used());
        encoder_ = std::make_unique<mote::coding::Encoder>(shape, arena);
        if (!encoder_->ok())
            throw std::logic_error("the encoder needs more memory than it said");
    }

    void encode()
    {
        loaded_ = stored_ = 0;
        encoder_->encode({this, load, store});
        if (loaded_ != shape_.data_rows || stored_ != shape_.parity_rows)
            throw std::logic_error("rows left out");
    }

  private:
    static mote::coding::TileRows load(void* opaque, std::uint32_t first, std::uint32_t count,
                                       std::uint8_t* space)
    {
        Tile& tile = *static_cast<Tile*>(opaque);
        if (first != tile.loaded_ || count == 0 || count > mote::coding::block_rows ||
            first + count > tile.shape_.data_rows)
            throw std::logic_error("rows loaded that are none");
        tile.loaded_ += count;
        const std::uint8_t* const rows = tile.data_.data() + first * tile_bytes;
        if (tile.show_ == Show::in_place)
            return {rows, tile_bytes};
        std::copy_n(rows, count * tile_bytes, space);
        return {space, tile_bytes};
    }
    static void store(void* opaque, std::uint32_t first, std::uint32_t count,
                      mote::coding::TileRows rows)
    {
        Tile& tile = *static_cast<Tile*>(opaque);
        if (first != tile.stored_ || count == 0 || count > mote::coding::block_rows ||
            first + count > tile.shape_.parity_rows)
            throw std::logic_error("rows stored that are none");
        tile.stored_ += count;
        for (std::uint32_t i = 0; i < count; ++i)
            tile.take_(first + i, rows.bytes + i * rows.distance);
    }

    CodeShape shape_;
    const ByteVector& data_;
    Show show_;
    std::function<void(std::uint32_t, const std::uint8_t*)> take_;
    mote::test::AlignedMemory memory_;
    std::unique_ptr<mote::coding::Encoder> encoder_;
    std::uint32_t loaded_ = 0, stored_ = 0;
};

inline ByteVector encode(const CodeShape& shape, const ByteVector& data, Show show = Show::in_place)
{
    ByteVector parity(shape.parity_rows * tile_bytes);
    Tile(shape, data, show, [&](std::uint32_t row, const std::uint8_t* bytes)
         { std::copy_n(bytes, tile_bytes, parity.data() + row * tile_bytes); })
        .encode();
    return parity;
}

/// One symbol column of the data rows, extended with zeros to K.
inline std::vector<svid_model::Symbol> padded_column(const CodeShape& shape, const ByteVector& data,
                                                     std::size_t s)
{
    auto column = svid_model::column(data.data(), shape.data_rows, tile_bytes, s);
    column.resize(shape.code_rows, 0);
    return column;
}
}  // namespace coding_test
