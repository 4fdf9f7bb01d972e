// The vectors A, B and C of [SVID] section 18, written out.
#include <catch2/catch.hpp>

#include "disperse/dispersal.hpp"
#include "support/svid_cases.hpp"
#include "svid/fingerprint.hpp"

using namespace mote;
using svid_cases::ByteVector;
using svid_cases::to_hex;

namespace
{
ByteVector block_of(std::size_t bytes)
{
    ByteVector block(bytes);
    for (std::size_t i = 0; i < bytes; ++i)
        block[i] = static_cast<std::uint8_t>(31 * i + 7 * (i / 256) + 3);
    return block;
}

svid::Digest counted()
{
    svid::Digest out;
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = static_cast<std::uint8_t>(i);
    return out;
}

/// One vector: a block, its dispersal and who holds what.
struct Vector
{
    Vector(std::size_t bytes, std::vector<std::uint64_t> with)
        : block(block_of(bytes)),
          stakes(std::move(with)),
          dispersal(block, subject(), stakes, {1, {}}),
          ranges(stakes.size())
    {
        for (std::size_t v = 0; v < stakes.size(); ++v)
            keys.insert(keys.end(), svid::public_key_bytes, static_cast<std::uint8_t>(v));
        const svid::ValidatorSet set = {counted(), stakes, keys};
        svid_cases::Memory memory(1 << 16);
        Arena arena = memory.arena();
        svid::Assignment assignment;
        REQUIRE(assignment.open(set, arena) == Status::ok);
        assignment.ranges(set, dispersal.header(), ranges);
        for (std::uint32_t rank = 0; rank < stakes.size(); ++rank)
            order.push_back(assignment.position(rank));
        rotation = svid::Assignment::rotation(set.seed, 7, 1000, dispersal.params().rows);
    }

    static disperse::Subject subject()
    {
        disperse::Subject out;
        out.chain_id = counted();
        out.zone = 7;
        out.height = 1000;
        out.epoch = 3;
        return out;
    }

    [[nodiscard]] std::string row(std::uint32_t number, std::size_t from, std::size_t count) const
    {
        return to_hex(dispersal.row(number).subspan(from, count));
    }
    [[nodiscard]] std::string z(std::size_t i) const
    {
        return to_hex(dispersal.z().subspan(16 * i, 16));
    }
    [[nodiscard]] std::string rho() const
    {
        std::array<std::uint8_t, 16> out;
        svid::challenge(dispersal.header_bytes()).store(out.data());
        return to_hex(out);
    }
    [[nodiscard]] std::vector<std::uint32_t> firsts() const
    {
        std::vector<std::uint32_t> out;
        for (const svid::AssignedRange& range : ranges)
            out.push_back(range.first);
        return out;
    }
    [[nodiscard]] std::vector<std::uint32_t> counts() const
    {
        std::vector<std::uint32_t> out;
        for (const svid::AssignedRange& range : ranges)
            out.push_back(range.count);
        return out;
    }

    ByteVector block;
    std::vector<std::uint64_t> stakes;
    disperse::Dispersal dispersal;
    ByteVector keys;
    std::vector<svid::AssignedRange> ranges;
    std::vector<std::uint32_t> order;
    std::uint32_t rotation = 0;
};

using Numbers = std::vector<std::uint32_t>;
}  // namespace

TEST_CASE("vector A: 3000 bytes, four equal stakes")
{
    const Vector a(3000, {1, 1, 1, 1});
    const svid::Header& header = a.dispersal.header();
    CHECK(a.dispersal.params().row_bytes() == 1024);
    CHECK(a.dispersal.params().code_rows == 4);
    CHECK(a.dispersal.params().parity_rows() == 9);
    CHECK(
        to_hex(Bytes(a.dispersal.header_bytes()).first(48)) ==
        "5356443107000000e8030000000000000300000000000000b80b000000000000030000000c0000000a00000000"
        "000000");
    CHECK(to_hex(header.data_root) ==
          "c7064500c46ce4ced68f5efebfeb2564cba1fd18b0aa36d6848480a87cbe49c3");
    CHECK(a.row(3, 0, 32) == "210f1453318d11d17ac65a9ab4089454bd019d5df14dd111ba069a5aa5a08595");
    CHECK(a.row(3, 64, 32) == "561139175393299518d862ded616ac10df1fa5199353e955d818a21ec7d7bdb8");
    CHECK(a.row(11, 0, 16) == "22e4a07337466fd1097851efa7d6ff41");
    CHECK(to_hex(header.parity_root) ==
          "3071f8f37fc143809e94b614b57ff91c51f4e6d4abc9e148fb775d5b908666fa");
    CHECK(a.rho() == "2fcba1787946a50e8e13273d5ffeb415");
    CHECK(a.z(0) == "bcee390a2f0052b804eb747febe01536");
    CHECK(a.z(2) == "68e4ec75ae015466e8c03996b81611ee");
    CHECK(to_hex(header.z_digest) ==
          "c34502de7180ad9d1eb63ce5114bc318e92deebd31f1f7bae6c71ef92f3ccd34");
    CHECK(to_hex(a.dispersal.svid_root()) ==
          "c7f6c9a9ef8bfda0f5008e362cab868badeeaf9f50a2e7d14113724103f16989");
    CHECK(to_hex(svid::announce_digest(header.chain_id, a.dispersal.svid_root())) ==
          "25a9a5c3518e072afc7bcd31fdefae13306c46b1e6a44d40a2ab77be3ab3b8e0");
    CHECK(a.order == Numbers{2, 1, 3, 0});
    CHECK(a.rotation == 7);
    CHECK(a.firsts() == Numbers{4, 10, 7, 1});
    CHECK(a.counts() == Numbers{3, 3, 3, 3});
    const auto runs = a.dispersal.runs(a.ranges[1]);
    REQUIRE(runs.size() == 2);
    CHECK(runs[0].first == 10);
    CHECK(runs[0].count == 2);
    CHECK(runs[1].first == 0);
    CHECK(runs[1].count == 1);
}

TEST_CASE("vector B: 100000 bytes, a stake that holds all rows there can be")
{
    const Vector b(100000, {1, 2, 3, 4, 5, 6, 79});
    const svid::Header& header = b.dispersal.header();
    CHECK(b.dispersal.params().data_rows == 98);
    CHECK(b.dispersal.params().code_rows == 128);
    CHECK(b.dispersal.params().rows == 161);
    CHECK(b.counts() == Numbers{3, 6, 9, 12, 15, 18, 98});
    CHECK(to_hex(header.data_root) ==
          "004f6b2a01a16a2c4ce5c2c156a1688cbbcd5e784b018ea132da4f01a7ee620b");
    CHECK(b.row(98, 0, 32) == "198e2e6110bb6882c651c670585612557d45a7d539fab5afc0837e364552533c");
    CHECK(b.row(160, 0, 16) == "75754f247c85a9cbc6f0610c41a26400");
    CHECK(to_hex(header.parity_root) ==
          "2389889ba76ee1a2c33a7e1e82511415f8f897daef48a94023835c83aff26d06");
    CHECK(b.rho() == "ac0abae28eac1351c8795b9248712080");
    CHECK(b.z(0) == "b5a77be7f0947f0b9e0302b8beb3a389");
    CHECK(b.z(97) == "edaa8cbccb90adb08b262b27672373da");
    CHECK(to_hex(header.z_digest) ==
          "72ce0e06f46831148c8dfa975885d8aa86a9f19d59be924aeef20addc781292e");
    CHECK(to_hex(b.dispersal.svid_root()) ==
          "ef1758df556397f577e3b18b5ed3ee359bbb280bc3ee715c6fb9bec796beead6");
    CHECK(b.order == Numbers{2, 1, 4, 3, 6, 0, 5});
    CHECK(b.rotation == 105);
    CHECK(b.firsts() == Numbers{84, 114, 105, 135, 120, 87, 147});
}

TEST_CASE("vector C: one byte, and every parity row the padded data row")
{
    const Vector c(1, {1, 1, 1, 1});
    const svid::Header& header = c.dispersal.header();
    CHECK(c.dispersal.params().code_rows == 1);
    CHECK(c.dispersal.params().rows == 4);
    ByteVector padded = c.block;
    padded.resize(1024);
    for (std::uint32_t r = 1; r < 4; ++r)
        CHECK(to_hex(c.dispersal.row(r)) == to_hex(padded));
    CHECK(to_hex(header.data_root) ==
          "e1e0e81d6ea39b0cf8b86ffd440921011f57400cbc3f76a8a171906a9b8d7505");
    CHECK(to_hex(header.parity_root) ==
          "7da9fdf5e091989685698f5ae989c4a233e1630b654253d88c24ed097d8a0bf7");
    CHECK(c.rho() == "ff134591bd8fca2c5980e2d96b4582da");
    CHECK(c.z(0) == "b018770b970debd1f80f007943397b70");
    CHECK(to_hex(header.z_digest) ==
          "6289e80037dc825a62b8341546e1d861aec06640ff89b097046731f0677a7ba3");
    CHECK(to_hex(c.dispersal.svid_root()) ==
          "6e8afa829f908a036419adac52eb99f8f28cc7bc098af78c65c09f6022c2d329");
}
