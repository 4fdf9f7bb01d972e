// Branches: a tree of blocks that are not final, each with its root, on top of one store.
//
// The store has one newest block. Going to another branch takes back blocks to the common one and
// applies the others again, so a root of any branch costs what its blocks cost, and reads on the
// branch that the store is on cost nothing more. Finalizing a block forgets every branch that does
// not go on from it.
//
//   Branches branches(store);
//   const auto a = branches.apply(branches.base(), 8, batch);      // two blocks of one height
//   const auto b = branches.apply(branches.base(), 8, other);
//   branches.finalize(b);                                          // a is gone
#pragma once

#include <map>

#include "qmdb/store.hpp"

namespace mote::qmdb
{
class Branches
{
  public:
    using Id = std::uint64_t;

    /// Shape   store: nothing pending (NotHere otherwise); nobody else applies, undoes or finalizes.
    explicit Branches(Store& store);

    /// The last final block.
    [[nodiscard]] Id base() const { return base_; }

    /// Applies a block on top of any other; the operations are copied. Throws as Store::apply, and
    /// NotHere for a parent that is gone; then nothing was changed.
    Id apply(Id parent, std::uint64_t height, std::span<const state::Operation> operations);

    [[nodiscard]] const BlockRecord& block(Id id) const { return node(id).block; }
    [[nodiscard]] bool contains(Id id) const { return id == base_ || nodes_.contains(id); }
    [[nodiscard]] std::size_t size() const { return nodes_.size(); }

    /// Brings the store to a block, for reads and proofs.
    void select(Id id);

    /// Makes a block and its ancestors safe. Throws as Store::finalize.
    void finalize(Id id);

  private:
    struct Item
    {
        std::size_t begin, key_bytes, value_bytes;
        bool erase;
    };
    struct Node
    {
        Id parent = 0;
        BlockRecord block;
        std::vector<std::uint8_t> bytes;
        std::vector<Item> items;

        [[nodiscard]] std::vector<state::Operation> operations() const;
    };

    [[nodiscard]] const Node& node(Id id) const;
    [[nodiscard]] std::vector<Id> path(Id id) const;

    Store& store_;
    Node base_node_;
    Id base_ = 0, last_id_ = 0;
    std::map<Id, Node> nodes_;
    std::vector<Id> pending_;  // what the store has applied, oldest first
};
}  // namespace mote::qmdb
