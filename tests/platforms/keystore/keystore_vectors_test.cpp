// EIP-2335's two keystores, there and back.
#include "platforms/keystore/keystore_support.hpp"
#include "platforms/platform_support.hpp"

using namespace keystore_test;

TEST_CASE("Keystore: EIP-2335's test vectors open with the password as typed and as normalised")
{
    const Json file = read_vectors("bls/eip2335.json");
    const ByteVector typed = from_hex(file.at("password_utf8_hex").get<std::string>());
    const ByteVector plain =
        from_hex(file.at("password_after_nfkd_and_control_strip").get<std::string>());
    REQUIRE(typed != plain);
    int cases = 0;
    for (const Json& text : file.at("keystores"))
    {
        const Keystore keystore = parse(text.dump());
        SecretKey key;
        REQUIRE(open(keystore, cases == 0 ? typed : plain, {}, key) == OpenResult::opened);
        CHECK("0x" + stored(key) == file.at("secret").get<std::string>());
        CHECK(keystore.description == text.at("description").get<std::string>());
        CHECK(keystore.path == text.at("path").get<std::string>());
        CHECK(keystore.uuid == text.at("uuid").get<std::string>());
        // What is written is what was read.
        CHECK(Json::parse(to_text(keystore)) == text);
        ++cases;
    }
    CHECK(cases == 2);
}

TEST_CASE("Keystore: a wrong password is told from a right one")
{
    for (const KdfFunction function : {KdfFunction::scrypt, KdfFunction::pbkdf2})
    {
        const Sealed sealed(function);
        SecretKey key;
        for (const char* wrong : {"", "password", "Password1 ", "password1\xcc\x88"})
        {
            CHECK(open(sealed.keystore, bytes_of(wrong), {}, key) == OpenResult::wrong_password);
            CHECK(key.empty());
        }
        CHECK(open(sealed.keystore, bytes_of("\xff"), {}, key) == OpenResult::bad_password);
        REQUIRE(open(sealed.keystore, bytes_of("Password1"), {}, key) == OpenResult::opened);
        CHECK(stored(key) == stored(sealed.key));
        REQUIRE(open(sealed.keystore, bytes_of("Pass\nword1\n"), {}, key) == OpenResult::opened);
        REQUIRE(open(parse(to_text(sealed.keystore)), bytes_of("Password1"), {}, key) ==
                OpenResult::opened);
        CHECK(stored(key) == stored(sealed.key));
    }
}

TEST_CASE("Keystore: salt, IV and UUID are drawn anew; texts are kept whatever their bytes")
{
    const Sealed one(KdfFunction::scrypt), other(KdfFunction::scrypt);
    CHECK(one.keystore.kdf.salt != other.keystore.kdf.salt);
    CHECK(one.keystore.kdf.salt.size() == 32);
    CHECK(one.keystore.iv != other.keystore.iv);
    CHECK(one.keystore.message != other.keystore.message);
    CHECK(one.keystore.uuid != other.keystore.uuid);
    CHECK(one.keystore.uuid[14] == '4');
    Keystore odd = one.keystore;
    odd.description = "quote \" newline \n bad \xff";
    CHECK(parse(to_text(odd)).description == "quote \" newline \n bad \xef\xbf\xbd");
}

TEST_CASE("Keystore: what cannot be sealed leaves nothing")
{
    const Sealed sealed(KdfFunction::scrypt);
    SealOptions options;
    options.kdf.n = 16;
    Keystore out = sealed.keystore;
    CHECK(seal(sealed.key, bytes_of("\xff"), options, {}, out) == OpenResult::bad_password);
    CHECK(out.uuid.empty());
    options.kdf.n = 15;
    CHECK(seal(sealed.key, bytes_of("Password1"), options, {}, out) == OpenResult::bad_parameters);
    options.kdf.n = std::uint64_t{1} << 40;
    CHECK(seal(sealed.key, bytes_of("Password1"), options, {}, out) == OpenResult::too_costly);
}
