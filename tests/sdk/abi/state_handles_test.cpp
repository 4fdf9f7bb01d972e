// The C++ handles of proofs and witnesses replay what every binding replays, and are empty where they
// cannot be opened.
#include <catch2/catch.hpp>

#include "mote/mote_state.hpp"
#include "sdk/abi/state_support.hpp"

using namespace mote::test;
using state_test::text;

namespace
{
const Json& cases()
{
    static const Json all = state_test::read("../bindings/state.json");
    return all;
}

mote::View view(const Octets& bytes) { return {bytes.data(), bytes.size()}; }

mote::StateRoot root_of(const Json& hexadecimal)
{
    const Octets bytes = unhex(hexadecimal);
    mote::StateRoot root{};
    std::copy(bytes.begin(), bytes.end(), root.begin());
    return root;
}

std::uint64_t height_of(const Json& given)
{
    return given.is_null() ? MOTE_STATE_NO_HEIGHT : std::stoull(text(given));
}

mote::StateProof open(const Json& test)
{
    const Octets bytes = unhex(test["bytes"]);
    const auto call =
        test["kind"] == "witness" ? mote::StateProof::open_witness : mote::StateProof::open;
    return call(root_of(test["root"]), height_of(test["height"]), view(bytes));
}

std::string name_of(mote_status status, const mote_state_verdict& v)
{
    return status == MOTE_MALFORMED          ? "malformed"
           : status == MOTE_INVALID_ARGUMENT ? "invalid_argument"
           : status != MOTE_OK               ? mote_status_text(status)
           : v.accepted == 1                 ? "accepted"
                                             : "rejected";
}

std::string fault_of(const mote_state_verdict& v)
{
    return v.fault == 0 ? "" : mote_state_fault_text(v.fault);
}
}  // namespace

TEST_CASE("State handles: every shared case of a proof and its questions")
{
    REQUIRE(cases()["proofs"].size() > 250);
    for (const Json& test : cases()["proofs"])
    {
        INFO(text(test["name"]));
        const mote::StateProof proof = open(test);
        const Json& answer = test["answer"];
        REQUIRE(name_of(proof.status(), proof.verdict()) == text(answer["verdict"]));
        REQUIRE(fault_of(proof.verdict()) == text(answer["fault"]));
        REQUIRE(proof.verdict().offset == answer["offset"]);
        REQUIRE(bool(proof) == (answer["verdict"] == "accepted"));
        REQUIRE(proof.rejected() == (answer["verdict"] == "rejected"));
        REQUIRE(proof.malformed() == (answer["verdict"] == "malformed"));
        for (const Json& question : test["questions"])
        {
            const Octets key = unhex(question["key"]);
            const mote::StateAnswer said =
                question["after"].is_null()
                    ? proof.lookup(view(key))
                    : proof.lookup_after(view(key), height_of(question["after"]));
            CHECK((said.status == MOTE_OK
                       ? mote_state_answer_text(said.answer)
                       : name_of(said.status, proof.verdict())) == text(question["answer"]));
            CHECK(said.present() == (question["answer"] == "present"));
            CHECK(said.absent() == (question["answer"] == "absent"));
            const Octets value(said.value.data, said.value.data + said.value.bytes);
            CHECK(hex(value) == (said.present() ? text(question["value"]) : ""));
        }
    }
}

TEST_CASE("State handles: every shared case of a block")
{
    REQUIRE(cases()["blocks"].size() >= 18);
    for (const Json& test : cases()["blocks"])
    {
        INFO(text(test["name"]));
        const mote::StateProof witness =
            open(cases()["proofs"][test["witness"].get<std::size_t>()]);
        REQUIRE(witness);
        std::vector<state_test::Op> ops;
        for (const Json& pair : test["operations"])
        {
            state_test::Op op = {unhex(pair[0]), std::nullopt};
            if (!pair[1].is_null())
                op.value = unhex(pair[1]);
            ops.push_back(op);
        }
        const auto operations = c_operations(ops);
        const mote::StateOutcome said = mote::apply_block(witness, height_of(test["height"]),
                                                          operations.data(), operations.size());
        const Json& answer = test["answer"];
        CHECK(name_of(said.status, said.verdict) == text(answer["verdict"]));
        CHECK(fault_of(said.verdict) == text(answer["fault"]));
        CHECK(said.verdict.operation == answer["operation"]);
        CHECK(said.accepted() == (answer["verdict"] == "accepted"));
        CHECK(said.rejected() == (answer["verdict"] == "rejected"));
        CHECK(said.malformed() == (answer["verdict"] == "malformed"));
        CHECK(hex(Octets(said.root.begin(), said.root.end())) ==
              (said.accepted() ? text(answer["root"]) : std::string(64, '0')));
    }
}

TEST_CASE("State handles: copies share a proof, an empty one answers nothing")
{
    const Json& test = cases()["proofs"][0];
    const Octets key = unhex(test["questions"][0]["key"]);
    mote::StateProof copy;
    CHECK(!copy);
    CHECK(copy.status() == MOTE_INVALID_ARGUMENT);
    CHECK(copy.lookup(view(key)).status == MOTE_INVALID_ARGUMENT);
    CHECK(copy.lookup(view(key)).unproven());
    CHECK(copy.lookup_after(view(key), 0).status == MOTE_INVALID_ARGUMENT);
    CHECK(mote::apply_block(copy, 1, nullptr, 0).status == MOTE_INVALID_ARGUMENT);
    {
        const mote::StateProof proof = open(test);
        copy = proof;
    }
    REQUIRE(copy);
    CHECK(copy.lookup(view(key)).present());
    // A proof is no witness.
    CHECK(mote::apply_block(copy, 1000, nullptr, 0).status == MOTE_INVALID_ARGUMENT);
    const mote::View endless = {key.data(), MOTE_STATE_PROOF_BYTES_MAX + std::size_t{1}};
    CHECK(mote::StateProof::open(root_of(test["root"]), 1, endless).status() ==
          MOTE_LIMIT_EXCEEDED);
}
