// crypto.hpp through libsecp256k1, GMP and OpenSSL's libcrypto.
#include <gmp.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/obj_mac.h>
#include <secp256k1_recovery.h>

#include <algorithm>
#include <memory>

#include "evm/crypto.hpp"
#include "hash/keccak.hpp"

// The P-256 functions of libcrypto that work on keys directly; the newer ones parse a description of the
// key for each signature, which costs as much as the check.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace mote::evm::crypto
{
namespace
{
template <class T, void (*free)(T*)>
struct Freed
{
    void operator()(T* p) const noexcept { free(p); }
};
template <class T, void (*free)(T*)>
using Owned = std::unique_ptr<T, Freed<T, free>>;
}  // namespace

bool recover_address(const Hash& hash, const std::array<std::uint8_t, 64>& signature,
                     std::uint32_t parity, Address& out) noexcept
{
    const secp256k1_context* const context = secp256k1_context_static;
    secp256k1_ecdsa_recoverable_signature parsed;
    secp256k1_pubkey key;
    if (parity > 1 ||
        secp256k1_ecdsa_recoverable_signature_parse_compact(context, &parsed, signature.data(),
                                                            static_cast<int>(parity)) == 0 ||
        secp256k1_ecdsa_recover(context, &key, &parsed, hash.data()) == 0)
        return false;
    std::array<std::uint8_t, 65> bytes;
    std::size_t length = bytes.size();
    secp256k1_ec_pubkey_serialize(context, bytes.data(), &length, &key, SECP256K1_EC_UNCOMPRESSED);
    const Hash digest = hash::keccak_256(Bytes(bytes).subspan(1));
    std::copy_n(digest.begin() + 12, 20, out.bytes.begin());
    return true;
}

void power_mod(Bytes base, Bytes exponent, Bytes modulus, MutableBytes out) noexcept
{
    std::fill(out.begin(), out.end(), std::uint8_t{0});
    mpz_t b, e, m;
    mpz_inits(b, e, m, nullptr);
    mpz_import(m, modulus.size(), 1, 1, 1, 0, modulus.data());
    if (mpz_sgn(m) != 0)
    {
        mpz_import(b, base.size(), 1, 1, 1, 0, base.data());
        mpz_import(e, exponent.size(), 1, 1, 1, 0, exponent.data());
        mpz_powm(b, b, e, m);
        const std::size_t bytes = (mpz_sizeinbase(b, 2) + 7) / 8;
        if (mpz_sgn(b) != 0)
            mpz_export(out.data() + (out.size() - bytes), nullptr, 1, 1, 1, 0, b);
    }
    mpz_clears(b, e, m, nullptr);
}

bool verify_p256(const Hash& hash, const std::uint8_t* r, const std::uint8_t* s,
                 const std::uint8_t* x, const std::uint8_t* y) noexcept
{
    const auto number = [](const std::uint8_t* p)
    { return Owned<BIGNUM, BN_free>(BN_bin2bn(p, 32, nullptr)); };
    const Owned<EC_KEY, EC_KEY_free> key(EC_KEY_new_by_curve_name(NID_X9_62_prime256v1));
    const Owned<ECDSA_SIG, ECDSA_SIG_free> signature(ECDSA_SIG_new());
    const auto key_x = number(x), key_y = number(y);
    auto sig_r = number(r), sig_s = number(s);
    if (key == nullptr || signature == nullptr || key_x == nullptr || key_y == nullptr ||
        sig_r == nullptr || sig_s == nullptr)
        return false;
    // Refuses what is not below the prime, off the curve or infinity.
    if (EC_KEY_set_public_key_affine_coordinates(key.get(), key_x.get(), key_y.get()) != 1)
        return false;
    if (ECDSA_SIG_set0(signature.get(), sig_r.get(), sig_s.get()) != 1)
        return false;
    static_cast<void>(sig_r.release());
    static_cast<void>(sig_s.release());
    return ECDSA_do_verify(hash.data(), static_cast<int>(hash.size()), signature.get(),
                           key.get()) == 1;
}
}  // namespace mote::evm::crypto
