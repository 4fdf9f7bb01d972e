#include "block/prepare.hpp"

#include <catch2/catch.hpp>

#include "evm/rlp.hpp"
#include "producer/block/block_support.hpp"

using namespace mote;
using namespace mote::block;

namespace
{
void append_integer(std::vector<std::uint8_t>& out, const evm::Word& value)
{
    std::array<std::uint8_t, 33> bytes;
    const std::size_t n = evm::write_rlp_integer(value, bytes.data());
    out.insert(out.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n));
}

/// A payment that somebody has signed: nearly every second r is the x of a point.
std::vector<std::uint8_t> payment(std::uint64_t number, const evm::Word& r)
{
    std::vector<std::uint8_t> fields, out;
    for (const evm::Word& value : {evm::Word(number), evm::Word(10), evm::Word(21000)})
        append_integer(fields, value);
    fields.push_back(0x80 + 20);
    const evm::Address to = test::address_of(9);
    fields.insert(fields.end(), to.bytes.begin(), to.bytes.end());
    append_integer(fields, evm::Word(1));
    fields.push_back(0x80);
    append_integer(fields, evm::Word(37));
    append_integer(fields, r);
    append_integer(fields, evm::Word(0x7654321));
    std::array<std::uint8_t, 9> header;
    const std::size_t n = evm::write_rlp_header(true, fields.size(), header.data());
    out.assign(header.begin(), header.begin() + static_cast<std::ptrdiff_t>(n));
    out.insert(out.end(), fields.begin(), fields.end());
    return out;
}

struct Strings
{
    std::vector<std::vector<std::uint8_t>> all;
    std::vector<Bytes> views;

    explicit Strings(std::size_t count)
    {
        test::SplitMix random(5);
        for (std::size_t i = 0; i < count; ++i)
        {
            all.push_back(payment(i, evm::Word(1 + random.below(1000))));
            if (random.below(8) == 0)
                all.back()[random.below(all.back().size())] ^= 0x40;
            if (random.below(16) == 0)
                all.back().clear();
        }
        views.assign(all.begin(), all.end());
    }
};
}  // namespace

TEST_CASE("every byte string gets one answer, the same with any number of threads and with a cache")
{
    const Strings strings(300);
    SenderCache cache(1024, 9);
    const PreparedList one = prepare(strings.views, evm::newest_fork, 1);
    std::size_t good = 0, malformed = 0, unsigned_ones = 0;
    for (std::size_t i = 0; i < strings.all.size(); ++i)
    {
        std::vector<evm::Word> memory(strings.all[i].size() + 64);
        void* start = memory.data();
        std::size_t room = memory.size() * sizeof(evm::Word);
        std::align(Arena::alignment, 1, start, room);
        Arena arena(start, room);
        evm::Transaction transaction;
        evm::Address sender;
        evm::Refusal refusal = evm::decode(strings.all[i], arena, transaction);
        malformed += refusal == evm::Refusal::malformed ? 1 : 0;
        if (refusal == evm::Refusal::none)
            refusal = evm::recover_sender(transaction, evm::newest_fork, sender);
        unsigned_ones += refusal == evm::Refusal::signature_invalid ? 1 : 0;
        good += refusal == evm::Refusal::none ? 1 : 0;
        REQUIRE(one.transactions()[i].refusal == refusal);
        if (refusal == evm::Refusal::none)
        {
            REQUIRE(one.transactions()[i].sender == sender);
            REQUIRE(one.transactions()[i].transaction.nonce == transaction.nonce);
        }
    }
    CHECK(good > 50);
    CHECK(malformed > 5);
    CHECK(unsigned_ones > 50);
    for (const unsigned threads : {1U, 2U, 8U})
        for (int turn = 0; turn < 2; ++turn)
        {
            const PreparedList many = prepare(strings.views, evm::newest_fork, threads, &cache);
            for (std::size_t i = 0; i < strings.all.size(); ++i)
            {
                REQUIRE(many.transactions()[i].refusal == one.transactions()[i].refusal);
                REQUIRE(many.transactions()[i].sender == one.transactions()[i].sender);
            }
            // Nobody's signature is not remembered.
            if (threads != 1 || turn != 0)
                CHECK(many.recovered() < one.recovered());
        }
}

TEST_CASE("a cache of one place forgets and never mistakes")
{
    const Strings strings(100);
    SenderCache cache(1, 0);
    const PreparedList one = prepare(strings.views, evm::newest_fork, 1);
    for (int turn = 0; turn < 2; ++turn)
    {
        const PreparedList again = prepare(strings.views, evm::newest_fork, 4, &cache);
        for (std::size_t i = 0; i < strings.all.size(); ++i)
            REQUIRE(again.transactions()[i].sender == one.transactions()[i].sender);
    }
}

TEST_CASE("a signature that differs in r, s or parity is another one's")
{
    const std::vector<std::uint8_t> bytes = payment(1, evm::Word(1));
    const std::vector<Bytes> views = {bytes};
    const PreparedList list = prepare(views, evm::newest_fork, 1);
    REQUIRE(list.transactions()[0].refusal == evm::Refusal::none);
    const evm::Transaction& t = list.transactions()[0].transaction;
    SenderCache cache(1, 0);
    cache.add(t, list.transactions()[0].sender);
    evm::Address out;
    REQUIRE(cache.find(t, out));
    CHECK(out == list.transactions()[0].sender);
    for (int field = 0; field < 4; ++field)
    {
        evm::Transaction other = t;
        if (field == 0)
            other.r = other.r + evm::Word(1);
        if (field == 1)
            other.s = other.s + evm::Word(1);
        if (field == 2)
            other.parity ^= 1;
        if (field == 3)
            other.signing_hash[31] ^= 1;
        CHECK_FALSE(cache.find(other, out));
    }
}

TEST_CASE("no transactions are prepared to none")
{
    CHECK(prepare({}, evm::newest_fork, 4).transactions().empty());
}
