#include "state/published.hpp"

#include <cstring>

#include "base/assert.hpp"
#include "hash/sha256.hpp"

namespace mote::state::published
{
namespace
{
constexpr std::size_t pages = 8;
constexpr std::uint8_t page_level = 8;
constexpr std::size_t upper_siblings_max = 53;  // levels 12 .. 64

Digest sha(Bytes bytes) noexcept { return hash::sha256(bytes); }

void encode_length(const Entry& entry, std::uint8_t (&out)[5]) noexcept
{
    MOTE_ASSERT(entry.key.size() <= 255 && entry.value.size() < std::size_t{1} << 24 &&
                entry.deactivated.size() <= std::size_t{255} * 8);
    store_le(out, static_cast<std::uint32_t>(entry.value.size() << 8 | entry.key.size()));
    out[4] = static_cast<std::uint8_t>(entry.deactivated.size() / 8);
}

// The parts of an entry in order.
template <class Take>
void for_each_part(const Entry& entry, const Take& take) noexcept
{
    std::uint8_t length[5], numbers[16];
    encode_length(entry, length);
    store_le(numbers, entry.version);
    store_le(numbers + 8, entry.sn);
    take(Bytes(length));
    take(entry.key);
    take(entry.value);
    take(Bytes(entry.next));
    take(Bytes(numbers));
    take(entry.deactivated);
}
}  // namespace

Digest node(std::uint8_t level, const Digest& left, const Digest& right) noexcept
{
    std::uint8_t bytes[65];
    bytes[0] = level;
    std::memcpy(bytes + 1, left.data(), 32);
    std::memcpy(bytes + 33, right.data(), 32);
    return sha(bytes);
}

Digest leaf_hash(const Entry& entry) noexcept
{
    hash::Sha256 hasher;
    for_each_part(entry, [&](Bytes part) { hasher.update(part); });
    Digest out;
    hasher.finish(out);
    return out;
}

std::size_t encode_entry(const Entry& entry, std::uint8_t* out) noexcept
{
    std::uint8_t* at = out;
    for_each_part(entry,
                  [&](Bytes part)
                  {
                      if (!part.empty())
                          std::memcpy(at, part.data(), part.size());
                      at += part.size();
                  });
    return static_cast<std::size_t>(at - out);
}

Digest null_leaf() noexcept
{
    Entry entry;
    entry.version = -2;
    entry.sn = ~std::uint64_t{0};
    return leaf_hash(entry);
}

Digest null_left(std::uint8_t level) noexcept
{
    MOTE_ASSERT(level <= twig_shift);
    Digest value = null_leaf();
    for (std::uint8_t l = 0; l < level; ++l)
        value = node(l, value, value);
    return value;
}

Digest null_twig(std::uint8_t level) noexcept
{
    MOTE_ASSERT(level >= twig_level && level < 64);
    const std::uint8_t no_bits[active_bytes] = {};
    Digest value = twig_root(null_left(twig_shift), bits_root(no_bits));
    for (std::uint8_t l = twig_level; l < level; ++l)
        value = node(l, value, value);
    return value;
}

Digest bits_root(const std::uint8_t* bits) noexcept
{
    Digest row[pages];
    for (std::size_t i = 0; i < pages; ++i)
        std::memcpy(row[i].data(), bits + 32 * i, 32);
    std::uint8_t level = page_level;
    for (std::size_t n = pages / 2; n != 0; n /= 2, ++level)
        for (std::size_t i = 0; i < n; ++i)
            row[i] = node(level, row[2 * i], row[2 * i + 1]);
    return row[0];
}

Digest twig_root(const Digest& left_root, const Digest& right_root) noexcept
{
    return node(twig_shift, left_root, right_root);
}

std::uint8_t root_level(std::uint64_t youngest_twig) noexcept
{
    std::uint8_t level = twig_level;
    for (; youngest_twig != 0; youngest_twig >>= 1)
        ++level;
    return level;
}

Status verify(Bytes proof, const Digest& leaf, const Digest& shard_root, Fault& fault) noexcept
{
    constexpr std::size_t fixed = 17;
    fault = Fault::truncated;
    if (proof.size() < 8 + 32 * (fixed + 1) || (proof.size() - 8) % 32 != 0 ||
        (proof.size() - 8) / 32 > fixed + upper_siblings_max)
        return Status::malformed;
    const std::uint64_t sn = load_le64(proof.data());
    const std::size_t items = (proof.size() - 8) / 32;
    const auto item = [&](std::size_t i)
    {
        Digest out;
        std::memcpy(out.data(), proof.data() + 8 + 32 * i, 32);
        return out;
    };
    const auto join = [](std::uint8_t level, bool right, const Digest& own, const Digest& other)
    { return right ? node(level, other, own) : node(level, own, other); };

    fault = Fault::root;
    if (item(0) != leaf)
        return Status::rejected;
    Digest left = leaf;
    for (std::uint8_t level = 0; level < twig_shift; ++level)
        left = join(level, (sn >> level & 1) != 0, left, item(1u + level));
    Digest right = item(12);
    if ((right[sn >> 3 & 31] >> (sn & 7) & 1) == 0)
        return Status::rejected;
    for (std::uint8_t level = page_level; level < twig_shift; ++level)
        right = join(level, (sn >> level & 1) != 0, right, item(13u + level - page_level));
    Digest root = twig_root(left, right);
    const std::size_t upper = items - fixed;
    for (std::size_t u = 0; u < upper; ++u)
        root = join(static_cast<std::uint8_t>(twig_level + u), (sn >> (twig_shift + u) & 1) != 0,
                    root, item(16 + u));
    if (root != shard_root || item(items - 1) != shard_root)
        return Status::rejected;
    fault = Fault::none;
    return Status::ok;
}
}  // namespace mote::state::published
