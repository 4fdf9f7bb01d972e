// unroll: a loop that the compiler must unroll, whatever its heuristics think.
#pragma once

#include <cstddef>
#include <utility>

namespace mote::field
{
/// Calls f(integral_constant<0>) ... f(integral_constant<Count - 1>).
template <std::size_t Count, class F>
constexpr __attribute__((always_inline)) void unroll(F&& f) noexcept
{
    [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline))
    { (f(std::integral_constant<std::size_t, I>{}), ...); }(std::make_index_sequence<Count>{});
}
}  // namespace mote::field
