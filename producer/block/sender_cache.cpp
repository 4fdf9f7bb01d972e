#include "block/sender_cache.hpp"

#include <bit>

#include "evm/pool.hpp"

namespace mote::block
{
SenderCache::SenderCache(std::size_t places, std::uint64_t seed)
    : places_(std::bit_ceil(std::max<std::size_t>(places, 1))), seed_(seed)
{
}

SenderCache::Place& SenderCache::place_of(const evm::Transaction& transaction)
{
    const std::uint64_t hash = evm::hash_of(0, evm::to_word(transaction.signing_hash), seed_);
    return places_[static_cast<std::size_t>(hash) & (places_.size() - 1)];
}

bool SenderCache::is_same(const Place& place, const evm::Transaction& transaction)
{
    return place.taken && place.parity == transaction.parity &&
           place.hash == transaction.signing_hash && place.r == transaction.r &&
           place.s == transaction.s;
}

bool SenderCache::find(const evm::Transaction& transaction, evm::Address& out)
{
    Place& place = place_of(transaction);
    const std::lock_guard guard(place.lock);
    if (!is_same(place, transaction))
        return false;
    out = place.sender;
    return true;
}

void SenderCache::add(const evm::Transaction& transaction, const evm::Address& sender)
{
    Place& place = place_of(transaction);
    const std::lock_guard guard(place.lock);
    place.taken = true;
    place.parity = transaction.parity;
    place.hash = transaction.signing_hash;
    place.r = transaction.r;
    place.s = transaction.s;
    place.sender = sender;
}
}  // namespace mote::block
