// Shares with one thing of a message wrong: each is rejected at the step that [SVID] names for it
// (negative tests 9 to 14), whatever the pieces.
#include <catch2/catch.hpp>

#include "share_support.hpp"
#include "tools/effort.hpp"

using namespace mote::svid;
using namespace share_test;

namespace
{
ByteVector drop_value(const ByteVector& path, std::size_t i)
{
    ByteVector out = path;
    out.erase(out.begin() + static_cast<std::ptrdiff_t>(32 * i),
              out.begin() + static_cast<std::ptrdiff_t>(32 * (i + 1)));
    return out;
}

ByteVector repeat_value(const ByteVector& path, std::size_t i)
{
    ByteVector out = path;
    out.insert(out.begin() + static_cast<std::ptrdiff_t>(32 * i),
               path.begin() + static_cast<std::ptrdiff_t>(32 * i),
               path.begin() + static_cast<std::ptrdiff_t>(32 * (i + 1)));
    return out;
}

ByteVector swap_values(const ByteVector& path, std::size_t i, std::size_t j)
{
    ByteVector out = path;
    std::swap_ranges(out.begin() + static_cast<std::ptrdiff_t>(32 * i),
                     out.begin() + static_cast<std::ptrdiff_t>(32 * (i + 1)),
                     out.begin() + static_cast<std::ptrdiff_t>(32 * j));
    return out;
}
}  // namespace

TEST_CASE("an untouched share is provisional in pieces of any size and messages in any order")
{
    const Dispersed& from = sample();
    std::vector<Message> messages = messages_of(from);
    std::vector<std::size_t> order = {0, 1, 2, 3};  // 3 is Z
    for (const std::size_t piece : pieces)
    {
        do
        {
            Receiver receiver(from, both_trees);
            for (std::size_t done = 0; done < order.size(); ++done)
            {
                REQUIRE(answer_of(receiver.verdict()) != provisional);
                REQUIRE(receiver.verdict().outcome == Outcome::incomplete);
                if (order[done] == 3)
                    REQUIRE(receiver.give_z(from.z, piece) == Fault::none);
                else
                    REQUIRE(receiver.give(messages[order[done]], piece) == Fault::none);
            }
            REQUIRE(answer_of(receiver.verdict()) == provisional);
            REQUIRE(receiver.share.rows_verified() == both_trees.size());
            for (std::uint32_t r = 0; r < 2 * from.params.rows; ++r)
                REQUIRE(receiver.share.holds(r) ==
                        std::binary_search(both_trees.begin(), both_trees.end(), r));
        } while (std::next_permutation(order.begin(), order.end()));
    }
}

TEST_CASE("every range of rows is a share, with one message or one for each row")
{
    const Dispersed& from = sample();
    mote::test::Thinned thinned;
    for (std::uint32_t first = 0; first < from.params.rows; ++first)
        for (std::uint32_t count = 1; first + count <= from.params.rows; ++count)
        {
            if (!thinned.next())
                continue;
            const auto requested = count_up(first, count);
            REQUIRE(answer(from, requested, from.message(first, count)) == provisional);
            Receiver receiver(from, requested);
            for (std::uint32_t i = count; i-- > 0;)
                REQUIRE(receiver.give(from.message(first + i, 1)) == Fault::none);
            REQUIRE(answer_of(receiver.verdict()) == -3);
            receiver.give_z(from.z);
            REQUIRE(answer_of(receiver.verdict()) == provisional);
        }
}

TEST_CASE("item 9: path values corrupted, dropped, repeated, exchanged, added")
{
    const Dispersed& from = sample();
    const Message good = from.message(2, 6);
    REQUIRE(good.data_path.size() >= 32);
    REQUIRE(good.parity_path.size() >= 64);
    const auto requested = count_up(2, 6);
    for (const bool parity : {false, true})
    {
        const ByteVector& path = parity ? good.parity_path : good.data_path;
        const auto answer_with = [&](const ByteVector& changed)
        {
            Message bad = good;
            (parity ? bad.parity_path : bad.data_path) = changed;
            return answer(from, requested, bad);
        };
        REQUIRE(answer_with(path) == provisional);
        mote::test::Thinned thinned;
        for (std::size_t byte = 0; byte < path.size(); ++byte)
        {
            if (!thinned.next())
                continue;
            ByteVector changed = path;
            changed[byte] ^= static_cast<std::uint8_t>(1U << (byte % 8));
            REQUIRE(answer_with(changed) == 6);
        }
        const std::size_t values = path.size() / 32;
        for (std::size_t i = 0; i < values; ++i)
        {
            REQUIRE(answer_with(drop_value(path, i)) == 6);
            REQUIRE(answer_with(repeat_value(path, i)) == 6);
            for (std::size_t j = 0; j < i; ++j)
                REQUIRE(answer_with(swap_values(path, i, j)) == 6);
        }
        REQUIRE(answer_with({}) == 6);
        ByteVector longer = path;
        for (std::size_t more = 1; more <= 64; ++more)
        {
            longer.push_back(0);
            REQUIRE(answer_with(longer) == 6);
        }
        for (std::size_t less = 1; less < 32; ++less)
            REQUIRE(answer_with(ByteVector(path.begin(),
                                           path.end() - static_cast<std::ptrdiff_t>(less))) == 6);
        // Far more values than any tree asks for.
        for (const std::size_t values_in_all : {40U, 41U, 64U, 1000U, 100000U})
            REQUIRE(answer_with(ByteVector(32 * values_in_all)) == 6);
        REQUIRE(answer_with(parity ? good.data_path : good.parity_path) == 6);
    }
    // A tree of which no row is there has no path.
    Message data_only = from.message(2, 3);
    data_only.parity_path = ByteVector(32);
    CHECK(answer(from, count_up(2, 3), data_only) == 6);
    Message parity_only = from.message(5, 3);
    parity_only.data_path = ByteVector(32);
    CHECK(answer(from, count_up(5, 3), parity_only) == 6);
}

TEST_CASE("any byte of any row changed is a wrong path")
{
    const Dispersed& from = sample();
    const Message good = from.message(2, 6);
    mote::test::Thinned thinned(5);
    for (std::size_t byte = 0; byte < good.rows.size(); ++byte)
    {
        if (!thinned.next())
            continue;
        Message bad = good;
        bad.rows[byte] ^= static_cast<std::uint8_t>(1U << (byte % 8));
        REQUIRE(answer(from, count_up(2, 6), bad) == 6);
    }
}

TEST_CASE("every number of a message's head changed is a wrong shape")
{
    const Dispersed& from = sample();
    const Message good = from.message(2, 6);
    const RowsHead head = good.head();
    // A new field of the head breaks this line until it is covered here.
    const auto& [first, count, bytes, data_path, parity_path] = head;
    REQUIRE(data_path.size() + parity_path.size() > 0);
    // Requested is everything, so that only the shape can be wrong.
    const auto all = count_up(0, from.params.rows);
    const auto answer_to = [&](RowsHead changed) { return answer(from, all, changed, good.rows); };

    for (const std::uint32_t other : {18U, 19U, 1U << 31, ~0U, ~0U - 4})
        CHECK(answer_to({other, count, bytes, data_path, parity_path}) == 5);
    for (const std::uint32_t other : {0U, 5U, 7U, 16U, 17U, 18U, 1U << 31, ~0U, ~0U - 1})
        CHECK(answer_to({first, other, bytes, data_path, parity_path}) == 5);
    for (const std::uint64_t other :
         {std::uint64_t{0}, bytes - 1, bytes + 1, bytes + 1024, std::uint64_t{6} << 10,
          bytes + (std::uint64_t{1} << 32), ~std::uint64_t{0}})
        CHECK(answer_to({first, count, other, data_path, parity_path}) == 5);
    // Elsewhere with the same length it is rows in the wrong place.
    CHECK(answer_to({1, count, bytes, data_path, parity_path}) == 6);
    CHECK(answer_to({0, count, bytes, data_path, parity_path}) == 6);
    CHECK(answer_to({3, count, bytes, data_path, parity_path}) != provisional);
}

TEST_CASE("item 10: rows moved to another place with the path of either place")
{
    const Dispersed& from = sample();
    const auto all = count_up(0, from.params.rows);
    for (std::uint32_t a = 0; a < from.params.rows; ++a)
        for (std::uint32_t b = 0; b < from.params.rows; ++b)
        {
            if (a == b)
                continue;
            Message moved = from.message(a, 1);
            moved.first = b;
            const int expected = from.params.bytes_of_row(a) == from.params.bytes_of_row(b) ? 6 : 5;
            // With its own path, in the field where it belongs now, and in the one it came from.
            REQUIRE(answer(from, all, moved) == expected);
            std::swap(moved.data_path, moved.parity_path);
            REQUIRE(answer(from, all, moved) == expected);
            const Message there = from.message(b, 1);
            moved.data_path = there.data_path;
            moved.parity_path = there.parity_path;
            REQUIRE(answer(from, all, moved) == expected);
        }
    // Two rows of one message exchanged.
    Message swapped = from.message(5, 3);
    std::swap_ranges(swapped.rows.begin(), swapped.rows.begin() + 1024,
                     swapped.rows.begin() + 1024);
    CHECK(answer(from, count_up(5, 3), swapped) == 6);
}

TEST_CASE("item 11: an inner node as a row")
{
    // The last data row has 64 bytes, as many as two children of a node.
    std::mt19937 random(2);
    const Dispersed from =
        svid_producer::disperse(svid_producer::random_bytes(4 * 1024 + 64, random), four_stakes);
    REQUIRE(from.params.bytes_of_row(4) == 64);
    ByteVector node;
    for (std::size_t child = 0; child < 2; ++child)
        node.insert(node.end(), from.data_nodes[2 + child].begin(),
                    from.data_nodes[2 + child].end());
    for (std::uint32_t r = 0; r < from.params.rows; ++r)
    {
        Message bad = from.message(r, 1);
        bad.rows = node;
        CHECK(answer(from, {r}, bad) == (r == 4 ? 6 : 5));
    }
    // The children of the root, as the only row of a tree that has more.
    Message bad = from.message(4, 1);
    bad.rows.assign(from.data_nodes[4].begin(), from.data_nodes[4].end());
    bad.rows.insert(bad.rows.end(), bad.rows.begin(), bad.rows.end());
    bad.data_path.clear();
    CHECK(answer(from, {4}, bad) == 6);
}

TEST_CASE("item 11: trees over values with a wrong counter or the root flag")
{
    for (const auto values :
         {svid_producer::Values::counter_zero, svid_producer::Values::root_flag})
    {
        Dispersed from = sample();
        from.seal(values);
        for (std::uint32_t r = 0; r < from.params.rows; ++r)
        {
            // The first row of each tree has the counter 0 anyway.
            const bool right = values == svid_producer::Values::counter_zero &&
                               (r == 0 || r == from.params.data_rows);
            CHECK(answer(from, {r}, from.message(r, 1)) == (right ? provisional : 6));
        }
        CHECK(answer(from, count_up(2, 6), from.message(2, 6)) == 6);
    }
}

TEST_CASE("items 12 and 13: rows of wrong lengths")
{
    const Dispersed& from = sample();
    const std::uint32_t last = from.params.data_rows - 1;
    const std::size_t exact = from.params.bytes_of_row(last);
    REQUIRE(exact == 904);
    for (const std::size_t piece : pieces)
    {
        for (const std::size_t length : {std::size_t{0}, exact - 1, exact + 1, std::size_t{1024}})
        {
            Message bad = from.message(last, 1);
            bad.rows.resize(length);
            CHECK(answer(from, {last}, bad, piece) == 5);
        }
        for (const std::uint32_t r : {0U, last + 1, from.params.rows - 1})
            for (const std::size_t length : {0U, 1023U, 1025U, 2048U})
            {
                Message bad = from.message(r, 1);
                bad.rows.resize(length);
                CHECK(answer(from, {r}, bad, piece) == 5);
            }
        // One row short and its neighbour long by as much: the border is where L says.
        Message bad = from.message(5, 2);
        std::rotate(bad.rows.begin(), bad.rows.begin() + 1, bad.rows.end());
        CHECK(answer(from, {5, 6}, bad, piece) == 6);
        // The last data row padded, in the middle of a message.
        Message padded = from.message(3, 3);
        padded.rows.insert(padded.rows.begin() + 1024 + 904, 120, std::uint8_t{0});
        CHECK(answer(from, {3, 4, 5}, padded, piece) == 5);
    }
}

TEST_CASE("item 12: a message that ends before its rows do, or goes on after them")
{
    const Dispersed& from = sample();
    const Message good = from.message(2, 6);
    for (const std::size_t piece : pieces)
    {
        INFO("pieces of " << piece);
        for (const std::size_t there : {std::size_t{0}, std::size_t{1}, std::size_t{1023},
                                        std::size_t{1024}, good.rows.size() - 1})
        {
            Receiver receiver(from, count_up(2, 6));
            receiver.give_z(from.z);
            CHECK(receiver.give(good.head(), Bytes(good.rows).first(there), piece) ==
                  Fault::row_shape);
            CHECK(answer_of(receiver.verdict()) == 5);
            CHECK(receiver.share.rows_verified() == 0);
        }
        // More bytes than announced are as wrong in a piece of their own as in the last one.
        ByteVector longer = good.rows;
        longer.push_back(0);
        Receiver receiver(from, count_up(2, 6));
        receiver.give_z(from.z);
        CHECK(receiver.give(good.head(), longer, piece) == Fault::row_shape);
        CHECK(answer_of(receiver.verdict()) == 5);
    }
}

TEST_CASE("item 14: rows nobody asked for, rows twice, ranges that wrap, rows that are missing")
{
    const Dispersed& from = sample();
    const std::uint32_t n = from.params.rows;
    CHECK(answer(from, count_up(2, 5), from.message(2, 6)) == 5);
    CHECK(answer(from, count_up(3, 5), from.message(2, 6)) == 5);
    CHECK(answer(from, {2, 3, 5, 6, 7}, from.message(2, 6)) == 5);
    CHECK(answer(from, {1}, from.message(2, 1)) == 5);
    CHECK(answer(from, {0, 1, 16, 17}, {16, 4, 4096, {}, {}}, ByteVector(4096)) == 5);
    CHECK(answer(from, {17}, {n, 1, 1024, {}, {}}, ByteVector(1024)) == 5);

    {
        Receiver receiver(from, count_up(2, 6));
        receiver.give_z(from.z);
        REQUIRE(receiver.give(from.message(2, 4)) == Fault::none);
        CHECK(answer_of(receiver.verdict()) == -4);
        CHECK(receiver.give(from.message(5, 3)) == Fault::row_shape);  // 5 is there already
        CHECK(answer_of(receiver.verdict()) == 5);
    }
    {
        // All rows there, and one once more.
        Receiver receiver(from, count_up(2, 6));
        receiver.give_z(from.z);
        receiver.give(from.message(2, 6));
        REQUIRE(answer_of(receiver.verdict()) == provisional);
        CHECK(receiver.give(from.message(7, 1)) == Fault::row_shape);
        CHECK(answer_of(receiver.verdict()) == 5);
    }
    // Nothing missing is overlooked.
    for (const std::uint32_t missing : both_trees)
    {
        Receiver receiver(from, both_trees);
        receiver.give_z(from.z);
        for (const std::uint32_t r : both_trees)
            if (r != missing)
                REQUIRE(receiver.give(from.message(r, 1)) == Fault::none);
        CHECK(answer_of(receiver.verdict()) == -4);
        CHECK(receiver.share.rows_verified() == both_trees.size() - 1);
    }
}

TEST_CASE("item 14: a missing row and a wrong one among the others is step 7")
{
    Dispersed from = sample();
    from.rows[9][500] ^= 1;
    from.seal();
    for (const bool z_first : {false, true})
    {
        Receiver receiver(from, {8, 9, 10, 11});
        if (z_first)
            receiver.give_z(from.z);
        REQUIRE(receiver.give(from.message(8, 1)) == Fault::none);
        CHECK(answer_of(receiver.verdict()) == (z_first ? -4 : -3));
        REQUIRE(receiver.give(from.message(9, 2)) == Fault::none);
        if (!z_first)
        {
            CHECK(answer_of(receiver.verdict()) == -3);
            receiver.give_z(from.z);
        }
        CHECK(answer_of(receiver.verdict()) == 7);
        CHECK(receiver.verdict().row == 9);
        CHECK(receiver.share.holds(8));
        CHECK_FALSE(receiver.share.holds(9));
        CHECK(receiver.share.holds(10));
        CHECK_FALSE(receiver.share.holds(11));
        // No other source changes that, also not one that fails at a lower step first.
        receiver.share.begin_source();
        CHECK(answer_of(receiver.verdict()) == 7);
        Message bad = from.message(11, 1);
        bad.rows[0] ^= 1;
        receiver.give(bad);
        CHECK(answer_of(receiver.verdict()) == 6);
        receiver.share.begin_source();
        receiver.give(from.message(11, 1));
        CHECK(answer_of(receiver.verdict()) == 7);
        CHECK(receiver.verdict().row == 9);
    }
}
