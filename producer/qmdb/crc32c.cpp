#include "qmdb/crc32c.hpp"

#include <array>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace mote::qmdb
{
namespace
{
constexpr std::array<std::uint32_t, 256> make_table()
{
    std::array<std::uint32_t, 256> table = {};
    for (std::uint32_t i = 0; i < 256; ++i)
    {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit)
            value = (value >> 1) ^ ((value & 1) != 0 ? 0x82f63b78U : 0U);
        table[i] = value;
    }
    return table;
}
constexpr std::array<std::uint32_t, 256> table = make_table();

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t crc32c_sse(std::span<const std::uint8_t> bytes)
{
    std::uint64_t value = ~std::uint32_t{0};
    std::size_t at = 0;
    for (; at + 8 <= bytes.size(); at += 8)
    {
        std::uint64_t word;
        std::memcpy(&word, bytes.data() + at, sizeof word);
        value = _mm_crc32_u64(value, word);
    }
    std::uint32_t rest = static_cast<std::uint32_t>(value);
    for (; at < bytes.size(); ++at)
        rest = _mm_crc32_u8(rest, bytes[at]);
    return ~rest;
}
#endif
}  // namespace

std::uint32_t crc32c_portable(std::span<const std::uint8_t> bytes)
{
    std::uint32_t value = ~std::uint32_t{0};
    for (const std::uint8_t byte : bytes)
        value = (value >> 8) ^ table[(value ^ byte) & 0xff];
    return ~value;
}

std::uint32_t crc32c(std::span<const std::uint8_t> bytes)
{
#if defined(__x86_64__)
    static const bool fast = __builtin_cpu_supports("sse4.2");
    if (fast)
        return crc32c_sse(bytes);
#endif
    return crc32c_portable(bytes);
}
}  // namespace mote::qmdb
