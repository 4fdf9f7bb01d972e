#include "chain/zone_table.hpp"

#include "chain/tree.hpp"

namespace mote::chain
{
ZoneLeaf new_zone(std::uint32_t zone, const Digest& program_id, const Digest& producers_root,
                  const Digest& proven_root) noexcept
{
    std::array<std::uint8_t, 36> message;
    store_le(message.data(), zone);
    std::memcpy(message.data() + 4, proven_root.data(), proven_root.size());
    ZoneLeaf leaf;
    leaf.zone = zone;
    leaf.program_id = program_id;
    leaf.producers_root = producers_root;
    leaf.tip_hash = leaf.proven_hash = hash::blake3_derive_key("mote zone genesis v1", message);
    leaf.proven_root = proven_root;
    leaf.msgs_root = leaf.pending_root = empty_tree_root();
    return leaf;
}
}  // namespace mote::chain
