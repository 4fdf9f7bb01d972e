// Epoch boundaries, handovers and levels of tests/vectors/consensus/following.json.
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "chain/epoch_rules.hpp"
#include "chain/handover.hpp"
#include "chain_support.hpp"

using namespace chain_test;

namespace
{
const Json& vectors()
{
    static const Json json = read("following.json");
    return json;
}

Calendar calendar()
{
    return {integer(vectors()["epoch_len"]), integer(vectors()["window"]),
            integer(vectors()["period"])};
}

/// Every flag of a header that the rule decides, changed.
std::vector<RootHeader> changed_fields(const RootHeader& header)
{
    std::vector<RootHeader> out;
    const auto with = [&](const auto& change)
    {
        out.push_back(header);
        change(out.back());
    };
    with([](RootHeader& h) { h.flags ^= 1; });
    with([](RootHeader& h) { h.epoch += 1; });
    for (Digest RootHeader::* field :
         {&RootHeader::root_committee, &RootHeader::next_root_committee,
          &RootHeader::ckpt_committee, &RootHeader::next_ckpt_committee, &RootHeader::zones_root,
          &RootHeader::params_root, &RootHeader::next_set, &RootHeader::epoch_randao})
        with([&](RootHeader& h) { (h.*field)[3] ^= 1; });
    return out;
}
}  // namespace

TEST_CASE("root headers take their epoch fields from parent and sets as the vectors say")
{
    REQUIRE(calendar().holds());
    int adoptions = 0, carried = 0, announced_count = 0;
    for (const Json& trace : vectors()["boundaries"])
    {
        std::map<std::uint64_t, EpochSet> announced;  // by height
        std::map<Digest, EpochSet> known;
        for (const Json& set : trace["sets"])
        {
            announced[integer(set[0])] = epoch_set(set[1]);
            known[hash_of(epoch_set(set[1]))] = epoch_set(set[1]);
        }
        const auto carry_max = static_cast<std::uint32_t>(integer(trace["carry_max"]));
        const Json& headers = trace["headers"];
        RootHeader parent = root_header(headers[0]);
        CHECK(to_hex(hash_of(parent)) == text(headers[0]["hash"]));
        // Genesis announces epoch 1; the set itself is what its first block adopts.
        for (std::size_t i = 1; i < headers.size(); ++i)
        {
            const RootHeader header = root_header(headers[i]);
            CAPTURE(text(trace["name"]), header.height);
            CHECK(to_hex(hash_of(header)) == text(headers[i]["hash"]));
            const bool first = calendar().epoch(header.height) != parent.epoch;
            EpochSet to_adopt;
            const EpochSet* adopted = nullptr;
            if (first && !is_zero(parent.next_set))
            {
                const auto found = known.find(parent.next_set);
                if (found != known.end())
                    to_adopt = found->second;
                else  // genesis' own: its roots are those of the first header of epoch 1
                {
                    REQUIRE(parent.epoch == 0);
                    to_adopt = {1,
                                parent.next_root_committee,
                                parent.ckpt_committee,
                                header.zones_root,
                                header.params_root,
                                empty_tree_root()};
                    REQUIRE(hash_of(to_adopt) == parent.next_set);
                }
                adopted = &to_adopt;
                ++adoptions;
            }
            carried += first && adopted == nullptr ? 1 : 0;
            const auto set = announced.find(header.height);
            const EpochSet* announces = set == announced.end() ? nullptr : &set->second;
            announced_count += announces == nullptr ? 0 : 1;
            const auto check = [&](const RootHeader& h, const EpochSet* a, const EpochSet* b)
            { return check_epoch_fields(parent, h, a, b, calendar(), carry_max); };
            CHECK(check(header, adopted, announces) == EpochFault::none);
            for (const RootHeader& changed : changed_fields(header))
                CHECK(check(changed, adopted, announces) == EpochFault::fields);
            RootHeader other = header;
            other.height += 1;
            CHECK(check(other, adopted, announces) == EpochFault::height);
            if (adopted != nullptr)
            {
                CHECK(check(header, nullptr, announces) == EpochFault::adopted);
                to_adopt.notice_root[0] ^= 1;
                CHECK(check(header, adopted, announces) == EpochFault::adopted);
            }
            else
            {
                to_adopt = EpochSet{};
                CHECK(check(header, &to_adopt, announces) == EpochFault::adopted);
            }
            parent = header;
        }
        if (!trace["stops"].is_null())
        {
            EpochFields fields;
            REQUIRE(text(trace["stops"][1]) == "carry");
            REQUIRE(integer(trace["stops"][0]) == parent.height + 1);
            CHECK(next_epoch_fields(parent, parent.height + 1, nullptr, nullptr, calendar(),
                                    carry_max, fields) == EpochFault::carried);
            CHECK(fields == EpochFields{});
        }
    }
    CHECK(vectors()["boundaries"].size() == 5);
    CHECK(adoptions == 14);
    CHECK(carried == 5);
    CHECK(announced_count == 16);
}

TEST_CASE("a parent of another epoch than its height's has no next block")
{
    RootHeader parent;
    parent.height = 4;
    parent.epoch = 1;
    EpochFields fields;
    CHECK(next_epoch_fields(parent, 5, nullptr, nullptr, {4, 2, 2}, 8, fields) ==
          EpochFault::height);
    parent.height = UINT64_MAX;
    CHECK(next_epoch_fields(parent, 0, nullptr, nullptr, {4, 2, 2}, 8, fields) ==
          EpochFault::height);
}

TEST_CASE("zone records count in ascending order under their root only")
{
    std::vector<ZoneRecord> records(3);
    for (std::uint32_t i = 0; i < 3; ++i)
        records[i].zone = 2 * i;
    const Digest root = root_of(std::span<const ZoneRecord>(records));
    CHECK(records_hold(records, root));
    CHECK(records_hold({}, empty_tree_root()));
    CHECK_FALSE(records_hold(records, Digest{}));
    std::swap(records[1], records[2]);
    CHECK_FALSE(records_hold(records, root_of(std::span<const ZoneRecord>(records))));
    records[1] = records[2];
    CHECK_FALSE(records_hold(records, root_of(std::span<const ZoneRecord>(records))));
}

TEST_CASE("followers change periods as the vectors say")
{
    static const std::map<std::string, HandoverFault> faults = {
        {"next committee not known yet", HandoverFault::next_committee},
        {"first epoch of the period", HandoverFault::next_committee},
        {"other period's certificate", HandoverFault::subject},
        {"signed by the next committee", HandoverFault::certificate},
        {"below quorum", HandoverFault::certificate},
        {"header changed", HandoverFault::subject},
        {"finalize instead of checkpoint", HandoverFault::subject},
        {"old header", HandoverFault::period},
        {"skips a period", HandoverFault::period},
    };
    const Digest chain_id = digest(vectors()["chain_id"]);
    int moved = 0;
    std::set<std::string> refused;
    for (const Json& vector : vectors()["handovers"])
    {
        const std::string what = vector["what"];
        CAPTURE(what);
        const auto state_of = [](const Json& s)
        { return FollowerState{integer(s[0]), digest(s[1]), {integer(s[2][0]), digest(s[2][1])}}; };
        const FollowerState before = state_of(vector["state"]);
        const RootHeader header = root_header(vector["header"]);
        const OwnedFollower certificate(vector["certificate"]);
        struct Pairing
        {
            int asked = 0;
            bool answer = true;
        } pairing;
        const SignatureCheck signatures = {
            &pairing, [](void* context, const Digest&, const Signature&, const SignerKeys&)
            {
                auto* p = static_cast<Pairing*>(context);
                ++p->asked;
                return p->answer;
            }};
        FollowerState state = before;
        const HandoverFault fault =
            hand_over(state, header, certificate.get(), chain_id, calendar(), signatures);
        if (vector["result"].is_null())
        {
            CHECK(fault == faults.at(what));
            CHECK(state == before);
            CHECK(pairing.asked == 0);  // none of the faults is in the pairing
            refused.insert(what);
            continue;
        }
        REQUIRE(fault == HandoverFault::none);
        CHECK(state == state_of(vector["result"]));
        CHECK(pairing.asked == 1);
        ++moved;

        FollowerState within = before;
        CHECK(follow(within, header, certificate.get(), chain_id, calendar(), signatures) ==
              HandoverFault::none);
        CHECK(within.period == before.period);
        CHECK(within.committee == before.committee);
        CHECK(within.newest == state.newest);
        CHECK(follow(within, header, certificate.get(), chain_id, calendar(), signatures) ==
              HandoverFault::height);
        pairing.answer = false;
        state = before;
        CHECK(hand_over(state, header, certificate.get(), chain_id, calendar(), signatures) ==
              HandoverFault::certificate);
        CHECK(state == before);
        FollowerState other = before;
        other.committee[0] ^= 1;
        CHECK(hand_over(other, header, certificate.get(), chain_id, calendar(), signatures) ==
              HandoverFault::committee);
    }
    CHECK(moved == 4);
    CHECK(refused.size() == faults.size());
}

TEST_CASE("levels are the vectors'")
{
    static const std::map<std::string, Level> levels = {
        {"SEEN", Level::seen},     {"AVAILABLE", Level::available}, {"ORDERED", Level::ordered},
        {"PROVEN", Level::proven}, {"FINAL", Level::final},         {"VOID", Level::is_void},
    };
    for (const Json& v : vectors()["levels"])
    {
        const auto flag = [&](const char* name) { return v.at(name).get<bool>(); };
        const BlockFacts facts = {flag("signed"),           flag("avail"),
                                  flag("ordered"),          flag("void_final"),
                                  flag("proven_notarized"), flag("proven_final")};
        const Level expected = v["level"].is_null() ? Level::unknown : levels.at(text(v["level"]));
        CHECK(level_of(facts) == expected);
    }
    CHECK(vectors()["levels"].size() == 64);
}
