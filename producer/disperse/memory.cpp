#include "disperse/memory.hpp"

#include <sys/mman.h>

#include <new>
#include <utility>

namespace mote::disperse
{
Buffer::Buffer(std::size_t bytes) : bytes_(bytes)
{
    if (bytes == 0)
        return;
    void* const memory =
        mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        throw std::bad_alloc();
#if defined(MADV_HUGEPAGE)
    // A wish: without it everything works, more slowly.
    static_cast<void>(madvise(memory, bytes, MADV_HUGEPAGE));
#endif
    data_ = static_cast<std::uint8_t*>(memory);
}

Buffer::~Buffer()
{
    if (data_ != nullptr)
        munmap(data_, bytes_);
}

Buffer::Buffer(Buffer&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0))
{
}

Buffer& Buffer::operator=(Buffer&& other) noexcept
{
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
    return *this;
}
}  // namespace mote::disperse
