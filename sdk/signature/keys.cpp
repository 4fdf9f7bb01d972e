#include "signature/keys.hpp"

namespace mote::signature
{
using namespace curve::bls12_381;

Reason decode_public_key(std::span<const std::uint8_t, public_key_bytes> bytes,
                         PublicKey& out) noexcept
{
    PublicKey key;
    const Reason reason = decode_g1(bytes, key);
    if (reason != Reason::none)
        return reason;
    if (key.infinity)
        return Reason::point_at_infinity;
    out = key;
    return Reason::none;
}

Reason decode_signature(std::span<const std::uint8_t, signature_bytes> bytes,
                        Signature& out) noexcept
{
    return decode_g2(bytes, out);
}
}  // namespace mote::signature
