// A thousand multiples of each generator, and Ethereum's encodings that decode and that do not.
#include "bls12_381_support.hpp"
#include "tools/effort.hpp"

using namespace bls_test;

namespace
{
template <class Point, std::size_t Size>
void check_chain(const std::string& name, const Point& generator)
{
    const std::string file = read_file(name);
    REQUIRE(file.size() == 1000 * Size);
    mote::curve::Jacobian<decltype(generator.x)> sum;
    mote::test::Thinned thinned;
    for (std::size_t k = 0; k < 1000; ++k, sum += generator)
    {
        if (k > 1 && !thinned.next())
            continue;
        std::array<std::uint8_t, Size> bytes;
        std::copy_n(file.begin() + static_cast<std::ptrdiff_t>(k * Size), Size,
                    reinterpret_cast<char*>(bytes.data()));
        Point p;
        if constexpr (Size == g1_bytes)
            REQUIRE(decode_g1(bytes, p) == Reason::none);
        else
            REQUIRE(decode_g2(bytes, p) == Reason::none);
        CHECK(p == sum.to_affine());
        CHECK(encoded(p) == bytes);
    }
}
}  // namespace

TEST_CASE("Encoding vectors: multiples of the generators")
{
    check_chain<G1, g1_bytes>("zkcrypto_g1_compressed_valid_test_vectors.dat", g1_generator);
    check_chain<G2, g2_bytes>("zkcrypto_g2_compressed_valid_test_vectors.dat", g2_generator);
}

TEST_CASE("Encoding vectors: Ethereum's deserialisation cases")
{
    const json file = read_json("ethereum_bls_v0.1.1.json");
    std::size_t cases = 0, good = 0;
    for (const json& c : file.at("deserialization_G1"))
    {
        INFO(c.at("name").get<std::string>());
        const ByteVector bytes = from_hex(c.at("input").at("pubkey"));
        G1 p;
        const bool decodes =
            bytes.size() == g1_bytes &&
            decode_g1(std::span<const std::uint8_t, g1_bytes>{bytes.data(), g1_bytes}, p) ==
                Reason::none;
        CHECK(decodes == c.at("output").get<bool>());
        ++cases;
        good += decodes ? 1 : 0;
    }
    for (const json& c : file.at("deserialization_G2"))
    {
        INFO(c.at("name").get<std::string>());
        const ByteVector bytes = from_hex(c.at("input").at("signature"));
        G2 p;
        const bool decodes =
            bytes.size() == g2_bytes &&
            decode_g2(std::span<const std::uint8_t, g2_bytes>{bytes.data(), g2_bytes}, p) ==
                Reason::none;
        CHECK(decodes == c.at("output").get<bool>());
        ++cases;
        good += decodes ? 1 : 0;
    }
    CHECK(cases == 28);
    CHECK(good > 0);
    CHECK(good < cases);
}
