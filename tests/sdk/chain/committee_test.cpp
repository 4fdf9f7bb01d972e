// Lists of members that are none, quorums, bitmaps.
#include "chain/committee.hpp"

#include <catch2/catch.hpp>

#include "chain_support.hpp"

using namespace chain_test;

namespace
{
struct Seats
{
    std::uint32_t id;
    std::uint16_t first, count;
};

ByteVector list_of(const std::vector<Seats>& members)
{
    ByteVector list;
    for (const Seats& m : members)
    {
        const LayoutOf<Member> leaf = encode(Member{m.id, PublicKey{1}, m.first, m.count});
        list.insert(list.end(), leaf.begin(), leaf.end());
    }
    return list;
}

bool opens(const std::vector<Seats>& members)
{
    Committee committee = {7, {}};
    const bool opened = open_committee(list_of(members), committee);
    if (!opened)
        CHECK((committee.seats == 0 && committee.list.empty()));
    return opened;
}
}  // namespace

TEST_CASE("two quorums share more than a third of the seats, and no smaller number does")
{
    for (std::uint32_t seats = 1; seats <= seats_max; ++seats)
    {
        const std::uint32_t q = quorum(seats);
        CHECK(q <= seats);
        CHECK(3 * q > 2 * seats);
        CHECK(3 * (q - 1) <= 2 * seats);
    }
}

TEST_CASE("a list opens only if ids ascend and ranges follow each other")
{
    CHECK(opens({{0, 0, 1}}));
    CHECK(opens({{3, 0, 2}, {5, 2, 1}, {UINT32_MAX, 3, 7}}));
    CHECK_FALSE(opens({}));
    CHECK_FALSE(opens({{3, 1, 2}}));             // a hole at the start
    CHECK_FALSE(opens({{3, 0, 2}, {5, 3, 1}}));  // a hole
    CHECK_FALSE(opens({{3, 0, 2}, {5, 1, 1}}));  // an overlap
    CHECK_FALSE(opens({{3, 0, 2}, {3, 2, 1}}));  // an id twice
    CHECK_FALSE(opens({{5, 0, 2}, {3, 2, 1}}));  // descending
    CHECK_FALSE(opens({{3, 0, 0}}));             // nobody's seat
    CHECK_FALSE(opens({{3, 0, 1}, {4, 1, 0}}));
    CHECK(opens({{3, 0, 2048}}));
    CHECK_FALSE(opens({{3, 0, 2049}}));
    CHECK_FALSE(opens({{3, 0, 2048}, {4, 2048, 1}}));
    CHECK_FALSE(opens({{3, 0, UINT16_MAX}, {4, UINT16_MAX, 2}}));

    std::vector<Seats> many;
    for (std::uint16_t i = 0; i < 2048; ++i)
        many.push_back({i, i, 1});
    CHECK(opens(many));
    many.push_back({2048, 2048, 1});
    CHECK_FALSE(opens(many));

    ByteVector cut = list_of({{3, 0, 2}, {5, 2, 1}});
    cut.pop_back();
    Committee committee;
    CHECK_FALSE(open_committee(cut, committee));
}

TEST_CASE("seats are bits, the lowest first")
{
    std::array<std::uint8_t, 3> bitmap{};
    set_seat(bitmap, 0);
    set_seat(bitmap, 9);
    set_seat(bitmap, 23);
    CHECK(bitmap == std::array<std::uint8_t, 3>{1, 2, 0x80});
    CHECK(seat_set(bitmap, 9));
    CHECK_FALSE(seat_set(bitmap, 8));
    CHECK(count_seats(bitmap, 0, 24) == 3);
    CHECK(count_seats(bitmap, 1, 22) == 1);
    CHECK(count_seats(bitmap, 23, 1) == 1);
    CHECK(count_seats(bitmap, 5, 0) == 0);
}

TEST_CASE("infinity is one encoding")
{
    PublicKey key{};
    CHECK_FALSE(is_infinity(key));
    key[0] = 0xc0;
    CHECK(is_infinity(key));
    key[47] = 1;
    CHECK_FALSE(is_infinity(key));
}
