// The SVID peer messages over any bytes: as a stream of frames, in pieces whose size the input
// chooses, and each frame as the message of its type.
//
// Besides the sanitizers the target checks what decoding promises: what is malformed says in which
// part and why and leaves nothing behind; views lie in the body; an accepted message encodes within
// its limit to bytes that decode and encode to the same.
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "wire/svid_messages.hpp"

namespace
{
using namespace mote;
using namespace mote::wire;

void check(bool condition)
{
    if (!condition)
        std::abort();
}

void check_inside(Bytes part, Bytes whole)
{
    if (!part.empty())
        check(part.data() >= whole.data() &&
              part.data() + part.size() <= whole.data() + whole.size());
}

void check_inside(const Announce& m, Bytes whole)
{
    check_inside(m.header, whole);
    check_inside(m.signature, whole);
}
void check_inside(const ZPart& m, Bytes whole)
{
    check_inside(m.svid_root, whole);
    check_inside(m.data, whole);
}
void check_inside(const Rows& m, Bytes whole)
{
    check_inside(m.svid_root, whole);
    check_inside(m.rows, whole);
    check_inside(m.data_path, whole);
    check_inside(m.parity_path, whole);
}
void check_inside(const GetRows& m, Bytes whole) { check_inside(m.svid_root, whole); }
void check_inside(const GetZ& m, Bytes whole) { check_inside(m.svid_root, whole); }
void check_inside(const GetChunks& m, Bytes whole) { check_inside(m.svid_root, whole); }
void check_inside(const Chunks& m, Bytes whole)
{
    check_inside(m.svid_root, whole);
    check_inside(m.data, whole);
    check_inside(m.path, whole);
}
void check_inside(const NotHeld& m, Bytes whole) { check_inside(m.svid_root, whole); }
void check_inside(const BadRow& m, Bytes whole)
{
    check_inside(m.announce, whole);
    check_inside(m.rows, whole);
    check_inside(m.z, whole);
}
void check_inside(const Equivocation& m, Bytes whole)
{
    check_inside(m.first, whole);
    check_inside(m.second, whole);
}

template <typename Message>
std::vector<std::uint8_t> encoded(const Message& message)
{
    std::vector<std::uint8_t> frame(encoded_bytes(message));
    check(frame.size() > frame_head_bytes && frame.size() <= frame_bytes_max(Message::type));
    std::size_t written = 0;
    check(encode(message, frame, written) == Status::ok && written == frame.size());
    return frame;
}

template <typename Message>
void run(Bytes body)
{
    Message message;
    Defect defect;
    const Status status = decode(body, message, defect);
    check_inside(message, body);
    check_inside(find_root(body), body);
    if (status != Status::ok)
    {
        check(status == Status::malformed && defect.part != Part::none && defect.why != Why::none);
        check(encoded_bytes(message) == 0);  // nothing is left that passes
        return;
    }
    const std::vector<std::uint8_t> frame = encoded(message);
    Message again;
    check(decode(Bytes(frame).subspan(frame_head_bytes), again) == Status::ok);
    check(encoded(again) == frame);
}

void run(MessageType type, Bytes body)
{
    switch (type)
    {
        case MessageType::announce:
            return run<Announce>(body);
        case MessageType::z_part:
            return run<ZPart>(body);
        case MessageType::rows:
            return run<Rows>(body);
        case MessageType::get_rows:
            return run<GetRows>(body);
        case MessageType::get_z:
            return run<GetZ>(body);
        case MessageType::get_chunks:
            return run<GetChunks>(body);
        case MessageType::chunks:
            return run<Chunks>(body);
        case MessageType::not_held:
            return run<NotHeld>(body);
        case MessageType::bad_row:
            return run<BadRow>(body);
        case MessageType::equivocation:
            return run<Equivocation>(body);
    }
    std::abort();  // the reader lets no other type through
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t bytes)
{
    Bytes stream(data, bytes);
    std::vector<std::uint8_t> memory(bytes);
    FrameReader reader(memory);
    const std::size_t piece_bytes = bytes == 0 ? 1 : 1 + data[bytes - 1] % 64;
    while (!stream.empty())
    {
        const std::size_t count = stream.size() < piece_bytes ? stream.size() : piece_bytes;
        Bytes piece = stream.first(count);
        stream = stream.subspan(count);
        Progress progress = reader.push(piece);
        while (progress == Progress::frame)
        {
            const std::vector<std::uint8_t> body(reader.body().begin(), reader.body().end());
            run(reader.type(), body);
            progress = reader.push(piece);
        }
        check((progress == Progress::closed) == (reader.error() != FrameError::none));
        if (reader.arriving())
        {
            check(reader.body().size() < reader.body_bytes());
            check_inside(find_root(reader.body()), reader.body());
            if (data[0] % 16 == 15)
                reader.drop();
        }
        if (progress == Progress::closed)
        {
            check(reader.error_offset() < bytes);
            break;
        }
    }

    // Without a frame around it, so that a mutation need not get the length right.
    if (bytes != 0)
        run(static_cast<MessageType>(1 + data[0] % 10), Bytes(data + 1, bytes - 1));
    return 0;
}
