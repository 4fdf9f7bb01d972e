#include "qmdb/branches.hpp"

#include <algorithm>

namespace mote::qmdb
{
Branches::Branches(Store& store) : store_(store)
{
    if (store.pending() != 0)
        throw NotHere("blocks are pending already");
    base_node_.block = store.final_block();
}

std::vector<state::Operation> Branches::Node::operations() const
{
    std::vector<state::Operation> out;
    out.reserve(items.size());
    for (const Item& item : items)
    {
        const ByteView both =
            ByteView(bytes).subspan(item.begin, item.key_bytes + item.value_bytes);
        out.push_back({both.first(item.key_bytes), both.subspan(item.key_bytes), item.erase});
    }
    return out;
}

const Branches::Node& Branches::node(Id id) const
{
    if (id == base_)
        return base_node_;
    const auto found = nodes_.find(id);
    if (found == nodes_.end())
        throw NotHere("block " + std::to_string(id) + " is not pending");
    return found->second;
}

// From the block after the base to the given one.
std::vector<Branches::Id> Branches::path(Id id) const
{
    std::vector<Id> out;
    for (; id != base_; id = node(id).parent)
        out.push_back(id);
    std::reverse(out.begin(), out.end());
    return out;
}

void Branches::select(Id id)
{
    const std::vector<Id> wanted = path(id);
    const std::size_t common = static_cast<std::size_t>(
        std::mismatch(pending_.begin(), pending_.end(), wanted.begin(), wanted.end()).first -
        pending_.begin());
    while (pending_.size() > common)
    {
        store_.undo();
        pending_.pop_back();
    }
    for (std::size_t i = common; i < wanted.size(); ++i)
    {
        const Node& next = node(wanted[i]);
        if (store_.apply(next.block.height, next.operations()) != next.block.root)
            throw std::logic_error("a block leads to another root than before");
        pending_.push_back(wanted[i]);
    }
}

Branches::Id Branches::apply(Id parent, std::uint64_t height,
                             std::span<const state::Operation> operations)
{
    select(parent);
    Node added;
    added.parent = parent;
    for (const state::Operation& operation : operations)
    {
        added.items.push_back(
            {added.bytes.size(), operation.key.size(), operation.value.size(), operation.erase});
        added.bytes.insert(added.bytes.end(), operation.key.begin(), operation.key.end());
        added.bytes.insert(added.bytes.end(), operation.value.begin(), operation.value.end());
    }
    store_.apply(height, operations);
    added.block = store_.head();
    const Id id = ++last_id_;
    nodes_.emplace(id, std::move(added));
    pending_.push_back(id);
    return id;
}

void Branches::finalize(Id id)
{
    // Blocks on top of it may stay where they are.
    auto at = std::find(pending_.begin(), pending_.end(), id);
    if (id != base_ && at == pending_.end())
    {
        select(id);
        at = pending_.end() - 1;
    }
    if (id == base_)
        return;
    store_.finalize(static_cast<std::size_t>(at - pending_.begin()) + 1);
    pending_.erase(pending_.begin(), at + 1);

    std::map<Id, Node> kept;
    for (auto& [other, n] : nodes_)
        // Ids grow from parents to children, so a parent is decided before its children.
        if (n.parent == id || kept.contains(n.parent))
            kept.emplace(other, std::move(n));
    base_node_ = Node{};
    base_node_.block = store_.final_block();
    base_ = id;
    nodes_ = std::move(kept);
}
}  // namespace mote::qmdb
