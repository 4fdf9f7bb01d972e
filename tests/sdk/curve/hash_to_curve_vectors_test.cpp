// The four suites of hash_to_curve.hpp against published numbers, every intermediate value.
#include "curve/hash_to_curve.hpp"
#include "curve_support.hpp"

using namespace curve_test;
using namespace mote::curve;
using mote::Bytes;
using nlohmann::json;

namespace
{
Bytes bytes_of(const std::string& s)
{
    return {reinterpret_cast<const std::uint8_t*>(s.data()), s.size()};
}

void parse(const std::string& text, Fq& out) { out = element<Fq>(text); }
void parse(const std::string& text, Fq2& out)
{
    const std::size_t comma = text.find(',');
    REQUIRE(comma != std::string::npos);
    out = {element<Fq>(text.substr(0, comma)), element<Fq>(text.substr(comma + 1))};
}

template <class F>
Affine<F> parse_point(const json& p)
{
    F x, y;
    parse(p.at("x").get<std::string>(), x);
    parse(p.at("y").get<std::string>(), y);
    return Affine<F>::from(x, y);
}

template <class F, class Whole>
void check_file(const std::string& group, const std::string& mode, Whole whole)
{
    const json file =
        read_json("hash_to_curve_BN254" + group + "_XMD_SHA-256_SVDW_" + mode + "_.json");
    const std::string dst = file.at("dst");
    const std::size_t elements = mode == "RO" ? 2 : 1;
    REQUIRE(file.at("vectors").size() == 5);
    for (const json& c : file.at("vectors"))
    {
        const std::string message = c.at("msg");
        INFO(group << " " << mode << " " << message);
        REQUIRE(c.at("u").size() == elements);
        std::vector<F> u(elements);
        hash_to_field(bytes_of(message), bytes_of(dst), std::span<F>{u});
        for (std::size_t i = 0; i < elements; ++i)
        {
            F expected;
            parse(c.at("u").at(i).get<std::string>(), expected);
            CHECK(u[i] == expected);
            const std::string name = elements == 1 ? "Q" : "Q" + std::to_string(i);
            CHECK(map_to_curve(u[i]) == parse_point<F>(c.at(name)));
        }
        CHECK(whole(bytes_of(message), bytes_of(dst)) == parse_point<F>(c.at("P")));
    }
}
}  // namespace

TEST_CASE("Hash to curve vectors: G1")
{
    check_file<Fq>("G1", "RO", hash_to_g1);
    check_file<Fq>("G1", "NU", encode_to_g1);
}

TEST_CASE("Hash to curve vectors: G2")
{
    check_file<Fq2>("G2", "RO", hash_to_g2);
    check_file<Fq2>("G2", "NU", encode_to_g2);
}
