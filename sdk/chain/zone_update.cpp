#include "chain/zone_update.hpp"

namespace mote::chain
{
Digest leaf_hash_of(const ZoneUpdate& update) noexcept
{
    static constexpr char context[] = "mote merkle leaf v1";
    hash::Blake3 hash = hash::Blake3::derive_key(
        Bytes(reinterpret_cast<const std::uint8_t*>(context), sizeof(context) - 1));
    emit(update, [&](Bytes part) { hash.update(part); });
    Digest digest;
    hash.finish(digest);
    return digest;
}
}  // namespace mote::chain
