// The suites of bls12_381_hash_to_curve.hpp against published numbers, every intermediate value.
#include "bls12_381_support.hpp"

using namespace bls_test;

namespace
{
void check_file(const std::string& mode, G2 (*whole)(Bytes, Bytes))
{
    const json file = read_json("rfc9380_BLS12381G2_XMD_SHA-256_SSWU_" + mode + "_.json");
    const std::string dst = file.at("dst");
    const std::size_t elements = mode == "RO" ? 2 : 1;
    REQUIRE(file.at("vectors").size() == 5);
    for (const json& c : file.at("vectors"))
    {
        const std::string message = c.at("msg");
        INFO(mode << " " << message);
        REQUIRE(c.at("u").size() == elements);
        std::vector<Fq2> u(elements);
        hash_to_field(bytes_of(message), bytes_of(dst), u);
        G2Jacobian sum;
        for (std::size_t i = 0; i < elements; ++i)
        {
            Fq2 expected;
            parse(c.at("u").at(i), expected);
            CHECK(u[i] == expected);
            const G2 q = parse_point<Fq2>(c.at(elements == 1 ? "Q" : "Q" + std::to_string(i)));
            CHECK(map_to_curve({&u[i], 1}).to_affine() == q);
            sum += q;
        }
        CHECK(map_to_curve(u) == sum);
        CHECK(whole(bytes_of(message), bytes_of(dst)) == parse_point<Fq2>(c.at("P")));
    }
}
}  // namespace

TEST_CASE("Hash to curve vectors: BLS12-381 G2")
{
    check_file("RO", hash_to_g2);
    check_file("NU", encode_to_g2);
}

TEST_CASE("Hash to curve vectors: Wycheproof and Ethereum")
{
    std::size_t cases = 0;
    const json wycheproof = read_json("wycheproof_bls_hash_to_g2_test.json");
    for (const json& group : wycheproof.at("testGroups"))
    {
        const std::string dst = group.at("dst");
        for (const json& c : group.at("tests"))
        {
            INFO("tcId " << c.at("tcId"));
            const ByteVector message = from_hex(c.at("msg"));
            const auto point = encoded(hash_to_g2(message, bytes_of(dst)));
            CHECK(ByteVector(point.begin(), point.end()) == from_hex(c.at("expected")));
            ++cases;
        }
    }
    CHECK(cases == 25);
    const std::string dst = "QUUX-V01-CS02-with-BLS12381G2_XMD:SHA-256_SSWU_RO_";
    const json ethereum = read_json("ethereum_bls_v0.1.1.json");
    for (const json& c : ethereum.at("hash_to_G2"))
    {
        const std::string message = c.at("input").at("msg");
        CHECK(hash_to_g2(bytes_of(message), bytes_of(dst)) == parse_point<Fq2>(c.at("output")));
        ++cases;
    }
    CHECK(cases == 29);
}
