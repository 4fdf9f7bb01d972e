#include "qmdb/log_tail.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

#include "base/assert.hpp"

namespace mote::qmdb
{
namespace
{
constexpr std::size_t huge_page_bytes = std::size_t{2} << 20;
constexpr std::uint64_t no_entry = ~std::uint64_t{0};
// Zeroing a huge page for a store of a few kilobytes would be the slowest part of opening it.
constexpr std::size_t pieces_before_huge = 4;
}  // namespace

LogTail::LogTail(std::size_t piece_bytes) : piece_bytes_(piece_bytes) {}

void LogTail::Free::operator()(std::uint8_t* p) const { std::free(p); }

void LogTail::add_piece()
{
    if (!spare_.empty())
    {
        pieces_.push_back({std::move(spare_.back()), no_entry});
        spare_.pop_back();
        return;
    }
    const std::size_t alignment = std::min(huge_page_bytes, piece_bytes_ & -piece_bytes_);
    auto* const bytes = static_cast<std::uint8_t*>(std::aligned_alloc(alignment, piece_bytes_));
    if (bytes == nullptr)
        throw std::bad_alloc();
    Piece piece{std::unique_ptr<std::uint8_t[], Free>(bytes), no_entry};
#if defined(MADV_HUGEPAGE)
    // A wish: entries are read at random, and with small pages every read misses the translation.
    if (alignment == huge_page_bytes && pieces_.size() >= pieces_before_huge)
        static_cast<void>(madvise(bytes, piece_bytes_, MADV_HUGEPAGE));
#endif
    pieces_.push_back(std::move(piece));
}

void LogTail::append(ByteView entry, std::size_t padded)
{
    std::size_t done = 0;
    while (done < padded)
    {
        if (end_ / piece_bytes_ - first_piece_ == pieces_.size())
            add_piece();
        Piece& last = pieces_.back();
        if (done == 0)
            last.first_entry = std::min(last.first_entry, end_);
        const std::size_t offset = static_cast<std::size_t>(end_ % piece_bytes_);
        const std::size_t n = std::min(piece_bytes_ - offset, padded - done);
        const std::size_t real = done < entry.size() ? std::min(n, entry.size() - done) : 0;
        std::uint8_t* const out = last.bytes.get() + offset;
        if (real != 0)
            std::memcpy(out, entry.data() + done, real);
        std::memset(out + real, 0, n - real);
        end_ += n;
        done += n;
    }
}

std::vector<ByteView> LogTail::parts(std::uint64_t from, std::uint64_t to) const
{
    MOTE_ASSERT(from >= first_ && to <= end_);
    std::vector<ByteView> out;
    while (from < to)
    {
        const std::size_t offset = static_cast<std::size_t>(from % piece_bytes_);
        const std::size_t n =
            static_cast<std::size_t>(std::min<std::uint64_t>(piece_bytes_ - offset, to - from));
        out.emplace_back(piece(from).bytes.get() + offset, n);
        from += n;
    }
    return out;
}

const std::uint8_t* LogTail::joined(std::uint64_t byte, std::size_t count,
                                    BlockMemory& memory) const
{
    std::uint8_t* const out = memory.take(count);
    std::size_t done = 0;
    for (const ByteView part : parts(byte, byte + count))
    {
        std::memcpy(out + done, part.data(), part.size());
        done += part.size();
    }
    return out;
}

void LogTail::reset(std::uint64_t byte)
{
    if (spare_.empty() && !pieces_.empty())
        spare_.push_back(std::move(pieces_.front().bytes));
    pieces_.clear();
    first_piece_ = byte / piece_bytes_;
    first_ = end_ = byte;
}

void LogTail::truncate(std::uint64_t byte)
{
    MOTE_ASSERT(byte >= first_ && byte <= end_);
    end_ = byte;
    const std::uint64_t count = (byte + piece_bytes_ - 1) / piece_bytes_ - first_piece_;
    while (pieces_.size() > count)
        pieces_.pop_back();
    if (!pieces_.empty() && pieces_.back().first_entry >= byte)
        pieces_.back().first_entry = no_entry;
}

void LogTail::drop_before(std::uint64_t byte, std::uint64_t keep_bytes)
{
    if (keep_bytes == 0 && byte == end_)
    {
        reset(end_);
        return;
    }
    while (!pieces_.empty() && (first_piece_ + 1) * piece_bytes_ <= byte &&
           end_ - (first_piece_ + 1) * piece_bytes_ >= keep_bytes)
    {
        if (spare_.empty())
            spare_.push_back(std::move(pieces_.front().bytes));
        pieces_.pop_front();
        ++first_piece_;
        // The rest of an entry that began in the piece is of no use.
        first_ = end_;
        for (const Piece& piece : pieces_)
            if (piece.first_entry != no_entry)
            {
                first_ = piece.first_entry;
                break;
            }
    }
}
}  // namespace mote::qmdb
