#include "chain/epoch_set.hpp"

namespace mote::chain
{
Digest hash_of(const EpochSet& set) noexcept
{
    return hash::blake3_derive_key("mote epoch set v1", encode(set));
}

bool number_of(const Parameter& parameter, std::uint64_t& out) noexcept
{
    out = 0;
    for (std::size_t i = 8; i < parameter.value.size(); ++i)
        if (parameter.value[i] != 0)
            return false;
    out = load_le64(parameter.value.data());
    return true;
}
}  // namespace mote::chain
