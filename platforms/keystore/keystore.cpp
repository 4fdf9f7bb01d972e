#include "keystore/keystore.hpp"

#include <mbedtls/aes.h>
#include <mbedtls/md.h>

#include <stdexcept>

#include "json/strict_json.hpp"
#include "keystore/password.hpp"

namespace mote::keystore
{
namespace
{
using signature::public_key_bytes;
using signature::secret_key_bytes;
using PublicKeyBytes = std::array<std::uint8_t, public_key_bytes>;

/// An array that is overwritten at its end.
template <std::size_t N>
struct SecretArray
{
    SecretArray() noexcept = default;
    ~SecretArray() { wipe_memory(bytes.data(), N); }
    SecretArray(const SecretArray&) = delete;
    SecretArray& operator=(const SecretArray&) = delete;
    std::array<std::uint8_t, N> bytes{};
};
using DerivedKey = SecretArray<derived_key_bytes>;

OpenResult result_of(KdfResult result) noexcept
{
    switch (result)
    {
        case KdfResult::ok:
            return OpenResult::opened;
        case KdfResult::bad_parameters:
            return OpenResult::bad_parameters;
        case KdfResult::too_costly:
            return OpenResult::too_costly;
        case KdfResult::no_memory:
            break;
    }
    return OpenResult::no_memory;
}

OpenResult derive_key(const Kdf& kdf, Bytes password, const KdfLimits& limits, DerivedKey& out)
{
    // Costs first: they need nothing of the password.
    if (const KdfResult checked = check(kdf, limits); checked != KdfResult::ok)
        return result_of(checked);
    const auto normalized = normalize_password(password);
    if (!normalized)
        return OpenResult::bad_password;
    return result_of(derive(kdf, normalized->bytes.span(), limits, out.bytes));
}

/// SHA-256 of the second half of the derived key and the ciphertext.
std::array<std::uint8_t, 32> checksum_of(const DerivedKey& key, Bytes message)
{
    SecretArray<16 + secret_key_bytes> input;
    for (std::size_t i = 0; i < 16; ++i)
        input.bytes[i] = key.bytes[16 + i];
    for (std::size_t i = 0; i < secret_key_bytes; ++i)
        input.bytes[16 + i] = message[i];
    std::array<std::uint8_t, 32> out{};
    if (mbedtls_md(mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), input.bytes.data(),
                   input.bytes.size(), out.data()) != 0)
        throw std::runtime_error("mbedTLS cannot compute SHA-256");
    return out;
}

/// AES-128 in counter mode under the first half of the derived key: both ways.
void encrypt(const DerivedKey& key, const std::array<std::uint8_t, 16>& iv, Bytes in,
             MutableBytes out)
{
    mbedtls_aes_context context;
    mbedtls_aes_init(&context);
    std::array<std::uint8_t, 16> counter = iv;
    SecretArray<16> stream;
    std::size_t offset = 0;
    const bool good = mbedtls_aes_setkey_enc(&context, key.bytes.data(), 128) == 0 &&
                      mbedtls_aes_crypt_ctr(&context, in.size(), &offset, counter.data(),
                                            stream.bytes.data(), in.data(), out.data()) == 0;
    mbedtls_aes_free(&context);
    if (!good)
        throw std::runtime_error("mbedTLS cannot compute AES-128");
}

PublicKeyBytes public_key_of(const signature::SecretKey& key)
{
    PublicKeyBytes out;
    signature::encode(key.public_key(), out);
    return out;
}

/// A random UUID, version 4.
std::string make_uuid()
{
    std::array<std::uint8_t, 16> bytes;
    fill_random(bytes);
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x40);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
    std::string text = json::to_hex(bytes.data(), bytes.size());
    for (const std::size_t at : {8U, 13U, 18U, 23U})
        text.insert(at, "-");
    return text;
}
}  // namespace

const char* to_text(OpenResult result) noexcept
{
    switch (result)
    {
        case OpenResult::opened:
            return "opened";
        case OpenResult::bad_password:
            return "the password is not UTF-8, or too long";
        case OpenResult::bad_parameters:
            return "the key derivation is not defined for its parameters";
        case OpenResult::too_costly:
            return "the key derivation costs more than is allowed";
        case OpenResult::no_memory:
            return "not enough memory for the key derivation";
        case OpenResult::wrong_password:
            return "wrong password, or the file was changed";
        case OpenResult::not_a_key:
            return "what it holds is no secret key";
        case OpenResult::other_public_key:
            return "its public key is another key's";
    }
    return "unknown";
}

OpenResult open(const Keystore& keystore, Bytes password, const KdfLimits& limits,
                signature::SecretKey& key)
{
    key.clear();
    DerivedKey derived;
    if (const OpenResult result = derive_key(keystore.kdf, password, limits, derived);
        result != OpenResult::opened)
        return result;
    if (!equal_secrets(checksum_of(derived, keystore.message), keystore.checksum))
        return OpenResult::wrong_password;
    SecretArray<secret_key_bytes> secret;
    encrypt(derived, keystore.iv, keystore.message, secret.bytes);
    if (key.load(secret.bytes) != Status::ok)
        return OpenResult::not_a_key;
    if (keystore.public_key && *keystore.public_key != public_key_of(key))
    {
        key.clear();
        return OpenResult::other_public_key;
    }
    return OpenResult::opened;
}

OpenResult seal(const signature::SecretKey& key, Bytes password, const SealOptions& options,
                const KdfLimits& limits, Keystore& out)
{
    out = {};
    Keystore made;
    made.kdf = options.kdf;
    if (made.kdf.salt.empty())
    {
        made.kdf.salt.resize(32);
        fill_random(made.kdf.salt);
    }
    fill_random(made.iv);
    DerivedKey derived;
    if (const OpenResult result = derive_key(made.kdf, password, limits, derived);
        result != OpenResult::opened)
        return result;
    SecretArray<secret_key_bytes> secret;
    key.store(secret.bytes);
    encrypt(derived, made.iv, secret.bytes, made.message);
    made.checksum = checksum_of(derived, made.message);
    made.public_key = public_key_of(key);
    made.path = options.path;
    made.description = options.description;
    made.uuid = make_uuid();
    out = std::move(made);
    return OpenResult::opened;
}
}  // namespace mote::keystore
