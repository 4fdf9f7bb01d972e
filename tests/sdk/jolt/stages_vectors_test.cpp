// Stages 1 to 8 against an independent implementation: accepted bundles, and forged proofs in the
// configurations no accepted bundle has. See tests/vectors/jolt/piop/README.md.
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "piop_support.hpp"

using namespace mote;
using namespace mote::test;
using nlohmann::json;

namespace
{
const std::string folder = std::string(MOTE_TEST_VECTORS) + "/jolt/piop/";

json read_json(const std::string& name)
{
    std::ifstream file(folder + name);
    if (!file)
        throw std::runtime_error("cannot read " + name);
    return json::parse(file);
}

/// Compares named states: [name, step, state].
void check_states(const json& expected, const PiopRun& run)
{
    for (const json& row : expected)
    {
        const auto step = row[1].get<std::size_t>();
        INFO(row[0].get<std::string>());
        REQUIRE(step < run.states.size());
        CHECK(run.states[step] == row[2].get<std::string>());
    }
}

void check_statement(const json& expected, const PiopRun& run, const PiopCase& c)
{
    const jolt::OpeningStatement& s = *run.statement;
    CHECK(hex_text(s.joint_claim) == expected["joint_claim"].get<std::string>());
    const auto point = expected["joint_point"].get<std::vector<std::string>>();
    REQUIRE(s.point_count == point.size());
    for (std::uint32_t i = 0; i < s.point_count; ++i)
        CHECK(hex_text(s.joint_point[i]) == point[i]);

    // Coefficients are the powers of the last challenge, whose 16 bytes open the last state.
    CHECK(s.entry_count == expected["entries"].get<std::uint32_t>());
    CHECK(s.entries[0].coefficient == field::Fr::one());
    CHECK(hex_text(s.entries[1].coefficient) ==
          std::string(32, '0') + run.states.back().substr(0, 32));
    for (std::uint32_t i = 2; i < s.entry_count; ++i)
        CHECK(s.entries[i].coefficient == s.entries[i - 1].coefficient * s.entries[1].coefficient);

    // The order of the entries is neither that of the proof nor that of stage 7.
    std::vector<const curve::Gt*> order = {c.elements.ram_inc, c.elements.rd_inc};
    const auto family = [&](const curve::Gt* first, std::uint32_t count)
    {
        for (std::uint32_t i = 0; i < count; ++i)
            order.push_back(first + i);
    };
    family(c.elements.instruction_ra, c.proof.commitments.instruction_ra.count);
    family(c.elements.bytecode_ra, c.proof.commitments.bytecode_ra.count);
    family(c.elements.ram_ra, c.proof.commitments.ram_ra.count);
    family(c.elements.trusted_advice, c.parts.trusted_advice.bytes.empty() ? 0 : 1);
    family(c.elements.untrusted_advice, c.proof.untrusted_advice_commitment.count);
    family(c.loaded.key.chunk_commitments, c.loaded.key.chunk_count);
    family(c.loaded.key.image_commitment, c.loaded.key.full ? 0 : 1);
    REQUIRE(order.size() == s.entry_count);
    for (std::uint32_t i = 0; i < s.entry_count; ++i)
        CHECK(s.entries[i].commitment == order[i]);
}

/// Runs the stages one after another and calls `after(stage name, context)` after each of them.
template <class After>
void each_stage(PiopCase& c, After after)
{
    StageByStage run(c);
    jolt::Context& context = *run.context;
    const Observer observer;
    Report report;
    REQUIRE(jolt::verify_stage1(context, observer, report) == Status::ok);
    after(std::string("1"), context);
    REQUIRE(jolt::verify_stage2(context, observer, report) == Status::ok);
    after(std::string("2"), context);
    REQUIRE(jolt::verify_stage3(context, report) == Status::ok);
    after(std::string("3"), context);
    REQUIRE(jolt::verify_stage4(context, report) == Status::ok);
    after(std::string("4"), context);
    REQUIRE(jolt::verify_stage5(context, report) == Status::ok);
    after(std::string("5"), context);
    REQUIRE(jolt::verify_stage6a(context, report) == Status::ok);
    after(std::string("6a"), context);
    REQUIRE(jolt::verify_stage6b(context, report) == Status::ok);
    after(std::string("6b"), context);
    REQUIRE(jolt::verify_stage7(context, report) == Status::ok);
    after(std::string("7"), context);
}

/// Compares input claim and expected value of all members: ["stage.member", input, expected], whole
/// values or their first digits.
void check_members(const json& expected, PiopCase& c)
{
    std::map<std::string, std::vector<json>> by_stage;
    std::size_t total = 0;
    for (const json& row : expected)
    {
        const auto name = row[0].get<std::string>();
        by_stage[name.substr(0, name.find('.'))].push_back(row);
        ++total;
    }
    std::size_t seen = 0;
    each_stage(c,
               [&](const std::string& stage, const jolt::Context& context)
               {
                   const auto& rows = by_stage[stage];
                   REQUIRE(context.batch.count == rows.size());
                   for (std::uint32_t m = 0; m < context.batch.count; ++m)
                   {
                       INFO(rows[m][0].get<std::string>());
                       const auto claim = rows[m][1].get<std::string>();
                       const auto value = rows[m][2].get<std::string>();
                       const sumcheck::Member& member = context.batch.members[m];
                       CHECK(hex_text(member.claim).substr(0, claim.size()) == claim);
                       CHECK(hex_text(member.expected).substr(0, value.size()) == value);
                       ++seen;
                   }
               });
    CHECK(seen == total);
}

/// All steps of the inventory, by number.
std::vector<std::string> read_inventory(const std::string& name)
{
    std::ifstream file(folder + "transcript-" + name + ".txt");
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);)
        lines.push_back(line);
    return lines;
}
}  // namespace

TEST_CASE("accepted bundles pass every published checkpoint", "[jolt]")
{
    const json all = read_json("accepted.json");
    REQUIRE(all.size() == 2);
    for (const auto& [name, expected] : all.items())
    {
        INFO(name);
        PiopCase c(name);
        const PiopRun run = run_piop(c);
        REQUIRE(run.status == Status::ok);
        REQUIRE(expected["checkpoints"].size() == 23);
        check_states(expected["checkpoints"], run);
        REQUIRE(expected["stages"].size() == 8);
        check_states(expected["stages"], run);
        check_statement(expected, run, c);
        check_members(expected["members"], c);

        std::map<std::string, std::string> reduced;
        for (const json& row : expected["reduced"])
            reduced[row[0].get<std::string>()] = row[1].get<std::string>();
        REQUIRE(reduced.size() == 8);
        const json& memory = expected["public_memory"];
        each_stage(c,
                   [&](const std::string& stage, const jolt::Context& context)
                   {
                       CHECK(hex_text(context.batch.running) == reduced[stage]);
                       if (stage == "4")
                           CHECK(hex_text(context.public_memory) == memory.get<std::string>());
                   });
    }
}

TEST_CASE("transcript inventory of the accepted bundles is complete and in order", "[jolt]")
{
    for (const std::string name : {"muldiv", "committed-muldiv"})
    {
        PiopCase c(name);
        const PiopRun run = run_piop(c);
        const std::vector<std::string> lines = read_inventory(name);
        CHECK(lines.size() == run.states.size());
        for (std::size_t step = 1; step < std::min(lines.size(), run.states.size()); ++step)
        {
            std::istringstream line(lines[step]);
            std::size_t number = 0, bytes = 0;
            std::string kind, state;
            line >> number >> kind >> bytes >> state;
            INFO(name << ": " << lines[step]);
            REQUIRE(number == step);
            REQUIRE(run.states[step].substr(0, 8) == state);
        }
    }
}

TEST_CASE("forged proofs in every other configuration pass as the second implementation says",
          "[jolt]")
{
    const json all = read_json("synthetic.json");
    REQUIRE(all.size() == 10);
    for (const auto& [name, expected] : all.items())
    {
        INFO(name);
        PiopCase c("piop/" + name);
        const PiopRun run = run_piop(c);
        REQUIRE(run.status == Status::ok);
        REQUIRE(expected["checkpoints"].size() == 11);
        check_states(expected["checkpoints"], run);
        check_statement(expected, run, c);
        check_members(expected["members"], c);
    }
}
