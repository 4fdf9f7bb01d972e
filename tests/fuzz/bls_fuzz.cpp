// Decoders of keys and signatures, over any bytes.
//
// The input is taken as a key, as a signature and as both with a message behind them. Besides the
// sanitizers the target checks what the decoders promise: what decodes is in the group and has this one
// encoding; what does not has a reason and leaves the output alone; nothing verifies by accident.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "signature/verify.hpp"

namespace
{
using namespace mote;
using namespace mote::signature;

void check(bool condition)
{
    if (!condition)
        std::abort();
}

template <std::size_t Size, class Point, class Decode>
bool decode(Bytes input, Decode decode_point, const Point& before, Point& out)
{
    const std::span<const std::uint8_t, Size> bytes{input.data(), Size};
    out = before;
    if (decode_point(bytes, out) != Reason::none)
    {
        check(out == before);
        return false;
    }
    check(curve::bls12_381::in_subgroup(out));
    std::uint8_t again[Size];
    encode(out, again);
    check(std::equal(bytes.begin(), bytes.end(), again));
    return true;
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const Bytes input{data, size};
    PublicKey key;
    Signature signature;
    const bool has_key =
        size >= public_key_bytes &&
        decode<public_key_bytes>(input, decode_public_key, curve::bls12_381::g1_generator, key);
    if (has_key)
        check(!key.infinity);
    if (size >= signature_bytes)
        static_cast<void>(decode<signature_bytes>(input, decode_signature,
                                                  curve::bls12_381::g2_generator, signature));
    constexpr std::size_t both = public_key_bytes + signature_bytes;
    if (has_key && size >= both &&
        decode<signature_bytes>(input.subspan(public_key_bytes), decode_signature,
                                curve::bls12_381::g2_generator, signature))
    {
        const Bytes message = input.subspan(both);
        if (verify(key, message, signature))
        {
            check(!verify(-key, message, signature));
            check(!verify(key, message, -signature));
        }
    }
    return 0;
}
