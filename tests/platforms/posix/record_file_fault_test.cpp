// Every call to the system fails once, writes are short, torn and lost: nothing is permitted that the
// medium does not have.
#include "record_support.hpp"

using namespace record_test;

namespace
{
/// A voter at (0, 1) over a file, which asked for its first write.
struct Voting
{
    Voting(const std::string& path, CachedCalls& calls) : file(path, test_key(), calls)
    {
        REQUIRE(voter.open(file.record(), test_key(), VoteMode::exact) == Status::ok);
        static_cast<void>(voter.on_genesis());
    }
    /// Whether a proposal ends in a permit.
    bool vote(std::uint64_t view, std::uint8_t number)
    {
        const Step step = voter.on_proposal(0, view, block(number));
        if (!step.write)
            return step.permitted;
        if (file.write(step.offset, step.record))
            return voter.flushed(step.token).permitted;
        voter.write_failed();
        return false;
    }
    RecordFile file;
    Voter voter;
};

VoteRecord on_medium(const std::string& path)
{
    VoteRecord record;
    REQUIRE(read_slots(path).load(test_key(), record));
    return record;
}
}  // namespace

TEST_CASE("Record file: a permit means that the medium has the record")
{
    const NewFile made;
    CachedCalls calls;
    Voting voting(made.path, calls);
    for (std::uint8_t view = 1; view < 10; ++view)
    {
        REQUIRE(voting.vote(view, view));
        CHECK(calls.cache.empty());
        CHECK(on_medium(made.path) == voting.file.record());
        CHECK(on_medium(made.path).notarized == block(view));
        static_cast<void>(voting.voter.on_certificate(Kind::nullify, 0, view, block(0), false));
    }
}

TEST_CASE("Record file: interrupted and short calls are gone on with")
{
    for (const std::size_t bytes : {1U, 7U, 159U})
    {
        const NewFile made;
        CachedCalls calls;
        calls.bytes_max = bytes;
        calls.interruptions = 3;
        Voting voting(made.path, calls);
        calls.interruptions = 3;
        CHECK(voting.vote(1, 1));
        CHECK(on_medium(made.path).notarized == block(1));
    }
}

TEST_CASE("Record file: after a failed write or flush nothing is permitted or written any more")
{
    for (const int error : {EIO, ENOSPC, EROFS})
        for (const bool in_flush : {false, true})
        {
            const NewFile made;
            CachedCalls calls;
            Voting voting(made.path, calls);
            (in_flush ? calls.flush_error : calls.write_error) = error;
            CHECK_FALSE(voting.vote(1, 1));
            CHECK(voting.file.error() == error);
            CHECK_FALSE(voting.voter.is_open());
            // The medium is well again, but what the failure left is not known.
            calls.flush_error = calls.write_error = 0;
            const int before = calls.writes;
            VoteRecord next = first_record();
            next.seq = 2;
            CHECK_FALSE(voting.file.write(slot_offset(2), encode(next, test_key())));
            CHECK(calls.writes == before);
            CHECK(on_medium(made.path) == first_record());
        }
}

TEST_CASE("Record file: a write that is torn anywhere leaves the record before it, or the new one")
{
    for (std::size_t bytes = 0; bytes <= record_bytes; ++bytes)
    {
        const NewFile made;
        CachedCalls calls;
        VoteRecord before;
        {
            Voting voting(made.path, calls);
            REQUIRE(voting.vote(1, 1));
            before = voting.file.record();
            calls.flush_error = EIO;
            static_cast<void>(voting.voter.on_certificate(Kind::nullify, 0, 1, block(0), false));
            CHECK_FALSE(voting.vote(2, 2));
        }
        calls.crash(made.path, bytes);
        const VoteRecord after = RecordFile(made.path, test_key()).record();
        CHECK((after == before || (bytes == record_bytes && after.view == 2)));
    }
}

TEST_CASE(
    "Record file: a record that can be read but was never flushed is flushed before it counts")
{
    const NewFile made;
    CachedCalls calls;
    {
        // Killed between write and flush: the cache has the record, the medium does not.
        Voting voting(made.path, calls);
        const Step step = voting.voter.on_proposal(0, 1, block(1));
        REQUIRE(step.write);
        REQUIRE(calls.write(0, step.record, static_cast<off_t>(step.offset)) == 160);
    }
    CHECK(on_medium(made.path) == first_record());
    {
        calls.flush_error = EIO;
        CHECK_THROWS_AS(RecordFile(made.path, test_key(), calls), IoError);
        CHECK(on_medium(made.path) == first_record());
        calls.flush_error = 0;
    }
    Voting again(made.path, calls);
    CHECK(again.file.record().notarized == block(1));
    // The voter repeats it without a write, so it has to be there.
    CHECK(again.voter.repeat().permitted);
    CHECK(on_medium(made.path).notarized == block(1));
}

TEST_CASE("Record file: what a failed flush left behind is written again, not only flushed again")
{
    const NewFile made;
    CachedCalls calls;
    {
        Voting voting(made.path, calls);
        calls.flush_error = EIO;
        CHECK_FALSE(voting.vote(1, 1));
        calls.flush_error = 0;
    }
    // Linux reads such pages and takes them for clean: a flush alone writes nothing.
    calls.cache.clear();
    class StaleReads : public CachedCalls
    {
      public:
        explicit StaleReads(const std::map<off_t, std::uint8_t>& pages) : pages_(pages) {}
        ssize_t read(int handle, MutableBytes out, off_t offset) override
        {
            const ssize_t n = CachedCalls::read(handle, out, offset);
            for (ssize_t i = 0; i < n; ++i)
                if (const auto found = pages_.find(offset + i); found != pages_.end())
                    out[static_cast<std::size_t>(i)] = found->second;
            return n;
        }

      private:
        std::map<off_t, std::uint8_t> pages_;
    } stale(calls.clean);
    REQUIRE(calls.clean.size() == record_bytes);
    const RecordFile again(made.path, test_key(), stale);
    CHECK(again.record().notarized == block(1));
    CHECK(on_medium(made.path).notarized == block(1));
}

TEST_CASE("Record file: a slot that cannot be read closes the whole")
{
    const NewFile made;
    CachedCalls calls;
    calls.read_error = EIO;
    CHECK_THROWS_AS(RecordFile(made.path, test_key(), calls), RecordUnusable);
    calls.read_error = 0;
    CHECK_NOTHROW(RecordFile(made.path, test_key(), calls));
}
