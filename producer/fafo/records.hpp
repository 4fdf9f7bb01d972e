// Records: memory that lists of records grow in, side by side, for one writer; kept from block to block.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace mote::fafo
{
template <class Record>
class Records
{
  public:
    /// Room for one more behind `list`, which grows in place, or moves once with all its records.
    Record* add(std::span<Record>& list)
    {
        if (list.data() + list.size() != next_ || next_ == end_)
        {
            // Not the newest list, or its piece is full.
            if (static_cast<std::size_t>(end_ - next_) < list.size() + 1)
                open(std::max(piece_size, 2 * list.size() + 1));
            std::copy(list.begin(), list.end(), next_);
            list = {next_, list.size()};
            next_ += list.size();
        }
        list = {list.data(), list.size() + 1};
        return next_++;
    }

    /// Takes the newest list's memory back.
    void drop(std::span<Record> list)
    {
        if (list.data() + list.size() == next_)
            next_ -= list.size();
    }

    /// Forgets all lists and keeps the memory.
    void clear()
    {
        used_ = 0;
        next_ = end_ = nullptr;
    }

  private:
    static constexpr std::size_t piece_size = 1024;
    struct Piece
    {
        std::unique_ptr<Record[]> records;
        std::size_t size;
    };

    void open(std::size_t size)
    {
        if (used_ == pieces_.size() || pieces_[used_].size < size)
            pieces_.insert(pieces_.begin() + static_cast<std::ptrdiff_t>(used_),
                           {std::make_unique_for_overwrite<Record[]>(size), size});
        next_ = pieces_[used_].records.get();
        end_ = next_ + pieces_[used_++].size;
    }

    std::vector<Piece> pieces_;
    std::size_t used_ = 0;
    Record* next_ = nullptr;
    Record* end_ = nullptr;
};
}  // namespace mote::fafo
