// Every field of a good keystore is changed, taken away and given another type.
#include <functional>
#include <map>

#include "platforms/keystore/keystore_support.hpp"

using namespace keystore_test;

namespace
{
/// The result of opening, or the parser's complaint.
std::string outcome(const Json& json)
{
    try
    {
        SecretKey key;
        const OpenResult result = open(parse(json.dump()), bytes_of("Password1"), {}, key);
        CHECK(key.empty() == (result != OpenResult::opened));
        return to_text(result);
    }
    catch (const mote::json::Error& error)
    {
        return error.what();
    }
}

const std::string wrong = to_text(OpenResult::wrong_password);
const std::string opened = to_text(OpenResult::opened);

/// A digit of a hexadecimal text becomes another one.
Json changed_digit(const Json& value, std::size_t at)
{
    std::string text = value.get<std::string>();
    text[at] = text[at] == '0' ? '1' : '0';
    return text;
}

struct Change
{
    Json value;
    std::string outcome;
};
}  // namespace

TEST_CASE("Keystore: each field changed has its answer")
{
    for (const KdfFunction function : {KdfFunction::scrypt, KdfFunction::pbkdf2})
    {
        const bool is_scrypt = function == KdfFunction::scrypt;
        const Json good = Json::parse(to_text(Sealed(function).keystore));
        REQUIRE(outcome(good) == opened);
        const Json flat = good.flatten();

        std::map<std::string, Change> changes = {
            {"/version", {3, "version: not 4"}},
            {"/uuid", {"1d85ae20-35c5-4611-98e8-aa14a633906", "uuid: not a UUID"}},
            {"/path", {"m/1", opened}},
            {"/description", {"", opened}},
            {"/pubkey", {changed_digit(good["pubkey"], 95), to_text(OpenResult::other_public_key)}},
            {"/crypto/kdf/message", {"00", "crypto.kdf.message: not \"\""}},
            {"/crypto/kdf/params/dklen", {33, "crypto.kdf.params.dklen: not 32"}},
            {"/crypto/kdf/params/salt", {changed_digit(flat["/crypto/kdf/params/salt"], 0), wrong}},
            {"/crypto/checksum/function", {"sha512", "crypto.checksum.function: not \"sha256\""}},
            {"/crypto/checksum/params", {"", "crypto.checksum.params: not an object"}},
            {"/crypto/checksum/message",
             {changed_digit(flat["/crypto/checksum/message"], 63), wrong}},
            {"/crypto/cipher/function",
             {"aes-256-ctr", "crypto.cipher.function: not \"aes-128-ctr\""}},
            // The checksum does not cover it; the public key does.
            {"/crypto/cipher/params/iv", {changed_digit(flat["/crypto/cipher/params/iv"], 31), ""}},
            {"/crypto/cipher/message", {changed_digit(flat["/crypto/cipher/message"], 1), wrong}},
        };
        if (is_scrypt)
        {
            changes["/crypto/kdf/function"] = {"pbkdf2", "crypto.kdf.params.c: missing"};
            changes["/crypto/kdf/params/n"] = {32, wrong};
            changes["/crypto/kdf/params/r"] = {9, wrong};
            changes["/crypto/kdf/params/p"] = {2, wrong};
        }
        else
        {
            changes["/crypto/kdf/function"] = {"argon2id",
                                               "crypto.kdf.function: not \"scrypt\" or \"pbkdf2\""};
            changes["/crypto/kdf/params/c"] = {17, wrong};
            changes["/crypto/kdf/params/prf"] = {"hmac-sha1",
                                                 "crypto.kdf.params.prf: not \"hmac-sha256\""};
        }

        std::size_t covered = 0;
        for (const auto& [pointer, leaf] : flat.items())
        {
            CAPTURE(pointer);
            REQUIRE(changes.count(pointer) == 1);
            ++covered;
            const nlohmann::json::json_pointer at(pointer);
            Json changed = good;
            changed[at] = changes[pointer].value;
            const std::string result = outcome(changed);
            if (pointer == "/crypto/cipher/params/iv")
                CHECK((result == to_text(OpenResult::other_public_key) ||
                       result == to_text(OpenResult::not_a_key)));
            else
                CHECK(result == changes[pointer].outcome);

            // Gone: only these two may be.
            Json gone = good;
            gone[at.parent_pointer()].erase(at.back());
            const bool optional = pointer == "/pubkey" || pointer == "/description";
            CHECK((outcome(gone) == opened) == optional);

            // Of another type, and too long.
            for (const Json& value : {Json(nullptr), Json(Json::array()), Json(true), Json(-1),
                                      Json(1.5), Json(std::string(5000, '0'))})
            {
                Json other = good;
                other[at] = value;
                const std::string complaint = outcome(other);
                CHECK(complaint != opened);
                CHECK(complaint != wrong);
            }
        }
        CHECK(covered == changes.size());
    }
}

TEST_CASE("Keystore: a file cannot ask for unbounded work")
{
    const Json scrypt = Json::parse(to_text(Sealed(KdfFunction::scrypt).keystore));
    const Json pbkdf2 = Json::parse(to_text(Sealed(KdfFunction::pbkdf2).keystore));
    const auto with = [](Json json, const char* name, const Json& value)
    {
        json["crypto"]["kdf"]["params"][name] = value;
        return outcome(json);
    };
    const std::string costly = to_text(OpenResult::too_costly);
    const std::string undefined = to_text(OpenResult::bad_parameters);
    CHECK(with(scrypt, "n", std::uint64_t{1} << 40) == costly);
    CHECK(with(scrypt, "n", 12) == undefined);
    CHECK(with(scrypt, "n", 0) == undefined);
    CHECK(with(scrypt, "r", 1 << 29) == costly);
    CHECK(with(scrypt, "p", 1 << 26) == costly);
    CHECK(with(scrypt, "p", 0) == undefined);
    CHECK(with(scrypt, "n", UINT64_MAX) == "crypto.kdf.params.n: above 9007199254740992");
    CHECK(with(pbkdf2, "c", 1U << 31) == costly);
    CHECK(with(pbkdf2, "c", 0) == undefined);
    CHECK(with(pbkdf2, "salt", "") == "crypto.kdf.params.salt: not 1 to 128 bytes of hexadecimal");
}

TEST_CASE("Keystore: without a public key a changed IV gives another key, or none")
{
    const Sealed sealed(KdfFunction::scrypt);
    Keystore changed = sealed.keystore;
    changed.public_key.reset();
    changed.iv[15] ^= 1;
    SecretKey key;
    const OpenResult result = open(changed, bytes_of("Password1"), {}, key);
    if (result == OpenResult::opened)
        CHECK(stored(key) != stored(sealed.key));
    else
        CHECK(result == OpenResult::not_a_key);
}

TEST_CASE("Keystore: texts that are none")
{
    for (const char* text : {"", "{}", "[]", "null", "{\"version\": 4}", "{\"crypto\": 1}"})
        CHECK_THROWS_AS(parse(text), mote::json::Error);
    const std::string good = to_text(Sealed(KdfFunction::scrypt).keystore);
    for (std::size_t cut = 0; cut + 2 < good.size(); cut += 7)
        CHECK_THROWS_AS(parse(good.substr(0, cut)), mote::json::Error);
    // Two versions of one field: which one another reader takes is anybody's guess.
    std::string twice = good;
    twice.insert(1, "\"version\": 4,");
    CHECK_THROWS_AS(parse(twice), mote::json::Error);
    CHECK_THROWS_AS(parse(good + std::string(keystore_text_bytes_max, ' ')), mote::json::Error);
}
