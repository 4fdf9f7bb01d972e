// Buffer: large zeroed memory that asks for huge pages.
//
// Coding touches a few hundred bytes in each of ten thousand rows; with small pages every touch is a
// miss of the address translation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace mote::disperse
{
class Buffer
{
  public:
    Buffer() = default;
    /// Throws std::bad_alloc.
    explicit Buffer(std::size_t bytes);
    ~Buffer();
    Buffer(Buffer&& other) noexcept;
    Buffer& operator=(Buffer&& other) noexcept;
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;

    [[nodiscard]] std::uint8_t* data() const { return data_; }
    [[nodiscard]] std::size_t size() const { return bytes_; }
    [[nodiscard]] std::span<const std::uint8_t> bytes() const { return {data_, bytes_}; }

  private:
    std::uint8_t* data_ = nullptr;
    std::size_t bytes_ = 0;
};
}  // namespace mote::disperse
