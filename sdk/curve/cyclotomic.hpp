// Powers by the curve parameter u in the cyclotomic subgroup, for any base field or lanes of it.
#pragma once

#include "field/bn254_params.hpp"
#include "field/extension.hpp"

namespace mote::curve
{
/// x^(2^Count).
template <class X>
[[nodiscard]] constexpr X square_times(X x, int count) noexcept
{
    for (int i = 0; i < count; ++i)
        x = x.cyclotomic_square();
    return x;
}

/// x^u, u = 0x44e992b44a6909f1.
///
/// Sliding windows of three bits over the constant: 62 squarings and about 20 multiplications.
template <class X>
[[nodiscard]] constexpr X power_u(const X& x) noexcept
{
    const X xx = x.cyclotomic_square();
    X odd[4];  // odd[k] = x^(2k + 1)
    odd[0] = x;
    for (int k = 1; k < 4; ++k)
        odd[k] = odd[k - 1] * xx;
    // u in base-2 sliding windows, most significant first: (squarings before, odd digit).
    constexpr auto windows = []
    {
        struct Windows
        {
            int squarings[32] = {};
            int digits[32] = {};
            int count = 0;
            int tail = 0;
        } w;
        int i = 62, squarings = 0;
        while (i >= 0)
        {
            if (((field::bn254_u >> i) & 1) == 0)
            {
                ++squarings;
                --i;
                continue;
            }
            int low = i >= 2 ? i - 2 : 0;
            while (((field::bn254_u >> low) & 1) == 0)
                ++low;
            const auto length = i - low + 1;
            w.squarings[w.count] = squarings + length;
            w.digits[w.count++] =
                static_cast<int>((field::bn254_u >> low) & ((std::uint64_t{1} << length) - 1)) / 2;
            squarings = 0;
            i = low - 1;
        }
        w.tail = squarings;
        return w;
    }();
    X result = odd[windows.digits[0]];
    for (int k = 1; k < windows.count; ++k)
        result = square_times(result, windows.squarings[k]) * odd[windows.digits[k]];
    return square_times(result, windows.tail);
}

/// x^6.
template <class X>
[[nodiscard]] constexpr X power_6(const X& x) noexcept
{
    const X xx = x.cyclotomic_square();
    return xx.cyclotomic_square() * xx;
}
}  // namespace mote::curve
