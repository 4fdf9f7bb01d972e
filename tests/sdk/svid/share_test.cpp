// A check from open to verdict: Z, sources that get things wrong and are made good by others, the
// order of faults, memory, empty blocks and blocks of one row.
#include <catch2/catch.hpp>

#include "share_support.hpp"
#include "tools/aligned_memory.hpp"
#include "tools/effort.hpp"

using namespace mote::svid;
using namespace share_test;

TEST_CASE("item 19: Z of a wrong length, Z of another block, a byte of Z changed, no Z")
{
    const Dispersed& from = sample();
    std::mt19937 random(3);
    const Dispersed other =
        svid_producer::disperse(svid_producer::random_bytes(5000, random), seven_stakes);
    REQUIRE(from.z.size() == 80);
    for (const std::size_t piece : {SIZE_MAX, std::size_t{16}, std::size_t{7}, std::size_t{1}})
    {
        const auto answer_to = [&](const ByteVector& z)
        {
            Receiver receiver(from, count_up(2, 6));
            receiver.give(from.message(2, 6));
            CHECK(receiver.give_z(z, piece) == (z == from.z ? Fault::none : Fault::z));
            return answer_of(receiver.verdict());
        };
        CHECK(answer_to(from.z) == provisional);
        for (const std::size_t length : {0U, 1U, 15U, 16U, 64U, 79U, 81U, 96U, 160U, 4096U})
        {
            ByteVector z = from.z;
            z.resize(length);
            CHECK(answer_to(z) == 4);
        }
        CHECK(answer_to(other.z) == 4);
        for (std::size_t byte = 0; byte < from.z.size(); ++byte)
        {
            ByteVector z = from.z;
            z[byte] ^= 0x80;
            REQUIRE(answer_to(z) == 4);
        }
        ByteVector twice = from.z;
        twice.insert(twice.end(), from.z.begin(), from.z.end());
        CHECK(answer_to(twice) == 4);
    }
    Receiver receiver(from, count_up(2, 6));
    receiver.give(from.message(2, 6));
    CHECK(answer_of(receiver.verdict()) == -3);
    CHECK(receiver.share.append_z({}) == Fault::none);
    CHECK(answer_of(receiver.verdict()) == -3);
}

TEST_CASE("item 19: what one source gets wrong another one makes good")
{
    const Dispersed& from = sample();
    const Message good = from.message(2, 6);
    ByteVector bad_z = from.z;
    bad_z[70] ^= 1;
    Message bad_path = good;
    bad_path.parity_path[0] ^= 1;
    Message bad_rows = good;
    bad_rows.rows[3000] ^= 1;
    for (const std::size_t piece : pieces)
    {
        {
            Receiver receiver(from, count_up(2, 6));
            receiver.give_z(bad_z, piece);
            receiver.give(good, piece);
            CHECK(answer_of(receiver.verdict()) == 4);
            receiver.share.begin_source();
            CHECK(answer_of(receiver.verdict()) == -3);
            CHECK(receiver.give_z(from.z, piece) == Fault::none);
            CHECK(answer_of(receiver.verdict()) == provisional);
        }
        for (const Message& bad : {bad_path, bad_rows})
        {
            Receiver receiver(from, count_up(2, 6));
            receiver.give_z(from.z, piece);
            CHECK(receiver.give(bad, piece) == Fault::path);
            CHECK(answer_of(receiver.verdict()) == 6);
            CHECK(receiver.share.rows_verified() == 0);
            receiver.share.begin_source();
            CHECK(answer_of(receiver.verdict()) == -4);
            CHECK(receiver.give(good, piece) == Fault::none);
            CHECK(answer_of(receiver.verdict()) == provisional);
        }
        {
            // The same source sends Z once more, now right: its first one still counts.
            Receiver receiver(from, count_up(2, 6));
            receiver.give_z(bad_z, piece);
            CHECK(receiver.give_z(from.z, piece) == Fault::none);
            receiver.give(good, piece);
            CHECK(answer_of(receiver.verdict()) == 4);
            receiver.share.begin_source();
            CHECK(answer_of(receiver.verdict()) == provisional);
        }
    }
}

TEST_CASE("another source begins in the middle of Z, of a row, of a message")
{
    const Dispersed& from = sample();
    const Message good = from.message(2, 6);
    for (const std::size_t there : {0U, 1U, 15U, 16U, 79U})
        for (const std::size_t rows_there : {0U, 1U, 500U, 1024U, 3000U, 5999U})
        {
            Receiver receiver(from, count_up(2, 6));
            ByteVector noise = from.z;
            for (std::uint8_t& b : noise)
                b ^= 0x55;
            REQUIRE(receiver.share.append_z(Bytes(noise).first(there)) == Fault::none);
            REQUIRE(receiver.share.begin_rows(good.head()) == Fault::none);
            REQUIRE(receiver.share.append_rows(Bytes(good.rows).first(rows_there)) == Fault::none);
            receiver.share.begin_source();
            // What belongs to the message of the source before goes nowhere.
            CHECK(receiver.share.append_rows(Bytes(good.rows).subspan(rows_there)) == Fault::none);
            CHECK(receiver.share.end_rows() == Fault::none);
            CHECK(receiver.share.rows_verified() == 0);
            CHECK(answer_of(receiver.verdict()) == -3);
            CHECK(receiver.give(good, 100) == Fault::none);
            CHECK(receiver.give_z(from.z, 7) == Fault::none);
            CHECK(answer_of(receiver.verdict()) == provisional);
        }
}

TEST_CASE("a new message before the last one ended drops what was there of it")
{
    const Dispersed& from = sample();
    const Message first = from.message(2, 3), second = from.message(5, 3);
    Receiver receiver(from, count_up(2, 6));
    receiver.give_z(from.z);
    REQUIRE(receiver.share.begin_rows(first.head()) == Fault::none);
    REQUIRE(receiver.share.append_rows(Bytes(first.rows).first(1500)) == Fault::none);
    static_cast<void>(receiver.give(second));
    CHECK(receiver.share.rows_verified() == 3);
    CHECK(receiver.verdict().outcome != Outcome::provisional);
    for (const std::uint32_t r : {2U, 3U, 4U})
        CHECK_FALSE(receiver.share.holds(r));
    receiver.share.begin_source();
    CHECK(receiver.give(first) == Fault::none);
    CHECK(answer_of(receiver.verdict()) == provisional);
}

TEST_CASE("wrong bytes for a row that is verified change nothing that lasts")
{
    const Dispersed& from = sample();
    Receiver receiver(from, both_trees);
    receiver.give_z(from.z);
    for (const Message& message : messages_of(from))
        REQUIRE(receiver.give(message) == Fault::none);
    REQUIRE(answer_of(receiver.verdict()) == provisional);
    std::mt19937 random(4);
    for (unsigned trial = 0; trial < 50; ++trial)
    {
        receiver.share.begin_source();
        REQUIRE(answer_of(receiver.verdict()) == provisional);
        Message bad = messages_of(from)[trial % 3];
        bad.rows[random() % bad.rows.size()] ^= static_cast<std::uint8_t>(1U << trial % 8);
        if (trial % 4 == 0)
            bad.rows.resize(bad.rows.size() - 1);
        CHECK(receiver.give(bad, 1 + random() % 2000) ==
              (trial % 4 == 0 ? Fault::row_shape : Fault::path));
        ByteVector bad_z = from.z;
        bad_z[random() % bad_z.size()] ^= 1;
        static_cast<void>(receiver.give_z(bad_z));
        CHECK(receiver.share.rows_verified() == both_trees.size());
        CHECK(receiver.verdict().fault != Fault::fingerprint);
        receiver.share.begin_source();
        REQUIRE(answer_of(receiver.verdict()) == provisional);
    }
    // The right rows once more, from another source: nothing counts twice.
    for (const Message& message : messages_of(from))
        REQUIRE(receiver.give(message) == Fault::none);
    CHECK(receiver.share.rows_verified() == both_trees.size());
    CHECK(answer_of(receiver.verdict()) == provisional);
}

TEST_CASE("wrong bytes for a row that is verified before Z came do not reach step 7")
{
    const Dispersed& from = sample();
    for (const bool whole : {false, true})
    {
        Receiver receiver(from, count_up(2, 6));
        REQUIRE(receiver.give(from.message(2, 6)) == Fault::none);
        receiver.share.begin_source();
        Message bad = from.message(4, 2);
        for (std::uint8_t& b : bad.rows)
            b ^= 0xff;
        if (whole)
            CHECK(receiver.give(bad) == Fault::path);
        else
        {
            REQUIRE(receiver.share.begin_rows(bad.head()) == Fault::none);
            REQUIRE(receiver.share.append_rows(Bytes(bad.rows).first(1500)) == Fault::none);
        }
        receiver.share.begin_source();
        CHECK(receiver.give_z(from.z) == Fault::none);
        CHECK(answer_of(receiver.verdict()) == provisional);
    }
}

TEST_CASE("the lowest failing step is the verdict, whatever comes first")
{
    Dispersed from = sample();
    from.rows[9][0] ^= 1;
    from.seal();
    Message bad_path = from.message(12, 1);
    bad_path.parity_path[5] ^= 1;
    Message bad_shape = from.message(13, 1);
    bad_shape.rows.pop_back();
    ByteVector bad_z = from.z;
    bad_z[0] ^= 1;
    // Z once right, once wrong; a wrong path, a wrong shape, and a row that is not the code's.
    std::vector<int> order = {4, 5, 6, 7, 8};
    do
    {
        Receiver receiver(from, {9, 12, 13});
        int lowest = 100;
        bool z_there = false, row_there = false;
        for (const int step : order)
        {
            if (step == 4)
                receiver.give_z(bad_z);
            else if (step == 5)
                receiver.give(bad_shape);
            else if (step == 6)
                receiver.give(bad_path);
            else if (step == 7)
                receiver.give(from.message(9, 1));
            else
                receiver.give_z(from.z);
            z_there = z_there || step == 8;
            row_there = row_there || step == 7;
            if (step < 7)
                lowest = std::min(lowest, step);
            if (z_there && row_there)
                lowest = std::min(lowest, 7);
            const int expected = lowest < 100 ? lowest : z_there ? -4 : -3;
            REQUIRE(answer_of(receiver.verdict()) == expected);
        }
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("zero-length pieces do nothing")
{
    const Dispersed& from = sample();
    const Message good = from.message(2, 6);
    Receiver receiver(from, count_up(2, 6));
    CHECK(receiver.share.append_rows({}) == Fault::none);
    CHECK(receiver.share.append_z({}) == Fault::none);
    REQUIRE(receiver.share.begin_rows(good.head()) == Fault::none);
    for (std::size_t at = 0; at < good.rows.size(); at += 8)
    {
        REQUIRE(receiver.share.append_rows({}) == Fault::none);
        REQUIRE(receiver.share.append_rows(Bytes(good.rows).subspan(at, 8)) == Fault::none);
        if (at < from.z.size())
            REQUIRE(receiver.share.append_z(Bytes(from.z).subspan(at, 8)) == Fault::none);
        REQUIRE(receiver.share.append_z({}) == Fault::none);
    }
    CHECK(receiver.share.append_rows({}) == Fault::none);
    CHECK(receiver.share.end_rows() == Fault::none);
    CHECK(receiver.share.end_z() == Fault::none);
    CHECK(answer_of(receiver.verdict()) == provisional);
}

TEST_CASE("rows without an announcement go nowhere")
{
    const Dispersed& from = sample();
    Receiver receiver(from, count_up(2, 6));
    receiver.give_z(from.z);
    static_cast<void>(receiver.share.append_rows(from.message(2, 6).rows));
    static_cast<void>(receiver.share.end_rows());
    CHECK(receiver.share.rows_verified() == 0);
    CHECK(receiver.verdict().outcome != Outcome::provisional);
}

TEST_CASE("the memory of the caller's paths may go once a message is announced")
{
    const Dispersed& from = sample();
    Message message = from.message(2, 6);
    Receiver receiver(from, count_up(2, 6));
    receiver.give_z(from.z);
    REQUIRE(receiver.share.begin_rows(message.head()) == Fault::none);
    std::fill(message.data_path.begin(), message.data_path.end(), std::uint8_t{0});
    std::fill(message.parity_path.begin(), message.parity_path.end(), std::uint8_t{0});
    REQUIRE(receiver.share.append_rows(message.rows) == Fault::none);
    CHECK(answer_of(receiver.verdict()) == provisional);
}

TEST_CASE("a check opens with the memory it counted and not with a byte less")
{
    const Dispersed& from = sample();
    for (const auto& requested : {std::vector<std::uint32_t>{}, both_trees})
    {
        const std::size_t needed = Receiver::memory_of(from, requested);
        const auto memory = mote::test::aligned_memory(needed);
        ShareCheck share;
        for (std::size_t bytes = needed - 1; bytes > needed - 40; --bytes)
        {
            mote::Arena small(memory.get(), bytes);
            CHECK(share.open(from.header, from.params, from.bytes, requested, small) ==
                  mote::Status::memory_too_small);
        }
        mote::Arena arena(memory.get(), needed);
        CHECK(share.open(from.header, from.params, from.bytes, requested, arena) ==
              mote::Status::ok);
        // The documented bound: 24 K + 16 KiB + 88 bytes a row, each of six parts rounded up.
        CHECK(needed <= 24 * from.params.code_rows + 16384 + 88 * requested.size() + 6 * 128);
    }
}

TEST_CASE("rows out of order, twice or out of range cannot be asked for")
{
    const Dispersed& from = sample();
    svid_cases::Memory memory(1 << 20);
    for (const std::vector<std::uint32_t>& requested :
         {std::vector<std::uint32_t>{3, 2}, {3, 3}, {18}, {17, 18}, {0, ~0U}})
    {
        mote::Arena arena = memory.arena();
        ShareCheck share;
        CHECK(share.open(from.header, from.params, from.bytes, requested, arena) ==
              mote::Status::invalid_argument);
    }
}

TEST_CASE("rows of the dispersal before do not count for the one a check is opened for again")
{
    const Dispersed& from = sample();
    svid_cases::Memory memory(1 << 20);
    const std::vector<std::uint32_t> requested = {8, 9};
    ShareCheck share;
    mote::Arena first = memory.arena();
    REQUIRE(share.open(from.header, from.params, from.bytes, requested, first) == mote::Status::ok);
    const Message message = from.message(8, 2);
    REQUIRE(share.begin_rows(message.head()) == Fault::none);
    REQUIRE(share.append_rows(message.rows) == Fault::none);
    mote::Arena second = memory.arena();
    REQUIRE(share.open(from.header, from.params, from.bytes, requested, second) ==
            mote::Status::ok);
    share.begin_source();
    REQUIRE(share.append_z(from.z) == Fault::none);
    CHECK(answer_of(share.verdict()) == -4);
}

TEST_CASE("a check that was open once opens again for another dispersal")
{
    const Dispersed& from = sample();
    Dispersed wrong = sample();
    wrong.rows[9][0] ^= 1;
    wrong.seal();
    svid_cases::Memory memory(1 << 20);
    ShareCheck share;
    for (unsigned round = 0; round < 4; ++round)
    {
        const Dispersed& now = round % 2 == 0 ? wrong : from;
        const std::vector<std::uint32_t> requested = {8, 9};
        mote::Arena arena = memory.arena();
        REQUIRE(share.open(now.header, now.params, now.bytes, requested, arena) ==
                mote::Status::ok);
        share.begin_source();
        CHECK(answer_of(share.verdict()) == -3);
        CHECK(share.rows_verified() == 0);
        CHECK(share.append_z(now.z) == Fault::none);
        const Message message = now.message(8, 2);
        CHECK(share.begin_rows(message.head()) == Fault::none);
        CHECK(share.append_rows(message.rows) == Fault::none);
        CHECK(answer_of(share.verdict()) == (round % 2 == 0 ? 7 : provisional));
    }
}

TEST_CASE("an empty block has its Z and no rows")
{
    const Dispersed from = svid_producer::disperse({}, four_stakes);
    {
        Receiver receiver(from, {});
        CHECK(answer_of(receiver.verdict()) == provisional);
        CHECK(receiver.share.append_z({}) == Fault::none);
        CHECK(receiver.share.end_z() == Fault::none);
        CHECK(answer_of(receiver.verdict()) == provisional);
        CHECK(receiver.share.append_z(ByteVector(16)) == Fault::z);
        CHECK(answer_of(receiver.verdict()) == 4);
        receiver.share.begin_source();
        CHECK(answer_of(receiver.verdict()) == provisional);
        CHECK(receiver.share.begin_rows({0, 1, 0, {}, {}}) == Fault::row_shape);
        CHECK(answer_of(receiver.verdict()) == 5);
    }
    // A header that commits to another Z: there is no source to blame or to wait for.
    Dispersed wrong = from;
    wrong.header.z_digest[0] ^= 1;
    wrong.bytes = encode(wrong.header);
    svid_cases::Memory memory(1 << 20);
    mote::Arena arena = memory.arena();
    ShareCheck share;
    REQUIRE(share.open(wrong.header, wrong.params, wrong.bytes, {}, arena) == mote::Status::ok);
    CHECK(answer_of(share.verdict()) == 4);
    share.begin_source();
    CHECK(answer_of(share.verdict()) == 4);
    static_cast<void>(share.end_z());
    CHECK(answer_of(share.verdict()) == 4);
}

TEST_CASE("one data row, which is a tree of its own, and rows of more than one chunk")
{
    std::mt19937 random(5);
    for (const std::size_t bytes : {std::size_t{1}, std::size_t{700}, std::size_t{1024},
                                    std::size_t{1025}, std::size_t{263 * 1024 + 77}})
    {
        const Dispersed from =
            svid_producer::disperse(svid_producer::random_bytes(bytes, random), seven_stakes);
        const std::uint32_t n = from.params.rows;
        for (const std::size_t piece : {SIZE_MAX, std::size_t{777}})
        {
            INFO(bytes << " bytes in pieces of " << piece);
            REQUIRE(answer(from, count_up(0, n), from.message(0, n), piece) == provisional);
            Message bad = from.message(0, n);
            bad.rows.back() ^= 1;
            REQUIRE(answer(from, count_up(0, n), bad, piece) == 6);
            bad = from.message(0, n);
            bad.rows.front() ^= 1;
            REQUIRE(answer(from, count_up(0, n), bad, piece) == 6);
        }
        if (from.params.data_rows == 1)
        {
            Message bad = from.message(0, 1);
            REQUIRE(bad.data_path.empty());
            bad.data_path = ByteVector(32);
            CHECK(answer(from, {0}, bad) == 6);
        }
    }
}

TEST_CASE(
    "random deliveries: never provisional with anything missing, never stuck, never condemned")
{
    std::mt19937 random(6);
    const Dispersed& from = sample();
    const unsigned runs = mote::test::emulated || mote::test::sanitized ? 20 : 200;
    for (unsigned run = 0; run < runs; ++run)
    {
        Receiver receiver(from, both_trees);
        bool z_there = false, source_failed = false;
        std::vector<bool> there(from.params.rows, false);
        for (unsigned action = 0; action < 30; ++action)
        {
            const std::size_t piece = random() % 3 == 0 ? SIZE_MAX : 1 + random() % 1500;
            Message message = from.message(both_trees[random() % both_trees.size()], 1);
            if (random() % 4 == 0)
                message = messages_of(from)[random() % 3];
            switch (random() % 8)
            {
                case 0:
                    receiver.share.begin_source();
                    source_failed = false;
                    break;
                case 1:
                    if (receiver.give_z(from.z, piece) == Fault::none)
                        z_there = true;
                    else
                        source_failed = true;  // Z twice by one source
                    break;
                case 2:
                {
                    ByteVector z = from.z;
                    z[random() % z.size()] ^= 1;
                    source_failed = receiver.give_z(z, piece) != Fault::none || source_failed;
                    break;
                }
                case 3:
                    message.rows[random() % message.rows.size()] ^= 0x10;
                    REQUIRE(receiver.give(message, piece) != Fault::none);
                    source_failed = true;
                    break;
                case 4:
                {
                    // Half a message, and another peer takes over.
                    static_cast<void>(receiver.share.begin_rows(message.head()));
                    static_cast<void>(receiver.share.append_rows(
                        Bytes(message.rows).first(random() % message.rows.size())));
                    receiver.share.begin_source();
                    source_failed = false;
                    break;
                }
                default:
                    if (receiver.give(message, piece) == Fault::none)
                        for (std::uint32_t i = 0; i < message.count; ++i)
                            there[message.first + i] = true;
                    else
                        source_failed = true;  // a row twice by one source
                    break;
            }
            const Verdict verdict = receiver.verdict();
            const bool all = z_there && std::all_of(both_trees.begin(), both_trees.end(),
                                                    [&](std::uint32_t r) { return there[r]; });
            REQUIRE(verdict.fault != Fault::fingerprint);
            REQUIRE((verdict.outcome == Outcome::rejected) == source_failed);
            if (!source_failed)
                REQUIRE((verdict.outcome == Outcome::provisional) == all);
        }
        receiver.share.begin_source();
        REQUIRE(receiver.give_z(from.z) == Fault::none);
        for (const Message& message : messages_of(from))
            REQUIRE(receiver.give(message) == Fault::none);
        REQUIRE(answer_of(receiver.verdict()) == provisional);
    }
}
