#include "evm/opcodes.hpp"

namespace mote::evm
{
namespace
{
constexpr void fill(std::array<std::uint16_t, 256>& gas, std::uint32_t first, std::uint32_t last,
                    std::uint16_t cost)
{
    for (std::uint32_t code = first; code <= last; ++code)
        gas[code] = cost;
}

constexpr std::array<std::uint16_t, 256> gas_of(Fork fork)
{
    std::array<std::uint16_t, 256> gas{};
    fill(gas, 0x01, 0x1d, 3);
    gas[0x02] = gas[0x04] = gas[0x05] = gas[0x06] = gas[0x07] = gas[0x0b] = 5;
    gas[0x08] = gas[0x09] = 8;
    gas[0x0a] = 10;
    gas[0x1e] = 5;
    gas[0x20] = 30;
    fill(gas, 0x30, 0x3f, 2);
    gas[0x35] = gas[0x37] = gas[0x39] = gas[0x3e] = 3;
    gas[0x40] = 20;
    fill(gas, 0x41, 0x48, 2);
    gas[0x47] = 5;
    gas[0x49] = 3;
    gas[0x4a] = 2;
    gas[0x50] = 2;
    fill(gas, 0x51, 0x53, 3);
    gas[0x56] = 8;
    gas[0x57] = 10;
    fill(gas, 0x58, 0x5a, 2);
    gas[0x5b] = 1;
    gas[0x5c] = gas[0x5d] = 100;
    gas[0x5e] = 3;
    gas[0x5f] = 2;
    fill(gas, 0x60, 0x9f, 3);
    for (std::uint32_t topics = 0; topics <= 4; ++topics)
        gas[0xa0 + topics] = static_cast<std::uint16_t>(375 * (topics + 1));
    gas[0xf0] = gas[0xf5] = 32000;

    // What looks at another account, and at storage, rose again and again.
    const bool tangerine = fork >= Fork::tangerine_whistle, istanbul = fork >= Fork::istanbul;
    const bool berlin = fork >= Fork::berlin;
    const auto price = [&](std::uint16_t frontier, std::uint16_t from_150, std::uint16_t from_1884)
    {
        return berlin ? std::uint16_t{100} : istanbul ? from_1884 : tangerine ? from_150 : frontier;
    };
    gas[0x31] = price(20, 400, 700);
    gas[0x3b] = gas[0x3c] = price(20, 700, 700);
    gas[0x3f] = price(400, 400, 700);
    gas[0x54] = price(50, 200, 800);
    gas[0xf1] = gas[0xf2] = gas[0xf4] = gas[0xfa] = price(40, 700, 700);
    gas[0xff] = tangerine ? 5000 : 0;
    return gas;
}

constexpr std::array<std::array<std::uint16_t, 256>, fork_count> tables = []
{
    std::array<std::array<std::uint16_t, 256>, fork_count> all{};
    for (std::uint32_t fork = 0; fork < fork_count; ++fork)
        all[fork] = gas_of(static_cast<Fork>(fork));
    return all;
}();
}  // namespace

const std::array<std::uint16_t, 256>& static_gas(Fork fork) noexcept
{
    return tables[static_cast<std::size_t>(fork)];
}
}  // namespace mote::evm
