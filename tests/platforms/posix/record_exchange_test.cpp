// What leaves with a key, what an import may change, and the JSON between.
#include "posix/store/record_exchange.hpp"

#include "record_support.hpp"

using namespace record_test;

namespace
{
ExportedRecord at(std::uint64_t epoch, std::uint64_t view) { return {{}, epoch, view, {}}; }

VoteRecord exact(std::uint64_t epoch, std::uint64_t view, First first, Second second)
{
    VoteRecord record;
    record.seq = 6;
    record.epoch = epoch;
    record.view = view;
    record.first = first;
    record.second = second;
    record.lease_nonce = 4;
    return record;
}

VoteRecord used(std::uint64_t epoch, std::uint64_t view)
{
    VoteRecord record = exact(epoch, view, First::used, Second::used);
    record.seq = 7;
    return record;
}
}  // namespace

TEST_CASE("Export: an import raises, uses up the same view, and never lowers")
{
    const VoteRecord record = exact(3, 9, First::none, Second::nullify);
    CHECK(imported(record, at(3, 10)) == used(3, 10));
    CHECK(imported(record, at(4, 0)) == used(4, 0));
    CHECK(imported(record, at(3, 9)) == used(3, 9));
    CHECK_FALSE(imported(record, at(3, 8)));
    CHECK_FALSE(imported(record, at(2, 99)));
    CHECK_FALSE(imported(used(3, 9), at(3, 9)));

    VoteRecord reserve = exact(3, 9, First::none, Second::none);
    reserve.state = RecordState::reserve;
    reserve.reserved_view = 72;
    CHECK_FALSE(imported(reserve, at(3, 9)));
    CHECK_FALSE(imported(reserve, at(3, 72)));
    CHECK(imported(reserve, at(3, 73)) == used(3, 73));

    VoteRecord retired = record;
    retired.state = RecordState::retired;
    CHECK_FALSE(imported(retired, at(9, 9)));
    VoteRecord last = record;
    last.seq = UINT64_MAX;
    CHECK_FALSE(imported(last, at(9, 9)));
    CHECK_FALSE(imported(last, at(3, 9)));
}

TEST_CASE("Export: a record is retired on the medium before anybody hears where it stood")
{
    const NewFile made;
    const mote::chain::PublicKey key{};
    CachedCalls calls;
    {
        RecordFile file(made.path, test_key(), calls);
        calls.flush_error = EIO;
        CHECK_THROWS_AS(retire_record(file, made.path, test_key(), key), IoError);
        calls.flush_error = 0;
    }
    calls.cache.clear();
    CHECK(RecordFile(made.path, test_key()).record() == first_record());
    {
        RecordFile file(made.path, test_key(), calls);
        VoteRecord next;
        REQUIRE(raise(file.record(), 5, 8, next));
        next.state = RecordState::reserve;
        next.first = First::none;
        next.second = Second::none;
        next.reserved_view = 71;
        REQUIRE(file.write(slot_offset(next.seq), encode(next, test_key())));
        // Anything up to the end of the reservation may have been voted.
        const ExportedRecord out = retire_record(file, made.path, test_key(), key);
        CHECK(out.epoch == 5);
        CHECK(out.view == 71);
        CHECK(out.second == Second::used);
    }
    RecordFile again(made.path, test_key());
    CHECK(again.record().state == RecordState::retired);
    const VoteRecord before = again.record();
    CHECK(retire_record(again, made.path, test_key(), key).view == 71);
    CHECK(again.record() == before);
}

TEST_CASE("Export: what is written is read, and the greatest position counts")
{
    RecordExport exported;
    exported.chain_id.fill(1);
    mote::chain::PublicKey key{}, other{};
    key[0] = 1;
    exported.records = {{key, 3, 9, Second::nullify},
                        {other, 9, 9, Second::none},
                        {key, UINT64_MAX, 1, Second::finalize},
                        {key, UINT64_MAX, 0, Second::none}};
    const RecordExport read = parse_record_export(to_text(exported));
    CHECK(to_text(read) == to_text(exported));
    CHECK(read.chain_id == exported.chain_id);
    REQUIRE(read.records.size() == 4);
    CHECK(read.records[0].second == Second::nullify);
    REQUIRE(position_of(read, key));
    CHECK(position_of(read, key)->epoch == UINT64_MAX);
    CHECK(position_of(read, key)->view == 1);
    CHECK(position_of(read, other)->view == 9);
    key[0] = 2;
    CHECK_FALSE(position_of(read, key));
    CHECK(
        position_of(parse_record_export(to_text({{}, {{key, 0, 0, Second::used}}})), key)->second ==
        Second::finalize);
}
