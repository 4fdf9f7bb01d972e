#include "chain/statement.hpp"

namespace mote::chain
{
Digest statement_hash(const Statement& statement) noexcept
{
    return hash::blake3_derive_key("mote statement v1", encode(statement));
}
}  // namespace mote::chain
