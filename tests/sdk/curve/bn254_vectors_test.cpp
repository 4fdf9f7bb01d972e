// The EVM's precompiles 0x06 ecAdd, 0x07 ecMul and 0x08 ecPairing (EIP-196, EIP-197), over the
// library, against calls with known answers.
#include "curve_support.hpp"

#include <optional>

using namespace curve_test;
using nlohmann::json;

namespace
{
using Output = std::optional<ByteVector>;

bool read_fq(const std::uint8_t* p, Fq& out)
{
    const Limbs<4> x = integer_be(p);
    if (!mote::field::less(x, Fq::modulus))
        return false;
    out = Fq::from_integer(x);
    return true;
}

bool read_point(const std::uint8_t* p, G1& out)
{
    Fq x, y;
    if (!read_fq(p, x) || !read_fq(p + 32, y))
        return false;
    out = x.is_zero() && y.is_zero() ? G1{} : G1::from(x, y);
    return on_curve(out, mote::curve::g1_b);
}

bool read_point(const std::uint8_t* p, G2& out)
{
    Fq2 x, y;
    if (!read_fq(p, x.c1) || !read_fq(p + 32, x.c0) || !read_fq(p + 64, y.c1) ||
        !read_fq(p + 96, y.c0))
        return false;
    out = x.is_zero() && y.is_zero() ? G2{} : G2::from(x, y);
    return on_curve(out, mote::curve::g2_b) && in_subgroup(out);
}

ByteVector write_point(const G1& p)
{
    ByteVector bytes(64);
    if (!p.infinity)
    {
        p.x.to_bytes_be(bytes.data());
        p.y.to_bytes_be(bytes.data() + 32);
    }
    return bytes;
}

Output ec_add(ByteVector in)
{
    in.resize(128);
    G1 a, b;
    if (!read_point(in.data(), a) || !read_point(in.data() + 64, b))
        return {};
    const G1 sum = (G1Jacobian(a) + b).to_affine();
    CHECK((G1Jacobian(b) + G1Jacobian(a)).to_affine() == sum);
    return write_point(sum);
}

Output ec_mul(ByteVector in)
{
    in.resize(96);
    G1 a;
    if (!read_point(in.data(), a))
        return {};
    const Limbs<4> e = integer_be(in.data() + 64);
    const Fr scalar = reduce_r(e);
    Memory memory(mote::curve::g1_msm_scratch_bytes(1));
    mote::Arena arena = memory.arena();
    G1Jacobian product;
    REQUIRE(multiply(&a, &scalar, 1, arena, product) == mote::Status::ok);
    CHECK(product == multiply_vartime(a, e));
    return write_point(product.to_affine());
}

Output ec_pairing(const ByteVector& in)
{
    if (in.size() % 192 != 0)
        return {};
    Gt product;
    mote::curve::PairingTerm terms[3];
    std::size_t count = 0;
    for (std::size_t i = 0; i < in.size(); i += 192)
    {
        if (!read_point(in.data() + i, terms[count].p) ||
            !read_point(in.data() + i + 64, terms[count].q))
            return {};
        if (++count == std::size(terms) || i + 192 == in.size())
        {
            product = product * pairing_product(terms, count);
            count = 0;
        }
    }
    ByteVector bytes(32);
    bytes[31] = product == Gt{} ? 1 : 0;
    return bytes;
}

void check_call(const std::string& operation, const std::string& input, const Output& expected)
{
    INFO(operation << " of " << input);
    const ByteVector in = from_hex(input);
    const Output out = operation == "ecAdd"   ? ec_add(in)
                       : operation == "ecMul" ? ec_mul(in)
                                              : ec_pairing(in);
    REQUIRE(out.has_value() == expected.has_value());
    if (out)
        CHECK(to_hex(*out) == to_hex(*expected));
}

G1 parse_point(const json& p, const G1&)
{
    return G1::from(element<Fq>(p.at("x")), element<Fq>(p.at("y")));
}

Fq2 parse_fq2(const json& x) { return {element<Fq>(x.at("c0")), element<Fq>(x.at("c1"))}; }

G2 parse_point(const json& p, const G2&)
{
    return G2::from(parse_fq2(p.at("x")), parse_fq2(p.at("y")));
}

template <class Point, class Accumulator>
void check_multiples(const std::string& name, std::size_t count,
                     std::size_t (*scratch_bytes)(std::size_t), bool group_test(const Point&))
{
    const json file = read_json(name);
    REQUIRE(file.at("vectors").size() == count);
    std::vector<Point> points;
    std::vector<Fr> scalars;
    Accumulator sum;
    for (const json& c : file.at("vectors"))
    {
        INFO(name << " " << c.at("id"));
        const Point p = parse_point(c.at("P"), Point{}), q = parse_point(c.at("Q"), Point{});
        REQUIRE(group_test(p));
        REQUIRE(group_test(q));
        ByteVector bytes = from_hex(c.at("scalar"));
        REQUIRE(bytes.size() <= 32);
        bytes.insert(bytes.begin(), 32 - bytes.size(), 0);
        const Fr e = reduce_r(integer_be(bytes.data()));
        Memory memory(scratch_bytes(1));
        mote::Arena arena = memory.arena();
        Accumulator product;
        REQUIRE(multiply(&p, &e, 1, arena, product) == mote::Status::ok);
        CHECK(product.to_affine() == q);
        CHECK(arena.used() == 0);
        points.push_back(p);
        scalars.push_back(e);
        sum += q;
    }
    Memory memory(scratch_bytes(count));
    mote::Arena arena = memory.arena();
    Accumulator all;
    REQUIRE(multiply(points.data(), scalars.data(), count, arena, all) == mote::Status::ok);
    CHECK(all == sum);
}

bool g1_test(const G1& p) { return on_curve(p, mote::curve::g1_b); }
bool g2_test(const G2& p) { return on_curve(p, mote::curve::g2_b) && in_subgroup(p); }
}  // namespace

TEST_CASE("BN254 vectors: published calls of the EVM's precompiles")
{
    const json file = read_json("eth_precompiles.json");
    std::size_t count = 0;
    for (const char* operation : {"ecAdd", "ecMul", "ecPairing"})
        for (const json& c : file.at(operation))
        {
            check_call(operation, c.at("Input"), from_hex(c.at("Expected")));
            ++count;
        }
    CHECK(count == 34);
}

TEST_CASE("BN254 vectors: calls seen in an EVM's own tests")
{
    const json file = read_json("evm_dump.json");
    std::size_t count = 0;
    for (const char* operation : {"ecAdd", "ecMul", "ecPairing"})
        for (const json& c : file.at(operation))
        {
            const std::string output = c.at("output");
            check_call(operation, c.at("input"),
                       output == "0x" ? Output{} : Output{from_hex(output)});
            ++count;
        }
    CHECK(count == 159);
}

TEST_CASE("BN254 vectors: edge cases of the precompiles")
{
    const json file = read_json("edge_cases.json");
    REQUIRE(file.size() == 157);
    for (const json& c : file)
    {
        INFO(c.at("name").get<std::string>());
        check_call(c.at("op"), c.at("input"),
                   c.at("output").is_null() ? Output{}
                                            : Output{from_hex(c.at("output").get<std::string>())});
    }
}

TEST_CASE("BN254 vectors: multiples in G1")
{
    using mote::curve::g1_msm_scratch_bytes;
    check_multiples<G1, G1Jacobian>("constantine_BN254_Snarks_scalar_mul_G1_254bit.json", 25,
                                    g1_msm_scratch_bytes, g1_test);
    check_multiples<G1, G1Jacobian>("constantine_BN254_Snarks_scalar_mul_G1_64bit.json", 30,
                                    g1_msm_scratch_bytes, g1_test);
}

TEST_CASE("BN254 vectors: multiples in G2")
{
    using mote::curve::g2_msm_scratch_bytes;
    check_multiples<G2, G2Jacobian>("constantine_BN254_Snarks_scalar_mul_G2_254bit.json", 33,
                                    g2_msm_scratch_bytes, g2_test);
    check_multiples<G2, G2Jacobian>("constantine_BN254_Snarks_scalar_mul_G2_64bit.json", 25,
                                    g2_msm_scratch_bytes, g2_test);
}
