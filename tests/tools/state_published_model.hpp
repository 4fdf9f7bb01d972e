// The published profile as a slow model: what the original does with change sets, shard by shard, one
// operation after the other. It hashes with sdk/state/published, whose pieces have known answers.
#pragma once

#include <map>

#include "state/published.hpp"
#include "tools/state_model.hpp"

namespace mote::test
{
class PublishedShard
{
  public:
    explicit PublishedShard(unsigned shard)
    {
        for (unsigned i = 0; i < state::published::sentries_per_shard; ++i)
        {
            const unsigned number = shard * 4096 + i;
            Item item;
            item.key.assign(32, 0);
            item.key[0] = static_cast<std::uint8_t>(number >> 8);
            item.key[1] = static_cast<std::uint8_t>(number);
            item.next = sentry_hash(number + 1);
            append(sentry_hash(number), item, {});
        }
    }

    void create(const model::Hash& hash, const model::Octets& key, const model::Octets& value,
                std::int64_t version)
    {
        const auto before = std::prev(list.lower_bound(hash));
        Item item;
        item.key = key;
        item.value = value;
        item.version = version;
        item.next = before->second.next;
        append(hash, item, {});
        Item changed = before->second;
        changed.next = hash;
        changed.version = version;
        append(before->first, changed, {changed.sn});
    }

    void write(const model::Hash& hash, const model::Octets& value, std::int64_t version)
    {
        Item item = list.at(hash);
        item.value = value;
        item.version = version;
        append(hash, item, {item.sn});
    }

    void remove(const model::Hash& hash, std::int64_t version)
    {
        const auto at = list.find(hash);
        const auto before = std::prev(at);
        Item changed = before->second;
        changed.next = at->second.next;
        changed.version = version;
        const std::uint64_t gone = at->second.sn;
        append(before->first, changed, {gone, changed.sn});
        list.erase(hash);
    }

    // `steps` times the oldest active entry again, if the store is due.
    void compact(unsigned steps, std::uint64_t threshold, std::uint64_t ratio, std::uint64_t div)
    {
        const std::uint64_t total = leaves.size() - start;
        if (list.size() < threshold || total * ratio < list.size() * div)
            return;
        while (steps-- > 0)
        {
            while (!active[start])
                ++start;
            for (const auto& [hash, item] : list)
                if (item.sn == start)
                {
                    const Item copy = item;
                    append(hash, copy, {copy.sn});
                    break;
                }
            ++start;
        }
    }

    std::uint64_t next_sn() const { return leaves.size(); }

    model::Hash node(std::uint8_t level, std::uint64_t index) const
    {
        namespace p = state::published;
        if (level < p::twig_level)
        {
            if (index << level >= leaves.size())
                return p::null_left(level);
            if (level == 0)
                return leaves[index];
            return p::node(static_cast<std::uint8_t>(level - 1),
                           node(static_cast<std::uint8_t>(level - 1), 2 * index),
                           node(static_cast<std::uint8_t>(level - 1), 2 * index + 1));
        }
        if (level == p::twig_level)
        {
            if (index > leaves.size() >> p::twig_shift)
                return p::null_twig(level);
            return p::twig_root(node(p::twig_shift, index), p::bits_root(bits(index).data()));
        }
        if (index << (level - p::twig_level) > leaves.size() >> p::twig_shift)
            return p::null_twig(level);
        return p::node(static_cast<std::uint8_t>(level - 1),
                       node(static_cast<std::uint8_t>(level - 1), 2 * index),
                       node(static_cast<std::uint8_t>(level - 1), 2 * index + 1));
    }

    model::Octets bits(std::uint64_t twig) const
    {
        model::Octets out(state::published::active_bytes);
        for (std::uint64_t i = 0; i < 2048 && twig * 2048 + i < leaves.size(); ++i)
            if (active[twig * 2048 + i])
                out[i / 8] |= static_cast<std::uint8_t>(1 << i % 8);
        return out;
    }

    std::uint8_t root_level() const
    {
        // The youngest twig opens a level even alone.
        const std::uint64_t twig = leaves.size() >> state::published::twig_shift;
        return state::published::root_level(twig);
    }
    model::Hash root() const { return node(root_level(), 0); }

    model::Octets prove(std::uint64_t sn) const
    {
        namespace p = state::published;
        model::Octets out;
        model::put(out, sn, 8);
        model::put(out, leaves[sn]);
        for (std::uint8_t level = 0; level < p::twig_shift; ++level)
            model::put(out, node(level, sn >> level ^ 1));
        std::vector<model::Hash> row(8);
        const model::Octets page_bits = bits(sn >> p::twig_shift);
        for (std::size_t i = 0; i < 8; ++i)
            std::copy_n(page_bits.begin() + static_cast<std::ptrdiff_t>(32 * i), 32,
                        row[i].begin());
        std::size_t page = sn >> 8 & 7;
        model::put(out, row[page]);
        for (std::uint8_t level = 8; level < p::twig_shift; ++level, page /= 2)
        {
            model::put(out, row[page ^ 1]);
            std::vector<model::Hash> above;
            for (std::size_t i = 0; i < row.size(); i += 2)
                above.push_back(p::node(level, row[i], row[i + 1]));
            row = above;
        }
        for (std::uint8_t level = p::twig_level; level < root_level(); ++level)
            model::put(out, node(level, sn >> (level - 1) ^ 1));
        model::put(out, root());
        return out;
    }

    std::vector<model::Hash> leaves;
    std::vector<bool> active;
    std::uint64_t start = 0;

  private:
    struct Item
    {
        model::Octets key, value;
        model::Hash next{};
        std::int64_t version = 0;
        std::uint64_t sn = 0;
    };

    static model::Hash sentry_hash(unsigned number)
    {
        model::Hash out{};
        if (number == 65536)
            out.fill(0xff);
        else
        {
            out[0] = static_cast<std::uint8_t>(number >> 8);
            out[1] = static_cast<std::uint8_t>(number);
        }
        return out;
    }

    void append(const model::Hash& hash, Item item, const std::vector<std::uint64_t>& names)
    {
        item.sn = leaves.size();
        model::Octets numbers;
        for (const std::uint64_t name : names)
        {
            active.at(name) = false;
            model::put(numbers, name, 8);
        }
        leaves.push_back(state::published::leaf_hash(
            {item.key, item.value, item.next, item.version, item.sn, numbers}));
        active.push_back(true);
        list[hash] = item;
    }

    std::map<model::Hash, Item> list;
};
}  // namespace mote::test
