#include "coding/transform.hpp"

namespace mote::coding
{
namespace
{
template <unsigned shift>
constexpr std::array<field::Gf65536, 256> make_omega_part() noexcept
{
    std::array<field::Gf65536, 256> part{};
    for (std::uint32_t i = 0; i < 256; ++i)
        part[i] = field::omega(i << shift);
    return part;
}
// omega is linear, so a sum of two tables; 1 KiB.
constexpr std::array<field::Gf65536, 256> omega_low = make_omega_part<0>();
constexpr std::array<field::Gf65536, 256> omega_high = make_omega_part<8>();
}  // namespace

field::Gf65536 twiddle(std::uint32_t i) noexcept
{
    return static_cast<field::Gf65536>(omega_low[i & 255] ^ omega_high[(i >> 8) & 255]);
}
}  // namespace mote::coding
