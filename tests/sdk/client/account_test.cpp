// From a header to a value: proofs made by the model of the state and by the definition of the tree.
#include "client/account.hpp"

#include <catch2/catch.hpp>

#include "chain/tree.hpp"
#include "sdk/consensus/follower_support.hpp"
#include "sdk/state/state_support.hpp"
#include "tools/effort.hpp"

using namespace mote::client;
using mote::Status;
using mote::chain::ZoneLeaf;
using mote::state::Answer;
using state_test::Octets;
namespace model = mote::test::model;

namespace
{
/// Five zones, the state of zone 6 behind them.
struct Chain
{
    model::State state;
    std::vector<ZoneLeaf> zones;
    mote::chain::RootHeader header;
    std::vector<mote::chain::Digest> hashes;

    Chain()
    {
        std::vector<state_test::Op> ops;
        for (std::uint64_t n = 0; n < 30; ++n)
            ops.push_back(
                {mote::test::key_of_number(n, 20), Octets{static_cast<std::uint8_t>(n), 7}});
        state.apply(1, ops);
        for (std::uint32_t i = 0; i < 5; ++i)
        {
            ZoneLeaf leaf;
            leaf.zone = 2 * i;
            leaf.proven_height = 100 + i;
            if (i == 3)
                leaf.proven_root = state.root();
            zones.push_back(leaf);
            hashes.push_back(mote::chain::leaf_hash_of(leaf));
        }
        header.zone_table_root = mote::chain::root_of(std::span<const ZoneLeaf>(zones));
    }

    [[nodiscard]] Octets state_proof(const Octets& key) const
    {
        const model::Hash hash = model::hash_of_key(key);
        const unsigned s = hash[0] >> 4;
        return state.prove({{{s, {state.shards[s].find(hash).sn}}}, {}});
    }
};
const Chain& chain()
{
    static const Chain c;
    return c;
}

struct Question
{
    std::uint32_t index = 3, zone = 6, zones = 5;
    Octets key, leaf, path, state;
    Octets answered_value;
    AccountAnswer answer;
    AccountFault fault = AccountFault::none;

    explicit Question(std::uint64_t number)
        : key(mote::test::key_of_number(number, 20)), state(chain().state_proof(key))
    {
        take_leaf();
    }
    void take_leaf()
    {
        const auto bytes = mote::chain::encode(chain().zones[index]);
        leaf.assign(bytes.begin(), bytes.end());
        path.clear();
        aggregator_test::walk(chain().hashes, 0, 5, {index}, path);
    }
    Status ask(std::size_t less = 0)
    {
        state_test::Memory memory(account_memory_bytes(state.size()) - less);
        mote::Arena arena = memory.arena();
        const Status status = check_account(
            chain().header, zone, key, {leaf, index, zones, path, state}, arena, answer, fault);
        answered_value.assign(answer.value.begin(), answer.value.end());
        if (status != Status::ok)
        {
            CHECK(answer.answer == Answer::unproven);
            CHECK(answer.value.empty());
        }
        return status;
    }
};
}  // namespace

TEST_CASE("a key is present with its value or absent")
{
    for (const std::uint64_t number : {0U, 7U, 29U})
    {
        Question q(number);
        REQUIRE(q.ask() == Status::ok);
        CHECK(q.answer.answer == Answer::present);
        CHECK(q.answered_value == Octets{static_cast<std::uint8_t>(number), 7});
        CHECK(q.answer.zone.proven_height == 103);
    }
    Question q(31);
    REQUIRE(q.ask() == Status::ok);
    CHECK(q.answer.answer == Answer::absent);
}

TEST_CASE("every link from header to value counts")
{
    Question q(7);
    q.zone = 4;
    CHECK(q.ask() == Status::rejected);
    CHECK(q.fault == AccountFault::leaf);
    q = Question(7);
    q.leaf.pop_back();
    CHECK(q.ask() == Status::rejected);
    CHECK(q.fault == AccountFault::leaf);
    q = Question(7);
    q.index = 2;
    CHECK(q.ask() == Status::rejected);
    CHECK(q.fault == AccountFault::path);
    for (const std::uint32_t zones : {0U, 4U, 6U, UINT32_MAX})
    {
        q = Question(7);
        q.zones = zones;
        CHECK(q.ask() == Status::rejected);
        CHECK(q.fault == AccountFault::path);
    }
    q = Question(7);
    q.path.resize(q.path.size() + 32);
    CHECK(q.ask() == Status::rejected);
    CHECK(q.fault == AccountFault::path);
    // Another zone's leaf, and its state root.
    q = Question(7);
    q.index = 2;
    q.zone = 4;
    q.take_leaf();
    CHECK(q.ask() == Status::rejected);
    CHECK(q.fault == AccountFault::root);
    // A proof of something else.
    q = Question(7);
    q.key = mote::test::key_of_number(8, 20);
    CHECK(q.ask() == Status::rejected);
    CHECK(q.fault == AccountFault::unproven);
    q = Question(7);
    q.state.clear();
    CHECK(q.ask() == Status::malformed);
    CHECK(q.fault == AccountFault::malformed);
    mote::test::Thinned thinned;
    const auto every_byte = [&](Octets Question::* field)
    {
        for (std::size_t i = 0; i < (Question(7).*field).size(); ++i)
        {
            if (!thinned.next())
                continue;
            Question changed(7);
            (changed.*field)[i] ^= 1;
            CHECK(changed.ask() != Status::ok);
            CHECK(changed.fault != AccountFault::none);
        }
    };
    every_byte(&Question::leaf);
    every_byte(&Question::path);
    every_byte(&Question::state);
}

TEST_CASE("too little memory is no answer")
{
    Question q(7);
    CHECK(q.ask(account_memory_bytes(q.state.size()) - 64) == Status::memory_too_small);
    CHECK(q.ask(account_memory_bytes(q.state.size()) - sizeof(mote::state::Opened) - 64) ==
          Status::memory_too_small);
}
