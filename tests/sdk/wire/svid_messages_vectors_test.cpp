#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "svid/header.hpp"
#include "wire_support.hpp"

using namespace mote::wire;
using namespace wire_test;

namespace
{
/// The frame of a message in misc.json, list `wire`.
ByteVector vector_frame(const std::string& message)
{
    const std::string path = std::string(MOTE_TEST_VECTORS) + "/svid/misc.json";
    std::ifstream file(path);
    if (!file)
        throw std::runtime_error("cannot read " + path);
    const nlohmann::json vectors = nlohmann::json::parse(file);
    REQUIRE(vectors.at("wire").size() == 10);
    for (const nlohmann::json& entry : vectors.at("wire"))
        if (entry.at("message") == message)
            return from_hex(entry.at("frame"));
    throw std::runtime_error("no vector for " + message);
}

/// A vector, decoded; it also encodes back to the same bytes.
template <typename Message>
struct Vector
{
    explicit Vector(const char* name) : frame(vector_frame(name)), memory(any_body_bytes_max)
    {
        FrameReader reader(memory);
        Bytes piece = frame;
        REQUIRE(reader.push(piece) == Progress::frame);
        REQUIRE(piece.empty());
        REQUIRE(reader.type() == Message::type);
        REQUIRE(decode(reader.body(), message) == mote::Status::ok);

        REQUIRE(encoded_bytes(message) == frame.size());
        ByteVector again(frame.size());
        std::size_t written = 0;
        REQUIRE(encode(message, again, written) == mote::Status::ok);
        REQUIRE(written == frame.size());
        REQUIRE(again == frame);
    }

    ByteVector frame, memory;
    Message message;
};

void check_announce(const Announce& announce)
{
    CHECK(announce.producer_index == 3);
    CHECK(to_vector(announce.signature) == counting(96, 0));
    mote::svid::Header header;
    REQUIRE(mote::svid::decode(announce.header, header));
    CHECK(header.block_bytes == 5000);
    CHECK(header.data_rows == 5);
}

/// The other messages are about the block that the announce is of.
ByteVector announced_root()
{
    const Vector<Announce> announce("Announce");
    mote::svid::HeaderBytes header{};
    std::copy(announce.message.header.begin(), announce.message.header.end(), header.begin());
    return to_vector(mote::svid::svid_root(header));
}
}  // namespace

TEST_CASE("SVID wire vectors: Announce") { check_announce(Vector<Announce>("Announce").message); }

TEST_CASE("SVID wire vectors: ZPart")
{
    const Vector<ZPart> z("ZPart");
    CHECK(to_vector(z.message.svid_root) == announced_root());
    CHECK(z.message.offset == 0);
    CHECK(z.message.data.size() == 80);  // 16 k
    CHECK(to_vector(z.message.data.first(4)) == from_hex("9f2feca1"));
}

TEST_CASE("SVID wire vectors: Rows")
{
    const Vector<Rows> rows("Rows");
    CHECK(to_vector(rows.message.svid_root.first(4)) == from_hex("06533f5f"));
    CHECK(rows.message.first_row == 0);
    CHECK(rows.message.count == 2);
    CHECK(rows.message.rows.size() == 1025);  // a block of one byte: its only row and a parity row
    CHECK(to_vector(rows.message.rows.first(3)) == from_hex("606000"));
    CHECK(rows.message.data_path.empty());
    CHECK(rows.message.parity_path.size() == 64);
    CHECK(to_vector(rows.message.parity_path.first(4)) == from_hex("0b1bd1b1"));
}

TEST_CASE("SVID wire vectors: GetRows")
{
    const Vector<GetRows> get("GetRows");
    CHECK(to_vector(get.message.svid_root) == announced_root());
    REQUIRE(get.message.range_count == 2);
    CHECK(get.message.ranges[0] == Range{0, 2});
    CHECK(get.message.ranges[1] == Range{17, 300});
}

TEST_CASE("SVID wire vectors: GetZ")
{
    CHECK(to_vector(Vector<GetZ>("GetZ").message.svid_root) == announced_root());
}

TEST_CASE("SVID wire vectors: GetChunks")
{
    const Vector<GetChunks> get("GetChunks");
    CHECK(to_vector(get.message.svid_root) == announced_root());
    CHECK(get.message.offset == 4096);
    CHECK(get.message.length == 904);
}

TEST_CASE("SVID wire vectors: Chunks")
{
    const Vector<Chunks> chunks("Chunks");
    CHECK(to_vector(chunks.message.svid_root) == announced_root());
    CHECK(chunks.message.offset == 4096);
    CHECK(chunks.message.data.size() == 904);
    CHECK(to_vector(chunks.message.data.first(4)) == from_hex("8532fc6d"));
    CHECK(chunks.message.path.size() == 32);
    CHECK(to_vector(chunks.message.path.first(4)) == from_hex("0c3aeb14"));
}

TEST_CASE("SVID wire vectors: NotHeld")
{
    const Vector<NotHeld> not_held("NotHeld");
    CHECK(to_vector(not_held.message.svid_root) == announced_root());
    CHECK(not_held.message.range == Range{5, 1});
}

TEST_CASE("SVID wire vectors: BadRow")
{
    const Vector<BadRow> bad("BadRow");
    check_announce(bad.message.announce);
    CHECK(to_vector(bad.message.rows.svid_root) == announced_root());
    CHECK(bad.message.rows.first_row == 1);
    CHECK(bad.message.rows.count == 1);
    CHECK(bad.message.rows.rows.size() == 1024);
    CHECK(to_vector(bad.message.rows.rows.first(4)) == from_hex("ace38239"));
    CHECK(bad.message.rows.data_path.size() == 96);
    CHECK(bad.message.rows.parity_path.empty());
    CHECK(same(bad.message.z, Vector<ZPart>("ZPart").message.data));
}

TEST_CASE("SVID wire vectors: Equivocation")
{
    const Vector<Equivocation> two("Equivocation");
    check_announce(two.message.first);
    check_announce(two.message.second);
}
