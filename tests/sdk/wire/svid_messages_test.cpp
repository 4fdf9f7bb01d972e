#include "wire/svid_messages.hpp"

#include <catch2/catch.hpp>

#include "wire_support.hpp"

using namespace mote::wire;
using namespace wire_test;
using mote::Status;

namespace
{
template <typename Visit>
void for_each_bytes(const Announce& m, Visit visit)
{
    visit(m.header);
    visit(m.signature);
}
template <typename Visit>
void for_each_bytes(const ZPart& m, Visit visit)
{
    visit(m.svid_root);
    visit(m.data);
}
template <typename Visit>
void for_each_bytes(const Rows& m, Visit visit)
{
    visit(m.svid_root);
    visit(m.rows);
    visit(m.data_path);
    visit(m.parity_path);
}
template <typename Visit>
void for_each_bytes(const GetRows& m, Visit visit)
{
    visit(m.svid_root);
}
template <typename Visit>
void for_each_bytes(const GetZ& m, Visit visit)
{
    visit(m.svid_root);
}
template <typename Visit>
void for_each_bytes(const GetChunks& m, Visit visit)
{
    visit(m.svid_root);
}
template <typename Visit>
void for_each_bytes(const Chunks& m, Visit visit)
{
    visit(m.svid_root);
    visit(m.data);
    visit(m.path);
}
template <typename Visit>
void for_each_bytes(const NotHeld& m, Visit visit)
{
    visit(m.svid_root);
}
template <typename Visit>
void for_each_bytes(const BadRow& m, Visit visit)
{
    for_each_bytes(m.announce, visit);
    for_each_bytes(m.rows, visit);
    visit(m.z);
}
template <typename Visit>
void for_each_bytes(const Equivocation& m, Visit visit)
{
    for_each_bytes(m.first, visit);
    for_each_bytes(m.second, visit);
}

template <typename Message>
Message decoded(const ByteVector& body)
{
    Message message;
    REQUIRE(decode(body, message) == Status::ok);
    return message;
}

template <typename Message>
ByteVector encoded(const Message& message)
{
    ByteVector out(encoded_bytes(message));
    std::size_t written = 0;
    REQUIRE(encode(message, out, written) == Status::ok);
    REQUIRE(written == out.size());
    return out;
}

template <typename Message>
Defect defect_of(const ByteVector& body)
{
    Message message;
    Defect defect;
    REQUIRE(decode(body, message, defect) == Status::malformed);
    REQUIRE(same(message, Message{}));
    return defect;
}

constexpr Defect syntax{Part::message, Why::syntax, 0};

/// Decodes any bytes: what comes out is either empty with a reason, or lies inside the body and
/// encodes to something that decodes to the same.
template <typename Message>
bool survives(Bytes bytes)
{
    const Exact body(bytes);
    Message message;
    Defect defect;
    const Status status = decode(body.view(), message, defect);
    if (status != Status::ok)
    {
        REQUIRE(status == Status::malformed);
        REQUIRE(defect.part != Part::none);
        REQUIRE(defect.why != Why::none);
        REQUIRE(same(message, Message{}));
        return false;
    }
    REQUIRE(defect == Defect{});
    const std::uint8_t* const begin = body.view().data();
    for_each_bytes(message,
                   [&](Bytes part)
                   {
                       if (!part.empty())
                       {
                           REQUIRE(part.data() >= begin);
                           REQUIRE(part.data() + part.size() <= begin + body.view().size());
                       }
                   });
    const ByteVector frame = encoded(message);
    Message again;
    REQUIRE(decode(Bytes(frame).subspan(frame_head_bytes), again) == Status::ok);
    REQUIRE(same(again, message));
    return true;
}

/// The body with one of its fields in another version.
ByteVector with(Fields fields, std::size_t i, const ByteVector& field)
{
    fields.at(i) = field;
    return joined(fields);
}

/// Checks a `bytes` field of a message: lengths that pass and lengths that do not.
template <typename Message>
void check_lengths(const Fields& fields, std::uint32_t number, Part part,
                   const std::vector<std::size_t>& good,
                   const std::vector<std::pair<std::size_t, Why>>& bad)
{
    for (const std::size_t n : good)
    {
        INFO("field " << number << " of " << n << " bytes");
        Message message;
        Defect defect;
        CHECK(decode(with(fields, number - 1, bytes_field(number, counting(n, 1))), message,
                     defect) == Status::ok);
    }
    for (const auto& [n, why] : bad)
    {
        INFO("field " << number << " of " << n << " bytes");
        CHECK(defect_of<Message>(with(fields, number - 1, bytes_field(number, counting(n, 1)))) ==
              Defect{part, why, 0});
    }
}

template <typename Message>
void check_root(const Fields& fields)
{
    check_lengths<Message>(
        fields, 1, Part::svid_root, {32},
        {{0, Why::wrong_length}, {31, Why::wrong_length}, {33, Why::wrong_length}});
    CHECK(defect_of<Message>(with(fields, 0, {})) == Defect{Part::svid_root, Why::wrong_length, 0});
}
}  // namespace

TEST_CASE("Every message decodes to its fields")
{
    const ByteVector announce_body = joined(announce_fields());
    const auto announce = decoded<Announce>(announce_body);
    CHECK(to_vector(announce.header) == counting(176, 1));
    CHECK(announce.producer_index == 300);
    CHECK(to_vector(announce.signature) == counting(96, 0x20));

    const ByteVector z_body = joined(z_part_fields());
    const auto z = decoded<ZPart>(z_body);
    CHECK(to_vector(z.svid_root) == root);
    CHECK(z.offset == 65536);
    CHECK(to_vector(z.data) == counting(48, 7));

    const ByteVector rows_body = joined(rows_fields());
    const auto rows = decoded<Rows>(rows_body);
    CHECK(to_vector(rows.svid_root) == root);
    CHECK(rows.first_row == 4000);
    CHECK(rows.count == 1);
    CHECK(to_vector(rows.rows) == counting(1024, 3));
    CHECK(to_vector(rows.data_path) == counting(64, 0x40));
    CHECK(to_vector(rows.parity_path) == counting(32, 0x60));

    const ByteVector get_rows_body = joined(get_rows_fields());
    const auto get_rows = decoded<GetRows>(get_rows_body);
    CHECK(to_vector(get_rows.svid_root) == root);
    REQUIRE(get_rows.range_count == 2);
    CHECK(get_rows.ranges[0] == Range{5, 13});
    CHECK(get_rows.ranges[1] == Range{70000, 200});

    const ByteVector get_z_body = joined(get_z_fields());
    CHECK(to_vector(decoded<GetZ>(get_z_body).svid_root) == root);

    const ByteVector get_chunks_body = joined(get_chunks_fields());
    const auto get_chunks = decoded<GetChunks>(get_chunks_body);
    CHECK(to_vector(get_chunks.svid_root) == root);
    CHECK(get_chunks.offset == 1ull << 29);
    CHECK(get_chunks.length == 4096);

    const ByteVector chunks_body = joined(chunks_fields());
    const auto chunks = decoded<Chunks>(chunks_body);
    CHECK(to_vector(chunks.svid_root) == root);
    CHECK(chunks.offset == 2048);
    CHECK(to_vector(chunks.data) == counting(1024, 9));
    CHECK(to_vector(chunks.path) == counting(320, 0x50));

    const ByteVector not_held_body = joined(not_held_fields());
    const auto not_held = decoded<NotHeld>(not_held_body);
    CHECK(to_vector(not_held.svid_root) == root);
    CHECK(not_held.range == Range{17, 2});

    const ByteVector bad_row_body = joined(bad_row_fields());
    const auto bad_row = decoded<BadRow>(bad_row_body);
    CHECK(same(bad_row.announce, announce));
    CHECK(same(bad_row.rows, rows));
    CHECK(to_vector(bad_row.z) == counting(160, 0x70));

    const ByteVector equivocation_body = joined(equivocation_fields());
    const auto equivocation = decoded<Equivocation>(equivocation_body);
    CHECK(same(equivocation.first, announce));
    CHECK(to_vector(equivocation.second.header) == counting(176, 2));
    CHECK(equivocation.second.producer_index == 300);
}

TEST_CASE("Every message encodes to the bytes of the other writer")
{
    for_each_message(
        [](auto message, const Fields& fields)
        {
            const ByteVector body = joined(fields);
            REQUIRE(decode(body, message) == Status::ok);
            CHECK(encoded(message) == frame_of(message.type, body));
        });
}

TEST_CASE("Numbers that are 0 and bytes that are empty are not sent")
{
    const ByteVector header = counting(176, 0), signature = counting(96, 0);
    Announce announce;
    announce.header = header;
    announce.signature = signature;
    CHECK(encoded(announce) ==
          frame_of(MessageType::announce,
                   joined({bytes_field(1, header), bytes_field(3, signature)})));
    CHECK(decoded<Announce>(joined({bytes_field(1, header), bytes_field(3, signature)}))
              .producer_index == 0);

    Rows rows;
    rows.svid_root = root;
    rows.count = 2;
    CHECK(encoded(rows) ==
          frame_of(MessageType::rows, joined({bytes_field(1, root), number_field(3, 2)})));

    BadRow bad;
    bad.announce = announce;
    bad.rows = rows;
    bad.rows.count = 1;
    const ByteVector frame = encoded(bad);
    CHECK(same(decoded<BadRow>({frame.begin() + 5, frame.end()}), bad));
}

TEST_CASE("Fields in any order decode the same")
{
    for_each_message(
        [](auto message, const Fields& fields)
        {
            using Message = decltype(message);
            const ByteVector body = joined(fields);
            REQUIRE(decode(body, message) == Status::ok);
            std::vector<std::size_t> order(fields.size());
            for (std::size_t i = 0; i < order.size(); ++i)
                order[i] = i;
            do
            {
                // The order of elements of one list means something.
                if (Message::type == MessageType::get_rows &&
                    std::find(order.begin(), order.end(), 2) <
                        std::find(order.begin(), order.end(), 1))
                    continue;
                Fields permuted;
                for (const std::size_t i : order)
                    permuted.push_back(fields[i]);
                const ByteVector other = joined(permuted);
                Message again;
                REQUIRE(decode(other, again) == Status::ok);
                REQUIRE(same(again, message));
            } while (std::next_permutation(order.begin(), order.end()));
        });
}

TEST_CASE("Unknown fields are skipped wherever they are")
{
    const Fields unknown = {
        number_field(7, 0),
        number_field(15, UINT64_MAX),
        bytes_field(9, {}),
        bytes_field(1000, counting(20, 0xA0)),
        joined({tag(11, 1), counting(8, 0xFF)}),
        joined({tag(12, 5), counting(4, 0xFF)}),
        bytes_field(0x1FFFFFFF, {0}),
    };
    for_each_message(
        [&](auto message, const Fields& fields)
        {
            using Message = decltype(message);
            const ByteVector body = joined(fields);
            REQUIRE(decode(body, message) == Status::ok);
            for (const ByteVector& extra : unknown)
                for (std::size_t at = 0; at <= fields.size(); ++at)
                {
                    Fields longer = fields;
                    longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(at), extra);
                    const ByteVector other = joined(longer);
                    Message again;
                    REQUIRE(decode(other, again) == Status::ok);
                    REQUIRE(same(again, message));
                }
        });

    // Inside submessages too.
    for (const ByteVector& extra : unknown)
    {
        Fields fields = not_held_fields();
        fields[1] = bytes_field(2, joined({number_field(2, 2), extra, number_field(1, 17)}));
        CHECK(decoded<NotHeld>(joined(fields)).range == Range{17, 2});
        fields = bad_row_fields();
        fields[1] = bytes_field(2, joined({extra, joined(rows_fields()), extra}));
        const ByteVector body = joined(fields);
        CHECK(decoded<BadRow>(body).rows.first_row == 4000);
    }
}

TEST_CASE("Unknown fields cannot make a message longer than its type allows")
{
    for_each_message(
        [](auto message, const Fields& fields)
        {
            using Message = decltype(message);
            const std::size_t bytes_max = body_bytes_max(Message::type);
            ByteVector body = joined(fields);
            if (bytes_max - body.size() >= 2000)
                body = joined({body, bytes_field(99, counting(bytes_max - body.size() - 1000, 0))});
            while (body.size() < bytes_max)
                body = joined({body, bytes_max - body.size() == 3 ? number_field(15, 300)
                                                                  : number_field(15, 0)});
            REQUIRE(body.size() == bytes_max);
            REQUIRE(decode(body, message) == Status::ok);
            CHECK(defect_of<Message>(joined({body, {0}})) ==
                  Defect{Part::message, Why::too_long, 0});
        });
}

TEST_CASE("The last occurrence of a field counts")
{
    for_each_message(
        [](auto message, const Fields& fields)
        {
            using Message = decltype(message);
            if (Message::type == MessageType::get_rows || Message::type == MessageType::bad_row ||
                Message::type == MessageType::equivocation)
                return;
            const ByteVector body = joined(fields);
            REQUIRE(decode(body, message) == Status::ok);
            for (std::size_t i = 0; i < fields.size(); ++i)
            {
                // An empty or zero one before changes nothing, though it would break a limit.
                const auto number = static_cast<std::uint32_t>(i + 1);
                const bool is_number = (fields[i][0] & 7) == 0;
                const ByteVector empty =
                    is_number ? number_field(number, 0) : bytes_field(number, {});
                const ByteVector other = joined({empty, body});
                Message again;
                REQUIRE(decode(other, again) == Status::ok);
                REQUIRE(same(again, message));
            }
        });

    const ByteVector second_root = counting(32, 0x11);
    const ByteVector twice = joined({joined(get_z_fields()), bytes_field(1, second_root)});
    CHECK(to_vector(decoded<GetZ>(twice).svid_root) == second_root);
    CHECK(defect_of<GetZ>(joined({joined(get_z_fields()), bytes_field(1, {})})) ==
          Defect{Part::svid_root, Why::wrong_length, 0});
}

TEST_CASE("A submessage that occurs twice is merged")
{
    const Fields parts = announce_fields();
    const Fields rows = rows_fields();
    const ByteVector body =
        joined({bytes_field(2, joined({rows[0], rows[1], rows[5]})), bytes_field(1, parts[0]),
                bytes_field(2, joined({rows[2], number_field(2, 1), rows[3], rows[4]})),
                bytes_field(1, joined({parts[2], parts[1]})), bytes_field(3, counting(160, 0x70))});
    const auto bad = decoded<BadRow>(body);
    const ByteVector whole = joined(bad_row_fields());
    auto expected = decoded<BadRow>(whole);
    expected.rows.first_row = 1;
    CHECK(same(bad, expected));

    CHECK(decoded<NotHeld>(joined({bytes_field(1, root), bytes_field(2, number_field(1, 7)),
                                   bytes_field(2, number_field(2, 9))}))
              .range == Range{7, 9});
}

TEST_CASE("Announce: lengths are exact")
{
    check_lengths<Announce>(
        announce_fields(), 1, Part::header, {176},
        {{0, Why::wrong_length}, {175, Why::wrong_length}, {177, Why::wrong_length}});
    check_lengths<Announce>(
        announce_fields(), 3, Part::signature, {96},
        {{0, Why::wrong_length}, {95, Why::wrong_length}, {97, Why::wrong_length}});
    CHECK(
        decoded<Announce>(with(announce_fields(), 1, number_field(2, UINT32_MAX))).producer_index ==
        UINT32_MAX);
}

TEST_CASE("Every svid_root has 32 bytes")
{
    check_root<ZPart>(z_part_fields());
    check_root<Rows>(rows_fields());
    check_root<GetRows>(get_rows_fields());
    check_root<GetZ>(get_z_fields());
    check_root<GetChunks>(get_chunks_fields());
    check_root<Chunks>(chunks_fields());
    check_root<NotHeld>(not_held_fields());
}

TEST_CASE("ZPart: 1 to 65536 bytes in elements of 16")
{
    check_lengths<ZPart>(z_part_fields(), 3, Part::data, {16, 32, 65520, 65536},
                         {{0, Why::too_short},
                          {1, Why::not_a_multiple},
                          {15, Why::not_a_multiple},
                          {17, Why::not_a_multiple},
                          {65535, Why::not_a_multiple},
                          {65537, Why::too_long}});
}

TEST_CASE("Rows: limits of each field")
{
    constexpr std::size_t rows_max = 2 << 20;
    check_lengths<Rows>(rows_fields(), 4, Part::rows, {0, 1, 1024, rows_max - 1, rows_max},
                        {{rows_max + 1, Why::too_long}});
    const std::vector<std::size_t> good = {0, 32, 64, 2016, 2048};
    const std::vector<std::pair<std::size_t, Why>> bad = {
        {1, Why::not_a_multiple},    {31, Why::not_a_multiple}, {33, Why::not_a_multiple},
        {2047, Why::not_a_multiple}, {2049, Why::too_long},     {2080, Why::too_long}};
    check_lengths<Rows>(rows_fields(), 5, Part::data_path, good, bad);
    check_lengths<Rows>(rows_fields(), 6, Part::parity_path, good, bad);

    CHECK(defect_of<Rows>(with(rows_fields(), 2, {})) == Defect{Part::count, Why::too_short, 0});
    CHECK(defect_of<Rows>(with(rows_fields(), 2, number_field(3, 0))) ==
          Defect{Part::count, Why::too_short, 0});

    const auto range = [](std::uint64_t first, std::uint64_t count)
    {
        Fields fields = rows_fields();
        fields[1] = number_field(2, first);
        fields[2] = number_field(3, count);
        return joined(fields);
    };
    CHECK(decoded<Rows>(range(UINT32_MAX, 1)).first_row == UINT32_MAX);
    CHECK(decoded<Rows>(range(1, UINT32_MAX)).count == UINT32_MAX);
    CHECK(defect_of<Rows>(range(UINT32_MAX, 2)) == Defect{Part::count, Why::wraps, 0});
    CHECK(defect_of<Rows>(range(2, UINT32_MAX)) == Defect{Part::count, Why::wraps, 0});
    CHECK(defect_of<Rows>(range(UINT32_MAX, UINT32_MAX)) == Defect{Part::count, Why::wraps, 0});
}

TEST_CASE("GetRows: at most 8 ranges and 4096 rows")
{
    const auto ranges = [](const std::vector<Range>& list)
    {
        Fields fields = {bytes_field(1, root)};
        for (const Range& r : list)
            fields.push_back(bytes_field(2, range(r.first, r.count)));
        return joined(fields);
    };
    CHECK(decoded<GetRows>(ranges({})).range_count == 0);
    const std::vector<Range> eight(8, Range{9, 512});
    CHECK(decoded<GetRows>(ranges(eight)).range_count == 8);
    CHECK(decoded<GetRows>(ranges(eight)).ranges[7] == Range{9, 512});
    CHECK(defect_of<GetRows>(ranges(std::vector<Range>(9, Range{0, 1}))) == syntax);

    CHECK(decoded<GetRows>(ranges({{0, 4095}})).ranges[0].count == 4095);
    CHECK(decoded<GetRows>(ranges({{0, 4096}})).ranges[0].count == 4096);
    const Defect too_many{Part::ranges, Why::too_long, 0};
    CHECK(defect_of<GetRows>(ranges({{0, 4097}})) == too_many);
    CHECK(defect_of<GetRows>(ranges({{0, 4096}, {5000, 1}})) == too_many);
    // A sum that would wrap in 32 bits.
    CHECK(defect_of<GetRows>(ranges({{0, 1U << 31}, {0, 1U << 31}, {0, 1}})) == too_many);
    CHECK(decoded<GetRows>(ranges({{UINT32_MAX, 1}})).range_count == 1);
    CHECK(defect_of<GetRows>(ranges({{0, 1}, {UINT32_MAX, 2}})) ==
          Defect{Part::ranges, Why::wraps, 1});
    // An element without its numbers is a range of nothing.
    const ByteVector bare = joined({bytes_field(1, root), bytes_field(2, {})});
    CHECK(decoded<GetRows>(bare).ranges[0] == Range{});
    CHECK(decoded<GetRows>(bare).range_count == 1);
}

TEST_CASE("GetChunks: 1 byte to 1 MiB")
{
    const auto chunk = [](std::uint64_t offset, std::uint64_t length)
    { return joined({bytes_field(1, root), number_field(2, offset), number_field(3, length)}); };
    CHECK(decoded<GetChunks>(chunk(0, 1)).length == 1);
    CHECK(decoded<GetChunks>(chunk(0, 1 << 20)).length == 1 << 20);
    CHECK(defect_of<GetChunks>(chunk(0, 0)) == Defect{Part::length, Why::too_short, 0});
    CHECK(defect_of<GetChunks>(chunk(0, (1 << 20) + 1)) == Defect{Part::length, Why::too_long, 0});
    CHECK(decoded<GetChunks>(chunk(UINT64_MAX - 1024, 1024)).offset == UINT64_MAX - 1024);
    CHECK(defect_of<GetChunks>(chunk(UINT64_MAX - 1023, 1024)) ==
          Defect{Part::offset, Why::wraps, 0});
}

TEST_CASE("Chunks: 1 byte to 1 MiB, a path of up to 2048")
{
    check_lengths<Chunks>(chunks_fields(), 3, Part::data, {1, 1023, 1 << 20},
                          {{0, Why::too_short}, {(1 << 20) + 1, Why::too_long}});
    check_lengths<Chunks>(chunks_fields(), 4, Part::path, {0, 32, 2047, 2048},
                          {{2049, Why::too_long}});
    CHECK(decoded<Chunks>(with(chunks_fields(), 1, number_field(2, UINT64_MAX - 1024))).offset ==
          UINT64_MAX - 1024);
    CHECK(defect_of<Chunks>(with(chunks_fields(), 1, number_field(2, UINT64_MAX - 1023))) ==
          Defect{Part::offset, Why::wraps, 0});
}

TEST_CASE("NotHeld: a range that does not wrap")
{
    const auto held = [](std::uint64_t first, std::uint64_t count)
    { return joined({bytes_field(1, root), bytes_field(2, range(first, count))}); };
    CHECK(decoded<NotHeld>(held(UINT32_MAX, 1)).range == Range{UINT32_MAX, 1});
    CHECK(defect_of<NotHeld>(held(UINT32_MAX, 2)) == Defect{Part::ranges, Why::wraps, 0});
    CHECK(decoded<NotHeld>(bytes_field(1, root)).range == Range{});
}

TEST_CASE("BadRow: an announce, one row, up to 131072 bytes of Z")
{
    check_lengths<BadRow>(bad_row_fields(), 3, Part::z, {0, 1, 131071, 131072},
                          {{131073, Why::too_long}});
    CHECK(defect_of<BadRow>(with(bad_row_fields(), 0, {})) ==
          Defect{Part::header, Why::wrong_length, 0});
    CHECK(defect_of<BadRow>(with(bad_row_fields(), 1, {})) ==
          Defect{Part::svid_root, Why::wrong_length, 0});
    CHECK(decoded<BadRow>(with(bad_row_fields(), 2, {})).z.empty());
    const auto rows = [](std::size_t field, const ByteVector& content)
    { return with(bad_row_fields(), 1, bytes_field(2, with(rows_fields(), field, content))); };
    CHECK(defect_of<BadRow>(rows(2, number_field(3, 2))) == Defect{Part::count, Why::too_long, 0});
    CHECK(defect_of<BadRow>(rows(2, {})) == Defect{Part::count, Why::too_short, 0});
    CHECK(defect_of<BadRow>(rows(4, bytes_field(5, counting(33, 0)))) ==
          Defect{Part::data_path, Why::not_a_multiple, 0});
    CHECK(decoded<BadRow>(rows(3, bytes_field(4, counting(2 << 20, 0)))).rows.rows.size() ==
          2 << 20);
    CHECK(defect_of<BadRow>(rows(3, bytes_field(4, counting((2 << 20) + 1, 0)))) ==
          Defect{Part::rows, Why::too_long, 0});
}

TEST_CASE("Equivocation: two announces")
{
    CHECK(defect_of<Equivocation>(with(equivocation_fields(), 0, {})) ==
          Defect{Part::header, Why::wrong_length, 0});
    CHECK(defect_of<Equivocation>(with(equivocation_fields(), 1, {})) ==
          Defect{Part::header, Why::wrong_length, 1});
    const ByteVector bad = with(announce_fields(), 2, bytes_field(3, counting(95, 0)));
    CHECK(defect_of<Equivocation>(with(equivocation_fields(), 1, bytes_field(2, bad))) ==
          Defect{Part::signature, Why::wrong_length, 1});
}

TEST_CASE("Messages at their limits are as long as a frame can be, less the spare bytes")
{
    const ByteVector bytes = counting(2 << 20, 5);
    const auto some = [&](std::size_t n) { return Bytes(bytes).first(n); };
    Announce announce{some(176), UINT32_MAX, some(96)};
    CHECK(encoded_bytes(announce) == frame_bytes_max(MessageType::announce) - spare_bytes);
    CHECK(encoded_bytes(ZPart{some(32), UINT32_MAX, some(65536)}) ==
          frame_bytes_max(MessageType::z_part) - spare_bytes);
    Rows rows{some(32), 1U << 31, 1U << 31, some(2 << 20), some(2048), some(2048)};
    CHECK(encoded_bytes(rows) == frame_bytes_max(MessageType::rows) - spare_bytes);
    CHECK(encoded_bytes(GetZ{some(32)}) == frame_bytes_max(MessageType::get_z) - spare_bytes);
    // A length of 1 MiB takes 3 bytes of the 5 that a number may take.
    CHECK(encoded_bytes(GetChunks{some(32), UINT64_MAX - (1 << 20), 1 << 20}) ==
          frame_bytes_max(MessageType::get_chunks) - spare_bytes - 2);
    CHECK(encoded_bytes(Chunks{some(32), UINT64_MAX - (1 << 20), some(1 << 20), some(2048)}) ==
          frame_bytes_max(MessageType::chunks) - spare_bytes);
    CHECK(encoded_bytes(NotHeld{some(32), {1U << 31, 1U << 31}}) ==
          frame_bytes_max(MessageType::not_held) - spare_bytes);
    rows.count = 1;  // 1 byte of 5
    CHECK(encoded_bytes(BadRow{announce, rows, some(131072)}) ==
          frame_bytes_max(MessageType::bad_row) - spare_bytes - 4);
    CHECK(encoded_bytes(Equivocation{announce, announce}) ==
          frame_bytes_max(MessageType::equivocation) - spare_bytes);
    // 512 takes 2 bytes of 5.
    GetRows get{some(32), {}, 8};
    get.ranges.fill({1U << 31, 512});
    CHECK(encoded_bytes(get) == frame_bytes_max(MessageType::get_rows) - spare_bytes - 8 * 3);
}

TEST_CASE("A known field with another wire type is malformed")
{
    for_each_message(
        [](auto message, const Fields& fields)
        {
            using Message = decltype(message);
            for (std::size_t i = 0; i < fields.size(); ++i)
            {
                const std::uint32_t number = fields[i][0] >> 3;
                const std::uint32_t right = fields[i][0] & 7;
                const std::vector<ByteVector> others = {number_field(number, 5),
                                                        joined({tag(number, 1), counting(8, 1)}),
                                                        bytes_field(number, {8, 1}),
                                                        joined({tag(number, 3), tag(number, 4)}),
                                                        tag(number, 4),
                                                        joined({tag(number, 5), counting(4, 1)}),
                                                        tag(number, 6),
                                                        tag(number, 7)};
                for (const ByteVector& other : others)
                {
                    if ((other[0] & 7) == right)
                        continue;
                    CHECK(defect_of<Message>(with(fields, i, other)) == syntax);
                    CHECK(defect_of<Message>(joined({joined(fields), other})) == syntax);
                    CHECK(defect_of<Message>(joined({other, joined(fields)})) == syntax);
                }
            }
        });
}

TEST_CASE("Bytes that are not protobuf are malformed")
{
    const ByteVector good = joined(get_chunks_fields());
    const std::vector<ByteVector> bad = {
        {0},                                             // field number 0
        {0, 0},                                          //
        {2, 0},                                          //
        tag(9, 3),                                       // groups
        joined({tag(9, 3), tag(9, 4)}),                  //
        tag(9, 4),                                       //
        tag(9, 6),                                       // wire types that do not exist
        tag(9, 7),                                       //
        tag(9, 0),                                       // cut off
        {0x88},                                          //
        joined({tag(9, 1), counting(7, 0)}),             //
        joined({tag(9, 5), counting(3, 0)}),             //
        joined({tag(9, 2), {1}}),                        // lengths beyond the end
        joined({tag(9, 2), varint(UINT32_MAX)}),         //
        joined({tag(9, 2), varint(1ull << 32)}),         //
        joined({tag(9, 2), varint(UINT64_MAX)}),         //
        joined({tag(1, 2), {33}, root}),                 //
        joined({tag(1, 2), varint(UINT64_MAX), root}),   //
        joined({tag(2, 0), ByteVector(10, 0x80), {1}}),  // 11 bytes of varint
        joined({tag(2, 0), ByteVector(9, 0xFF), {2}}),   // 2^64 and more
        number_field(3, 1ull << 32),                     // does not fit a uint32
        number_field(3, UINT64_MAX),                     //
    };
    for (const ByteVector& part : bad)
    {
        INFO("case " << &part - bad.data());
        CHECK(defect_of<GetChunks>(joined({good, part})) == syntax);
    }
    // Not minimal, but a varint all the same.
    CHECK(decoded<GetChunks>(joined({good, tag(3, 0), {0x85, 0x80, 0x80, 0x00}})).length == 5);
    CHECK(decoded<GetChunks>(joined({good, tag(2, 0), ByteVector(9, 0x80), {0}})).offset == 0);
    CHECK(decoded<GetChunks>(joined({good, tag(2, 0), varint(UINT64_MAX - 4096)})).offset ==
          UINT64_MAX - 4096);
}

TEST_CASE("A length inside a submessage cannot reach beyond it")
{
    Fields fields = bad_row_fields();
    // The signature of the announce says one byte more than the announce has.
    ByteVector announce = joined(announce_fields());
    announce[announce.size() - 97] = 97;
    fields[0] = bytes_field(1, announce);
    CHECK(defect_of<BadRow>(joined(fields)) == syntax);
}

TEST_CASE("Messages cut off anywhere do not pass for whole ones")
{
    for_each_message(
        [](auto message, const Fields& fields)
        {
            using Message = decltype(message);
            const ByteVector body = joined(fields);
            std::vector<std::size_t> ends = {0};
            for (const ByteVector& field : fields)
                ends.push_back(ends.back() + field.size());
            for (std::size_t n = 0; n < body.size(); ++n)
            {
                const bool passes = survives<Message>(Bytes(body).first(n));
                // What ends with a field may be a message with fewer of them.
                if (passes)
                    REQUIRE(std::find(ends.begin(), ends.end(), n) != ends.end());
            }
            REQUIRE(survives<Message>(body));
        });
}

TEST_CASE("Any byte of any message may have any value")
{
    for_each_message(
        [](auto message, const Fields& fields)
        {
            using Message = decltype(message);
            ByteVector body = joined(fields);
            std::size_t passed = 0;
            // Content looks alike to the parser: of long fields the first bytes will do.
            std::vector<std::size_t> places;
            for (std::size_t i = 0; i < body.size(); ++i)
                if (i < 300 || i % 61 == 0 || body.size() - i < 64)
                    places.push_back(i);
            for (const std::size_t i : places)
            {
                const std::uint8_t before = body[i];
                for (unsigned value = 0; value < 256; ++value)
                {
                    body[i] = static_cast<std::uint8_t>(value);
                    passed += survives<Message>(body) ? 1 : 0;
                }
                body[i] = before;
            }
            CHECK(passed > places.size());
        });
}

TEST_CASE("Encoding refuses what decoding would, and memory that is too small")
{
    std::size_t written = 7;
    ByteVector out(4096);
    CHECK(encode(GetZ{}, out, written) == Status::invalid_argument);
    CHECK(written == 0);
    CHECK(encoded_bytes(GetZ{}) == 0);

    GetRows get{root, {}, 9};
    CHECK(encode(get, out, written) == Status::invalid_argument);
    get.range_count = UINT32_MAX;
    CHECK(encoded_bytes(get) == 0);
    CHECK(encode(Rows{root, 0, 0, {}, {}, {}}, out, written) == Status::invalid_argument);

    for_each_message(
        [](auto message, const Fields& fields)
        {
            const ByteVector body = joined(fields);
            REQUIRE(decode(body, message) == Status::ok);
            const std::size_t bytes = encoded_bytes(message);
            Exact exact{ByteVector(bytes - 1, 0xEE)};
            std::size_t count = 7;
            CHECK(encode(message, {exact.data(), bytes - 1}, count) == Status::memory_too_small);
            CHECK(count == 0);
            CHECK(to_vector(exact.view()) == ByteVector(bytes - 1, 0xEE));
            Exact longer{ByteVector(bytes + 3, 0xEE)};
            CHECK(encode(message, {longer.data(), bytes + 3}, count) == Status::ok);
            CHECK(count == bytes);
            CHECK(to_vector(longer.view().last(3)) == ByteVector(3, 0xEE));
        });
}

TEST_CASE("Rows can be sent from where they lie")
{
    const ByteVector rows_bytes = counting(2 << 20, 5);
    const auto check = [](const Rows& message)
    {
        const ByteVector whole = encoded(message);
        Rows without = message;
        without.rows = {};
        Bytes before, after;
        ByteVector out(around_rows_bytes_max);
        REQUIRE(encode_around_rows(without, message.rows.size(), out, before, after) == Status::ok);
        REQUIRE(joined({to_vector(before), to_vector(message.rows), to_vector(after)}) == whole);

        const std::size_t needed = before.size() + after.size();
        for (std::size_t n = 0; n <= needed; ++n)
        {
            Exact exact{ByteVector(n)};
            const Status status =
                encode_around_rows(without, message.rows.size(), {exact.data(), n}, before, after);
            REQUIRE(status == (n == needed ? Status::ok : Status::memory_too_small));
            REQUIRE(before.size() + after.size() == (n == needed ? needed : 0));
        }
        return needed;
    };
    const ByteVector body = joined(rows_fields());
    check(decoded<Rows>(body));
    check({root, 0, 1, {}, {}, {}});
    const Bytes all = rows_bytes;
    CHECK(check({root, 1U << 31, 1U << 31, all, all.first(2048), all.first(2048)}) ==
          around_rows_bytes_max);

    Bytes before = all, after = all;
    ByteVector out(around_rows_bytes_max);
    CHECK(encode_around_rows({root, 0, 1, {}, {}, {}}, (2 << 20) + 1, out, before, after) ==
          Status::invalid_argument);
    CHECK(before.empty());
    CHECK(after.empty());
    CHECK(encode_around_rows({root, 0, 0, {}, {}, {}}, 5, out, before, after) ==
          Status::invalid_argument);
}

TEST_CASE("The root of an arriving message is found as soon as it is there")
{
    for_each_message(
        [](auto message, const Fields& fields)
        {
            using Message = decltype(message);
            if (Message::type == MessageType::announce || Message::type == MessageType::bad_row ||
                Message::type == MessageType::equivocation)
                return;
            for (std::size_t place = 0; place < fields.size(); ++place)
            {
                Fields other(fields.begin() + 1, fields.end());
                other.insert(other.begin() + static_cast<std::ptrdiff_t>(place), fields[0]);
                std::size_t end = 0;
                for (std::size_t i = 0; i <= place; ++i)
                    end += other[i].size();
                const ByteVector body = joined(other);
                for (std::size_t n = 0; n <= body.size(); ++n)
                {
                    const Exact front(Bytes(body).first(n));
                    const Bytes found = find_root(front.view());
                    REQUIRE(to_vector(found) == (n < end ? ByteVector{} : root));
                }
            }
        });
    CHECK(find_root(bytes_field(1, counting(31, 0))).empty());
    CHECK(find_root(bytes_field(1, counting(33, 0))).empty());
    CHECK(find_root(number_field(1, 7)).empty());
}
