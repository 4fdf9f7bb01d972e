// Encoder: parity rows from data rows, a column strip at a time.
//
// Every symbol position is coded on its own, so the encoder works on tiles: `tile_bytes` of every
// row, read once and written once, whatever the row length. One tile goes through three passes:
//
//   low levels, inverse     blocks of 64 rows while they are in the first cache
//   high levels, both ways  every 64th row, copied side by side; coefficients to values of all cosets
//   low levels, forward     blocks of 64 parity rows, handed out while they are still near
//
// Worked case: k = K = 1: every parity row equals the data row, since f is constant.
//
// Tiles are independent: threads take different ones, each with an Encoder of its own.
#pragma once

#include "base/arena.hpp"
#include "base/bytes.hpp"

namespace mote::coding
{
/// Bytes of every row that are coded together: one BLAKE3 chunk, eight groups of symbols.
inline constexpr std::size_t tile_bytes = 1024;

/// Rows that are loaded and stored together.
inline constexpr std::uint32_t block_rows = 64;

struct CodeShape
{
    std::uint32_t data_rows = 0;    ///< k, at least 1
    std::uint32_t code_rows = 0;    ///< K, the smallest power of two >= k, at most 8192
    std::uint32_t parity_rows = 0;  ///< p; K + p <= 65536
};

/// Tiles of consecutive rows: row i at bytes + i * distance.
struct TileRows
{
    const std::uint8_t* bytes;
    std::size_t distance;
};

/// Where tiles come from and go to.
struct TileIo
{
    void* context;
    /// Shows the tile of the data rows [first, first + count), count <= block_rows: where they lie,
    /// or in `space`, which has room for block_rows tiles.
    TileRows (*load)(void* context, std::uint32_t first, std::uint32_t count, std::uint8_t* space);
    /// Takes the tile of the parity rows [first, first + count).
    void (*store)(void* context, std::uint32_t first, std::uint32_t count, TileRows rows);
};

class Encoder
{
  public:
    /// Takes its memory from `arena`; without enough of it, ok() is false.
    ///
    /// Memory  less than (max(K, p) + 2^l) (1 + 2^-l) + 128 tiles, with l = min(log2 K, 6).
    Encoder(const CodeShape& shape, Arena& arena) noexcept;

    [[nodiscard]] bool ok() const noexcept
    {
        return rows_ != nullptr && staging_ != nullptr && kept_ != nullptr && buffer_ != nullptr;
    }

    /// Codes one tile.
    ///
    /// Cost    (log2 K) / 2 butterflies a row for the data and again for each started K parity rows.
    /// Source  [SVID] section 4.
    void encode(const TileIo& io) const noexcept;

  private:
    void load_blocks(const TileIo& io) const noexcept;
    void high_levels() const noexcept;
    void store_blocks(const TileIo& io) const noexcept;

    [[nodiscard]] std::uint8_t* at(std::size_t strip, std::uint32_t row) const noexcept;

    CodeShape shape_;
    unsigned low_, high_;     // levels
    std::size_t block_size_;  // bytes between blocks of 2^low_ rows of a strip
    std::size_t strip_size_;  // bytes between strips
    // First what the low levels leave of the K data rows; then, in the same places and after them,
    // what the high levels leave of the parity rows.
    std::uint8_t* rows_ = nullptr;
    std::uint8_t* staging_ = nullptr;
    std::uint8_t* kept_ = nullptr;  // coefficients of one column of blocks
    std::uint8_t* buffer_ = nullptr;
};
}  // namespace mote::coding
