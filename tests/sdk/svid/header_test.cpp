// Headers: their bytes, and every way in which one can be the wrong one ([SVID] section 19, items
// 15 to 18).
#include "svid/header.hpp"

#include <catch2/catch.hpp>

#include "svid/check_header.hpp"
#include "svid/proof_statement.hpp"
#include "tools/svid_producer.hpp"

using namespace mote::svid;
using mote::Bytes;
using mote::Status;

namespace
{
constexpr std::uint64_t seven_stakes[] = {10, 20, 30, 5, 5, 7, 23};
constexpr std::uint64_t other_stakes[] = {10, 20, 30, 5, 5, 7, 24};

const svid_producer::Dispersed& sample()
{
    static const svid_producer::Dispersed dispersed = []
    {
        std::mt19937 random(1);
        return svid_producer::disperse(svid_producer::random_bytes(5000, random), seven_stakes);
    }();
    return dispersed;
}

Expected expected()
{
    Expected out;
    out.chain_id = sample().header.chain_id;
    out.zone = sample().header.zone;
    out.height = sample().header.height;
    out.epoch = sample().header.epoch;
    out.stakes = seven_stakes;
    out.svid_root = sample().svid_root();
    return out;
}

Fault fault_of(Bytes bytes, const Expected& with)
{
    Header header;
    Params params;
    Fault fault = Fault::proof;
    REQUIRE(check_header(bytes, with, header, params, fault) == Status::ok);
    return fault;
}

/// The fault of a header that is committed to as it is.
Fault committed(const Header& header, Expected with = expected())
{
    const HeaderBytes bytes = encode(header);
    with.svid_root = svid_root(bytes);
    return fault_of(bytes, with);
}

Fault foreign(Bytes bytes)
{
    Header header;
    Params params;
    Fault fault = Fault::proof;
    REQUIRE(check_foreign_header(bytes, sample().header.chain_id, seven_stakes, header, params,
                                 fault) == Status::ok);
    return fault;
}
}  // namespace

TEST_CASE("the right header passes and comes back field by field")
{
    Header header;
    Params params;
    Fault fault = Fault::proof;
    REQUIRE(check_header(sample().bytes, expected(), header, params, fault) == Status::ok);
    CHECK(fault == Fault::none);
    CHECK(encode(header) == sample().bytes);
    CHECK(params.rows == sample().params.rows);
    CHECK(params.data_rows == 5);
    CHECK(params.code_rows == 8);
    CHECK(foreign(sample().bytes) == Fault::none);
}

TEST_CASE("fields lie where the format has them")
{
    Header header;
    header.zone = 0x01020304;
    header.height = 0x1112131415161718;
    header.epoch = 0x2122232425262728;
    header.block_bytes = 0x3132333435363738;
    header.data_rows = 0x41424344;
    header.rows = 0x51525354;
    header.row_log2 = 0x61;
    header.chain_id.fill(0x71);
    header.data_root.fill(0x72);
    header.parity_root.fill(0x73);
    header.z_digest.fill(0x74);
    const HeaderBytes bytes = encode(header);
    CHECK(svid_cases::to_hex(Bytes(bytes).first(48)) ==
          "53564431040302011817161514131211282726252423222138373635343332314443424154535251"
          "6100000000000000");
    for (std::size_t i = 48; i < 176; ++i)
        REQUIRE(bytes[i] == 0x71 + (i - 48) / 32);
    Header back;
    REQUIRE(decode(bytes, back));
    CHECK(encode(back) == bytes);
}

TEST_CASE("headers of any other length are not headers")
{
    svid_cases::ByteVector bytes(sample().bytes.begin(), sample().bytes.end());
    for (const std::size_t length : {0U, 1U, 4U, 144U, 175U, 177U, 352U})
    {
        svid_cases::ByteVector other = bytes;
        other.resize(length);
        CHECK(fault_of(other, expected()) == Fault::header);
        CHECK(foreign(other) == Fault::header);
    }
}

TEST_CASE("item 15: k, N and log2 L off by one, too long blocks, sizes that overflow")
{
    Header header = sample().header;
    REQUIRE(committed(header) == Fault::none);
    for (const int off : {-1, 1})
    {
        const auto change = static_cast<std::uint32_t>(off);
        Header bad = header;
        bad.data_rows += change;
        CHECK(committed(bad) == Fault::params);
        bad = header;
        bad.rows += change;
        CHECK(committed(bad) == Fault::params);
        bad = header;
        bad.row_log2 = static_cast<std::uint8_t>(bad.row_log2 + off);
        CHECK(committed(bad) == Fault::params);
        bad = header;
        bad.data_rows += change;
        bad.rows += change;
        CHECK(committed(bad) == Fault::params);
    }
    for (const std::uint64_t block_bytes :
         {(std::uint64_t{1} << 30) + 1, ~std::uint64_t{0}, std::uint64_t{1} << 63,
          (std::uint64_t{1} << 32) + 5000, (std::uint64_t{1} << 42) + 5000})
    {
        Header bad = header;
        bad.block_bytes = block_bytes;
        CHECK(committed(bad) == Fault::params);
    }
    // N L and K + p beyond 32 and 16 bits.
    for (const std::uint32_t rows : {5U, 4U, 0U, 65537U - 8 + 5, 1U << 22, 1U << 31, ~0U})
    {
        Header bad = header;
        bad.rows = rows;
        CHECK(committed(bad) == Fault::params);
    }
    for (const std::uint32_t rows : {0U, 8192U, 8193U, 1U << 31, ~0U})
    {
        Header bad = header;
        bad.data_rows = rows;
        CHECK(committed(bad) == Fault::params);
    }
    for (unsigned row_log2 = 0; row_log2 < 256; ++row_log2)
    {
        Header bad = header;
        bad.row_log2 = static_cast<std::uint8_t>(row_log2);
        CHECK(committed(bad) == (row_log2 == 10 ? Fault::none : Fault::params));
    }
    // B inside the same rows is another block, which only the commitment tells apart.
    header.block_bytes = 5001;
    CHECK(committed(header) == Fault::none);
    CHECK(fault_of(encode(header), expected()) == Fault::commit);
}

TEST_CASE("the chain's own limit of a block is a limit, and never above that of all chains")
{
    Expected with = expected();
    with.block_bytes_max = 5000;
    CHECK(fault_of(sample().bytes, with) == Fault::none);
    with.block_bytes_max = 4999;
    CHECK(fault_of(sample().bytes, with) == Fault::params);
    with.block_bytes_max = 0;
    CHECK(fault_of(sample().bytes, with) == Fault::params);
    Header bad = sample().header;
    bad.block_bytes = (std::uint64_t{1} << 30) + 1;
    with.block_bytes_max = ~std::uint64_t{0};
    CHECK(committed(bad, with) == Fault::params);
}

TEST_CASE("item 16: reserved bytes, magic, chain, zone, height, epoch, another epoch's set")
{
    const Header& header = sample().header;
    for (std::size_t i = 41; i < 48; ++i)
        for (const unsigned value : {1U, 0x80U, 0xffU})
        {
            HeaderBytes bytes = sample().bytes;
            bytes[i] = static_cast<std::uint8_t>(value);
            Expected with = expected();
            with.svid_root = svid_root(bytes);
            CHECK(fault_of(bytes, with) == Fault::header);
            CHECK(foreign(bytes) == Fault::header);
        }
    for (const char* magic : {"SVD0", "SVD2", "svd1", "1DVS", "\0\0\0\0"})
    {
        HeaderBytes bytes = sample().bytes;
        std::copy_n(magic, 4, bytes.begin());
        CHECK(fault_of(bytes, expected()) == Fault::header);
    }
    Header bad = header;
    bad.chain_id[31] ^= 1;
    CHECK(committed(bad) == Fault::header);
    CHECK(foreign(encode(bad)) == Fault::header);
    bad = header;
    ++bad.zone;
    CHECK(committed(bad) == Fault::header);
    CHECK(foreign(encode(bad)) == Fault::none);
    bad = header;
    bad.height += std::uint64_t{1} << 32;
    CHECK(committed(bad) == Fault::header);
    CHECK(foreign(encode(bad)) == Fault::none);
    bad = header;
    bad.epoch += std::uint64_t{1} << 32;
    CHECK(committed(bad) == Fault::header);
    CHECK(foreign(encode(bad)) == Fault::none);

    // A set with which the same block has another number of rows.
    Expected with = expected();
    Params there, here;
    REQUIRE(derive(5000, other_stakes, there) == Status::ok);
    REQUIRE(derive(5000, seven_stakes, here) == Status::ok);
    constexpr std::uint64_t eight_stakes[] = {10, 20, 30, 5, 5, 7, 23, 1};
    with.stakes = eight_stakes;
    CHECK(fault_of(sample().bytes, with) == Fault::params);
    with.stakes = other_stakes;
    CHECK(fault_of(sample().bytes, with) ==
          (there.rows == here.rows ? Fault::none : Fault::params));
}

TEST_CASE("item 17: any bit of the header flipped is rejected where the specification says")
{
    const mote::field::Gf2_128 rho = challenge(sample().bytes);
    for (std::size_t bit = 0; bit < 8 * header_bytes; ++bit)
    {
        const std::size_t i = bit / 8;
        HeaderBytes bytes = sample().bytes;
        bytes[i] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        INFO("bit " << bit % 8 << " of byte " << i);
        const Fault fault = fault_of(bytes, expected());
        if (i < 24 || (i > 40 && i < 80))
            CHECK(fault == Fault::header);
        else if (i < 32)
            CHECK((fault == Fault::params || fault == Fault::commit));
        else if (i <= 40)
            CHECK(fault == Fault::params);
        else
            CHECK(fault == Fault::commit);
        // Item 18: rho depends on every bit of what it is drawn from, and on nothing else.
        CHECK((challenge(bytes) != rho) == (i < challenge_bytes));
        CHECK(svid_root(bytes) != sample().svid_root());
    }
}

TEST_CASE("step 3: the header of one block is not that of another root")
{
    Expected with = expected();
    for (std::size_t i = 0; i < 32; ++i)
    {
        with.svid_root = expected().svid_root;
        with.svid_root[i] ^= 0x20;
        CHECK(fault_of(sample().bytes, with) == Fault::commit);
    }
    // A lower step hides it.
    with.zone ^= 1;
    CHECK(fault_of(sample().bytes, with) == Fault::header);
}

TEST_CASE("an empty block has the roots of nothing")
{
    const auto empty = svid_producer::disperse({}, seven_stakes);
    CHECK(committed(empty.header) == Fault::none);
    CHECK(empty_roots(empty.header));
    Header bad = empty.header;
    bad.parity_root[7] = 1;
    CHECK(committed(bad) == Fault::params);
    bad = empty.header;
    bad.data_root[7] ^= 1;
    CHECK(committed(bad) == Fault::params);
    bad = empty.header;
    bad.row_log2 = 11;
    CHECK(committed(bad) == Fault::params);
    bad = empty.header;
    bad.rows = 1;
    CHECK(committed(bad) == Fault::params);
    bad = empty.header;
    bad.data_rows = 1;
    CHECK(committed(bad) == Fault::params);
    Expected with = expected();
    with.block_bytes_max = 0;
    CHECK(committed(empty.header, with) == Fault::none);
}

TEST_CASE("sets that are none are an error of the call, not of the header")
{
    Header header;
    Params params;
    Fault fault = Fault::none;
    Expected with = expected();
    with.stakes = std::span(seven_stakes).first(3);
    CHECK(check_header(sample().bytes, with, header, params, fault) == Status::invalid_argument);
    constexpr std::uint64_t zero[] = {1, 2, 0, 4};
    with.stakes = zero;
    CHECK(check_header(sample().bytes, with, header, params, fault) == Status::invalid_argument);
}

TEST_CASE("the statement of the proof is the header's")
{
    const ProofStatement statement = proof_statement(sample().header);
    CHECK(statement.block_bytes == 5000);
    CHECK(statement.challenge == challenge(sample().bytes));
    CHECK(statement.data_root == sample().header.data_root);
    CHECK(statement.z_digest == sample().header.z_digest);
    // Item 7: another one in any field is another statement.
    Header other = sample().header;
    other.z_digest[0] ^= 1;
    CHECK_FALSE(proof_statement(other) == statement);
    other = sample().header;
    other.parity_root[0] ^= 1;  // changes rho alone
    CHECK_FALSE(proof_statement(other) == statement);
    CHECK(proof_statement(other).data_root == statement.data_root);
    other = sample().header;
    ++other.block_bytes;
    CHECK_FALSE(proof_statement(other) == statement);
}
