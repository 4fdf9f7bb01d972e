// What the wire tests share: a writer of protobuf that knows no schema, and one example of each
// message with its bytes.
//
// The writer is not nanopb, so that a test compares two programs.
#pragma once

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "wire/svid_messages.hpp"

namespace wire_test
{
using ByteVector = std::vector<std::uint8_t>;
using mote::Bytes;

inline ByteVector from_hex(const std::string& text)
{
    if (text.size() % 2 != 0)
        throw std::runtime_error("odd number of hex digits");
    ByteVector bytes;
    for (std::size_t i = 0; i < text.size(); i += 2)
        bytes.push_back(static_cast<std::uint8_t>(std::stoul(text.substr(i, 2), nullptr, 16)));
    return bytes;
}

inline ByteVector to_vector(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

/// Bytes first, first + 1, ..., so that two fields never look alike.
inline ByteVector counting(std::size_t bytes, std::uint8_t first)
{
    ByteVector out(bytes);
    for (std::size_t i = 0; i < bytes; ++i)
        out[i] = static_cast<std::uint8_t>(first + i);
    return out;
}

/// Bytes in a heap block of exactly their size: a sanitizer sees the first read outside.
class Exact
{
  public:
    explicit Exact(Bytes bytes)
        : memory_(std::make_unique<std::uint8_t[]>(bytes.size())), bytes_(bytes.size())
    {
        std::copy(bytes.begin(), bytes.end(), memory_.get());
    }
    [[nodiscard]] Bytes view() const { return {memory_.get(), bytes_}; }
    [[nodiscard]] std::uint8_t* data() { return memory_.get(); }

  private:
    std::unique_ptr<std::uint8_t[]> memory_;
    std::size_t bytes_;
};

inline ByteVector varint(std::uint64_t value)
{
    ByteVector out;
    for (; value >= 128; value >>= 7)
        out.push_back(static_cast<std::uint8_t>(value | 128));
    out.push_back(static_cast<std::uint8_t>(value));
    return out;
}

inline ByteVector joined(const std::vector<ByteVector>& parts)
{
    ByteVector out;
    for (const ByteVector& part : parts)
        out.insert(out.end(), part.begin(), part.end());
    return out;
}

inline ByteVector tag(std::uint32_t number, std::uint32_t wire_type)
{
    return varint(std::uint64_t{number} << 3 | wire_type);
}

inline ByteVector number_field(std::uint32_t number, std::uint64_t value)
{
    return joined({tag(number, 0), varint(value)});
}

inline ByteVector bytes_field(std::uint32_t number, const ByteVector& value)
{
    return joined({tag(number, 2), varint(value.size()), value});
}

inline const ByteVector root = counting(32, 0x80);

/// The encoded fields of a message in ascending order. A test may change, reorder or drop them.
using Fields = std::vector<ByteVector>;

inline Fields announce_fields(std::uint8_t first = 1)
{
    return {bytes_field(1, counting(176, first)), number_field(2, 300),
            bytes_field(3, counting(96, 0x20))};
}
inline Fields z_part_fields()
{
    return {bytes_field(1, root), number_field(2, 65536), bytes_field(3, counting(48, 7))};
}
inline Fields rows_fields()
{
    return {bytes_field(1, root),
            number_field(2, 4000),
            number_field(3, 1),
            bytes_field(4, counting(1024, 3)),
            bytes_field(5, counting(64, 0x40)),
            bytes_field(6, counting(32, 0x60))};
}
inline ByteVector range(std::uint64_t first, std::uint64_t count)
{
    return joined({number_field(1, first), number_field(2, count)});
}
inline Fields get_rows_fields()
{
    return {bytes_field(1, root), bytes_field(2, range(5, 13)), bytes_field(2, range(70000, 200))};
}
inline Fields get_z_fields() { return {bytes_field(1, root)}; }
inline Fields get_chunks_fields()
{
    return {bytes_field(1, root), number_field(2, 1ull << 29), number_field(3, 4096)};
}
inline Fields chunks_fields()
{
    return {bytes_field(1, root), number_field(2, 2048), bytes_field(3, counting(1024, 9)),
            bytes_field(4, counting(320, 0x50))};
}
inline Fields not_held_fields() { return {bytes_field(1, root), bytes_field(2, range(17, 2))}; }
inline Fields bad_row_fields()
{
    return {bytes_field(1, joined(announce_fields())), bytes_field(2, joined(rows_fields())),
            bytes_field(3, counting(160, 0x70))};
}
inline Fields equivocation_fields()
{
    return {bytes_field(1, joined(announce_fields(1))), bytes_field(2, joined(announce_fields(2)))};
}

// Equality of messages, by content.

inline bool same(Bytes a, Bytes b) { return mote::equal_vartime(a, b); }
inline bool same(const mote::wire::Announce& a, const mote::wire::Announce& b)
{
    return same(a.header, b.header) && a.producer_index == b.producer_index &&
           same(a.signature, b.signature);
}
inline bool same(const mote::wire::ZPart& a, const mote::wire::ZPart& b)
{
    return same(a.svid_root, b.svid_root) && a.offset == b.offset && same(a.data, b.data);
}
inline bool same(const mote::wire::Rows& a, const mote::wire::Rows& b)
{
    return same(a.svid_root, b.svid_root) && a.first_row == b.first_row && a.count == b.count &&
           same(a.rows, b.rows) && same(a.data_path, b.data_path) &&
           same(a.parity_path, b.parity_path);
}
inline bool same(const mote::wire::GetRows& a, const mote::wire::GetRows& b)
{
    return same(a.svid_root, b.svid_root) && a.range_count == b.range_count && a.ranges == b.ranges;
}
inline bool same(const mote::wire::GetZ& a, const mote::wire::GetZ& b)
{
    return same(a.svid_root, b.svid_root);
}
inline bool same(const mote::wire::GetChunks& a, const mote::wire::GetChunks& b)
{
    return same(a.svid_root, b.svid_root) && a.offset == b.offset && a.length == b.length;
}
inline bool same(const mote::wire::Chunks& a, const mote::wire::Chunks& b)
{
    return same(a.svid_root, b.svid_root) && a.offset == b.offset && same(a.data, b.data) &&
           same(a.path, b.path);
}
inline bool same(const mote::wire::NotHeld& a, const mote::wire::NotHeld& b)
{
    return same(a.svid_root, b.svid_root) && a.range == b.range;
}
inline bool same(const mote::wire::BadRow& a, const mote::wire::BadRow& b)
{
    return same(a.announce, b.announce) && same(a.rows, b.rows) && same(a.z, b.z);
}
inline bool same(const mote::wire::Equivocation& a, const mote::wire::Equivocation& b)
{
    return same(a.first, b.first) && same(a.second, b.second);
}

/// Calls visit(Message{}, fields) for one example of each message.
template <typename Visit>
void for_each_message(Visit visit)
{
    using namespace mote::wire;
    visit(Announce{}, announce_fields());
    visit(ZPart{}, z_part_fields());
    visit(Rows{}, rows_fields());
    visit(GetRows{}, get_rows_fields());
    visit(GetZ{}, get_z_fields());
    visit(GetChunks{}, get_chunks_fields());
    visit(Chunks{}, chunks_fields());
    visit(NotHeld{}, not_held_fields());
    visit(BadRow{}, bad_row_fields());
    visit(Equivocation{}, equivocation_fields());
}

inline ByteVector frame_of(mote::wire::MessageType type, const ByteVector& body)
{
    const mote::wire::FrameHead head = mote::wire::frame_head(type, body.size());
    return joined({{head.begin(), head.end()}, body});
}
}  // namespace wire_test
