// An independent slow model of the state: a sorted map, a list of all entries ever, and a plain
// Merkle tree over them, written from docs/formats/qmdb.md alone.
//
// Nothing here is shared with sdk/state or producer/qmdb: where they walk, it compares the whole list
// before and after; where they keep nodes, it builds the tree. It also makes proofs and witnesses.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "tools/state_model_hash.hpp"

namespace mote::test::model
{
struct Op
{
    Octets key;
    std::optional<Octets> value;  // none: delete
};

struct LogEntry
{
    Octets bytes;
    Hash leaf;
    bool active = true;
};

struct Item
{
    Octets key, value;  // both empty in the sentry
    Hash next;
    std::uint64_t version = 0, sn = 0;
};

inline void put(Octets& out, std::uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; ++i)
        out.push_back(static_cast<std::uint8_t>(value >> 8 * i));
}
inline void put(Octets& out, const Hash& hash) { out.insert(out.end(), hash.begin(), hash.end()); }
inline void put(Octets& out, const Octets& bytes)
{
    out.insert(out.end(), bytes.begin(), bytes.end());
}

inline Hash hash_of_key(const Octets& key)
{
    Octets bytes = {static_cast<std::uint8_t>(key.size())};
    put(bytes, key);
    return chain(domain("key"), bytes);
}

class Shard
{
  public:
    explicit Shard(unsigned number) : number_(number)
    {
        Hash low{}, high;
        high.fill(0xff);
        low[0] = static_cast<std::uint8_t>(number << 4);
        high[0] = static_cast<std::uint8_t>(number << 4 | 15);
        list[low] = {{}, {}, high, 0, 0};
        append(list[low], {});
    }

    // Applies net operations: the last mention of each key is in the map already.
    void apply(std::uint64_t height, const std::map<Hash, Op>& batch)
    {
        const std::map<Hash, Item> before = list;
        for (const auto& [hash, op] : batch)
        {
            if (op.value)
                list[hash] = {op.key,
                              *op.value,
                              {},
                              before.count(hash) ? before.at(hash).version : 0,
                              before.count(hash) ? before.at(hash).sn : 0};
            else
                list.erase(hash);
        }
        for (auto at = list.begin(); at != list.end(); ++at)
        {
            const auto after = std::next(at);
            at->second.next = after == list.end() ? upper() : after->first;
        }
        first = log.size();
        examined_begin = examined_end = floor;
        std::vector<Hash> changed;
        for (const auto& [hash, item] : list)
        {
            const auto old = before.find(hash);
            if (old == before.end() || old->second.value != item.value ||
                old->second.next != item.next)
                changed.push_back(hash);
        }
        for (const Hash& hash : changed)
        {
            Item& item = list[hash];
            std::vector<std::uint64_t> names;
            if (before.count(hash))
                names.push_back(before.at(hash).sn);
            for (auto at = before.upper_bound(hash); at != before.end() && at->first < item.next;
                 ++at)
                names.push_back(at->second.sn);
            item.version = height;
            std::size_t done = std::min<std::size_t>(255, names.size());
            append(item, {names.begin(), names.begin() + static_cast<std::ptrdiff_t>(done)});
            while (done < names.size())
            {
                std::vector<std::uint64_t> part = {item.sn};
                while (part.size() < 255 && done < names.size())
                    part.push_back(names[done++]);
                append(item, part);
            }
        }
        compact();
    }

    std::uint64_t next_sn() const { return log.size(); }
    unsigned number() const { return number_; }

    unsigned height() const
    {
        unsigned levels = 8;
        for (std::uint64_t rest = log.size() >> 8; rest != 0; rest >>= 1)
            ++levels;
        return levels;
    }

    // The node of a level, from the leaves; S of a chunk with with_bits false at level 8.
    Hash node(unsigned level, std::uint64_t index, bool with_bits = true) const
    {
        const std::uint64_t start = index << level;
        if (start >= log.size())
            return null(level);
        if (level == 0)
            return log[start].leaf;
        const bool s_is_final = level == 8 && start + 256 <= log.size();
        Hash value;
        if (s_is_final && s_cache.size() > index && s_cache[index])
            value = *s_cache[index];
        else
            value = kh(domain("node"), node(level - 1, 2 * index), node(level - 1, 2 * index + 1));
        if (s_is_final)
        {
            s_cache.resize(std::max<std::size_t>(s_cache.size(), index + 1));
            s_cache[index] = value;
        }
        return level == 8 && with_bits ? kh(domain("bits"), bits(index), value) : value;
    }

    Hash bits(std::uint64_t chunk) const
    {
        Hash out{};
        for (std::uint64_t i = 0; i < 256 && chunk * 256 + i < log.size(); ++i)
            if (log[chunk * 256 + i].active)
                out[i / 8] |= static_cast<std::uint8_t>(1 << i % 8);
        return out;
    }

    Hash root() const
    {
        Octets numbers;
        put(numbers, log.size(), 8);
        put(numbers, floor, 8);
        put(numbers, list.size(), 8);
        put(numbers, 0, 8);
        Hash right;
        std::copy(numbers.begin(), numbers.end(), right.begin());
        return kh(domain("shard"), node(height(), 0), right);
    }

    static Hash null(unsigned level)
    {
        static std::vector<Hash> nodes = {Hash{}};
        while (nodes.size() <= level)
        {
            const Hash& below = nodes.back();
            Hash value = kh(domain("node"), below, below);
            if (nodes.size() == 8)
                value = kh(domain("bits"), Hash{}, value);
            nodes.push_back(value);
        }
        return nodes[level];
    }

    Hash upper() const
    {
        Hash high;
        high.fill(0xff);
        high[0] = static_cast<std::uint8_t>(number_ << 4 | 15);
        return high;
    }

    // The entry of the key, or the one that covers its hash.
    const Item& find(const Hash& hash) const { return std::prev(list.upper_bound(hash))->second; }

    // A section that opens the given serial numbers; all of them exist.
    Octets section(const std::set<std::uint64_t>& sns, const std::set<std::uint64_t>& extra,
                   bool witness) const
    {
        Octets out;
        put(out, log.size(), 8);
        put(out, floor, 8);
        put(out, list.size(), 8);
        put(out, sns.size(), 4);
        put(out, extra.size(), 4);
        for (const std::uint64_t sn : sns)
        {
            put(out, log[sn].bytes);
            out.resize((out.size() + 7) / 8 * 8);
        }
        for (const std::uint64_t chunk : extra)
            put(out, chunk, 8);
        std::set<std::uint64_t> row = sns;
        if (witness)
            row.insert(log.size());
        fold(row, 0, 8, out);
        for (const std::uint64_t chunk : extra)
        {
            put(out, node(8, chunk, false));
            row.insert(chunk);
        }
        for (const std::uint64_t chunk : row)
            if (chunk * 256 < log.size())
                put(out, bits(chunk));
        fold(row, 8, height(), out);
        return out;
    }

    std::map<Hash, Item> list;
    std::vector<LogEntry> log;
    std::uint64_t floor = 0;
    // Of the last block.
    std::uint64_t first = 0, examined_begin = 0, examined_end = 0;
    std::set<std::uint64_t> copied;

  private:
    void append(Item& item, const std::vector<std::uint64_t>& names)
    {
        item.sn = log.size();
        Octets bytes = {static_cast<std::uint8_t>(item.key.size()),
                        static_cast<std::uint8_t>(names.size())};
        put(bytes, item.value.size(), 2);
        put(bytes, 0, 4);
        put(bytes, item.version, 8);
        put(bytes, item.sn, 8);
        put(bytes, item.next);
        for (const std::uint64_t name : names)
        {
            put(bytes, name, 8);
            log.at(name).active = false;
        }
        put(bytes, item.key);
        put(bytes, item.value);
        log.push_back({bytes, chain(domain("leaf"), bytes), true});
    }

    void compact()
    {
        copied.clear();
        const std::uint64_t appended = log.size() - first;
        std::map<std::uint64_t, Hash> by_sn;
        for (std::uint64_t i = 0; i < 4 * appended; ++i)
        {
            if (floor >= first || log.size() - floor <= 2 * list.size() + 4096)
                break;
            if (log[floor].active)
            {
                if (by_sn.empty())
                    for (const auto& [hash, item] : list)
                        by_sn[item.sn] = hash;
                copied.insert(floor);
                append(list[by_sn.at(floor)], {floor});
            }
            ++floor;
            examined_end = floor;
        }
    }

    void fold(std::set<std::uint64_t>& row, unsigned from, unsigned to, Octets& out) const
    {
        for (unsigned level = from; level < to; ++level)
        {
            std::set<std::uint64_t> parents;
            for (const std::uint64_t index : row)
            {
                const std::uint64_t sibling = index ^ 1;
                if (row.count(sibling) == 0 && sibling << level < log.size())
                    put(out, node(level, sibling));
                parents.insert(index / 2);
            }
            row = parents;
        }
    }

    unsigned number_;
    mutable std::vector<std::optional<Hash>> s_cache;
};

// What a proof or witness opens, by shard.
struct Selection
{
    std::map<unsigned, std::set<std::uint64_t>> sns, chunks;
};

class State
{
  public:
    State()
    {
        for (unsigned i = 0; i < 16; ++i)
            shards.emplace_back(i);
    }

    Hash apply(std::uint64_t height, const std::vector<Op>& ops)
    {
        for (auto& [number, batch] : split(ops))
            shards[number].apply(height, batch);
        return root();
    }

    Hash root() const
    {
        std::vector<Hash> row;
        for (const Shard& shard : shards)
            row.push_back(shard.root());
        return fold(row);
    }

    static unsigned shard_of(const Octets& key) { return hash_of_key(key)[0] >> 4; }

    std::optional<Octets> get(const Octets& key) const
    {
        const Shard& shard = shards[shard_of(key)];
        const auto found = shard.list.find(hash_of_key(key));
        if (found == shard.list.end())
            return std::nullopt;
        return found->second.value;
    }

    Octets prove(const Selection& selection, bool witness = false) const
    {
        Octets out;
        const std::string magic = witness ? "mqw1" : "mqp1";
        out.assign(magic.begin(), magic.end());
        unsigned mask = 0;
        for (const auto& [number, sns] : selection.sns)
            mask |= 1u << number;
        put(out, mask, 2);
        put(out, 0, 2);
        std::set<unsigned> row;
        for (const auto& [number, sns] : selection.sns)
        {
            const auto extra = selection.chunks.find(number);
            put(out,
                shards[number].section(
                    sns,
                    extra == selection.chunks.end() ? std::set<std::uint64_t>{} : extra->second,
                    witness));
            row.insert(number);
        }
        std::vector<Hash> nodes;
        for (const Shard& shard : shards)
            nodes.push_back(shard.root());
        for (int level = 0; level < 4; ++level)
        {
            std::set<unsigned> parents;
            for (const unsigned index : row)
            {
                if (row.count(index ^ 1) == 0)
                    put(out, nodes[index ^ 1]);
                parents.insert(index / 2);
            }
            row = parents;
            std::vector<Hash> above;
            for (std::size_t i = 0; i < nodes.size(); i += 2)
                above.push_back(kh(domain("state"), nodes[i], nodes[i + 1]));
            nodes = above;
        }
        return out;
    }

    // The minimal witness of a block that reads `reads` and applies `ops`.
    Octets witness(std::uint64_t height, const std::vector<Op>& ops,
                   const std::vector<Octets>& reads) const
    {
        Selection selection;
        for (const Octets& key : reads)
        {
            const Hash hash = hash_of_key(key);
            selection.sns[hash[0] >> 4].insert(shards[hash[0] >> 4].find(hash).sn);
        }
        for (const auto& [number, batch] : split(ops))
        {
            const Shard& shard = shards[number];
            std::set<std::uint64_t>& sns = selection.sns[number];
            for (const auto& [hash, op] : batch)
            {
                sns.insert(shard.find(hash).sn);
                if (const auto found = shard.list.find(hash);
                    !op.value && found != shard.list.end())
                    sns.insert(std::prev(found)->second.sn);
            }
            Shard after = shard;
            after.apply(height, batch);
            sns.insert(after.copied.begin(), after.copied.end());
            std::set<std::uint64_t> chunks;
            for (std::uint64_t sn = after.examined_begin; sn < after.examined_end; ++sn)
                chunks.insert(sn / 256);
            chunks.erase(shard.next_sn() / 256);
            for (const std::uint64_t sn : sns)
                chunks.erase(sn / 256);
            selection.chunks[number] = chunks;
        }
        return prove(selection, true);
    }

    std::vector<Shard> shards;

  private:
    static std::map<unsigned, std::map<Hash, Op>> split(const std::vector<Op>& ops)
    {
        std::map<unsigned, std::map<Hash, Op>> out;
        for (const Op& op : ops)
        {
            const Hash hash = hash_of_key(op.key);
            out[hash[0] >> 4][hash] = op;
        }
        return out;
    }

    static Hash fold(std::vector<Hash> row)
    {
        while (row.size() > 1)
        {
            std::vector<Hash> above;
            for (std::size_t i = 0; i < row.size(); i += 2)
                above.push_back(kh(domain("state"), row[i], row[i + 1]));
            row = above;
        }
        return row[0];
    }
};
}  // namespace mote::test::model
