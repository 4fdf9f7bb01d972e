// Bump memory for what lives as long as one block: entries that were read, entries that are made.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

namespace mote::qmdb
{
class BlockMemory
{
  public:
    /// Gives bytes that stay until clear(), aligned to 64.
    std::uint8_t* take(std::size_t bytes)
    {
        bytes = (bytes + 63) / 64 * 64;
        if (bytes > piece_bytes / 4)
        {
            large_.push_back(std::make_unique_for_overwrite<std::uint8_t[]>(bytes));
            return large_.back().get();
        }
        if (used_ + bytes > piece_bytes)
        {
            ++piece_;
            used_ = 0;
        }
        if (piece_ == pieces_.size())
            pieces_.push_back(std::make_unique_for_overwrite<Piece>());
        last_ = used_;
        used_ += bytes;
        return pieces_[piece_]->bytes + last_;
    }
    /// Gives back all but `bytes` of the last take, if it was at most a quarter of a piece.
    void shrink_last(std::size_t bytes) { used_ = last_ + (bytes + 63) / 64 * 64; }

    void clear()
    {
        large_.clear();
        piece_ = used_ = last_ = 0;
    }

  private:
    static constexpr std::size_t piece_bytes = std::size_t{1} << 16;
    struct Piece
    {
        alignas(64) std::uint8_t bytes[piece_bytes];
    };
    std::vector<std::unique_ptr<Piece>> pieces_;
    std::vector<std::unique_ptr<std::uint8_t[]>> large_;
    std::size_t piece_ = 0, used_ = 0, last_ = 0;
};
}  // namespace mote::qmdb
