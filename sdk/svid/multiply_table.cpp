#include "svid/multiply_table.hpp"

namespace mote::svid
{
namespace
{
using Pair = MultiplyTable::Pair;

/// The products of one nibble; `power` is that of its lowest bit, and moves on to the next nibble.
void fill(std::array<Pair, 16>& nibble, field::Gf2_128& power) noexcept
{
    nibble[0] = Pair{0, 0};
    for (std::size_t bit = 1; bit < 16; bit *= 2)
    {
        for (std::size_t i = 0; i < bit; ++i)
            nibble[bit + i] = nibble[i] ^ Pair { power.low, power.high };
        power = field::times_2(power);
    }
}
}  // namespace

MultiplyTable::MultiplyTable(field::Gf2_128 factor) noexcept
{
    for (unsigned t = 0; t < 8; ++t)
    {
        field::Gf2_128 low = field::times_basis(factor, t);
        field::Gf2_128 high = field::times_u(low);
        for (unsigned half = 0; half < 2; ++half)
        {
            fill(low_[2 * t + half], low);
            fill(high_[2 * t + half], high);
        }
    }
}
}  // namespace mote::svid
