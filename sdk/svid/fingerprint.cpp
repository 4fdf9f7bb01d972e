#include "svid/fingerprint.hpp"

#include <algorithm>
#include <cstring>

namespace mote::svid
{
namespace
{
constexpr std::size_t group_bytes = 128;
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

field::Gf2_128 eighth_power(field::Gf2_128 x) noexcept
{
    for (unsigned i = 0; i < 3; ++i)
        x = x * x;
    return x;
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

Challenge::Challenge(field::Gf2_128 rho_value) noexcept
    : rho(rho_value), rho_8(eighth_power(rho_value))
{
}

void Fingerprint::groups(const MultiplyTable& rho_8, const std::uint8_t* bytes,
                         std::size_t count) noexcept
{
    // Two chains at a time: more would not fit into the registers.
    for (std::size_t e = 0; e < words; e += 2)
    {
        Pair a = {sums_[e].low, sums_[e].high};
        Pair b = {sums_[e + 1].low, sums_[e + 1].high};
        const std::uint8_t* word = bytes + 8 * e;
        for (std::size_t g = 0; g < count; ++g, word += group_bytes)
        {
            a = rho_8.multiply(a[0], a[1]) ^ Pair { load_le64(word), load_le64(word + 64) };
            b = rho_8.multiply(b[0], b[1]) ^ Pair { load_le64(word + 8), load_le64(word + 72) };
        }
        sums_[e] = {a[0], a[1]};
        sums_[e + 1] = {b[0], b[1]};
    }
}

void Fingerprint::update(const Challenge& challenge, Bytes part) noexcept
{
    while (!part.empty())
    {
        const std::size_t buffered = bytes_ % group_bytes;
        if (buffered == 0 && part.size() >= group_bytes)
        {
            const std::size_t count = part.size() / group_bytes;
            groups(challenge.rho_8, part.data(), count);
            bytes_ += count * group_bytes;
            part = part.subspan(count * group_bytes);
            continue;
        }
        const std::size_t taken = std::min(part.size(), group_bytes - buffered);
        std::memcpy(group_.data() + buffered, part.data(), taken);
        bytes_ += taken;
        part = part.subspan(taken);
        if (buffered + taken == group_bytes)
            groups(challenge.rho_8, group_.data(), 1);
    }
}

field::Gf2_128 Fingerprint::finish(const Challenge& challenge, std::size_t row_bytes) noexcept
{
    const std::array<std::uint8_t, group_bytes> zeros{};
    while (bytes_ < row_bytes)
    {
        const std::size_t missing = group_bytes - bytes_ % group_bytes;
        update(challenge, Bytes(zeros).first(std::min(missing, row_bytes - bytes_)));
    }
    field::Gf2_128 sum;
    for (const field::Gf2_128& lane : sums_)
        sum = challenge.rho.multiply(sum) ^ lane;
    return sum;
}

field::Gf2_128 fingerprint(const Challenge& challenge, Bytes row, std::size_t row_bytes) noexcept
{
    Fingerprint sum;
    sum.update(challenge, row);
    return sum.finish(challenge, row_bytes);
}
}  // namespace mote::svid
