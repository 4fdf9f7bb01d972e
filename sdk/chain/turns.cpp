#include "chain/turns.hpp"

#include <utility>

#include "chain/layout.hpp"
#include "chain/wide.hpp"

namespace mote::chain
{
Digest seed(const Digest& randao, std::uint64_t epoch, SeedKind kind, std::uint32_t zone) noexcept
{
    MOTE_ASSERT(zone == 0 || kind == SeedKind::zone_committee || kind == SeedKind::zone_turns);
    std::array<std::uint8_t, 45> message;
    internal::WriteFields write{message.data()};
    write(randao, static_cast<std::uint8_t>(kind), zone, epoch);
    return hash::blake3_derive_key("mote seed v1", message);
}

void permutation(const Digest& seed, std::span<std::uint32_t> out) noexcept
{
    MOTE_ASSERT(out.size() <= UINT32_MAX);
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = static_cast<std::uint32_t>(i);
    std::array<std::uint8_t, 36> message;
    std::memcpy(message.data(), seed.data(), seed.size());
    for (std::size_t i = out.size(); i-- > 1;)
    {
        store_le(message.data() + 32, static_cast<std::uint32_t>(i));
        const Digest digest = hash::blake3_derive_key("mote shuffle v1", message);
        const std::uint64_t j = multiply(load_le64(digest.data()), std::uint64_t{i} + 1).high;
        std::swap(out[i], out[static_cast<std::size_t>(j)]);
    }
}

std::uint32_t root_leader(std::span<const std::uint32_t> order, std::uint64_t view) noexcept
{
    MOTE_ASSERT(!order.empty() && view >= 1);
    return order[static_cast<std::size_t>((view - 1) % order.size())];
}

std::uint32_t window_owner(std::span<const std::uint32_t> order, std::uint64_t window) noexcept
{
    MOTE_ASSERT(!order.empty());
    return order[static_cast<std::size_t>(window % order.size())];
}
}  // namespace mote::chain
