#include "base/reader.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace mote;

TEST_CASE("Reader reads what is there and reports what is not, where it begins")
{
    const std::vector<std::uint8_t> bytes{1, 0, 0, 0, 7};
    Report report;
    Reader in(bytes, 1000, report);
    std::uint32_t word = 0;
    std::uint8_t byte = 0;
    REQUIRE(in.u32_le(word) == Status::ok);
    REQUIRE(word == 1);
    REQUIRE(in.offset() == 1004);

    in.enter(Field::nu, 3);
    REQUIRE(in.u32_le(word) == Status::malformed);
    REQUIRE(report.stage == Stage::decode);
    REQUIRE(report.reason == Reason::truncated);
    REQUIRE(report.field == Field::nu);
    REQUIRE(report.index == 3);
    REQUIRE(report.offset == 1004);

    // A failed read takes nothing.
    REQUIRE(in.u8(byte) == Status::ok);
    REQUIRE(byte == 7);
    REQUIRE(in.u8(byte) == Status::malformed);
    REQUIRE(report.offset == 1005);
    REQUIRE(in.finish(Field::bundle) == Status::ok);
}

TEST_CASE("Reader accepts 0 and 1 as booleans, nothing else")
{
    for (int value = 0; value < 256; ++value)
    {
        const std::uint8_t byte = static_cast<std::uint8_t>(value);
        Report report;
        Reader in(Bytes(&byte, 1), 5, report);
        bool out = value == 0;
        const Status status = in.boolean(out);
        REQUIRE(status == (value <= 1 ? Status::ok : Status::malformed));
        if (status == Status::ok)
            REQUIRE(out == (value == 1));
        else
        {
            REQUIRE(report.reason == Reason::illegal_bool);
            REQUIRE(report.offset == 5);
        }
    }
}

TEST_CASE("Reader: no count is too large to be refused")
{
    const std::vector<std::uint8_t> bytes(4);
    Report report;
    Reader in(bytes, 0, report);
    Bytes out;
    REQUIRE(in.skip(1) == Status::ok);
    for (const std::size_t count : {std::size_t{4}, SIZE_MAX, SIZE_MAX - 1, SIZE_MAX / 2 + 1})
        REQUIRE(in.take(count, out) == Status::malformed);
    REQUIRE(in.take(3, out) == Status::ok);
    REQUIRE(out.data() == bytes.data() + 1);
    REQUIRE(in.take(0, out) == Status::ok);
}

TEST_CASE("Reader::finish names the whole and the first byte too many")
{
    const std::vector<std::uint8_t> bytes(4);
    Report report;
    Reader in(bytes, 10, report);
    REQUIRE(in.skip(2) == Status::ok);
    REQUIRE(in.since(1).size() == 1);
    REQUIRE(in.finish(Field::proof_end) == Status::malformed);
    REQUIRE(report.reason == Reason::trailing_bytes);
    REQUIRE(report.field == Field::proof_end);
    REQUIRE(report.offset == 12);
}
