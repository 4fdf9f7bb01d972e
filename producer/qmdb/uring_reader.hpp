// UringReader: many reads at once through io_uring, into registered buffers.
//
// A store that does not fit into memory waits for one read of each update; a disk answers a hundred
// of them in the time of two. Only built where liburing is there (MOTE_HAVE_LIBURING).
#pragma once

#include <liburing.h>

#include <memory>

#include "qmdb/io.hpp"

namespace mote::qmdb
{
/// A read of a file that the caller opened.
struct UringRead
{
    int handle = -1;
    bool direct = false;  ///< opened past the page cache: in whole blocks
    ReadRequest* request = nullptr;
};

class UringReader
{
  public:
    static constexpr unsigned depth = 128;
    static constexpr std::size_t block_bytes = 4096;
    /// Longer reads are left to the caller.
    static constexpr std::size_t request_bytes_max = block_bytes;

    /// Returns nullptr if the kernel does not offer it.
    static std::unique_ptr<UringReader> make();
    ~UringReader();
    UringReader(const UringReader&) = delete;

    /// Does all reads. Shape   each of at most request_bytes_max.
    ///
    /// Errors  returns the errno of a read that failed, with its number in `failed`; else 0.
    [[nodiscard]] int read(std::span<const UringRead> reads, std::size_t& failed);

    /// Whether the buffers are registered: not where little memory may be locked.
    [[nodiscard]] bool registered() const { return registered_; }

  private:
    // A request of up to a block lies in two blocks at most.
    static constexpr std::size_t slot_bytes = 2 * block_bytes;

    UringReader() = default;
    void submit(const UringRead& read, std::uint32_t number, std::uint32_t slot);

    io_uring ring_{};
    bool ready_ = false, registered_ = false;
    std::uint8_t* slots_ = nullptr;
};
}  // namespace mote::qmdb
