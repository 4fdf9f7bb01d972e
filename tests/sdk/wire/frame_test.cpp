#include "wire/frame.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "tools/effort.hpp"
#include "wire/svid_messages.hpp"
#include "wire_support.hpp"

using namespace mote::wire;
using namespace wire_test;

namespace
{
constexpr std::uint8_t types = 10;

struct Received
{
    MessageType type;
    ByteVector body;

    friend bool operator==(const Received&, const Received&) = default;
};

/// Pushes one piece and collects the frames that it completes.
Progress push(FrameReader& reader, Bytes piece, std::vector<Received>& out)
{
    const Exact exact(piece);
    Bytes rest = exact.view();
    for (;;)
    {
        const Progress progress = reader.push(rest);
        if (progress != Progress::frame)
        {
            CHECK((progress == Progress::closed || rest.empty()));
            return progress;
        }
        out.push_back({reader.type(), to_vector(reader.body())});
    }
}

ByteVector head(std::uint32_t length, std::uint8_t type)
{
    ByteVector out(5);
    mote::store_le(out.data(), length);
    out[4] = type;
    return out;
}

/// A stream with one frame of every type, some of them empty.
std::vector<Received> sample_frames()
{
    std::vector<Received> frames;
    for (std::uint8_t type = 1; type <= types; ++type)
        frames.push_back({static_cast<MessageType>(type), counting(type % 4 * 17U, type)});
    return frames;
}

ByteVector stream_of(const std::vector<Received>& frames)
{
    ByteVector stream;
    for (const Received& frame : frames)
        stream = joined({stream, frame_of(frame.type, frame.body)});
    return stream;
}
}  // namespace

TEST_CASE("A frame is a length, a type and a message")
{
    CHECK(to_vector(frame_head(MessageType::get_z, 34)) == from_hex("2300000005"));
    CHECK(to_vector(frame_head(MessageType::z_part, 0x10001)) == from_hex("0200010002"));
}

TEST_CASE("The longest frames are those of section 16 and some room for unknown fields")
{
    const std::size_t announce = 3 + 176 + 6 + 2 + 96;
    const std::size_t rows = 34 + 6 + 6 + 1 + 4 + (2 << 20) + 2 * (3 + 2048);
    CHECK(frame_bytes_max(MessageType::announce) == 5 + 64 + announce);
    CHECK(frame_bytes_max(MessageType::z_part) == 5 + 64 + 34 + 6 + 4 + 65536);
    CHECK(frame_bytes_max(MessageType::rows) == 5 + 64 + rows);
    CHECK(frame_bytes_max(MessageType::get_rows) == 5 + 64 + 34 + 8 * 14);
    CHECK(frame_bytes_max(MessageType::get_z) == 5 + 64 + 34);
    CHECK(frame_bytes_max(MessageType::get_chunks) == 5 + 64 + 34 + 11 + 6);
    CHECK(frame_bytes_max(MessageType::chunks) == 5 + 64 + 34 + 11 + 4 + (1 << 20) + 3 + 2048);
    CHECK(frame_bytes_max(MessageType::not_held) == 5 + 64 + 34 + 14);
    CHECK(frame_bytes_max(MessageType::bad_row) == 5 + 64 + 3 + announce + 5 + rows + 4 + 131072);
    CHECK(frame_bytes_max(MessageType::equivocation) == 5 + 64 + 2 * (3 + announce));
    CHECK(any_body_bytes_max == body_bytes_max(MessageType::bad_row));
    CHECK(frame_bytes_max(static_cast<MessageType>(0)) == 0);
    CHECK(frame_bytes_max(static_cast<MessageType>(11)) == 0);
}

TEST_CASE("Frames come out the same for pieces of every size")
{
    const std::vector<Received> frames = sample_frames();
    const ByteVector stream = stream_of(frames);
    for (std::size_t size = 1; size <= stream.size(); ++size)
    {
        ByteVector memory(64);
        FrameReader reader(memory);
        std::vector<Received> received;
        for (std::size_t at = 0; at < stream.size(); at += size)
        {
            REQUIRE(push(reader, {}, received) == Progress::need_more);
            const std::size_t count = std::min(size, stream.size() - at);
            REQUIRE(push(reader, Bytes(stream).subspan(at, count), received) ==
                    Progress::need_more);
        }
        REQUIRE(received == frames);
        REQUIRE(reader.error() == FrameError::none);
    }
}

TEST_CASE("Frames come out the same for pieces of random size, empty ones among them")
{
    std::mt19937 random(1);
    const std::vector<Received> frames = sample_frames();
    const ByteVector stream = stream_of(frames);
    for (int run = 0; run < 500; ++run)
    {
        ByteVector memory(51);
        FrameReader reader(memory);
        std::vector<Received> received;
        const std::size_t size_max = 1 + random() % 40;
        for (std::size_t at = 0; at < stream.size();)
        {
            const std::size_t count =
                std::min<std::size_t>(random() % (size_max + 1), stream.size() - at);
            REQUIRE(push(reader, Bytes(stream).subspan(at, count), received) ==
                    Progress::need_more);
            at += count;
        }
        REQUIRE(received == frames);
    }
}

TEST_CASE("A reader knows whether it stands between frames")
{
    const ByteVector stream = frame_of(MessageType::get_z, counting(3, 0));
    for (std::size_t count = 0; count <= stream.size(); ++count)
    {
        ByteVector memory(8);
        FrameReader reader(memory);
        Bytes piece = Bytes(stream).first(count);
        CHECK(reader.push(piece) ==
              (count == stream.size() ? Progress::frame : Progress::need_more));
        CHECK(reader.at_boundary() == (count == 0 || count == stream.size()));
    }
}

TEST_CASE("A message as long as its type allows is taken")
{
    ByteVector memory(any_body_bytes_max);
    for (std::uint8_t type = 1; type <= types; ++type)
    {
        const std::size_t bytes = body_bytes_max(static_cast<MessageType>(type));
        FrameReader reader(memory);
        std::vector<Received> received;
        push(reader, head(static_cast<std::uint32_t>(bytes + 1), type), received);
        const ByteVector body = counting(bytes, type);
        REQUIRE(push(reader, Bytes(body).first(bytes - 1), received) == Progress::need_more);
        REQUIRE(received.empty());
        REQUIRE(push(reader, Bytes(body).last(1), received) == Progress::need_more);
        REQUIRE(received.size() == 1);
        REQUIRE(received[0] == Received{static_cast<MessageType>(type), body});
    }
}

TEST_CASE("A length above the limit of its type closes the stream before anything is kept")
{
    for (std::uint8_t type = 1; type <= types; ++type)
        for (const std::size_t above : {std::size_t{1}, std::size_t{1000}, std::size_t{1} << 20})
        {
            const std::size_t body = body_bytes_max(static_cast<MessageType>(type)) + above;
            ByteVector memory(any_body_bytes_max, 0xEE);
            FrameReader reader(memory);
            const ByteVector stream =
                joined({head(static_cast<std::uint32_t>(body + 1), type), counting(100, 0)});
            Bytes piece = stream;
            REQUIRE(reader.push(piece) == Progress::closed);
            CHECK(reader.error() == FrameError::too_long);
            CHECK(reader.error_offset() == 0);
            CHECK(reader.body().empty());
            // No limit reaches beyond the largest one: there the type is not even looked at.
            CHECK(piece.size() == (body > any_body_bytes_max ? 101 : 100));
            CHECK(std::count(memory.begin(), memory.end(), 0xEE) ==
                  static_cast<std::ptrdiff_t>(memory.size()));
        }
}

TEST_CASE("A length that no type allows closes the stream after four bytes")
{
    const auto first_too_long = static_cast<std::uint32_t>(any_body_bytes_max + 2);
    for (const std::uint32_t length : {0U, first_too_long, 0x7FFFFFFFU, 0x80000000U, 0xFFFFFFFFU})
    {
        ByteVector memory(16);
        FrameReader reader(memory);
        const ByteVector stream = head(length, 9);
        for (std::size_t i = 0; i < 3; ++i)
        {
            Bytes piece = Bytes(stream).subspan(i, 1);
            REQUIRE(reader.push(piece) == Progress::need_more);
        }
        Bytes piece = Bytes(stream).subspan(3);
        REQUIRE(reader.push(piece) == Progress::closed);
        CHECK(piece.size() == 1);
        CHECK(reader.error() == (length == 0 ? FrameError::empty : FrameError::too_long));
    }
}

TEST_CASE("A type that no message has closes the stream")
{
    for (unsigned type = 0; type < 256; ++type)
    {
        if (type >= 1 && type <= types)
            continue;
        ByteVector memory(16);
        FrameReader reader(memory);
        const ByteVector stream = head(1, static_cast<std::uint8_t>(type));
        Bytes piece = stream;
        REQUIRE(reader.push(piece) == Progress::closed);
        CHECK(reader.error() == FrameError::unknown_type);
        CHECK(reader.error_offset() == 4);
    }
}

TEST_CASE("A legal message that is longer than the reader's memory is told apart")
{
    const ByteVector stream = frame_of(MessageType::get_z, counting(34, 0));
    for (const std::size_t bytes : {std::size_t{33}, std::size_t{34}, std::size_t{0}})
    {
        ByteVector memory(bytes);
        FrameReader reader(memory);
        Bytes piece = stream;
        const bool fits = bytes == 34;
        CHECK(reader.push(piece) == (fits ? Progress::frame : Progress::closed));
        CHECK(reader.error() == (fits ? FrameError::none : FrameError::above_own_limit));
    }
}

TEST_CASE("A closed stream stays closed and says where it broke")
{
    const std::vector<Received> frames = sample_frames();
    const ByteVector good = stream_of(frames);
    ByteVector memory(64);
    FrameReader reader(memory);
    std::vector<Received> received;
    CHECK(push(reader, joined({good, head(7, 200), good}), received) == Progress::closed);
    CHECK(received == frames);
    CHECK(reader.error() == FrameError::unknown_type);
    CHECK(reader.error_offset() == good.size() + 4);
    CHECK_FALSE(reader.at_boundary());

    Bytes piece = good;
    CHECK(reader.push(piece) == Progress::closed);
    CHECK(piece.size() == good.size());
    CHECK(reader.error_offset() == good.size() + 4);
    CHECK(reader.body().empty());
}

TEST_CASE("An arriving message can be looked at and dropped")
{
    const ByteVector first = counting(40, 1), second = counting(30, 2);
    const ByteVector stream =
        joined({frame_of(MessageType::rows, first), frame_of(MessageType::get_z, second)});
    for (std::size_t cut = 0; cut <= stream.size(); ++cut)
    {
        ByteVector memory(40, 0xEE);
        FrameReader reader(memory);
        CHECK_FALSE(reader.arriving());
        std::vector<Received> received;
        REQUIRE(push(reader, Bytes(stream).first(cut), received) == Progress::need_more);
        const bool in_first = cut >= 5 && cut < 45, in_second = cut >= 50 && cut < 80;
        REQUIRE(reader.arriving() == (in_first || in_second));
        if (reader.arriving())
        {
            CHECK(reader.type() == (in_first ? MessageType::rows : MessageType::get_z));
            CHECK(reader.body_bytes() == (in_first ? 40 : 30));
            CHECK(reader.body().size() == cut - (in_first ? 5 : 50));
        }
        reader.drop();
        reader.drop();
        const ByteVector before = memory;
        REQUIRE(push(reader, Bytes(stream).subspan(cut), received) == Progress::need_more);
        CHECK(received.size() == (in_first || in_second ? 1 : 2));
        if (in_second)
            CHECK(memory == before);
        else
            CHECK(received.back() == Received{MessageType::get_z, second});

        // The stream goes on, and positions still count what was dropped.
        CHECK(push(reader, head(0, 1), received) == Progress::closed);
        CHECK(reader.error_offset() == stream.size());
        CHECK_FALSE(reader.arriving());
    }
}

TEST_CASE("item 26: a hundred thousand messages about dispersals nobody asked for keep no bytes")
{
    const std::uint32_t messages = mote::test::emulated || mote::test::sanitized ? 2000 : 100'000;
    const ByteVector known(root_bytes, 0xAB);
    ByteVector memory(body_bytes_max(MessageType::z_part));
    FrameReader reader(memory);
    std::size_t kept_most = 0;
    std::uint32_t frames = 0, errors = 0;
    ByteVector received;
    const auto receive = [&](Bytes piece)
    {
        while (reader.push(piece) == Progress::frame)
        {
            ++frames;
            received = to_vector(reader.body());
        }
        errors += reader.error() == FrameError::none ? 0 : 1;
        if (!reader.arriving())
            return;
        const Bytes about = find_root(reader.body());
        if (!about.empty() && !mote::equal_vartime(about, known))
        {
            kept_most = std::max(kept_most, reader.body().size());
            reader.drop();
        }
    };
    ByteVector unknown(root_bytes, 0xCD), data(4096, 1);
    const auto send = [&](const ByteVector& about)
    {
        const ZPart part{about, 0, data};
        ByteVector frame(encoded_bytes(part));
        std::size_t written = 0;
        errors += encode(part, frame, written) == mote::Status::ok ? 0 : 1;
        // The head of the message in small pieces, as a slow peer sends it, then the rest.
        for (std::size_t at = 0; at < 64; ++at)
            receive(Bytes(frame).subspan(at, 1));
        receive(Bytes(frame).subspan(64));
    };
    for (std::uint32_t i = 0; i < messages; ++i)
    {
        mote::store_le(unknown.data(), i);
        send(unknown);
    }
    CHECK(frames == 0);
    CHECK(errors == 0);
    CHECK(kept_most < 64);
    CHECK(reader.at_boundary());
    send(known);
    CHECK(frames == 1);
    ZPart part;
    REQUIRE(decode(received, part) == mote::Status::ok);
    CHECK(to_vector(part.data) == data);
}
