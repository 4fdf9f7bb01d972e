// The traces of tests/vectors/consensus/votes.json.
#include <catch2/catch.hpp>

#include "consensus_support.hpp"

using namespace consensus_test;

namespace
{
/// A process with one voter; it ends with a crash, a stop or a fault.
struct Process
{
    explicit Process(const Json& trace, const Json& vectors) : key(fixed<16>(vectors["key_name"]))
    {
        mode = trace["mode"] == "reserve" ? VoteMode::reserve : VoteMode::exact;
        reserve = integer(trace["reserve"]);
        disk.slots[1] = fixed<record_bytes>(vectors["first_record"]);
        start();
    }

    void start()
    {
        VoteRecord record;
        alive =
            disk.load_record(key, record) && voter.open(record, key, mode, reserve) == Status::ok;
    }

    Step event(const Json& step)
    {
        const std::string name = step["event"];
        const auto number = [&](const char* field) { return integer(step.at(field)); };
        if (name == "genesis")
            return voter.on_genesis();
        if (name == "proposal")
            return voter.on_proposal(number("epoch"), number("view"), digest(step["hash"]));
        if (name == "timer")
            return voter.on_timeout(number("epoch"), number("view"));
        if (name == "certificate")
            return voter.on_certificate(static_cast<Kind>(number("kind")), number("epoch"),
                                        number("view"), digest(step["hash"]),
                                        step.value("last", false));
        REQUIRE(name == "stop");
        return voter.stop();
    }

    void run(const Json& step)
    {
        signatures = Json::array();
        writes = Json::array();
        if (step["event"] == "start")
            return start();
        if (step["event"] == "crash")
            alive = false;
        if (!alive)
            return;
        const VoterState before = voter.state();
        Step did = event(step);
        const std::string fault = step.value("fault", "");
        if (!did.write && did.permitted && !fault.empty() && voter.state() != before)
        {
            alive = false;  // a new vote inside a reservation: each fault is a crash before signing
            return;
        }
        if (did.write)
        {
            if (fault == "torn")
                disk.write(did, 80);
            alive = fault.empty();
            if (fault == "before_write" || fault == "torn")
                return;
            disk.write(did);
            writes.push_back(to_hex(Bytes(did.record).first(128)));
            if (!alive)
                return;
            did = voter.flushed(did.token);
        }
        if (did.permitted)
        {
            const Vote& vote = did.permit().vote();
            signatures.push_back(
                {static_cast<int>(vote.kind), vote.epoch, vote.view, to_hex(vote.block)});
        }
        alive = voter.is_open();
    }

    [[nodiscard]] Json state() const
    {
        if (!alive)
            return nullptr;
        const VoterState& s = voter.state();
        return {{"epoch", s.epoch},
                {"view", s.view},
                {"nz", json_of(s.first, s.notarized)},
                {"two", json_of(s.second, s.finalized)}};
    }

    KeyName key;
    VoteMode mode{};
    std::uint64_t reserve = 0;
    Disk disk;
    Voter voter;
    bool alive = false;
    Json signatures, writes;
};
}  // namespace

TEST_CASE("voters go through the vectors' traces")
{
    const Json vectors = read("votes.json");
    std::size_t steps = 0, signatures = 0, writes = 0;
    for (const Json& trace : vectors["traces"])
    {
        Process process(trace, vectors);
        REQUIRE(process.alive);
        std::size_t at = 0;
        for (const Json& step : trace["steps"])
        {
            CAPTURE(text(trace["name"]), text(trace["mode"]), at, step.dump());
            process.run(step);
            CHECK(process.signatures == step["signatures"]);
            CHECK(process.writes == step["writes"]);
            CHECK(process.state() == step["after"]);
            ++at, ++steps;
            signatures += process.signatures.size();
            writes += process.writes.size();
        }
    }
    CHECK(vectors["traces"].size() == 46);
    CHECK(steps > 400);
    CHECK(signatures > 100);
    CHECK(writes > 80);
}
