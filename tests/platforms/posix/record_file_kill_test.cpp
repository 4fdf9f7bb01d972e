// A voter in a process of its own is killed again and again; what it said on the way must not conflict.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <random>

#include "record_support.hpp"

using namespace record_test;

namespace
{
/// One signature, as it leaves the device.
struct Said
{
    std::uint64_t view;
    std::uint8_t kind;
    std::uint8_t block;
};
static_assert(std::is_trivially_copyable_v<Said>);

/// Votes until it is killed. Every start has blocks of its own, so a forgotten vote shows.
[[noreturn]] void vote_until_killed(const std::string& path, int out, std::uint8_t start,
                                    bool forgets)
{
    try
    {
        RecordFile file(path, test_key());
        Voter voter;
        if (voter.open(forgets ? first_record() : file.record(), test_key(), VoteMode::exact) !=
            Status::ok)
            ::_exit(2);
        const auto act = [&](Step step)
        {
            if (step.write && !forgets)
            {
                if (!file.write(step.offset, step.record))
                    ::_exit(3);
                step = voter.flushed(step.token);
            }
            else if (step.write)
                step = voter.flushed(step.token);
            if (!step.permitted)
                return;
            const Vote& vote = step.permit().vote();
            const Said said = {vote.view, static_cast<std::uint8_t>(vote.kind), vote.block[0]};
            if (::write(out, &said, sizeof said) != sizeof said)
                ::_exit(4);
        };
        act(voter.on_genesis());
        act(voter.repeat());
        while (true)
        {
            const std::uint64_t view = voter.state().view;
            act(voter.on_proposal(0, view, block(start)));
            if ((view + start) % 3 == 0)
                act(voter.on_timeout(0, view));
            else
                act(voter.on_certificate(Kind::notarize, 0, view, block(start), false));
            act(voter.on_certificate(Kind::nullify, 0, view, block(0), false));
        }
    }
    catch (const std::exception&)
    {
        ::_exit(5);
    }
}

/// Runs it `starts` times. Whether any two things that were said conflict.
bool conflicts_after(int starts, bool forgets, std::size_t& votes)
{
    const NewFile made;
    std::mt19937 random(7);
    std::map<std::uint64_t, std::uint8_t> notarized, finalized;
    std::map<std::uint64_t, bool> nullified;
    bool conflict = false;
    for (int start = 1; start <= starts; ++start)
    {
        int ends[2];
        REQUIRE(::pipe(ends) == 0);
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0)
        {
            ::close(ends[0]);
            vote_until_killed(made.path, ends[1], static_cast<std::uint8_t>(start), forgets);
        }
        ::close(ends[1]);
        // Dies after some votes, wherever it is then.
        std::size_t left = random() % 40 + 1;
        Said said;
        while (::read(ends[0], &said, sizeof said) == sizeof said)
        {
            ++votes;
            const auto kind = static_cast<Kind>(said.kind);
            if (kind == Kind::notarize)
                conflict |= notarized.emplace(said.view, said.block).first->second != said.block;
            if (kind == Kind::finalize)
                conflict |= finalized.emplace(said.view, said.block).first->second != said.block;
            if (kind == Kind::nullify)
                nullified[said.view] = true;
            conflict |= nullified.contains(said.view) && finalized.contains(said.view);
            if (left > 0 && --left == 0)
                ::kill(child, SIGKILL);
        }
        ::close(ends[0]);
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(WIFSIGNALED(status));
    }
    return conflict;
}
}  // namespace

TEST_CASE("Record file: a voter that is killed at any point never says two conflicting things")
{
    std::size_t votes = 0;
    CHECK_FALSE(conflicts_after(25, false, votes));
    CHECK(votes > 25);
}

TEST_CASE("Record file: a voter that does not keep its record is caught by the same test")
{
    std::size_t votes = 0;
    CHECK(conflicts_after(4, true, votes));
}
