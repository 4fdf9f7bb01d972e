// What code that touches secrets needs: wiping, and masks the compiler cannot look through.
//
// Secret data decides neither a branch nor an address. Where it must choose, it makes a mask of all
// zeros or all ones; a barrier keeps the compiler from turning the mask back into the branch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

/// Says that `object`, made from secrets, is none itself. Nothing happens; a test that marks secrets
/// and looks for branches on them redefines it.
#ifndef MOTE_DECLASSIFY
#define MOTE_DECLASSIFY(object) static_cast<void>(object)
#endif

namespace mote
{
/// Returns `x`; the compiler does not know that.
[[nodiscard]] inline std::uint32_t hide(std::uint32_t x) noexcept
{
    asm("" : "+r"(x));
    return x;
}

/// All ones if a == b, else zero, without a branch.
[[nodiscard]] inline std::uint32_t equal_mask(std::uint32_t a, std::uint32_t b) noexcept
{
    const std::uint32_t d = a ^ b;
    return hide(((d | (0 - d)) >> 31) - 1);
}

/// Overwrites an object; the stores stay although nothing reads them any more.
template <class T>
void wipe(T& object) noexcept
{
    static_assert(std::is_trivially_copyable_v<T>);
    std::memset(static_cast<void*>(&object), 0, sizeof object);
    asm volatile("" : : "r"(&object) : "memory");
}

/// table[index] read by a scan of the whole table.
///
/// Cost    as many loads as the table has words.
/// Timing  independent of index and contents.
template <class T, std::size_t Count>
[[nodiscard]] T select(const T (&table)[Count], std::uint32_t index) noexcept
{
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) % 4 == 0);
    constexpr std::size_t words = sizeof(T) / 4;
    std::uint32_t sum[words] = {};
    for (std::size_t i = 0; i < Count; ++i)
    {
        const std::uint32_t mask = equal_mask(static_cast<std::uint32_t>(i), index);
        std::uint32_t entry[words];
        std::memcpy(entry, &table[i], sizeof entry);
        for (std::size_t w = 0; w < words; ++w)
            sum[w] |= entry[w] & mask;
    }
    T out;
    std::memcpy(static_cast<void*>(&out), sum, sizeof out);
    wipe(sum);
    return out;
}
}  // namespace mote
