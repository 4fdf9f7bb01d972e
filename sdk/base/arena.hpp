// Arena: bump allocation over memory the caller gave; all the memory a call will ever have.
//
// A counting arena (made from no memory) hands out nothing but adds up what would have been taken,
// so that a size function runs the same code as the real call and cannot disagree with it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace mote
{
class Arena
{
  public:
    /// Memory  [memory, memory + bytes) stays the caller's and must outlive what is taken from it.
    Arena(void* memory, std::size_t bytes) noexcept
        : base_(static_cast<std::uint8_t*>(memory)), bytes_(memory == nullptr ? 0 : bytes)
    {
    }

    /// Takes room for `count` objects; nullptr if it does not fit. The objects are not constructed
    /// beyond value-initialisation of their storage being left to the caller.
    template <typename T>
    [[nodiscard]] T* take(std::size_t count) noexcept
    {
        static_assert(std::is_trivially_destructible_v<T>);
        static_assert(alignof(T) <= alignment);
        if (count > (SIZE_MAX / 4) / sizeof(T))
        {
            used_ = SIZE_MAX / 2;
            return nullptr;
        }
        const std::size_t aligned = (used_ + alignment - 1) / alignment * alignment;
        if (aligned > SIZE_MAX / 2)
            return nullptr;
        used_ = aligned + count * sizeof(T);
        if (base_ == nullptr || used_ > bytes_)
            return nullptr;
        return reinterpret_cast<T*>(base_ + aligned);
    }

    /// Bytes taken so far, also when they did not fit.
    [[nodiscard]] std::size_t used() const noexcept { return used_; }

    /// Gives back everything taken after `mark`, an earlier value of used().
    void release_to(std::size_t mark) noexcept { used_ = mark; }

    /// The start of the memory must be a multiple of this.
    static constexpr std::size_t alignment = 16;

  private:
    std::uint8_t* base_;
    std::size_t bytes_;
    std::size_t used_ = 0;
};
}  // namespace mote
