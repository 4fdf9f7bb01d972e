// Places of proposals: every rule, and a model with a plain set of views.
#include "consensus/ancestry.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <set>

#include "consensus_support.hpp"

using namespace consensus_test;

namespace
{
constexpr mote::chain::Calendar calendar = {4, 2, 2};
constexpr StartBlock start = {4, {9}};  // epoch 1 has the heights 5 to 8

/// Height 6 in view 5, on a parent that was notarized in view 4.
Place child()
{
    Place p;
    p.epoch = 1;
    p.view = p.header_view = 5;
    p.height = 6;
    p.block = {2};
    p.parent_view = p.certificate_view = 4;
    p.parent = p.certificate_block = {1};
    p.parent_height = 5;
    p.has_certificate = true;
    return p;
}

/// The epoch's first block, in view 3 after two nullified ones.
Place first()
{
    Place p;
    p.epoch = 1;
    p.view = p.header_view = 3;
    p.height = 5;
    p.block = {1};
    p.parent = start.hash;
    p.parent_height = start.height;
    return p;
}

/// The epoch's last block, notarized in view 7, again in view 9.
Place again()
{
    Place p;
    p.epoch = 1;
    p.view = 9;
    p.header_view = 6;
    p.height = 8;
    p.block = p.certificate_block = {4};
    p.certificate_view = 7;
    p.has_certificate = true;
    return p;
}

struct Answer
{
    PlaceFault fault;
    std::uint64_t gap;
};

Answer answer(const Place& place, std::initializer_list<std::uint64_t> nullified = {})
{
    NullifiedViews views;
    for (const std::uint64_t view : nullified)
        views.add(view);
    Answer out{};
    out.fault = check_place(place, start, views, calendar, out.gap);
    return out;
}

template <class Change>
PlaceFault changed(Place place, const Change& change,
                   std::initializer_list<std::uint64_t> nullified = {})
{
    change(place);
    return answer(place, nullified).fault;
}
}  // namespace

TEST_CASE("a child stands on a certificate of this epoch, with nothing but nullified views between")
{
    CHECK(answer(child()).fault == PlaceFault::none);
    CHECK(changed(child(), [](Place& p) { p.epoch = 0; }) == PlaceFault::epoch);
    CHECK(changed(child(), [](Place& p) { p.height = 9; }) == PlaceFault::epoch);
    CHECK(changed(child(), [](Place& p) { p.height = 0; }) == PlaceFault::epoch);
    CHECK(changed(child(), [](Place& p) { p.height = 7; }) == PlaceFault::height);
    CHECK(changed(child(), [](Place& p) { p.parent_height = UINT64_MAX; }) == PlaceFault::height);
    CHECK(changed(child(), [](Place& p) { p.view = p.header_view = 0; }) == PlaceFault::view);
    CHECK(changed(child(), [](Place& p) { p.header_view = 6; }) == PlaceFault::view);
    CHECK(changed(child(), [](Place& p) { p.header_view = 4; }) == PlaceFault::reproposal);
    CHECK(changed(child(), [](Place& p) { p.has_certificate = false; }) == PlaceFault::parent);
    CHECK(changed(child(), [](Place& p) { p.certificate_block = {3}; }) == PlaceFault::parent);
    CHECK(changed(child(), [](Place& p) { p.certificate_view = 3; }) == PlaceFault::parent);
    CHECK(changed(child(), [](Place& p) { p.parent_view = p.certificate_view = 5; }) ==
          PlaceFault::parent);
    CHECK(changed(child(), [](Place& p) { p.parent_view = p.certificate_view = 0; }) ==
          PlaceFault::parent);
    // Two views further on.
    const auto move = [](Place& p) { p.view = p.header_view = 7; };
    CHECK(changed(child(), move, {5, 6}) == PlaceFault::none);
    CHECK(changed(child(), move, {4, 5}) == PlaceFault::not_nullified);
    Place moved = child();
    move(moved);
    CHECK(answer(moved, {5}).gap == 6);
    CHECK(answer(moved, {6}).gap == 5);
}

TEST_CASE("the first block of an epoch stands on its start block, without certificate")
{
    CHECK(answer(first(), {1, 2}).fault == PlaceFault::none);
    CHECK(answer(first(), {2}).gap == 1);
    CHECK(changed(first(), [](Place& p) { p.parent = {8}; }, {1, 2}) == PlaceFault::parent);
    CHECK(changed(first(), [](Place& p) { p.has_certificate = true; }, {1, 2}) ==
          PlaceFault::parent);
    CHECK(changed(first(),
                  [](Place& p)
                  {
                      p.height = 6;
                      p.parent_height = 5;
                  },
                  {1, 2}) == PlaceFault::parent);
}

TEST_CASE("an epoch has no block beyond its last, only the last one again")
{
    // The parent's height ends epoch 1, so the child's is of epoch 2.
    const auto beyond = [](Place& p)
    {
        p.parent_height = 8;
        p.height = 9;
    };
    CHECK(changed(child(), beyond) == PlaceFault::epoch);
    CHECK(changed(child(),
                  [&](Place& p)
                  {
                      beyond(p);
                      p.epoch = 2;
                  }) == PlaceFault::beyond_epoch);

    CHECK(answer(again(), {8}).fault == PlaceFault::none);
    CHECK(answer(again()).gap == 8);
    CHECK(changed(again(), [](Place& p) { p.height = 7; }, {8}) == PlaceFault::reproposal);
    CHECK(changed(again(), [](Place& p) { p.block = {5}; }, {8}) == PlaceFault::reproposal);
    CHECK(changed(again(), [](Place& p) { p.has_certificate = false; }, {8}) ==
          PlaceFault::reproposal);
    CHECK(changed(again(), [](Place& p) { p.certificate_view = 5; }, {6, 7, 8}) ==
          PlaceFault::reproposal);
    CHECK(changed(again(), [](Place& p) { p.certificate_view = 9; }, {8}) ==
          PlaceFault::reproposal);
    CHECK(changed(again(), [](Place& p) { p.certificate_view = 6; }, {7, 8}) == PlaceFault::none);
}

TEST_CASE("nullified views are those of a plain set, as far as the window reaches")
{
    std::mt19937_64 random(21);
    for (int round = 0; round < 50; ++round)
    {
        NullifiedViews views;
        std::set<std::uint64_t> model;
        std::uint64_t newest = 0;
        for (int step = 0; step < 300; ++step)
        {
            const std::uint64_t view = random() % 10 == 0
                                           ? newest + random() % 400
                                           : newest - std::min(newest, random() % 300);
            if (view == 0)
                continue;
            const bool kept = view > newest || newest - view < NullifiedViews::window;
            newest = std::max(newest, view);
            views.add(view);
            if (kept)
                model.insert(view);
            while (!model.empty() && newest - *model.begin() >= NullifiedViews::window)
                model.erase(model.begin());
        }
        for (std::uint64_t v = newest - std::min<std::uint64_t>(newest, 300); v < newest + 3; ++v)
            CHECK(views.contains(v) == (model.count(v) != 0));
        const std::uint64_t after = newest - std::min<std::uint64_t>(newest, random() % 260);
        std::uint64_t gap = after + 1, run = 0;
        while (gap < newest + 1 && model.count(gap) != 0)
            ++gap;
        CHECK(views.first_gap(after, newest + 1) == std::min(gap, newest + 1));
        while (newest + 1 > run + 1 && model.count(newest - run) != 0)
            ++run;
        CHECK(views.run_below(newest + 1) == run);
        views.clear();
        CHECK_FALSE(views.contains(newest));
    }
    NullifiedViews views;
    views.add(UINT64_MAX);
    views.add(1);
    CHECK(views.contains(UINT64_MAX));
    CHECK_FALSE(views.contains(1));
    CHECK_FALSE(views.contains(0));
}
