#include "jolt/bincode.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "program_support.hpp"
#include "tools/bundle_edit.hpp"

using namespace mote;
using jolt::BincodeReader;
using test::Buffer;
using test::Int128;
using test::UInt128;

namespace
{
struct Read
{
    Status status = Status::ok;
    std::uint64_t lo = 0, hi = 0;
    Reason reason = Reason::none;
    std::uint64_t offset = 0;
    std::size_t used = 0;
};

Read read_varint(const Buffer& bytes, std::uint32_t bytes_max)
{
    Report report;
    BincodeReader in(bytes, 7, report);
    Read r;
    r.status = in.varint(bytes_max, r.lo, r.hi);
    r.reason = report.reason;
    r.offset = report.offset;
    r.used = in.position();
    return r;
}

Buffer i128_varint(Int128 v)
{
    const auto doubled = static_cast<UInt128>(v) << 1;
    const UInt128 zigzag = v < 0 ? ~doubled : doubled;
    if (zigzag >> 64 == 0)
        return test::encode_varint(static_cast<std::uint64_t>(zigzag));
    Buffer out{254};
    for (int i = 0; i < 16; ++i)
        out.push_back(static_cast<std::uint8_t>(zigzag >> (8 * i)));
    return out;
}
}  // namespace

TEST_CASE("varint: each value has one form, in each integer type that can hold it")
{
    std::vector<std::uint64_t> values{0, 1, 249, 250, 251, 252, 255, 256, UINT64_MAX};
    for (int bit = 1; bit < 64; ++bit)
        for (const int delta : {-1, 0, 1})
            values.push_back((std::uint64_t{1} << bit) + static_cast<std::uint64_t>(delta));
    for (const std::uint64_t value : values)
    {
        const Buffer minimal = test::encode_varint(value);
        const std::size_t width = minimal.size() - 1;
        for (const std::uint32_t bytes_max : {2U, 4U, 8U, 16U})
        {
            const Read r = read_varint(minimal, bytes_max);
            if (width <= bytes_max)
            {
                REQUIRE(r.status == Status::ok);
                REQUIRE(r.lo == value);
                REQUIRE(r.hi == 0);
                REQUIRE(r.used == minimal.size());
            }
            else
            {
                REQUIRE(r.status == Status::malformed);
                REQUIRE(r.reason == Reason::illegal_varint);
            }
            for (const std::size_t wide : {2U, 4U, 8U, 16U})
            {
                if (wide <= width)
                    continue;
                const Read w = read_varint(test::encode_wide_varint(value, wide), bytes_max);
                REQUIRE(w.status == Status::malformed);
                REQUIRE(w.reason ==
                        (wide <= bytes_max ? Reason::non_minimal_varint : Reason::illegal_varint));
                REQUIRE(w.offset == 7);
            }
        }
    }
}

TEST_CASE("varint: 255 is illegal and every cut is truncated, at the offset of the marker")
{
    for (const std::uint32_t bytes_max : {2U, 4U, 8U, 16U})
    {
        const Read r = read_varint(Buffer(300, 255), bytes_max);
        REQUIRE(r.status == Status::malformed);
        REQUIRE(r.reason == Reason::illegal_varint);
        REQUIRE(read_varint({}, bytes_max).reason == Reason::truncated);
    }
    for (const std::size_t width : {2U, 4U, 8U, 16U})
        for (std::size_t left = 0; left < width; ++left)
        {
            Buffer bytes(1 + left, 0xff);
            bytes[0] = test::encode_wide_varint(0, width)[0];
            const Read r = read_varint(bytes, 16);
            REQUIRE(r.status == Status::malformed);
            REQUIRE(r.reason == Reason::truncated);
            REQUIRE(r.offset == 7);
        }
}

TEST_CASE("varint: 16 bytes hold what 8 cannot")
{
    Buffer bytes(17, 0);
    bytes[0] = 254;
    bytes[9] = 1;
    const Read r = read_varint(bytes, 16);
    REQUIRE(r.status == Status::ok);
    REQUIRE(r.lo == 0);
    REQUIRE(r.hi == 1);
    REQUIRE(read_varint(bytes, 8).reason == Reason::illegal_varint);
}

TEST_CASE("i128: zigzag gives two's complement")
{
    std::vector<Int128> values{0, 1, -1, 2, -2, 125, -125, 126, -126};
    for (int bit = 1; bit < 127; ++bit)
        for (const int delta : {-1, 0, 1})
        {
            values.push_back((Int128{1} << bit) + delta);
            values.push_back(-(Int128{1} << bit) + delta);
        }
    const auto most = static_cast<Int128>(~(static_cast<UInt128>(1) << 127));
    values.push_back(most);
    values.push_back(-most - 1);
    for (const Int128 value : values)
    {
        Report report;
        const Buffer bytes = i128_varint(value);
        BincodeReader in(bytes, 0, report);
        std::uint64_t lo = 0, hi = 0;
        REQUIRE(in.i128(lo, hi) == Status::ok);
        REQUIRE(in.remaining() == 0);
        REQUIRE(lo == static_cast<std::uint64_t>(value));
        REQUIRE(hi == static_cast<std::uint64_t>(static_cast<UInt128>(value) >> 64));
    }
}

TEST_CASE("variant: from the count on there is none")
{
    for (const std::uint64_t value :
         {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{250},
          std::uint64_t{251}, std::uint64_t{65536}, std::uint64_t{UINT32_MAX}})
    {
        const Buffer bytes = test::encode_varint(value);
        Report report;
        BincodeReader in(bytes, 3, report);
        std::uint32_t out = 9;
        REQUIRE(in.variant(2, out) == (value < 2 ? Status::ok : Status::malformed));
        if (value < 2)
            REQUIRE(out == value);
        else
        {
            REQUIRE(report.reason == Reason::illegal_variant);
            REQUIRE(report.offset == 3);
        }
    }
}

TEST_CASE("length: never more elements than there are bytes for")
{
    for (const std::size_t element_bytes : {1U, 2U, 9U, 32U, 387U})
        for (std::size_t elements = 0; elements < 4; ++elements)
            for (const std::size_t spare : {std::size_t{0}, element_bytes - 1})
            {
                Buffer rest(elements * element_bytes + spare);
                const auto attempt = [&](std::uint64_t count)
                {
                    Buffer bytes = test::encode_varint(count);
                    bytes.insert(bytes.end(), rest.begin(), rest.end());
                    Report report;
                    BincodeReader in(bytes, 11, report);
                    std::uint32_t out = 0;
                    const Status status = in.length(element_bytes, out);
                    if (status == Status::ok)
                        REQUIRE(out == count);
                    else
                    {
                        REQUIRE(report.reason == Reason::truncated);
                        REQUIRE(report.offset == 11);
                    }
                    return status;
                };
                REQUIRE(attempt(elements) == Status::ok);
                REQUIRE(attempt(elements + 1) == Status::malformed);
                for (const std::uint64_t count :
                     {std::uint64_t{UINT32_MAX}, std::uint64_t{1} << 32, std::uint64_t{1} << 63,
                      UINT64_MAX, UINT64_MAX / element_bytes,
                      (std::uint64_t{1} << 32) / element_bytes + 1})
                    REQUIRE(attempt(count) == Status::malformed);
                // A product with element_bytes that wraps around to something small.
                if (element_bytes > 1)
                    REQUIRE(attempt(UINT64_MAX / element_bytes + 1) == Status::malformed);
            }
}

TEST_CASE("field elements: canonical below the modulus, at their own offset and index")
{
    Buffer modulus(test::fr_modulus_be.rbegin(), test::fr_modulus_be.rend());
    Buffer below = modulus, above = modulus;
    below[0] -= 1;
    above[31] += 1;
    const Buffer largest(32, 0xff);
    for (const Buffer* bad : std::initializer_list<const Buffer*>{&modulus, &above, &largest})
        for (std::size_t at = 0; at < 3; ++at)
        {
            Buffer bytes;
            for (std::size_t i = 0; i < 3; ++i)
                bytes.insert(bytes.end(), (i == at ? *bad : below).begin(),
                             (i == at ? *bad : below).end());
            Report report;
            BincodeReader in(bytes, 100, report);
            in.enter(Field::claims_stage3, 5);
            jolt::FrView view;
            REQUIRE(in.frs(3, view) == Status::malformed);
            REQUIRE(report.reason == Reason::field_not_canonical);
            REQUIRE(report.field == Field::claims_stage3);
            REQUIRE(report.index == 5 + at);
            REQUIRE(report.offset == 100 + 32 * at);
        }
    Report report;
    BincodeReader in(below, 0, report);
    jolt::Fr x;
    REQUIRE(in.fr(x) == Status::ok);
    REQUIRE(x == -jolt::Fr::one());
}

TEST_CASE("group elements: the length is part of the format")
{
    const auto attempt = [](std::uint64_t length, std::size_t bytes_there, Report& report)
    {
        Buffer bytes = test::encode_varint(length);
        bytes.resize(bytes.size() + bytes_there);
        BincodeReader in(bytes, 50, report);
        jolt::GtView out;
        return in.gt(out);
    };
    Report report;
    REQUIRE(attempt(384, 384, report) == Status::ok);
    for (const std::uint64_t length : {std::uint64_t{0}, std::uint64_t{383}, std::uint64_t{385},
                                       std::uint64_t{384} + (std::uint64_t{1} << 32), UINT64_MAX})
    {
        REQUIRE(attempt(length, 400, report) == Status::malformed);
        REQUIRE(report.reason == Reason::wrong_element_length);
        REQUIRE(report.offset == 50);
    }
    REQUIRE(attempt(384, 383, report) == Status::malformed);
    REQUIRE(report.reason == Reason::truncated);
}
