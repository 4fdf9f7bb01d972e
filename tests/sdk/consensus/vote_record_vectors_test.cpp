// Records and loads of tests/vectors/consensus/records.json, and every way a slot can be bad.
#include <catch2/catch.hpp>

#include "consensus_support.hpp"

using namespace consensus_test;

namespace
{
const Json& vectors()
{
    static const Json json = read("records.json");
    return json;
}

KeyName key() { return key_name(digest(vectors()["chain_id"]), fixed<48>(vectors()["pk"])); }

VoteRecord record_of(const Json& fields, const char* reserved, const char* lease)
{
    VoteRecord record;
    record.seq = integer(fields["seq"]);
    record.epoch = integer(fields["epoch"]);
    record.view = integer(fields["view"]);
    record.state = static_cast<RecordState>(integer(fields["state"]));
    record.reserved_view = integer(fields[reserved]);
    record.lease_nonce = integer(fields[lease]);
    set_kinds(fields, record);
    return record;
}

/// A slot with a field changed and the checksum made right again.
RecordBytes patched(const RecordBytes& record, std::size_t at, std::uint8_t value)
{
    RecordBytes out = record;
    out[at] = value;
    const Digest sum = mote::hash::blake3_derive_key("mote vote record v1", Bytes(out).first(128));
    std::copy(sum.begin(), sum.end(), out.begin() + 128);
    return out;
}
}  // namespace

TEST_CASE("records have the vectors' bytes")
{
    CHECK(to_hex(key()) == text(vectors()["key_name"]));
    for (const Json& vector : vectors()["records"])
    {
        const VoteRecord record = record_of(vector, "reserved_view", "lease_nonce");
        CHECK(to_hex(encode(record, key())) == text(vector["bytes"]));
        VoteRecord decoded;
        const auto slot = static_cast<std::uint32_t>(record.seq & 1);
        REQUIRE(decode(encode(record, key()), slot, key(), decoded));
        CHECK(decoded == record);
        CHECK_FALSE(decode(encode(record, key()), 1 - slot, key(), decoded));
        CHECK(decoded == VoteRecord{});
    }
    CHECK(vectors()["records"].size() == 8);
    CHECK(first_record() == record_of(vectors()["records"][0], "reserved_view", "lease_nonce"));
}

TEST_CASE("two slots load as the vectors say")
{
    int none = 0;
    for (const Json& vector : vectors()["loads"])
    {
        CAPTURE(text(vector["what"]));
        Disk disk;
        for (std::size_t i = 0; i < 2; ++i)
        {
            const Json& slot = vector[i == 0 ? "slot0" : "slot1"];
            disk.readable[i] = !slot.is_null();
            if (disk.readable[i])
                disk.slots[i] = fixed<record_bytes>(slot);
        }
        VoteRecord record;
        const bool loaded = disk.load_record(key(), record);
        CHECK(loaded != vector["result"].is_null());
        if (loaded)
            CHECK(record == record_of(vector["result"], "reserved", "lease"));
        else
            CHECK(record == VoteRecord{});
        none += loaded ? 0 : 1;
    }
    CHECK(vectors()["loads"].size() == 17);
    CHECK(none == 8);
}

TEST_CASE("a slot with any bit changed does not count")
{
    for (const Json& vector : vectors()["records"])
    {
        const auto good = fixed<record_bytes>(vector["bytes"]);
        const auto slot = static_cast<std::uint32_t>(integer(vector["seq"]) & 1);
        VoteRecord record;
        for (std::size_t bit = 0; bit < 8 * record_bytes; ++bit)
        {
            RecordBytes changed = good;
            changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ 1U << bit % 8);
            CHECK_FALSE(decode(changed, slot, key(), record));
        }
        for (std::size_t cut = 0; cut < record_bytes; ++cut)
            CHECK_FALSE(decode(Bytes(good).first(cut), slot, key(), record));
        KeyName other = key();
        other[15] ^= 1;
        CHECK_FALSE(decode(good, slot, other, record));
    }
}

TEST_CASE("a record whose fields contradict each other does not count, whatever its checksum")
{
    VoteRecord exact;
    exact.seq = 2;
    exact.epoch = 3;
    exact.view = 9;
    const RecordBytes good = encode(exact, key());
    VoteRecord out;
    REQUIRE(decode(patched(good, 24, 10), 0, key(), out));
    CHECK(out.view == 10);
    const auto refused = [&](const RecordBytes& bytes)
    {
        CHECK_FALSE(decode(bytes, 0, key(), out));
        CHECK(out == VoteRecord{});
    };
    refused(patched(good, 0, 'm'));
    for (const int kind : {2, 3, 4, 254})
        refused(patched(good, 4, static_cast<std::uint8_t>(kind)));
    for (const int kind : {1, 4, 254})
        refused(patched(good, 5, static_cast<std::uint8_t>(kind)));
    refused(patched(good, 6, 3));
    refused(patched(good, 7, 1));
    refused(patched(good, 8, 3));    // a seq of the other slot
    refused(patched(good, 32, 12));  // a reservation in an exact record
    refused(patched(good, 64, 1));   // a hash beside kind 0
    refused(patched(good, 96, 1));
    refused(patched(patched(good, 5, 2), 96, 1));  // a finalized hash beside nullify
    refused(patched(good, 6, 1));                  // a reservation that ends before its view

    VoteRecord reserve = exact;
    reserve.state = RecordState::reserve;
    reserve.reserved_view = 9;
    const RecordBytes reserved = encode(reserve, key());
    CHECK(decode(reserved, 0, key(), out));
    refused(patched(reserved, 32, 8));
    refused(patched(reserved, 4, 1));
    refused(patched(reserved, 5, 2));
}

TEST_CASE("an import raises a record and never lowers it")
{
    VoteRecord record;
    record.seq = 7;
    record.epoch = 3;
    record.view = 9;
    record.first = First::notarize;
    record.notarized[0] = 1;
    record.lease_nonce = 5;
    VoteRecord out;
    for (const auto& [epoch, view] :
         {std::pair{2, 100}, std::pair{3, 8}, std::pair{2, 9}, std::pair{0, 0}})
        CHECK_FALSE(raise(record, static_cast<std::uint64_t>(epoch),
                          static_cast<std::uint64_t>(view), out));
    REQUIRE(raise(record, 3, 10, out));
    VoteRecord expected = first_record();
    expected.seq = 8;
    expected.epoch = 3;
    expected.view = 10;
    expected.lease_nonce = 5;
    CHECK(out == expected);
    REQUIRE(raise(record, 4, 1, out));
    CHECK(out.epoch == 4);

    // The same view: the other device may have nullified or finalized it. Once both votes are used there is
    // nothing to change.
    expected.view = 9;
    REQUIRE(raise(record, 3, 9, out));
    CHECK(out == expected);
    CHECK_FALSE(raise(out, 3, 9, out));

    record.first = First::none;
    record.notarized = {};
    record.state = RecordState::reserve;
    record.reserved_view = 72;
    CHECK_FALSE(raise(record, 3, 10, out));
    CHECK_FALSE(raise(record, 3, 72, out));
    CHECK(raise(record, 3, 73, out));

    record.state = RecordState::retired;
    record.reserved_view = 0;
    CHECK_FALSE(raise(record, 9, 9, out));
    record.state = RecordState::exact;
    record.seq = UINT64_MAX;
    CHECK_FALSE(raise(record, 9, 9, out));
}
