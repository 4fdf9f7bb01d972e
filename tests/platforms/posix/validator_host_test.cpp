// Four real validators, each in a host with its record on disk, and a relay that adds their votes up:
// signatures, TCP and flushes from the proposal to the final block.
#include <list>
#include <mutex>
#include <set>

#include "posix/host/host.hpp"
#include "record_support.hpp"
#include "sdk/client/client_support.hpp"

namespace validator_host_test
{
using namespace client_test;
using client_test::Action;  // not the voter's
using client_test::ActionKind;
using mote::posix::Host;
using mote::posix::HostOptions;
using mote::posix::Machine;
using mote::posix::MachineOf;
using mote::posix::RecordFile;
using mote::posix::Services;

namespace
{
constexpr std::uint64_t heights = 6;

/// Answers from the test's network: lists by their roots, and blocks that were proposed.
struct Answers : Services
{
    explicit Answers(const World& known) : world(known) {}
    bool verify(const Job&) override { return false; }
    ByteVector fetch(const Fetch& wanted) override
    {
        if (wanted.kind == FetchKind::block)
        {
            const std::lock_guard guard(mutex);
            const auto found = proposals.find(wanted.hash);
            return found == proposals.end() ? ByteVector() : found->second;
        }
        if (wanted.kind != FetchKind::list)
            return {};
        const Bytes list = list_of(world, wanted);
        return {list.begin(), list.end()};
    }
    const World& world;
    std::mutex mutex;
    std::map<Digest, ByteVector> proposals;
};

/// Adds votes up and says proposals and certificates until the next one.
class Relay : public Machine
{
  public:
    explicit Relay(const World& world) : world_(world) {}

    std::span<const Action> step(const Event& event) override
    {
        actions_.clear();
        kept_.clear();
        if (event.kind == EventKind::message && event.bytes[0] == 34)
            take_vote(event.bytes.subspan(1));
        if (event.kind == EventKind::timer || event.kind == EventKind::wake)
        {
            // Minutes: a busy machine nullifies views, which is right, but not for ever.
            if (event.now_ms > start_ms_ + 120000 && start_ms_ != 0)
                on_late();
            start_ms_ = start_ms_ == 0 ? event.now_ms : start_ms_;
            for (const ByteVector* last : {&last_certificate, &last_proposal})
                if (!last->empty())
                    say(*last);
            actions_.emplace_back();
            actions_.back().kind = ActionKind::set_deadline;
            actions_.back().at_ms = event.now_ms + 20;
        }
        return actions_;
    }

    ByteVector last_certificate, last_proposal;
    std::map<std::uint64_t, Digest> notarized;
    std::set<std::uint64_t> nullified;
    std::function<void()> on_late;
    std::size_t votes = 0;

  private:
    void say(const ByteVector& bytes)
    {
        kept_.push_back(bytes);
        actions_.emplace_back();
        actions_.back().kind = ActionKind::send;
        actions_.back().to = Audience::all;
        actions_.back().bytes = kept_.back();
    }
    void take_vote(Bytes body)
    {
        wire::VoteMessage vote;
        wire::Drop why = wire::Drop::none;
        REQUIRE(wire::decode(body, vote, why) == Status::ok);
        if (vote.kind > Kind::finalize)
            return;
        // Every member signs one thing of a kind in a view, but for nothing and a block of it.
        const auto place = std::tuple(vote.kind, vote.view_or_height, vote.member);
        CHECK(signed_.emplace(place, vote.subject).first->second == vote.subject);
        auto& members = tallies_[{vote.kind, vote.view_or_height, vote.subject}];
        if (!members.insert(vote.member).second)
            return;
        ++votes;
        std::uint32_t seats = 0, mask = 0;
        for (const std::uint32_t member : members)
        {
            seats += seats_of[member];
            mask |= 1U << member;
        }
        if (seats < quorum(5) || !done_.insert({vote.kind, vote.view_or_height}).second)
            return;
        // Verified by the validators, which have only the members' signatures in the sum.
        const OwnedCertificate certificate =
            world_.certify(vote.kind, vote.epoch, vote.view_or_height, 0, vote.subject, mask);
        if (vote.kind == Kind::notarize)
            notarized[vote.view_or_height] = vote.subject;
        if (vote.kind == Kind::nullify)
            nullified.insert(vote.view_or_height);
        const ByteVector bytes = certificate_bytes(certificate);
        if (vote.kind != Kind::finalize)
            last_certificate = bytes;
        say(bytes);
    }

    const World& world_;
    std::uint64_t start_ms_ = 0;
    std::vector<Action> actions_;
    std::list<ByteVector> kept_;
    std::map<std::tuple<Kind, std::uint64_t, std::uint32_t>, Digest> signed_;
    std::map<std::tuple<Kind, std::uint64_t, Digest>, std::set<std::uint32_t>> tallies_;
    std::set<std::pair<Kind, std::uint64_t>> done_;
};
}  // namespace

TEST_CASE("Host: four validators with real signatures make blocks final over TCP")
{
    const World world;
    const std::unique_ptr<EpochBox> epoch = world.open_epoch(0, world.genesis.randao);
    Answers answers(world);
    const platform_test::Folder folder;
    uv_loop_t loop;
    REQUIRE(uv_loop_init(&loop) == 0);

    Relay relay(world);
    Host relay_host(loop, relay, answers, nullptr, {});
    const std::uint16_t port = relay_host.listen("127.0.0.1", 0);

    struct Node
    {
        std::unique_ptr<RecordFile> file;
        std::unique_ptr<Owned> owned;
        std::unique_ptr<MachineOf<Validator>> machine;
        std::unique_ptr<Host> host;
        std::map<std::uint64_t, Digest> finals;
    };
    std::array<Node, member_count> nodes;
    std::array<std::string, member_count> paths;
    std::set<std::uint64_t> led;
    const auto lead = [&](std::size_t who, std::uint64_t view)
    {
        if (root_leader(epoch->data.leaders.order, view) != who || led.contains(view))
            return;
        // The newest notarized view below, with nullifications in between.
        std::uint64_t below = view - 1;
        while (below != 0 && !relay.notarized.contains(below) && relay.nullified.contains(below))
            --below;
        if (below != 0 && !relay.notarized.contains(below))
            return;
        const Digest parent = below == 0 ? world.chain_id : relay.notarized[below];
        // A leader that came here by certificates may not have the parent yet; somebody has.
        const ChainState* state = nullptr;
        for (const Node& node : nodes)
            if (node.owned && state == nullptr)
                state = node.owned->validator.state_of(parent);
        if (state == nullptr)
            return;
        led.insert(view);
        const Maker maker(world, *state, *epoch);
        Made made = maker.start(view, below);
        OwnedState next;
        REQUIRE(maker.finish(made, next.state.zones));
        relay.last_proposal = proposal_bytes(made);
        const std::lock_guard guard(answers.mutex);
        answers.proposals[hash_of(made.header)] = relay.last_proposal;
    };
    const auto all_final = [&]
    {
        return std::all_of(nodes.begin(), nodes.end(),
                           [](const Node& node) { return node.finals.size() >= heights; });
    };
    const auto stop_all = [&]
    {
        relay_host.stop();
        for (const Node& node : nodes)
            node.host->stop();
    };
    relay.on_late = stop_all;
    for (std::size_t i = 0; i < member_count; ++i)
    {
        Node& node = nodes[i];
        paths[i] = folder / std::to_string(i).c_str();
        const KeyName name = key_name(world.chain_id, world.public_keys[i]);
        RecordFile::create(paths[i], name);
        node.file = std::make_unique<RecordFile>(paths[i], name);
        Setup setup = setup_of(world, i, node.file->record());
        setup.timing.delta_ms = 1000;
        node.owned = std::make_unique<Owned>(setup);
        node.machine = std::make_unique<MachineOf<Validator>>(node.owned->validator);
        HostOptions options;
        options.on_report = [&, i](const Report& report)
        {
            if (report.kind == ReportKind::entered)
                lead(i, report.view);
            // The voter closes with the record of a clean stop, and not before.
            CHECK((report.kind != ReportKind::closed || nodes[i].host->stopped()));
            if (report.kind != ReportKind::finalized)
                return;
            nodes[i].finals.emplace(report.height, report.hash);
            if (all_final())
                stop_all();
        };
        node.host = std::make_unique<Host>(loop, *node.machine, answers, node.file.get(), options);
        node.host->connect("127.0.0.1", port);
    }
    REQUIRE(uv_run(&loop, UV_RUN_DEFAULT) == 0);
    CHECK(all_final());
    for (const Node& node : nodes)
        for (const auto& [height, hash] : node.finals)
            if (nodes[0].finals.contains(height))
                CHECK(nodes[0].finals[height] == hash);
    CHECK(relay.votes >= 2 * 3 * heights);
    nodes = {};
    REQUIRE(uv_loop_close(&loop) == 0);
    for (std::size_t i = 0; i < member_count; ++i)
    {
        const RecordFile file(paths[i], key_name(world.chain_id, world.public_keys[i]));
        CHECK(file.record().view >= heights);
        CHECK(file.record().state == RecordState::exact);
    }
}
}  // namespace validator_host_test
