#include "keystore/kdf.hpp"

#include <mbedtls/md.h>
#include <mbedtls/pkcs5.h>
#include <mbedtls/version.h>
#include <sodium.h>

#include <bit>

namespace mote::keystore
{
namespace
{
KdfResult check_scrypt(const Kdf& kdf, const KdfLimits& limits) noexcept
{
    // [RFC7914] section 6: n is a power of two above 1, below 2^(16 r); p < 2^30 / r.
    constexpr std::uint64_t product_max = (std::uint64_t{1} << 30) - 1;
    if (kdf.n < 2 || !std::has_single_bit(kdf.n) || kdf.r == 0 || kdf.p == 0 ||
        kdf.r > product_max || kdf.p > product_max / kdf.r ||
        (kdf.r < 4 && kdf.n >> (16 * kdf.r) != 0))
        return KdfResult::bad_parameters;
    // Divisions, because the products may not fit.
    const std::uint64_t per_block = kdf.r * kdf.p;
    if (kdf.n > limits.scrypt_work / per_block)
        return KdfResult::too_costly;
    const std::uint64_t blocks = limits.memory_bytes / (128 * kdf.r);
    // Besides the n blocks: p of them to start from, and two to work in.
    return blocks >= kdf.p + 2 && kdf.n <= blocks - kdf.p - 2 ? KdfResult::ok
                                                              : KdfResult::too_costly;
}

bool pbkdf2(const Kdf& kdf, Bytes password, const std::uint8_t* salt,
            std::span<std::uint8_t, derived_key_bytes> out) noexcept
{
    const auto rounds = static_cast<unsigned>(kdf.rounds);
#if MBEDTLS_VERSION_MAJOR >= 3
    return mbedtls_pkcs5_pbkdf2_hmac_ext(MBEDTLS_MD_SHA256, password.data(), password.size(), salt,
                                         kdf.salt.size(), rounds,
                                         static_cast<std::uint32_t>(out.size()), out.data()) == 0;
#else
    mbedtls_md_context_t context;
    mbedtls_md_init(&context);
    const bool good =
        mbedtls_md_setup(&context, mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), 1) == 0 &&
        mbedtls_pkcs5_pbkdf2_hmac(&context, password.data(), password.size(), salt, kdf.salt.size(),
                                  rounds, static_cast<std::uint32_t>(out.size()), out.data()) == 0;
    mbedtls_md_free(&context);
    return good;
#endif
}
}  // namespace

KdfResult check(const Kdf& kdf, const KdfLimits& limits) noexcept
{
    if (kdf.salt.size() > salt_bytes_max)
        return KdfResult::too_costly;
    if (kdf.function == KdfFunction::scrypt)
        return check_scrypt(kdf, limits);
    if (kdf.rounds == 0)
        return KdfResult::bad_parameters;
    return kdf.rounds <= limits.pbkdf2_rounds && kdf.rounds <= UINT32_MAX ? KdfResult::ok
                                                                          : KdfResult::too_costly;
}

KdfResult derive(const Kdf& kdf, Bytes password, const KdfLimits& limits,
                 std::span<std::uint8_t, derived_key_bytes> out)
{
    wipe_memory(out.data(), out.size());
    if (const KdfResult checked = check(kdf, limits); checked != KdfResult::ok)
        return checked;
    // An empty span has no address, and both libraries want one.
    static constexpr std::uint8_t nothing = 0;
    const std::uint8_t* const secret = password.empty() ? &nothing : password.data();
    const std::uint8_t* const salt = kdf.salt.empty() ? &nothing : kdf.salt.data();
    // Chooses libsodium's fast code; without it scrypt runs, but slowly.
    static_cast<void>(sodium_init());
    const bool good = kdf.function == KdfFunction::scrypt
                          ? crypto_pwhash_scryptsalsa208sha256_ll(
                                secret, password.size(), salt, kdf.salt.size(), kdf.n,
                                static_cast<std::uint32_t>(kdf.r),
                                static_cast<std::uint32_t>(kdf.p), out.data(), out.size()) == 0
                          : pbkdf2(kdf, {secret, password.size()}, salt, out);
    if (good)
        return KdfResult::ok;
    wipe_memory(out.data(), out.size());
    return KdfResult::no_memory;
}
}  // namespace mote::keystore
