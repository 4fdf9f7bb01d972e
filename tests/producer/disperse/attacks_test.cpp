// Producers that cheat: everything they commit to is consistent but the code ([SVID] section 19,
// items 1 to 8 and 21). Each validator must say what the specification says.
#include <catch2/catch.hpp>
#include <set>

#include "disperse_support.hpp"
#include "svid/check_header.hpp"
#include "svid/proof_statement.hpp"
#include "tools/svid_model.hpp"

using namespace disperse_test;
using namespace mote::svid;
using svid_producer::answer_of;
using svid_producer::provisional;
using svid_producer::Receiver;

namespace
{
const std::vector<std::uint64_t> seven = {10, 20, 30, 5, 5, 7, 23};  // N = 18 for k = 5

ByteVector block_of(std::size_t bytes, unsigned seed = 1)
{
    std::mt19937 random(seed);
    return random_bytes(bytes, random);
}

/// Every row on its own, and every validator: whether they reject exactly what is `wrong`.
void check_holders(const Dispersed& from, const std::vector<std::uint64_t>& stakes,
                   const std::set<std::uint32_t>& wrong)
{
    for (std::uint32_t r = 0; r < from.params.rows; ++r)
    {
        INFO("row " << r);
        CHECK(answer_of_holder(from, {r}) == (wrong.count(r) != 0 ? 7 : provisional));
    }
    const Validators validators(stakes, from.header);
    for (const AssignedRange& range : validators.ranges)
    {
        const auto rows = svid_cases::rows_of(range, from.params.rows);
        const bool bad = std::any_of(rows.begin(), rows.end(),
                                     [&](std::uint32_t r) { return wrong.count(r) != 0; });
        CHECK(answer_of_validator(from, range) == (bad ? 7 : provisional));
    }
}

std::set<std::uint32_t> all_parity(const Dispersed& from)
{
    std::set<std::uint32_t> out;
    for (std::uint32_t r = from.params.data_rows; r < from.params.rows; ++r)
        out.insert(r);
    return out;
}

void replace_parity(Dispersed& in, const std::vector<ByteVector>& parity)
{
    std::copy(parity.begin(), parity.end(),
              in.rows.begin() + static_cast<std::ptrdiff_t>(in.params.data_rows));
}

ByteVector swap_planes(const ByteVector& row)
{
    ByteVector out = row;
    for (std::size_t group = 0; group < row.size(); group += 128)
        std::rotate(out.begin() + static_cast<std::ptrdiff_t>(group),
                    out.begin() + static_cast<std::ptrdiff_t>(group + 64),
                    out.begin() + static_cast<std::ptrdiff_t>(group + 128));
    return out;
}
}  // namespace

TEST_CASE("what is edited by hand is sealed as the producer seals it")
{
    for (const std::size_t bytes : {1U, 1024U, 5000U, 70000U, 300000U})
    {
        const ByteVector block = block_of(bytes);
        const Dispersal dispersal = encode(block, seven);
        const Dispersed copy = editable(dispersal);
        REQUIRE(copy.bytes == dispersal.header_bytes());
        REQUIRE(
            std::equal(copy.z.begin(), copy.z.end(), dispersal.z().begin(), dispersal.z().end()));
        const Dispersed own = svid_producer::disperse(block, seven);
        REQUIRE(own.bytes == dispersal.header_bytes());
        if (copy.params.rows < 100)
            check_holders(copy, seven, {});
    }
}

TEST_CASE("item 1: one parity byte flipped before everything else is made of it")
{
    const ByteVector block = block_of(5000);
    const Dispersal dispersal = encode(block, seven);
    std::mt19937 random(2);
    for (std::uint32_t r = 5; r < 18; r += 4)
    {
        Dispersed from = editable(dispersal);
        from.rows[r][random() % 1024] ^= static_cast<std::uint8_t>(1U << random() % 8);
        from.seal();
        check_holders(from, seven, {r});
    }
    // The producer's own way to do it.
    for (const std::uint32_t r : {5U, 17U})
    {
        auto wrong = subject();
        wrong.wrong_row = r;
        check_holders(editable(Dispersal(block, wrong, seven, {1, {}})), seven, {r});
    }
}

TEST_CASE("item 1: any single bit of a parity row is found")
{
    const ByteVector block = block_of(5000);
    const Dispersal dispersal = encode(block, seven);
    Dispersed from = editable(dispersal);
    for (std::size_t bit = 0; bit < 8 * 1024; bit += 61)
    {
        from.rows[7][bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
        from.seal();
        REQUIRE(answer_of_holder(from, {7}) == 7);
        REQUIRE(answer_of_holder(from, {6, 8}) == provisional);
        from.rows[7][bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    }
}

TEST_CASE("item 2: all parity rows random")
{
    const ByteVector block = block_of(5000);
    Dispersed from = editable(encode(block, seven));
    std::mt19937 random(3);
    for (std::uint32_t r = 5; r < 18; ++r)
        from.rows[r] = random_bytes(1024, random);
    from.seal();
    check_holders(from, seven, all_parity(from));
}

TEST_CASE("item 3: the parity of another block")
{
    const ByteVector block = block_of(5000, 1), other_block = block_of(5000, 2);
    Dispersed from = editable(encode(block, seven));
    const Dispersed other = editable(encode(other_block, seven));
    for (std::uint32_t r = 5; r < 18; ++r)
        from.rows[r] = other.rows[r];
    from.seal();
    check_holders(from, seven, all_parity(from));
}

TEST_CASE("item 3: parity rows of the right code in another order")
{
    const ByteVector block = block_of(5000);
    Dispersed from = editable(encode(block, seven));
    std::swap(from.rows[6], from.rows[11]);
    from.seal();
    check_holders(from, seven, {6, 11});
}

TEST_CASE("item 4: a code of twice the size")
{
    const ByteVector block = block_of(5000);
    Dispersed from = editable(encode(block, seven));
    replace_parity(from, svid_producer::parity_of({5, 16, 13},
                                                  svid_producer::padded_rows(from.params, block)));
    from.seal();
    check_holders(from, seven, all_parity(from));
}

TEST_CASE("item 4: another order of the Cantor basis")
{
    const ByteVector block = block_of(5000);
    Dispersed from = editable(encode(block, seven));
    auto basis = svid_model::basis();
    std::swap(basis[2], basis[3]);
    const svid_model::Lagrange code(svid_model::points(8, basis));
    const auto data = svid_producer::padded_rows(from.params, block);
    std::vector<ByteVector> parity(13, ByteVector(1024));
    std::set<std::uint32_t> wrong;
    for (std::uint32_t j = 0; j < 13; ++j)
    {
        const auto weights = code.weights(svid_model::point(8 + j, basis));
        for (std::size_t s = 0; s < 512; ++s)
        {
            std::vector<svid_model::Symbol> column(8, 0);
            for (std::size_t i = 0; i < data.size(); ++i)
                column[i] = svid_model::symbol_of(data[i].data(), s);
            svid_model::put_symbol(parity[j].data(), s, svid_model::dot(weights, column));
        }
        if (parity[j] != from.rows[5 + j])
            wrong.insert(5 + j);
    }
    REQUIRE(wrong.size() == 13);
    replace_parity(from, parity);
    from.seal();
    check_holders(from, seven, wrong);
}

TEST_CASE("item 4: low and high planes exchanged matter from point 256 on")
{
    const std::vector<std::uint64_t> ten(10, 1);
    const ByteVector block = block_of(100000);
    Dispersed from = editable(encode(block, ten));
    REQUIRE(from.params.code_rows == 128);
    REQUIRE(from.params.parity_rows() == 202);
    auto data = svid_producer::padded_rows(from.params, block);
    for (ByteVector& row : data)
        row = swap_planes(row);
    auto parity = svid_producer::parity_of({98, 128, 202}, data);
    for (std::uint32_t j = 0; j < 202; ++j)
    {
        parity[j] = swap_planes(parity[j]);
        REQUIRE((parity[j] == from.rows[98 + j]) == (128 + j < 256));
    }
    replace_parity(from, parity);
    from.seal();
    for (std::uint32_t j = 0; j < 202; j += j > 120 && j < 136 ? 1 : 11)
        CHECK(answer_of_holder(from, {98 + j}) == (128 + j < 256 ? provisional : 7));
}

TEST_CASE("item 5: a false Z through k rows of garbage deceives their holders and no proof")
{
    const ByteVector block = block_of(5000);
    Dispersed from = editable(encode(block, seven));
    const ProofStatement honest = proof_statement(from.header);
    std::mt19937 random(4);
    const std::set<std::uint32_t> garbage = {5, 6, 9, 14, 17};
    for (const std::uint32_t r : garbage)
        from.rows[r] = random_bytes(1024, random);
    from.plant();
    const Challenge rho(challenge(from.bytes));

    // The polynomial through their fingerprints and the zeros at 5, 6 and 7.
    std::vector<svid_model::Symbol> points = {svid_model::omega(5), svid_model::omega(6),
                                              svid_model::omega(7)};
    std::vector<std::vector<svid_model::Symbol>> columns(8, std::vector<svid_model::Symbol>(3, 0));
    for (const std::uint32_t r : garbage)
    {
        points.push_back(svid_model::omega(8 + r - 5));
        const auto value = fingerprint(rho, from.rows[r], 1024);
        for (unsigned t = 0; t < 8; ++t)
            columns[t].push_back(value.coordinate(t));
    }
    const svid_model::Lagrange code(points);
    from.z.clear();
    for (std::uint32_t r = 0; r < 5; ++r)
    {
        const auto weights = code.weights(svid_model::omega(r));
        svid_model::Element value;
        for (std::size_t t = 0; t < 8; ++t)
            value[t] = svid_model::dot(weights, columns[t]);
        const auto bytes = svid_model::bytes_of(value);
        from.z.insert(from.z.end(), bytes.begin(), bytes.end());
    }
    from.seal_z();

    std::set<std::uint32_t> others;
    for (std::uint32_t r = 0; r < 18; ++r)
        if (garbage.count(r) == 0)
            others.insert(r);
    check_holders(from, seven, others);
    CHECK(answer_of_holder(from, {garbage.begin(), garbage.end()}) == provisional);

    // What a proof about these bytes can state is not what this header asks for.
    Dispersed truth = from;
    truth.seal();
    CHECK(proof_statement(truth.header).challenge == proof_statement(from.header).challenge);
    CHECK_FALSE(proof_statement(truth.header) == proof_statement(from.header));
    CHECK_FALSE(honest == proof_statement(from.header));
}

TEST_CASE("item 6: padding of the last row that is not zero when encoding")
{
    const ByteVector block = block_of(5000);
    Dispersed from = editable(encode(block, seven));
    for (const std::size_t at : {std::size_t{904}, std::size_t{960}, std::size_t{1023}})
    {
        auto data = svid_producer::padded_rows(from.params, block);
        data[4][at] = 1;
        replace_parity(from, svid_producer::parity_of({5, 8, 13}, data));
        from.seal();
        check_holders(from, seven, all_parity(from));
    }
}

TEST_CASE("items 7 and 8: a proof of other bytes, of another challenge, of an earlier header")
{
    const ByteVector block = block_of(5000), other = block_of(5000, 9);
    const ProofStatement asked = proof_statement(encode(block, seven).header());
    CHECK(asked == proof_statement(encode(block, seven, 2).header()));
    CHECK_FALSE(asked == proof_statement(encode(other, seven).header()));
    auto earlier = subject();
    --earlier.height;
    const Dispersal before(block, earlier, seven, {1, {}});
    const ProofStatement stated = proof_statement(before.header());
    CHECK(stated.data_root == asked.data_root);
    CHECK_FALSE(stated.challenge == asked.challenge);
    CHECK_FALSE(stated == asked);
}

TEST_CASE("item 21: evidence convicts for a wrong row, and for nothing else")
{
    const ByteVector block = block_of(5000);
    const Dispersal dispersal = encode(block, seven);
    Dispersed from = editable(dispersal);
    from.rows[9][100] ^= 1;
    from.seal();
    const auto judge =
        [&](const HeaderBytes& raw, const ByteVector& z, const svid_producer::Message& row)
    {
        Header header;
        Params params;
        Fault fault = Fault::none;
        REQUIRE(check_foreign_header(raw, subject().chain_id, seven, header, params, fault) ==
                mote::Status::ok);
        if (fault != Fault::none)
            return static_cast<int>(fault);
        Dispersed stated;
        stated.header = header;
        stated.params = params;
        stated.bytes = raw;
        Receiver receiver(stated, {row.first});
        receiver.give_z(z);
        receiver.give(row);
        return answer_of(receiver.verdict());
    };
    const auto wrong = from.message(9, 1);
    CHECK(judge(from.bytes, from.z, wrong) == 7);
    // A correct row.
    CHECK(judge(from.bytes, from.z, from.message(8, 1)) == provisional);
    CHECK(judge(from.bytes, from.z, from.message(0, 1)) == provisional);
    // A header of another chain; the honest header, whose trees the row is not in.
    Header foreign = from.header;
    foreign.chain_id[0] ^= 1;
    CHECK(judge(mote::svid::encode(foreign), from.z, wrong) == 1);
    CHECK(judge(dispersal.header_bytes(), from.z, wrong) == 4);
    CHECK(judge(dispersal.header_bytes(), ByteVector(dispersal.z().begin(), dispersal.z().end()),
                wrong) == 6);
    // Another height of our chain is fine: evidence takes it from the header.
    Header old = from.header;
    old.height = 5;
    old.epoch = 1;
    CHECK(judge(mote::svid::encode(old), from.z, wrong) != 1);
    // A wrong Z, a wrong path, a wrong byte.
    ByteVector z = from.z;
    z[3] ^= 1;
    CHECK(judge(from.bytes, z, wrong) == 4);
    auto bad = wrong;
    bad.parity_path[40] ^= 1;
    CHECK(judge(from.bytes, from.z, bad) == 6);
    bad = wrong;
    bad.rows[0] ^= 1;
    CHECK(judge(from.bytes, from.z, bad) == 6);
    bad = wrong;
    bad.rows.pop_back();
    CHECK(judge(from.bytes, from.z, bad) == 5);
}
