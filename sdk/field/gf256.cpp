#include "field/gf256.hpp"

namespace mote::field
{
alignas(32) constinit const std::array<NibbleTable, 256> gf256_nibbles = make_gf256_nibbles();
}  // namespace mote::field
