#include "block/timeline.hpp"

#include <catch2/catch.hpp>

using namespace mote::block;

TEST_CASE("a timeline has every run of every worker, by start, and forgets the block before")
{
    Timeline timeline;
    timeline.begin(2);
    timeline.add(0, 9, timeline.now_ns());
    timeline.begin(3);
    CHECK(timeline.runs().empty());
    CHECK(timeline.scheduled_ns() == 0);
    timeline.end_scheduling();
    CHECK(timeline.scheduled_ns() >= 0);
    timeline.add(2, 5, 30);
    timeline.add(0, 6, 10);
    timeline.add(2, 5, 20);
    const std::vector<TimedRun> runs = timeline.runs();
    REQUIRE(runs.size() == 3);
    CHECK(runs[0].transaction == 6);
    CHECK(runs[0].worker == 0);
    CHECK(runs[1].start_ns == 20);
    CHECK(runs[1].worker == 2);
    CHECK(runs[2].start_ns == 30);
    CHECK(runs[2].transaction == 5);
}
