// Calls of mote_state.h that cannot be done, and the exported functions against the tables.
#include <atomic>
#include <catch2/catch.hpp>

#include "sdk/abi/state_support.hpp"
#if !defined(__EMSCRIPTEN__)
#include <thread>
#endif

using namespace mote::test;
using state_test::read;

namespace
{
struct Proof
{
    Proof()
    {
        const Json item = read("proofs.json")["proofs"][0];
        bytes = unhex(item["proof"]);
        root = unhex(item["root"]);
        key = unhex(item["questions"][0]["key"]);
        value = unhex(item["questions"][0]["value"]);
    }
    Octets bytes, root, key, value;
};

struct Witness
{
    Witness()
    {
        const Json item = read("witnesses.json")[0];
        bytes = unhex(item["witness"]);
        root = unhex(item["old_root"]);
        new_root = unhex(item["new_root"]);
        height = item["height"];
        blocks = parse_batch_text(item["batch"].get<std::string>());
        operations = c_operations(blocks[0]);
    }
    Octets bytes, root, new_root;
    std::uint64_t height = 0;
    Blocks blocks;
    std::vector<mote_state_operation> operations;
};
}  // namespace

TEST_CASE("State proofs: NULL, wrong structs, misaligned memory, too little of it")
{
    const Proof good;
    for (const mote_state_core* core : runnable_state_cores())
    {
        std::size_t size = 99;
        CHECK(core->proof_size(nullptr, 5) == MOTE_INVALID_ARGUMENT);
        CHECK(core->proof_size(&size, MOTE_STATE_PROOF_BYTES_MAX + 1) == MOTE_LIMIT_EXCEEDED);
        CHECK(size == 0);
        CHECK(core->proof_size(&size, SIZE_MAX) == MOTE_LIMIT_EXCEEDED);
        REQUIRE(core->proof_size(&size, MOTE_STATE_PROOF_BYTES_MAX) == MOTE_OK);
        CHECK(size < 8 * std::size_t{MOTE_STATE_PROOF_BYTES_MAX});
        REQUIRE(core->proof_size(&size, good.bytes.size()) == MOTE_OK);
        Guarded memory(size + 16);
        mote_state_proof* proof = nullptr;
        mote_state_verdict verdict = stale_state_verdict();
        for (const auto open : {core->proof_open, core->witness_open})
        {
            const auto call = [&](mote_state_verdict* v, void* at, std::size_t given,
                                  const std::uint8_t* root, const std::uint8_t* bytes,
                                  std::size_t count)
            {
                proof = reinterpret_cast<mote_state_proof*>(&memory);
                const mote_status status =
                    open(&proof, v, at, given, root, high, bytes, count, core);
                if (status != MOTE_OK)
                    CHECK(proof == nullptr);
                return status;
            };
            const std::uint8_t *bytes = good.bytes.data(), *root = good.root.data();
            const std::size_t count = good.bytes.size();
            CHECK(call(&verdict, nullptr, size, root, bytes, count) == MOTE_INVALID_ARGUMENT);
            CHECK(call(&verdict, memory.data(), size, nullptr, bytes, count) ==
                  MOTE_INVALID_ARGUMENT);
            CHECK(call(&verdict, memory.data(), size, root, nullptr, count) ==
                  MOTE_INVALID_ARGUMENT);
            CHECK(call(&verdict, memory.data(), size, root, bytes,
                       MOTE_STATE_PROOF_BYTES_MAX + 1) == MOTE_LIMIT_EXCEEDED);
            for (std::size_t shift = 1; shift < 16; ++shift)
                CHECK(call(&verdict, memory.data() + shift, size, root, bytes, count) ==
                      MOTE_INVALID_ARGUMENT);
            for (const std::size_t given : {std::size_t{0}, std::size_t{16}, size / 2, size - 1})
                CHECK(call(&verdict, memory.data(), given, root, bytes, count) ==
                      MOTE_MEMORY_TOO_SMALL);
            CHECK(is_empty(verdict));
            for (const std::size_t wrong : {std::size_t{0}, sizeof verdict - 4, sizeof verdict + 8})
            {
                verdict.struct_size = static_cast<std::uint32_t>(wrong);
                CHECK(call(&verdict, memory.data(), size, root, bytes, count) ==
                      MOTE_INVALID_ARGUMENT);
                CHECK(verdict.struct_size == wrong);
            }
            verdict = stale_state_verdict();
            CHECK(open(nullptr, &verdict, memory.data(), size, root, high, bytes, count, core) ==
                  MOTE_INVALID_ARGUMENT);
            // No bytes at all do not parse, whether or not they have an address.
            for (const std::uint8_t* const at : {bytes, static_cast<const std::uint8_t*>(nullptr)})
            {
                verdict = stale_state_verdict();
                CHECK(call(&verdict, memory.data(), size, root, at, 0) == MOTE_MALFORMED);
                CHECK(verdict.fault == MOTE_STATE_F_TRUNCATED);
                CHECK(verdict.accepted == 0);
                CHECK(call(nullptr, memory.data(), size, root, at, 0) == MOTE_MALFORMED);
            }
            CHECK(memory.intact());
        }
        // Without a verdict, the handle tells.
        REQUIRE(core->proof_open(&proof, nullptr, memory.data(), size, good.root.data(), high,
                                 good.bytes.data(), good.bytes.size(), core) == MOTE_OK);
        CHECK(proof != nullptr);
        Octets other = good.root;
        other[31] ^= 1;
        REQUIRE(core->proof_open(&proof, nullptr, memory.data(), size, other.data(), high,
                                 good.bytes.data(), good.bytes.size(), core) == MOTE_OK);
        CHECK(proof == nullptr);
    }
}

TEST_CASE("State lookups: what cannot be a key, and what is above the root's height")
{
    const Proof good;
    for (const mote_state_core* core : runnable_state_cores())
    {
        const OpenState opened(core, good.bytes, good.root, false, 500);
        REQUIRE(opened.proof != nullptr);
        std::uint32_t answer = 99;
        mote_span value = {good.key.data(), 5};
        const auto lookup =
            [&](const mote_state_proof* proof, const std::uint8_t* key, std::size_t bytes)
        {
            answer = MOTE_STATE_PRESENT;
            value = {good.key.data(), 5};
            const mote_status status = core->lookup(&answer, &value, proof, key, bytes);
            const mote_status after = core->lookup_after(&answer, &value, proof, key, bytes, 500);
            CHECK(after == status);
            if (status != MOTE_OK)
                CHECK((answer == MOTE_STATE_UNPROVEN && value.data == nullptr && value.bytes == 0));
            return status;
        };
        CHECK(lookup(opened.proof, good.key.data(), good.key.size()) == MOTE_OK);
        CHECK(answer == MOTE_STATE_PRESENT);
        CHECK(lookup(nullptr, good.key.data(), good.key.size()) == MOTE_INVALID_ARGUMENT);
        CHECK(lookup(opened.proof, nullptr, good.key.size()) == MOTE_INVALID_ARGUMENT);
        CHECK(lookup(opened.proof, good.key.data(), 0) == MOTE_INVALID_ARGUMENT);
        const Octets longest(256, 1);
        CHECK(lookup(opened.proof, longest.data(), 256) == MOTE_INVALID_ARGUMENT);
        CHECK(lookup(opened.proof, longest.data(), 255) == MOTE_OK);
        const std::uint8_t* const key = good.key.data();
        const std::size_t bytes = good.key.size();
        CHECK(core->lookup(nullptr, &value, opened.proof, key, bytes) == MOTE_INVALID_ARGUMENT);
        CHECK(core->lookup(&answer, nullptr, opened.proof, key, bytes) == MOTE_INVALID_ARGUMENT);
        CHECK(core->lookup_after(nullptr, &value, opened.proof, key, bytes, 1) ==
              MOTE_INVALID_ARGUMENT);
        CHECK(core->lookup_after(&answer, nullptr, opened.proof, key, bytes, 1) ==
              MOTE_INVALID_ARGUMENT);

        const auto after = [&](const OpenState& state, std::uint64_t height)
        { return core->lookup_after(&answer, &value, state.proof, key, bytes, height); };
        CHECK(after(opened, 500) == MOTE_OK);
        CHECK(answer == MOTE_STATE_PRESENT);
        CHECK(after(opened, 0) == MOTE_OK);
        CHECK(answer == MOTE_STATE_UNPROVEN);
        answer = MOTE_STATE_PRESENT;
        CHECK(after(opened, 501) == MOTE_INVALID_ARGUMENT);
        CHECK(answer == MOTE_STATE_UNPROVEN);
        CHECK(after(opened, MOTE_STATE_NO_HEIGHT) == MOTE_INVALID_ARGUMENT);
        const OpenState nowhere(core, good.bytes, good.root, false, MOTE_STATE_NO_HEIGHT);
        CHECK(after(nowhere, 0) == MOTE_INVALID_ARGUMENT);
        CHECK(after(nowhere, MOTE_STATE_NO_HEIGHT) == MOTE_INVALID_ARGUMENT);
        CHECK(core->lookup(&answer, &value, nowhere.proof, key, bytes) == MOTE_OK);
    }
}

TEST_CASE("State blocks: NULL, proofs, wrong operations and heights, too little memory")
{
    const Witness good;
    const Proof other;
    for (const mote_state_core* core : runnable_state_cores())
    {
        const OpenState witness(core, good.bytes, good.root, true, good.height - 1);
        const OpenState proof(core, other.bytes, other.root);
        std::size_t size = 99;
        CHECK(core->apply_size(nullptr, witness.proof, 1) == MOTE_INVALID_ARGUMENT);
        CHECK(core->apply_size(&size, nullptr, 1) == MOTE_INVALID_ARGUMENT);
        CHECK(size == 0);
        CHECK(core->apply_size(&size, proof.proof, 1) == MOTE_INVALID_ARGUMENT);
        CHECK(core->apply_size(&size, witness.proof, MOTE_STATE_OPERATIONS_MAX + 1) ==
              MOTE_LIMIT_EXCEEDED);
        CHECK(core->apply_size(&size, witness.proof, SIZE_MAX) == MOTE_LIMIT_EXCEEDED);
        CHECK(core->apply_size(&size, witness.proof, MOTE_STATE_OPERATIONS_MAX) == MOTE_OK);
        CHECK(size < std::size_t{1} << 30);
        REQUIRE(core->apply_size(&size, witness.proof, good.operations.size()) == MOTE_OK);
        Guarded memory(size + 16);

        struct Arguments
        {
            mote_state_verdict* verdict;
            void* memory;
            std::size_t memory_bytes;
            const mote_state_proof* witness;
            std::uint64_t height;
            const mote_state_operation* operations;
            std::size_t count;
        };
        mote_state_verdict verdict = stale_state_verdict();
        const Arguments fine = {&verdict,
                                memory.data(),
                                size,
                                witness.proof,
                                good.height,
                                good.operations.data(),
                                good.operations.size()};
        Octets root(32, 0x77);
        const auto apply = [&](const Arguments& a)
        {
            root.assign(32, 0x77);
            const mote_status status = core->apply(root.data(), a.verdict, a.memory, a.memory_bytes,
                                                   a.witness, a.height, a.operations, a.count);
            if (status != MOTE_OK)
                CHECK(root == Octets(32, 0));
            return status;
        };
        REQUIRE(apply(fine) == MOTE_OK);
        CHECK(is_accepted(verdict));
        CHECK(root == good.new_root);
        Arguments a = fine;
        a.verdict = nullptr;
        CHECK(apply(a) == MOTE_OK);
        CHECK(root == good.new_root);
        mote_state_verdict wrong = stale_state_verdict();
        wrong.struct_size = 4;
        a.verdict = &wrong;
        CHECK(apply(a) == MOTE_INVALID_ARGUMENT);
        a = fine;
        a.memory = nullptr;
        CHECK(apply(a) == MOTE_INVALID_ARGUMENT);
        for (std::size_t shift = 1; shift < 16; ++shift)
        {
            a.memory = memory.data() + shift;
            CHECK(apply(a) == MOTE_INVALID_ARGUMENT);
        }
        a = fine;
        for (const std::size_t given : {std::size_t{0}, size / 2, size - 1})
        {
            a.memory_bytes = given;
            verdict = stale_state_verdict();
            CHECK(apply(a) == MOTE_MEMORY_TOO_SMALL);
            CHECK(is_empty(verdict));
        }
        a = fine;
        a.witness = nullptr;
        CHECK(apply(a) == MOTE_INVALID_ARGUMENT);
        a.witness = proof.proof;
        CHECK(apply(a) == MOTE_INVALID_ARGUMENT);
        a = fine;
        for (const std::uint64_t height :
             {good.height - 1, std::uint64_t{0}, MOTE_STATE_NO_HEIGHT + 0})
        {
            a.height = height;
            CHECK(apply(a) == MOTE_INVALID_ARGUMENT);
        }
        a.height = good.height + 1;
        CHECK(apply(a) == MOTE_OK);
        CHECK(root != good.new_root);
        a = fine;
        a.operations = nullptr;
        CHECK(apply(a) == MOTE_INVALID_ARGUMENT);
        a.count = 0;
        CHECK(apply(a) == MOTE_OK);
        CHECK(root == good.root);
        a = fine;
        a.count = MOTE_STATE_OPERATIONS_MAX + 1;
        CHECK(apply(a) == MOTE_LIMIT_EXCEEDED);
        CHECK(core->apply(nullptr, &verdict, memory.data(), size, witness.proof, good.height,
                          good.operations.data(), good.operations.size()) == MOTE_INVALID_ARGUMENT);

        auto operations = good.operations;
        a = fine;
        a.operations = operations.data();
        const auto refused = [&](const mote_state_operation& operation)
        {
            operations.back() = operation;
            return apply(a) == MOTE_INVALID_ARGUMENT;
        };
        const mote_state_operation last = operations.back();
        CHECK(refused({last.key, last.value, 2}));
        CHECK(refused({{nullptr, 3}, {}, 1}));
        CHECK(refused({last.key, {nullptr, 3}, 0}));
        CHECK(refused({last.key, last.key, 1}));
        CHECK(memory.intact());

        // What is not known of a root's height is not held against a block.
        const OpenState nowhere(core, good.bytes, good.root, true, MOTE_STATE_NO_HEIGHT);
        a = fine;
        a.witness = nowhere.proof;
        CHECK(apply(a) == MOTE_OK);
        CHECK(root == good.new_root);
    }
}

TEST_CASE("State: the exported functions are those of a table")
{
    const Proof good;
    const Witness block;
    std::size_t size = 99;
    REQUIRE(mote_state_proof_size(&size, good.bytes.size()) == MOTE_OK);
    Guarded memory(size);
    mote_state_proof* proof = nullptr;
    mote_state_verdict verdict = stale_state_verdict();
    REQUIRE(mote_state_proof_open(&proof, &verdict, memory.data(), size, good.root.data(), 500,
                                  good.bytes.data(), good.bytes.size()) == MOTE_OK);
    CHECK(is_accepted(verdict));
    std::uint32_t answer = 99;
    mote_span value{};
    REQUIRE(mote_state_lookup(&answer, &value, proof, good.key.data(), good.key.size()) == MOTE_OK);
    CHECK(answer == MOTE_STATE_PRESENT);
    CHECK(Octets(value.data, value.data + value.bytes) == good.value);
    REQUIRE(mote_state_lookup_after(&answer, &value, proof, good.key.data(), good.key.size(),
                                    500) == MOTE_OK);
    CHECK(answer == MOTE_STATE_PRESENT);
    CHECK(memory.intact());

    REQUIRE(mote_state_proof_size(&size, block.bytes.size()) == MOTE_OK);
    Guarded more(size);
    verdict = stale_state_verdict();
    REQUIRE(mote_state_witness_open(&proof, &verdict, more.data(), size, block.root.data(),
                                    block.height - 1, block.bytes.data(),
                                    block.bytes.size()) == MOTE_OK);
    CHECK(is_accepted(verdict));
    REQUIRE(mote_state_apply_size(&size, proof, block.operations.size()) == MOTE_OK);
    Guarded work(size);
    Octets root(32);
    verdict = stale_state_verdict();
    REQUIRE(mote_state_apply(root.data(), &verdict, work.data(), size, proof, block.height,
                             block.operations.data(), block.operations.size()) == MOTE_OK);
    CHECK(is_accepted(verdict));
    CHECK(root == block.new_root);

    // Without an object there is no table to ask; outputs are empty all the same.
    answer = 99;
    value = {root.data(), 5};
    CHECK(mote_state_lookup(&answer, &value, nullptr, root.data(), 1) == MOTE_INVALID_ARGUMENT);
    CHECK((answer == 0 && value.data == nullptr && value.bytes == 0));
    answer = 99;
    CHECK(mote_state_lookup_after(&answer, &value, nullptr, root.data(), 1, 0) ==
          MOTE_INVALID_ARGUMENT);
    CHECK(answer == 0);
    size = 99;
    CHECK(mote_state_apply_size(&size, nullptr, 0) == MOTE_INVALID_ARGUMENT);
    CHECK(size == 0);
    verdict = stale_state_verdict();
    CHECK(mote_state_apply(root.data(), &verdict, work.data(), size, nullptr, 1, nullptr, 0) ==
          MOTE_INVALID_ARGUMENT);
    CHECK(is_empty(verdict));
    CHECK(root == Octets(32, 0));
}

TEST_CASE("State: every code has a name of its own")
{
    std::set<std::string> names;
    std::size_t known = 0;
    for (std::uint32_t code = 0; code < 1000; ++code)
    {
        const std::string name = mote_state_fault_text(code);
        if (name == "unknown")
            continue;
        ++known;
        names.insert(name);
    }
    CHECK(known == 18);
    CHECK(names.size() == known);
    CHECK(std::string(mote_state_fault_text(0)) == "none");
    CHECK(std::string(mote_state_fault_text(MOTE_STATE_F_ENTRY_ORDER)) == "entry_order");
    CHECK(std::string(mote_state_fault_text(MOTE_STATE_F_SN_SPACE)) == "sn_space");
    CHECK(std::string(mote_state_fault_text(UINT32_MAX)) == "unknown");
    CHECK(std::string(mote_state_answer_text(MOTE_STATE_PRESENT)) == "present");
    CHECK(std::string(mote_state_answer_text(MOTE_STATE_ABSENT)) == "absent");
    CHECK(std::string(mote_state_answer_text(MOTE_STATE_UNPROVEN)) == "unproven");
    CHECK(std::string(mote_state_answer_text(3)) == "unknown");
}

#if !defined(__EMSCRIPTEN__)
TEST_CASE("State: threads share an opened proof and an opened witness")
{
    const Proof good;
    const Witness block;
    for (const mote_state_core* core : runnable_state_cores())
    {
        const OpenState proof(core, good.bytes, good.root);
        const OpenState witness(core, block.bytes, block.root, true, block.height - 1);
        std::atomic<int> right{0};
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back(
                [&]
                {
                    Octets value;
                    const bool present = proof.lookup(good.key, nullptr, value) == "present";
                    const Applied applied(witness, block.height, block.operations);
                    if (present && value == good.value && applied.intact &&
                        Octets(applied.root, applied.root + 32) == block.new_root)
                        ++right;
                });
        for (std::thread& thread : threads)
            thread.join();
        CHECK(right == 4);
    }
}
#endif
