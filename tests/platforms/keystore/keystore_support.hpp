// A key, and a keystore of it that opens quickly.
#pragma once

#include "keystore/keystore.hpp"
#include "platforms/platform_support.hpp"

namespace keystore_test
{
using namespace mote::keystore;
using namespace platform_test;
using mote::signature::SecretKey;

inline std::string stored(const SecretKey& key)
{
    std::array<std::uint8_t, 32> out;
    key.store(out);
    return to_hex(out);
}

/// Under the password "Password1".
struct Sealed
{
    explicit Sealed(KdfFunction function)
    {
        REQUIRE(key.derive_master(ByteVector(32, 9)) == mote::Status::ok);
        SealOptions options;
        options.kdf.function = function;
        options.kdf.n = options.kdf.rounds = 16;
        options.path = "m/12381/60/0/0";
        options.description = "test";
        REQUIRE(seal(key, bytes_of("Password1"), options, {}, keystore) == OpenResult::opened);
    }
    SecretKey key;
    Keystore keystore;
};
}  // namespace keystore_test
