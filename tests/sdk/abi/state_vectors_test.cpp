// The vectors of tests/vectors/qmdb through mote_state.h, in every variant.
#include <catch2/catch.hpp>

#include "sdk/abi/state_support.hpp"
#include "tools/effort.hpp"

using namespace mote::test;
using state_test::read;
using state_test::text;

namespace
{
bool refused(const OpenState& proof)
{
    const mote_state_verdict& v = proof.verdict;
    return proof.proof == nullptr && v.accepted == 0 && v.fault != 0 && v.operation == 0 &&
           (proof.status == MOTE_MALFORMED) == (v.fault < MOTE_STATE_F_ROOT) &&
           (proof.status == MOTE_OK) == (v.fault == MOTE_STATE_F_ROOT) && proof.memory->intact();
}
}  // namespace

TEST_CASE("State proofs: every vector gives the answers that are written beside it")
{
    const Json file = read("proofs.json");
    REQUIRE(file["proofs"].size() == 17);
    std::size_t asked = 0;
    for (const mote_state_core* core : runnable_state_cores())
        for (const Json& item : file["proofs"])
        {
            INFO(core->name << ": " << item["note"].get<std::string>());
            const OpenState proof(core, unhex(item["proof"]), unhex(item["root"]));
            REQUIRE(proof.status == MOTE_OK);
            REQUIRE(is_accepted(proof.verdict));
            for (const Json& question : item["questions"])
            {
                Octets value;
                CHECK(proof.lookup(unhex(question["key"]), question["height"], value) ==
                      text(question["answer"]));
                CHECK(hex(value) ==
                      (question["answer"] == "present" ? text(question["value"]) : ""));
                ++asked;
            }
            CHECK(proof.memory->intact());
        }
    CHECK(asked >= 17);
}

TEST_CASE("State proofs: a stale root and 38 damaged proofs are refused, each in its way")
{
    const Json file = read("proofs.json");
    const Octets root = unhex(file["refused"]["root"]);
    REQUIRE(file["refused"]["cases"].size() == 38);
    for (const mote_state_core* core : runnable_state_cores())
    {
        const OpenState stale(core, unhex(file["proofs"][0]["proof"]),
                              unhex(file["stale"]["root"]));
        CHECK(refused(stale));
        CHECK(stale.verdict.fault == MOTE_STATE_F_ROOT);
        for (const Json& item : file["refused"]["cases"])
        {
            INFO(core->name << ": " << item["note"].get<std::string>());
            const OpenState proof(core, unhex(item["proof"]), root);
            REQUIRE(refused(proof));
            const std::string reason = item["reason"];
            if (reason == "short")
                CHECK(proof.verdict.fault == MOTE_STATE_F_TRUNCATED);
            if (reason == "trailing bytes")
                CHECK(proof.verdict.fault == MOTE_STATE_F_TRAILING);
            if (reason == "serial numbers")
                CHECK(proof.verdict.fault == MOTE_STATE_F_ENTRY_ORDER);
            if (reason == "root" && item["note"] != "witness magic")
                CHECK(proof.verdict.fault == MOTE_STATE_F_ROOT);
        }
    }
}

TEST_CASE("State proofs: no bit can be changed")
{
    Thinned thinned(5);
    const Json file = read("proofs.json");
    for (const mote_state_core* core : runnable_state_cores())
        for (const Json& item : file["proofs"])
        {
            const Octets good = unhex(item["proof"]), root = unhex(item["root"]);
            for (std::size_t bit = 0; bit < 8 * good.size(); ++bit)
            {
                if (!thinned.next())
                    continue;
                Octets changed = good;
                changed[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
                REQUIRE(refused(OpenState(core, changed, root)));
            }
            for (std::size_t bit = 0; bit < 256; ++bit)
            {
                Octets other = root;
                other[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
                const OpenState proof(core, good, other);
                REQUIRE(refused(proof));
                REQUIRE(proof.verdict.fault == MOTE_STATE_F_ROOT);
            }
        }
}

TEST_CASE("State proofs: the offset is where the item begins")
{
    const Json first = read("proofs.json")["proofs"][0];
    const Octets good = unhex(first["proof"]), root = unhex(first["root"]);
    const auto offset_of = [&](std::size_t at, std::uint8_t value, std::uint32_t fault)
    {
        Octets changed = good;
        changed[at] = value;
        const OpenState proof(runnable_state_cores()[0], changed, root);
        CHECK(proof.status == MOTE_MALFORMED);
        CHECK(proof.verdict.fault == fault);
        return proof.verdict.offset;
    };
    CHECK(offset_of(0, 0, MOTE_STATE_F_MAGIC) == 0);
    CHECK(offset_of(6, 1, MOTE_STATE_F_SHARD_MASK) == 4);
    CHECK(offset_of(15, 1, MOTE_STATE_F_NEXT_SN) == 8);
    CHECK(offset_of(32, 0, MOTE_STATE_F_ENTRY_COUNT) == 32);
    CHECK(offset_of(36, 1, MOTE_STATE_F_CHUNK_COUNT) == 36);
    CHECK(offset_of(44, 1, MOTE_STATE_F_ENTRY) == 40);
    CHECK(offset_of(56 + 7, 1, MOTE_STATE_F_ENTRY_ORDER) == 56);
}

TEST_CASE("State witnesses lead from the old root to the new one, and answer for the old one")
{
    const Json file = read("witnesses.json");
    REQUIRE(file.size() >= 4);
    for (const mote_state_core* core : runnable_state_cores())
        for (const Json& item : file)
        {
            INFO(core->name << ": " << item["history"].get<std::string>());
            const auto blocks = parse_batch_text(item["batch"].get<std::string>());
            const auto operations = c_operations(blocks.at(0));
            const std::uint64_t height = item["height"];
            const OpenState witness(core, unhex(item["witness"]), unhex(item["old_root"]), true,
                                    height - 1);
            REQUIRE(witness.status == MOTE_OK);
            for (int again = 0; again < 2; ++again)
            {
                const Applied applied(witness, height, operations);
                REQUIRE(applied.status == MOTE_OK);
                CHECK(is_accepted(applied.verdict));
                CHECK(applied.intact);
                CHECK(hex(Octets(applied.root, applied.root + 32)) == text(item["new_root"]));
            }
            // What the block writes is open, or its neighbour is.
            for (const state_test::Op& op : blocks[0])
            {
                Octets value;
                const std::string said = witness.lookup(op.key, nullptr, value);
                REQUIRE((said == "present" || said == "absent"));
            }
            // Another block leads elsewhere, and the witness of another root nowhere.
            auto other = operations;
            const std::uint8_t value[] = {0xfe, 0xfe};
            other[0].erase = 0;
            other[0].value = {value, sizeof value};
            const Applied changed(witness, height, other);
            CHECK(changed.status == MOTE_OK);
            CHECK(hex(Octets(changed.root, changed.root + 32)) != text(item["new_root"]));
            CHECK(refused(OpenState(core, unhex(item["witness"]), unhex(item["new_root"]), true)));
            // A witness is no proof.
            const OpenState proof(core, unhex(item["witness"]), unhex(item["old_root"]));
            CHECK(refused(proof));
            CHECK(proof.verdict.fault == MOTE_STATE_F_MAGIC);
        }
}

TEST_CASE("State witnesses: what is missing is a rejection, a void block is malformed")
{
    const model::State state;
    const Octets key = {1, 2}, good = {7};
    const unsigned shard = model::State::shard_of(key);
    for (const mote_state_core* core : runnable_state_cores())
    {
        const auto root = state.root();
        const OpenState elsewhere(core, state.prove({{{(shard + 1) % 16, {0}}}, {}}, true),
                                  Octets(root.begin(), root.end()), true, MOTE_STATE_NO_HEIGHT);
        const Applied missing(elsewhere, 0, c_operations({{key, good}}));
        CHECK(missing.status == MOTE_OK);
        CHECK(missing.verdict.accepted == 0);
        CHECK(missing.verdict.fault == MOTE_STATE_F_MISSING);
        CHECK((missing.verdict.operation == 0 && missing.verdict.offset == 0));
        CHECK(missing.no_root());
        CHECK(missing.intact);

        const auto fault_of = [&](const state_test::Op& bad)
        {
            const Applied applied(elsewhere, 0, c_operations({{key, good}, bad}));
            CHECK(applied.status == MOTE_MALFORMED);
            CHECK(applied.verdict.accepted == 0);
            CHECK(applied.verdict.operation == 1);
            CHECK(applied.verdict.offset == 0);
            CHECK(applied.no_root());
            return applied.verdict.fault;
        };
        CHECK(fault_of({{}, good}) == MOTE_STATE_F_BATCH_KEY);
        CHECK(fault_of({Octets(256), good}) == MOTE_STATE_F_BATCH_KEY);
        CHECK(fault_of({good, Octets(65536)}) == MOTE_STATE_F_BATCH_VALUE);

        // A block of no operations leaves the root.
        const Applied nothing(elsewhere, 0, {});
        CHECK(is_accepted(nothing.verdict));
        CHECK(Octets(nothing.root, nothing.root + 32) == Octets(root.begin(), root.end()));
    }
}
