// Layouts: a struct as bytes, field after field, without padding, integers little-endian.
//
// What is hashed and signed is never a wire message but one of these. A struct lists its fields once,
//
//   struct Parameter
//   {
//       std::uint32_t key = 0;
//       Digest value{};
//       template <class Self, class On> static constexpr void fields(Self& s, On& on) noexcept
//       {
//           on(s.key, s.value);
//       }
//   };
//
// and size, encoder and decoder follow: layout_bytes<Parameter> == 36. Every byte string of that
// length is the encoding of exactly one value, so decoding fails on the length alone; what the values
// have to be is the business of the rules.
//
// Source  [CONSENSUS] section 3.3.
#pragma once

#include <cstring>

#include "base/assert.hpp"
#include "chain/types.hpp"

namespace mote::chain
{
namespace internal
{
struct MeasureFields
{
    std::size_t bytes = 0;

    template <class... Fields>
    constexpr void operator()(const Fields&... fields) noexcept
    {
        bytes += (sizeof(fields) + ...);
    }
};

struct WriteFields
{
    std::uint8_t* at;

    template <class... Fields>
    constexpr void operator()(const Fields&... fields) noexcept
    {
        (write(fields), ...);
    }
    template <class Int>
    constexpr void write(Int value) noexcept
    {
        store_le(at, value);
        at += sizeof(Int);
    }
    template <std::size_t n>
    constexpr void write(const std::array<std::uint8_t, n>& bytes) noexcept
    {
        std::memcpy(at, bytes.data(), n);
        at += n;
    }
};

struct ReadFields
{
    const std::uint8_t* at;

    template <class... Fields>
    constexpr void operator()(Fields&... fields) noexcept
    {
        (read(fields), ...);
    }
    template <class Int>
    constexpr void read(Int& value) noexcept
    {
        value = load_le<Int>(at);
        at += sizeof(Int);
    }
    template <std::size_t n>
    constexpr void read(std::array<std::uint8_t, n>& bytes) noexcept
    {
        std::memcpy(bytes.data(), at, n);
        at += n;
    }
};

template <class T>
[[nodiscard]] constexpr std::size_t measure() noexcept
{
    const T value{};
    MeasureFields on;
    T::fields(value, on);
    return on.bytes;
}
}  // namespace internal

/// A struct that lists its fields.
template <class T>
concept Layout = requires(const T& value, internal::MeasureFields& on) { T::fields(value, on); };

template <Layout T>
inline constexpr std::size_t layout_bytes = internal::measure<T>();

template <Layout T>
using LayoutOf = std::array<std::uint8_t, layout_bytes<T>>;

/// Writes a value to `out`.
///
/// Shape   out: at least layout_bytes<T> (asserted).
template <Layout T>
void encode_to(MutableBytes out, const T& value) noexcept
{
    MOTE_ASSERT(out.size() >= layout_bytes<T>);
    internal::WriteFields on{out.data()};
    T::fields(value, on);
}

template <Layout T>
[[nodiscard]] LayoutOf<T> encode(const T& value) noexcept
{
    LayoutOf<T> out;
    encode_to(MutableBytes(out), value);
    return out;
}

/// Reads a value; false, and `out` empty, for any other length than layout_bytes<T>.
template <Layout T>
[[nodiscard]] bool decode(Bytes bytes, T& out) noexcept
{
    out = T{};
    if (bytes.size() != layout_bytes<T>)
        return false;
    internal::ReadFields on{bytes.data()};
    T::fields(out, on);
    return true;
}
}  // namespace mote::chain
