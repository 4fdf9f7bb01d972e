#include "coding/locator.hpp"

namespace mote::coding
{
namespace
{
using field::Gf65536;

// The order of the multiplicative group; logarithms are integers modulo it.
constexpr std::uint32_t order = 65535;

/// Generates the multiplicative group (tests/sdk/coding/locator_test.cpp checks its order).
constexpr Gf65536 generator = 0x0108;

/// x modulo 65535 for x < 2^32, in 1 .. 65535 or 0: both ends mean zero until the last step.
constexpr std::uint32_t fold(std::uint32_t x) noexcept { return (x & 0xffff) + (x >> 16); }

/// The Walsh-Hadamard transform modulo the order.
void walsh(std::uint32_t* values, unsigned log_points) noexcept
{
    const std::size_t points = std::size_t{1} << log_points;
    for (std::size_t h = 1; h < points; h *= 2)
        for (std::size_t s = 0; s < points; s += 2 * h)
            for (std::size_t j = s; j < s + h; ++j)
            {
                const std::uint32_t a = values[j], b = values[j + h];
                values[j] = fold(a + b);
                values[j + h] = fold(a + 2 * order - b);
            }
}
}  // namespace

std::uint32_t domain_points(std::uint32_t code_rows, std::uint32_t parity_rows) noexcept
{
    return static_cast<std::uint32_t>(next_power_of_two(code_rows + parity_rows));
}

bool locate(const std::uint8_t* missing, unsigned log_points, Gf65536* factors,
            Arena& arena) noexcept
{
    const std::uint32_t points = 1U << log_points;
    auto* const logarithms = arena.take<std::uint16_t>(65536);
    auto* const powers = arena.take<Gf65536>(65536);
    auto* const transformed = arena.take<std::uint32_t>(points);
    auto* const sums = arena.take<std::uint32_t>(points);
    if (sums == nullptr)
        return false;

    Gf65536 power = 1;
    logarithms[0] = 0;  // leaves the point itself out of the product
    for (std::uint32_t i = 0; i < order; ++i)
    {
        powers[i] = power;
        logarithms[power] = static_cast<std::uint16_t>(i);
        power = field::gf65536_multiply(power, generator);
    }
    for (std::uint32_t i = 0; i < points; ++i)
    {
        transformed[i] = logarithms[field::omega(i)];
        sums[i] = missing[i] != 0 ? 1 : 0;
    }
    walsh(transformed, log_points);
    walsh(sums, log_points);
    for (std::uint32_t i = 0; i < points; ++i)
        sums[i] = static_cast<std::uint32_t>(std::uint64_t{sums[i] % order} *
                                             (transformed[i] % order) % order);
    walsh(sums, log_points);
    // The transform twice is multiplication by the number of points; 2^16 = 1 modulo the order.
    for (std::uint32_t i = 0; i < points; ++i)
    {
        const auto halved = static_cast<std::uint32_t>(
            (std::uint64_t{sums[i] % order} << (16 - log_points)) % order);
        factors[i] = powers[missing[i] == 0 ? halved : (order - halved) % order];
    }
    return true;
}
}  // namespace mote::coding
