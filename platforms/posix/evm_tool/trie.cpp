#include "trie.hpp"

#include <algorithm>

#include "evm/rlp.hpp"
#include "hash/keccak.hpp"

namespace mote::evm_tool
{
namespace
{
using String = std::vector<std::uint8_t>;

struct Item
{
    Bytes key, value;
};

[[nodiscard]] std::uint8_t nibble(Bytes key, std::size_t i)
{
    return static_cast<std::uint8_t>(i % 2 == 0 ? key[i / 2] >> 4 : key[i / 2] & 15);
}

/// Nibbles [from, to) with the flags of a leaf or an extension in front.
[[nodiscard]] String compact(Bytes key, std::size_t from, std::size_t to, bool leaf)
{
    String out;
    const bool odd = (to - from) % 2 != 0;
    const auto flags = static_cast<std::uint8_t>((leaf ? 2 : 0) + (odd ? 1 : 0));
    out.push_back(static_cast<std::uint8_t>(flags * 16 + (odd ? nibble(key, from++) : 0)));
    for (; from < to; from += 2)
        out.push_back(static_cast<std::uint8_t>(nibble(key, from) * 16 + nibble(key, from + 1)));
    return rlp_string(out);
}

/// What a parent holds of a node: itself if it is short, else its hash.
[[nodiscard]] String reference(String node)
{
    if (node.size() < 32)
        return node;
    return rlp_string(hash::keccak_256(node));
}

[[nodiscard]] String node_of(const Item* first, const Item* last, std::size_t depth)
{
    if (last - first == 1)
        return rlp_list(
            {compact(first->key, depth, 2 * first->key.size(), true), rlp_string(first->value)});
    // Entries are sorted, so the first and the last share what all share.
    std::size_t end = depth;
    while (nibble(first->key, end) == nibble(last[-1].key, end))
        ++end;
    if (end != depth)
        return rlp_list(
            {compact(first->key, depth, end, false), reference(node_of(first, last, end))});
    std::vector<String> children(17, rlp_string({}));
    while (first != last)
    {
        const std::uint8_t digit = nibble(first->key, depth);
        const Item* next = first;
        while (next != last && nibble(next->key, depth) == digit)
            ++next;
        children[digit] = reference(node_of(first, next, depth + 1));
        first = next;
    }
    return rlp_list(children);
}
}  // namespace

std::vector<std::uint8_t> rlp_string(Bytes bytes)
{
    String out;
    if (bytes.size() != 1 || bytes[0] >= 0x80)
    {
        out.resize(9);
        out.resize(evm::write_rlp_header(false, bytes.size(), out.data()));
    }
    out.insert(out.end(), bytes.begin(), bytes.end());
    return out;
}

std::vector<std::uint8_t> rlp_list(const std::vector<std::vector<std::uint8_t>>& items)
{
    std::size_t bytes = 0;
    for (const String& item : items)
        bytes += item.size();
    String out(9);
    out.resize(evm::write_rlp_header(true, bytes, out.data()));
    for (const String& item : items)
        out.insert(out.end(), item.begin(), item.end());
    return out;
}

std::vector<std::uint8_t> rlp_integer(const evm::Word& value)
{
    String out(33);
    out.resize(evm::write_rlp_integer(value, out.data()));
    return out;
}

namespace
{
template <class Entry>
[[nodiscard]] evm::Hash root_of(const std::vector<Entry>& entries)
{
    if (entries.empty())
        return hash::keccak_256(rlp_string({}));
    std::vector<Item> items;
    for (const Entry& entry : entries)
        items.push_back({entry.key, entry.value});
    std::sort(items.begin(), items.end(),
              [](const Item& a, const Item& b)
              {
                  return std::lexicographical_compare(a.key.begin(), a.key.end(), b.key.begin(),
                                                      b.key.end());
              });
    return hash::keccak_256(node_of(items.data(), items.data() + items.size(), 0));
}
}  // namespace

evm::Hash trie_root(const std::vector<TrieEntry>& entries) { return root_of(entries); }

evm::Hash list_root(const std::vector<std::vector<std::uint8_t>>& items)
{
    struct Entry
    {
        String key;
        Bytes value;
    };
    std::vector<Entry> entries;
    for (std::size_t i = 0; i < items.size(); ++i)
        entries.push_back({rlp_integer(evm::Word(i)), items[i]});
    return root_of(entries);
}
}  // namespace mote::evm_tool
