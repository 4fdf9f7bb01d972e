// The record file between a voter and the medium: what opens, what does not, and who holds the lock.
#include <sys/wait.h>
#include <unistd.h>

#include "record_support.hpp"

using namespace record_test;

TEST_CASE("Record file: a new one has the first record, and is never replaced")
{
    const NewFile made;
    CHECK(std::filesystem::file_size(made.path) == record_file_bytes);
    const ByteVector before = content_of(made.path);
    CHECK_THROWS_AS(RecordFile::create(made.path, test_key(2)), IoError);
    CHECK(content_of(made.path) == before);
    const RecordFile file(made.path, test_key());
    CHECK(file.record() == first_record());
    CHECK(file.error() == 0);
}

TEST_CASE("Record file: it may begin where another store ended")
{
    const Folder folder;
    VoteRecord raised;
    REQUIRE(raise(first_record(), 3, 9, raised));
    RecordFile::create(folder / "record", test_key(), raised);
    CHECK(RecordFile(folder / "record", test_key()).record() == raised);
}

TEST_CASE("Record file: a voter's records are there when it is opened again")
{
    const NewFile made;
    VoterState state;
    {
        RecordFile file(made.path, test_key());
        Voter voter;
        REQUIRE(voter.open(file.record(), test_key(), VoteMode::exact) == Status::ok);
        static_cast<void>(voter.on_genesis());
        for (std::uint64_t view = 1; view < 20; ++view)
        {
            Step step = voter.on_proposal(0, view, block(static_cast<std::uint8_t>(view)));
            REQUIRE(step.write);
            REQUIRE(file.write(step.offset, step.record));
            step = voter.flushed(step.token);
            REQUIRE(step.permitted);
            step = voter.on_certificate(Kind::notarize, 0, view,
                                        block(static_cast<std::uint8_t>(view)), false);
            REQUIRE(step.write);
            REQUIRE(file.write(step.offset, step.record));
            step = voter.flushed(step.token);
            REQUIRE(step.permitted);
            CHECK(file.record() == voter.record());
        }
        state = voter.state();
    }
    const RecordFile again(made.path, test_key());
    Voter voter;
    REQUIRE(voter.open(again.record(), test_key(), VoteMode::exact) == Status::ok);
    CHECK(again.record().seq == 39);
    CHECK(again.record().view == 19);
    CHECK(state.view == 20);
    CHECK(std::filesystem::file_size(made.path) == record_file_bytes);
}

TEST_CASE("Record file: what is no record of the key does not open")
{
    const NewFile made;
    const ByteVector good = content_of(made.path);
    CHECK_THROWS_AS(RecordFile(made.path, test_key(2)), RecordUnusable);
    CHECK_THROWS_AS(RecordFile(made.folder / "no", test_key()), IoError);
    std::filesystem::create_directory(made.folder / "folder");
    CHECK_THROWS(RecordFile(made.folder / "folder", test_key()));
    for (const std::size_t size : {0U, 160U, 4256U, 8191U, 8193U})
    {
        ByteVector other = good;
        other.resize(size);
        overwrite(made.path, other);
        CHECK_THROWS_AS(RecordFile(made.path, test_key()), RecordUnusable);
        CHECK_THROWS_AS(read_slots(made.path), RecordUnusable);
    }
    overwrite(made.path, ByteVector(record_file_bytes));
    CHECK_THROWS_AS(RecordFile(made.path, test_key()), RecordUnusable);
    for (std::size_t at = 0; at < record_bytes; ++at)
    {
        ByteVector damaged = good;
        damaged[slot_offset(1) + at] ^= 1;
        overwrite(made.path, damaged);
        CHECK_THROWS_AS(RecordFile(made.path, test_key()), RecordUnusable);
    }
    // Bytes outside of the slots mean nothing.
    ByteVector odd = good;
    odd[record_bytes] = 1;
    odd[record_file_bytes - 1] = 1;
    overwrite(made.path, odd);
    CHECK(RecordFile(made.path, test_key()).record() == first_record());
}

TEST_CASE("Record file: one voter at a time, in this process and in others; a look is free")
{
    const NewFile made;
    {
        const RecordFile file(made.path, test_key());
        CHECK_THROWS_AS(RecordFile(made.path, test_key()), RecordLocked);
        VoteRecord seen;
        CHECK(read_slots(made.path).load(test_key(), seen));
        CHECK(seen == first_record());
        const pid_t child = ::fork();
        if (child == 0)
        {
            int answer = 1;
            try
            {
                const RecordFile second(made.path, test_key());
            }
            catch (const RecordLocked&)
            {
                answer = 42;
            }
            ::_exit(answer);
        }
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(WIFEXITED(status));
        CHECK(WEXITSTATUS(status) == 42);
    }
    CHECK_NOTHROW(RecordFile(made.path, test_key()));
}
