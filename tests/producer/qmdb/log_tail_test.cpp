#include "qmdb/log_tail.hpp"

#include <catch2/catch.hpp>
#include <map>

#include "qmdb/background.hpp"
#include "tools/state_history.hpp"

using mote::qmdb::BlockMemory;
using mote::qmdb::ByteView;
using mote::qmdb::LogTail;
using mote::test::SplitMix;

namespace
{
// The same as one long vector, and where entries begin.
struct Both
{
    static constexpr std::uint64_t begin = 4000;
    LogTail tail;
    std::vector<std::uint8_t> truth = std::vector<std::uint8_t>(begin);
    std::vector<std::uint64_t> entries;

    explicit Both(std::size_t piece_bytes) : tail(piece_bytes) { tail.reset(begin); }

    void append(SplitMix& random)
    {
        const auto bytes = random.bytes(56 + random.below(random.below(10) == 0 ? 1000 : 60));
        entries.push_back(truth.size());
        truth.insert(truth.end(), bytes.begin(), bytes.end());
        truth.resize((truth.size() + 15) / 16 * 16);
        tail.append(bytes, truth.size() - entries.back());
    }
    void truncate(SplitMix& random)
    {
        while (!entries.empty() && entries.back() >= tail.first() && random.below(3) != 0)
        {
            truth.resize(entries.back());
            entries.pop_back();
        }
        tail.truncate(truth.size());
    }
    void check(SplitMix& random) const
    {
        REQUIRE(tail.end() == truth.size());
        REQUIRE(tail.first() >= begin);
        BlockMemory memory;
        std::uint64_t at = tail.first();
        for (std::size_t i = 0; i < entries.size(); ++i)
        {
            if (entries[i] < tail.first())
                continue;
            REQUIRE(entries[i] == at);  // entries follow each other from first() on
            const std::uint64_t end = i + 1 < entries.size() ? entries[i + 1] : truth.size();
            const auto size = static_cast<std::size_t>(end - at);
            REQUIRE(std::equal(truth.begin() + static_cast<std::ptrdiff_t>(at),
                               truth.begin() + static_cast<std::ptrdiff_t>(end),
                               tail.view(at, size, memory)));
            at = end;
        }
        REQUIRE(at == tail.end());
        const std::uint64_t from = tail.first() + random.below(tail.end() - tail.first() + 1);
        std::vector<std::uint8_t> joined;
        for (const ByteView part : tail.parts(from, tail.end()))
            joined.insert(joined.end(), part.begin(), part.end());
        REQUIRE(std::equal(joined.begin(), joined.end(),
                           truth.begin() + static_cast<std::ptrdiff_t>(from), truth.end()));
    }
};
}  // namespace

TEST_CASE("the tail of a log is what was appended and neither dropped nor truncated")
{
    for (const std::size_t piece : {64U, 128U, 4096U})
    {
        SplitMix random(piece);
        Both both(piece);
        for (int step = 0; step < 3000; ++step)
        {
            const std::uint64_t what = random.below(20);
            if (what == 0)
                both.truncate(random);
            else if (what == 1)
            {
                // Only whole entries are written and dropped.
                const std::uint64_t keep = random.below(4) * 500;
                const std::uint64_t before = both.entries.empty()
                                                 ? both.tail.end()
                                                 : both.entries[random.below(both.entries.size())];
                const std::uint64_t first = both.tail.first();
                both.tail.drop_before(std::max(first, before), keep);
                REQUIRE(both.tail.first() >= first);
                REQUIRE(both.tail.memory_bytes() <=
                        (both.tail.end() - std::min(both.tail.end(), before)) + keep + 3 * piece +
                            2000);
            }
            else if (what == 2 && random.below(10) == 0)
            {
                both.tail.reset(both.tail.end());
                REQUIRE(both.tail.memory_bytes() == 0);
            }
            else
                both.append(random);
            if (step % 7 == 0)
                both.check(random);
        }
        both.check(random);
    }
}

TEST_CASE("a background does one thing after the other and hands over what it threw")
{
    mote::qmdb::Background background;
    background.wait();
    int done = 0;
    for (int i = 0; i < 100; ++i)
    {
        background.start([&] { ++done; });
        background.wait();
        REQUIRE(done == i + 1);
    }
    background.start([] { throw std::runtime_error("no"); });
    CHECK_THROWS_AS(background.wait(), std::runtime_error);
    CHECK_NOTHROW(background.wait());
    background.start([&] { done = 0; });
    background.wait();
    CHECK(done == 0);
}
