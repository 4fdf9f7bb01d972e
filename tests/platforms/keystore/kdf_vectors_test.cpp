// RFC 7914's scrypt, Wycheproof's PBKDF2, and the limits on both.
#include "keystore/kdf.hpp"

#include "platforms/platform_support.hpp"

using namespace mote::keystore;
using namespace platform_test;

namespace
{
std::string derived(const Kdf& kdf, Bytes password)
{
    std::array<std::uint8_t, 32> out;
    REQUIRE(derive(kdf, password, {}, out) == KdfResult::ok);
    return to_hex(out);
}

Kdf scrypt(std::uint64_t n, std::uint64_t r, std::uint64_t p)
{
    Kdf kdf;
    kdf.n = n;
    kdf.r = r;
    kdf.p = p;
    return kdf;
}
}  // namespace

TEST_CASE("KDF: scrypt, RFC 7914")
{
    struct Case
    {
        const char *password, *salt;
        Kdf kdf;
        const char* first_32;
    };
    // The first half of the RFC's 64 bytes: a shorter output is a prefix of a longer one.
    const Case cases[] = {
        {"", "", scrypt(16, 1, 1),
         "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"},
        {"password", "NaCl", scrypt(1024, 8, 16),
         "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"},
        {"pleaseletmein", "SodiumChloride", scrypt(16384, 8, 1),
         "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"},
    };
    for (Case c : cases)
    {
        c.kdf.salt = bytes_of(c.salt);
        CHECK(derived(c.kdf, bytes_of(c.password)) == c.first_32);
    }
}

TEST_CASE("KDF: PBKDF2, Wycheproof")
{
    const Json file = read_vectors("bls/wycheproof_pbkdf2_hmacsha256_test.json");
    int cases = 0;
    for (const Json& group : file.at("testGroups"))
        for (const Json& c : group.at("tests"))
        {
            CAPTURE(c.at("tcId").get<int>());
            REQUIRE(c.at("result") == "valid");
            Kdf kdf;
            kdf.function = KdfFunction::pbkdf2;
            kdf.rounds = c.at("iterationCount").get<std::uint64_t>();
            kdf.salt = from_hex(c.at("salt").get<std::string>());
            const std::string wanted = c.at("dk").get<std::string>();
            const std::string found = derived(kdf, from_hex(c.at("password").get<std::string>()));
            const std::size_t common = std::min(wanted.size(), found.size());
            CHECK(found.substr(0, common) == wanted.substr(0, common));
            ++cases;
        }
    CHECK(cases == 60);
}

TEST_CASE("KDF: parameters for which a function is not defined")
{
    for (const Kdf& kdf :
         {scrypt(0, 8, 1), scrypt(1, 8, 1), scrypt(3, 8, 1), scrypt(262145, 8, 1), scrypt(16, 0, 1),
          scrypt(16, 8, 0), scrypt(65536, 1, 1), scrypt(2, std::uint64_t{1} << 30, 1),
          scrypt(2, 1, std::uint64_t{1} << 30),
          scrypt(2, std::uint64_t{1} << 32, std::uint64_t{1} << 32)})
    {
        CAPTURE(kdf.n, kdf.r, kdf.p);
        CHECK(check(kdf, {}) == KdfResult::bad_parameters);
    }
    CHECK(check(scrypt(32768, 1, 1), {}) == KdfResult::ok);
    Kdf none;
    none.function = KdfFunction::pbkdf2;
    none.rounds = 0;
    CHECK(check(none, {}) == KdfResult::bad_parameters);
}

TEST_CASE("KDF: costs above the limits are refused, and nothing is spent")
{
    CHECK(check(scrypt(262144, 8, 1), {}) == KdfResult::ok);
    CHECK(check(scrypt(262144, 8, 8), {}) == KdfResult::ok);
    CHECK(check(scrypt(524288, 8, 1), {}) == KdfResult::too_costly);  // 512 MiB and a little
    CHECK(check(scrypt(262144, 8, 9), {}) == KdfResult::too_costly);
    CHECK(check(scrypt(std::uint64_t{1} << 62, 8, 1), {}) == KdfResult::too_costly);
    CHECK(check(scrypt(2, (std::uint64_t{1} << 30) - 1, 1), {}) == KdfResult::too_costly);
    CHECK(check(scrypt(2, 1, (std::uint64_t{1} << 30) - 1), {}) == KdfResult::too_costly);
    // Exactly what there is: 128 * r * (n + p + 2) bytes.
    CHECK(check(scrypt(16, 8, 1), {.memory_bytes = 1024 * 19}) == KdfResult::ok);
    CHECK(check(scrypt(16, 8, 1), {.memory_bytes = 1024 * 19 - 1}) == KdfResult::too_costly);
    CHECK(check(scrypt(16, 8, 1), {.memory_bytes = 0}) == KdfResult::too_costly);
    CHECK(check(scrypt(16, 8, 1), {.scrypt_work = 128}) == KdfResult::ok);
    CHECK(check(scrypt(16, 8, 1), {.scrypt_work = 127}) == KdfResult::too_costly);
    Kdf rounds;
    rounds.function = KdfFunction::pbkdf2;
    rounds.rounds = 1U << 24;
    CHECK(check(rounds, {}) == KdfResult::ok);
    ++rounds.rounds;
    CHECK(check(rounds, {}) == KdfResult::too_costly);
    rounds.rounds = std::uint64_t{1} << 40;
    CHECK(check(rounds, {.pbkdf2_rounds = UINT64_MAX}) == KdfResult::too_costly);
    Kdf long_salt = scrypt(16, 8, 1);
    long_salt.salt.resize(salt_bytes_max + 1);
    CHECK(check(long_salt, {}) == KdfResult::too_costly);

    std::array<std::uint8_t, 32> out;
    out.fill(7);
    CHECK(derive(rounds, {}, {}, out) == KdfResult::too_costly);
    CHECK(out == std::array<std::uint8_t, 32>{});
}
