#include "sim/disk.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace mote::sim
{
void Disk::write(std::size_t offset, Bytes bytes)
{
    MOTE_ASSERT(offset <= durable_.size());
    MOTE_ASSERT(bytes.size() <= durable_.size() - offset);
    pending_.push_back({offset, {bytes.begin(), bytes.end()}});
}

void Disk::flush()
{
    for (const Write& write : pending_)
        std::copy(write.bytes.begin(), write.bytes.end(),
                  durable_.begin() + static_cast<std::ptrdiff_t>(write.offset));
    pending_.clear();
}

void Disk::crash(Random& random)
{
    // Writes reach the medium in any order, or not at all.
    while (!pending_.empty())
    {
        const auto at = static_cast<std::size_t>(random.below(pending_.size()));
        const Write write = std::move(pending_[at]);
        pending_.erase(pending_.begin() + static_cast<std::ptrdiff_t>(at));
        const std::uint64_t fate = random.below(4);
        const auto cut = static_cast<std::size_t>(random.below(write.bytes.size() + 1));
        for (std::size_t i = 0; i < write.bytes.size(); ++i)
        {
            const bool there = fate == 1                   ? true
                               : fate == 2                 ? i < cut
                               : fate == 3 && cut % 2 != 0 ? random.chance(500000)
                               : fate == 3                 ? i >= cut
                                                           : false;
            if (there)
                durable_[write.offset + i] = write.bytes[i];
        }
    }
}

void Disk::tear(std::size_t bytes)
{
    if (!pending_.empty())
    {
        const Write& write = pending_.back();
        std::copy_n(write.bytes.begin(), std::min(bytes, write.bytes.size()),
                    durable_.begin() + static_cast<std::ptrdiff_t>(write.offset));
    }
    pending_.clear();
}

Bytes Disk::read(std::size_t offset, std::size_t bytes) const noexcept
{
    for (const std::size_t bad : bad_)
        if (bad >= offset && bad - offset < bytes)
            return {};
    return Bytes(durable_).subspan(offset, bytes);
}

void Disk::set_bad(std::size_t offset, bool bad)
{
    std::erase(bad_, offset);
    if (bad)
        bad_.push_back(offset);
}

void Disk::restore(std::vector<std::uint8_t> snapshot)
{
    MOTE_ASSERT(snapshot.size() == durable_.size());
    durable_ = std::move(snapshot);
    pending_.clear();
}
}  // namespace mote::sim
