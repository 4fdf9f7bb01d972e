// Ethereum's suite, Wycheproof, and signatures by noble's generator.
#include <sstream>

#include "signature_support.hpp"
#include "tools/effort.hpp"

using namespace signature_test;

namespace
{
/// The answer of a caller who decodes first: what does not decode does not verify.
bool answer(const ByteVector& key, const ByteVector& message, const ByteVector& signature,
            Bytes tag = message_tag)
{
    PublicKey pk;
    Signature s;
    return decode(key, pk) && decode_sig(signature, s) && verify(pk, message, s, tag);
}

bool decode_all(const json& list, std::vector<PublicKey>& out)
{
    for (const json& item : list)
    {
        out.emplace_back();
        if (!decode(from_hex(item), out.back()))
            return false;
    }
    return true;
}
}  // namespace

TEST_CASE("Ethereum's suite: sign")
{
    std::size_t cases = 0;
    const json file = read_json("ethereum_bls_v0.1.1.json");
    for (const json& c : file.at("sign"))
    {
        INFO(c.at("name").get<std::string>());
        SecretKey key;
        const bool loaded =
            key.load(fixed<32>(from_hex(c.at("input").at("privkey")))) == Status::ok;
        CHECK(loaded != c.at("output").is_null());
        if (loaded)
        {
            const auto signature = encoded(key.sign(from_hex(c.at("input").at("message"))));
            CHECK(ByteVector(signature.begin(), signature.end()) == from_hex(c.at("output")));
        }
        ++cases;
    }
    CHECK(cases == 8);
}

TEST_CASE("Ethereum's suite: verify")
{
    std::size_t cases = 0, yes = 0;
    const json file = read_json("ethereum_bls_v0.1.1.json");
    for (const json& c : file.at("verify"))
    {
        INFO(c.at("name").get<std::string>());
        const json& input = c.at("input");
        const bool expected = c.at("output");
        CHECK(answer(from_hex(input.at("pubkey")), from_hex(input.at("message")),
                     from_hex(input.at("signature"))) == expected);
        ++cases;
        yes += expected ? 1 : 0;
    }
    CHECK(cases == 23);
    CHECK(yes == 7);
}

TEST_CASE("Ethereum's suite: aggregate")
{
    std::size_t cases = 0;
    const json file = read_json("ethereum_bls_v0.1.1.json");
    for (const json& c : file.at("aggregate"))
    {
        INFO(c.at("name").get<std::string>());
        std::vector<Signature> signatures;
        for (const json& item : c.at("input"))
        {
            signatures.emplace_back();
            REQUIRE(decode_sig(from_hex(item), signatures.back()));
        }
        Signature out;
        const bool made = aggregate(signatures, out) == Status::ok;
        CHECK(made != c.at("output").is_null());
        if (made)
        {
            const auto bytes = encoded(out);
            CHECK(ByteVector(bytes.begin(), bytes.end()) == from_hex(c.at("output")));
        }
        ++cases;
    }
    CHECK(cases == 6);
}

TEST_CASE("Ethereum's suite: fast aggregate verify, as sums and as one call")
{
    std::size_t cases = 0;
    SumArena memory(sum_keys_scratch_bytes());
    const json file = read_json("ethereum_bls_v0.1.1.json");
    for (const json& c : file.at("fast_aggregate_verify"))
    {
        INFO(c.at("name").get<std::string>());
        const json& input = c.at("input");
        const ByteVector message = from_hex(input.at("message"));
        std::vector<PublicKey> keys;
        Signature signature;
        const bool decodes = decode_all(input.at("pubkeys"), keys) &&
                             decode_sig(from_hex(input.at("signature")), signature);
        CHECK((decodes && fast_aggregate_verify(keys, message, signature)) ==
              c.at("output").get<bool>());
        PublicKey sum;
        mote::Arena arena = memory.arena();
        REQUIRE(sum_keys(keys, {}, arena, sum) == Status::ok);
        CHECK((decodes && verify(sum, message, signature)) == c.at("output").get<bool>());
        ++cases;
    }
    CHECK(cases == 9);
}

TEST_CASE("Ethereum's suite: aggregate verify")
{
    std::size_t cases = 0;
    const json file = read_json("ethereum_bls_v0.1.1.json");
    for (const json& c : file.at("aggregate_verify"))
    {
        INFO(c.at("name").get<std::string>());
        const json& input = c.at("input");
        std::vector<PublicKey> keys;
        std::vector<ByteVector> texts;
        std::vector<Bytes> messages;
        Signature signature;
        for (const json& item : input.at("messages"))
            texts.push_back(from_hex(item));
        for (const ByteVector& text : texts)
            messages.emplace_back(text);
        const bool yes = decode_all(input.at("pubkeys"), keys) &&
                         decode_sig(from_hex(input.at("signature")), signature) &&
                         aggregate_verify(keys, messages, signature);
        CHECK(yes == c.at("output").get<bool>());
        ++cases;
    }
    CHECK(cases == 5);
}

TEST_CASE("Ethereum's suite: batch verify")
{
    std::size_t cases = 0;
    Random random(7);
    const json file = read_json("ethereum_bls_v0.1.1.json");
    for (const json& c : file.at("batch_verify"))
    {
        INFO(c.at("name").get<std::string>());
        const json& input = c.at("input");
        std::vector<PublicKey> keys;
        bool yes = decode_all(input.at("pubkeys"), keys);
        Batch batch;
        for (std::size_t i = 0; yes && i < keys.size(); ++i)
        {
            Signature signature;
            yes = decode_sig(from_hex(input.at("signatures").at(i)), signature);
            REQUIRE(batch.add(keys[i], from_hex(input.at("messages").at(i)), signature,
                              random() | 1) == Status::ok);
        }
        yes = batch.finish() && yes;
        CHECK(yes == c.at("output").get<bool>());
        ++cases;
    }
    CHECK(cases == 4);
}

TEST_CASE("Wycheproof: verify")
{
    const auto run = [](const std::string& scheme, std::size_t count)
    {
        std::size_t cases = 0, valid = 0;
        const json file = read_json("wycheproof_bls_sig_g2_" + scheme + "_verify_test.json");
        for (const json& group : file.at("testGroups"))
        {
            const std::string tag = group.at("ciphersuite");
            const ByteVector key = from_hex(group.at("publicKey").at("pk"));
            for (const json& c : group.at("tests"))
            {
                INFO(scheme << " tcId " << c.at("tcId") << ": "
                            << c.at("comment").get<std::string>());
                const bool expected = c.at("result") == "valid";
                CHECK(answer(key, from_hex(c.at("msg")), from_hex(c.at("sig")), bytes_of(tag)) ==
                      expected);
                ++cases;
                valid += expected ? 1 : 0;
            }
        }
        CHECK(cases == count);
        CHECK(valid > 0);
        CHECK(valid < cases);
    };
    run("pop", 18);
    run("basic", 69);
}

TEST_CASE("Wycheproof: aggregate verify")
{
    std::size_t cases = 0;
    const json file = read_json("wycheproof_bls_sig_g2_aggregate_verify_test.json");
    for (const json& group : file.at("testGroups"))
    {
        const std::string tag = group.at("ciphersuite");
        for (const json& c : group.at("tests"))
        {
            INFO("tcId " << c.at("tcId") << ": " << c.at("comment").get<std::string>());
            std::vector<PublicKey> keys;
            std::vector<ByteVector> texts;
            std::vector<Bytes> messages;
            Signature signature;
            for (const json& item : c.at("messages"))
                texts.push_back(from_hex(item));
            for (const ByteVector& text : texts)
                messages.emplace_back(text);
            const bool yes = decode_all(c.at("pubkeys"), keys) &&
                             decode_sig(from_hex(c.at("sig")), signature) &&
                             aggregate_verify(keys, messages, signature, bytes_of(tag));
            CHECK(yes == (c.at("result") == "valid"));
            ++cases;
        }
    }
    CHECK(cases == 15);
}

TEST_CASE("Signatures of noble's generator")
{
    const std::string tag = "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_";
    std::istringstream file(read_file("noble_bls12-381-g2-test-vectors.txt"));
    std::string line;
    std::size_t cases = 0, too_large = 0;
    mote::test::Thinned thinned;
    while (std::getline(file, line))
    {
        if (line.empty())
            continue;
        ++cases;
        const std::size_t first = line.find(':'), second = line.find(':', first + 1);
        REQUIRE(second != std::string::npos);
        ByteVector secret = from_hex(line.substr(0, first));
        secret.insert(secret.begin(), 32 - secret.size(), 0);
        SecretKey key;
        if (key.load(fixed<32>(secret)) != Status::ok)
        {
            // Its generator reduced the secret; here it is refused, and reduced by hand.
            ++too_large;
            auto k = bls_test::integer_be<4>(secret);
            while (!mote::field::less(k, mote::curve::bls12_381::Fr::modulus))
                mote::field::sub_from(k, mote::curve::bls12_381::Fr::modulus);
            for (std::size_t i = 0; i < 4; ++i)
                mote::store_be(&secret[8 * i], k[3 - i]);
            REQUIRE(key.load(fixed<32>(secret)) == Status::ok);
        }
        if (!thinned.next())
            continue;
        const ByteVector message = from_hex(line.substr(first + 1, second - first - 1));
        const auto signature = encoded(key.sign(message, bytes_of(tag)));
        CHECK(ByteVector(signature.begin(), signature.end()) == from_hex(line.substr(second + 1)));
    }
    CHECK(cases == 428);
    CHECK(too_large > 100);
}
