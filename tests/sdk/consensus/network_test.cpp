// Four voters in a seeded network: late, lost and doubled messages, partitions, crashes between any two
// steps, leaders that propose two blocks, and one voter that signs whatever it sees. No fork, no view
// with two notarized blocks or with both ends, no correct key against R5; and once the network behaves,
// finality goes on, over the ends of epochs.
//
// Every voter also collects votes, so each is its own relay. One event after the other, virtual time,
// one random generator: a seed is a complete report.
#include <catch2/catch.hpp>
#include <map>
#include <queue>
#include <set>
#include <tuple>

#include "consensus/root_voter.hpp"
#include "consensus_support.hpp"
#include "tools/effort.hpp"

using namespace consensus_test;

namespace
{
constexpr std::size_t node_count = 4;
constexpr std::size_t enough = 3;  // quorum of four seats
constexpr mote::chain::Calendar calendar = {4, 2, 2};
constexpr Timing timing = {100, 1500, 400};
constexpr std::uint64_t calm_ms = 12000, end_ms = 25000;

/// What is known of a block by its hash.
struct Block
{
    std::uint64_t epoch = 0, header_view = 0, height = 0, parent_view = 0;
    Digest parent{};
};

/// A certificate; who signed it does not matter here.
struct Proof
{
    Kind kind{};
    std::uint64_t epoch = 0, view = 0;
    Digest block{};

    friend bool operator==(const Proof&, const Proof&) = default;
    friend bool operator<(const Proof& a, const Proof& b)
    {
        return std::tuple(a.epoch, a.view, a.kind, a.block) <
               std::tuple(b.epoch, b.view, b.kind, b.block);
    }
};

struct Message
{
    enum class Type : std::uint8_t
    {
        proposal,
        vote,
        proof,
        ask,  // for the nullification of (epoch, view)
    };
    Type type = Type::proof;
    std::size_t from = 0;
    Proof proof;  // of proof; epoch and view of ask
    Vote vote;
    Place place;
    std::vector<Proof> brings;
};

struct Event
{
    enum class Type : std::uint8_t
    {
        message,
        tick,
        flush,
        crash,
        start,
    };
    std::uint64_t at = 0, order = 0;
    Type type = Type::tick;
    std::size_t node = 0;
    std::uint64_t life = 0, token = 0;
    Message message = {};
};

struct Later
{
    bool operator()(const Event& a, const Event& b) const
    {
        return std::pair(a.at, a.order) > std::pair(b.at, b.order);
    }
};

/// One device: what is on its medium, and what is in its memory.
struct Node
{
    // Survives a crash.
    Disk disk;
    std::set<Proof> proofs;  // of this epoch, and the end of the one before
    StartBlock start;
    // Does not.
    std::optional<RootVoter> root;
    std::optional<Step> writing;
    std::vector<Message> waiting;  // refused with busy
    std::map<Proof, std::set<std::size_t>> tally;
    std::uint64_t life = 0, tick_at = UINT64_MAX;
    std::uint64_t proposed_epoch = UINT64_MAX, proposed_view = 0;
};

/// What a run is made of.
struct Faults
{
    unsigned lost_percent = 15, doubled_percent = 5;
    bool crashes = true, partitions = true, byzantine = true;
    std::size_t crashing = 3;  ///< how many of the nodes ever crash
    VoteMode mode = VoteMode::exact;
};

class Network
{
  public:
    Network(std::uint64_t seed, const Faults& faults) : random_(seed), faults_(faults)
    {
        const KeyName key = {};
        for (std::size_t i = 0; i < node_count; ++i)
        {
            nodes_[i].disk.slots[1] = encode(first_record(), key);
            nodes_[i].start = {0, {}};
            push({.at = 1 + i, .type = Event::Type::start, .node = i});
        }
        for (int i = 0; faults.crashes && i < 8; ++i)
            push({.at = random_() % calm_ms,
                  .type = Event::Type::crash,
                  .node = static_cast<std::size_t>(random_() % faults.crashing)});
    }

    void run()
    {
        while (!events_.empty() && events_.top().at < end_ms)
        {
            const Event event = events_.top();
            events_.pop();
            now_ = event.at;
            ++handled;
            handle(event);
        }
    }

    std::uint64_t finalized_height = 0, finalized_at_calm = 0;
    std::uint64_t handled = 0, votes = 0, crashes = 0, equivocations = 0, reproposals = 0;
    std::vector<std::string> violations;

  private:
    [[nodiscard]] std::size_t honest() const { return faults_.byzantine ? 3 : 4; }
    [[nodiscard]] bool is_byzantine(std::size_t node) const { return node >= honest(); }
    [[nodiscard]] bool calm() const { return now_ >= calm_ms; }
    bool chance(unsigned percent) { return random_() % 100 < percent; }

    void push(Event event)
    {
        event.order = order_++;
        events_.push(std::move(event));
    }

    // Sending.

    /// For two seconds of every five the first two and the others do not hear each other.
    [[nodiscard]] bool cut(std::size_t a, std::size_t b) const
    {
        return faults_.partitions && !calm() && now_ % 5000 < 2000 && (a < 2) != (b < 2);
    }

    void send(std::size_t to, const Message& message)
    {
        if (to != message.from && !calm() &&
            (chance(faults_.lost_percent) || cut(message.from, to)))
            return;
        const int copies = !calm() && chance(faults_.doubled_percent) ? 2 : 1;
        for (int i = 0; i < copies; ++i)
            push({.at = now_ + (to == message.from ? 0 : 2 + random_() % 40),
                  .type = Event::Type::message,
                  .node = to,
                  .message = message});
    }

    void broadcast(const Message& message)
    {
        for (std::size_t to = 0; to < node_count; ++to)
            send(to, message);
    }

    void broadcast_vote(std::size_t node, const Vote& vote)
    {
        ++votes;
        if (!is_byzantine(node))
            check_vote(node, vote);
        Message message;
        message.type = Message::Type::vote;
        message.from = node;
        message.vote = vote;
        broadcast(message);
    }

    void send_proof(std::size_t from, std::size_t to, const Proof& proof)
    {
        Message message;
        message.from = from;
        message.proof = proof;
        send(to, message);
    }

    // Receiving.

    void handle(const Event& event)
    {
        Node& node = nodes_[event.node];
        switch (event.type)
        {
            case Event::Type::start:
                return start(event.node);
            case Event::Type::crash:
                return crash(event.node);
            case Event::Type::message:
                return receive(event.node, event.message);
            case Event::Type::tick:
                if (!node.root || event.life != node.life || event.at != node.tick_at)
                    return;
                node.tick_at = UINT64_MAX;
                return act(event.node, node.root->tick(now_));
            case Event::Type::flush:
                if (!node.root || event.life != node.life || !node.writing)
                    return;
                node.disk.write(*node.writing);
                node.writing.reset();
                act(event.node, node.root->flushed(event.token, now_));
                for (const Message& message : std::exchange(node.waiting, {}))
                    receive(event.node, message);
                return;
        }
    }

    void start(std::size_t index)
    {
        Node& node = nodes_[index];
        if (node.root)
            return;
        VoteRecord record;
        Voter voter;
        if (!node.disk.load_record(KeyName{}, record) ||
            voter.open(record, KeyName{}, faults_.mode, 4) != Status::ok)
            return violate("a record does not load");
        node.root.emplace(voter, calendar, timing, node.start, now_);
        for (const Proof& proof : node.proofs)
            if (proof.kind == Kind::nullify)
                node.root->on_old_nullification(proof.epoch, proof.view);
        act(index, node.root->on_genesis(now_));
        for (const Proof& proof : std::set<Proof>(node.proofs))
            apply(index, proof);
    }

    /// The process ends; what was being written is lost, torn or there.
    void crash(std::size_t index)
    {
        Node& node = nodes_[index];
        if (!node.root)
            return;
        ++crashes;
        if (node.writing)
            node.disk.write(*node.writing, static_cast<std::size_t>(random_() % 161));
        node.root.reset();
        node.writing.reset();
        node.waiting.clear();
        node.tally.clear();
        node.tick_at = UINT64_MAX;
        ++node.life;
        push({.at = now_ + random_() % 3000, .type = Event::Type::start, .node = index});
    }

    void receive(std::size_t index, const Message& message)
    {
        Node& node = nodes_[index];
        if (!node.root)
            return;
        if (node.root->voter().busy())
            return node.waiting.push_back(message);
        switch (message.type)
        {
            case Message::Type::proof:
                return learn(index, message.proof);
            case Message::Type::ask:
            {
                const auto found = std::find_if(node.proofs.begin(), node.proofs.end(),
                                                [&](const Proof& p)
                                                {
                                                    return p.kind == Kind::nullify &&
                                                           p.epoch == message.proof.epoch &&
                                                           p.view == message.proof.view;
                                                });
                if (found != node.proofs.end())
                    send_proof(index, message.from, *found);
                return;
            }
            case Message::Type::vote:
                return count(index, message);
            case Message::Type::proposal:
                break;
        }
        for (const Proof& proof : message.brings)
        {
            learn(index, proof);
            if (node.root->voter().busy())  // it comes again when the record is written
                return node.waiting.push_back(message);
        }
        if (is_byzantine(index))
            vote_for_everything(index, message.place);
        else
            act(index, node.root->on_proposal(message.place, true, now_));
    }

    void vote_for_everything(std::size_t index, const Place& place)
    {
        broadcast_vote(index, {Kind::notarize, place.epoch, place.view, place.block});
        broadcast_vote(index, {Kind::nullify, place.epoch, place.view, {}});
        broadcast_vote(index, {Kind::finalize, place.epoch, place.view, place.block});
    }

    void count(std::size_t index, const Message& message)
    {
        Node& node = nodes_[index];
        const Vote& vote = message.vote;
        const VoterState& state = node.root->voter().state();
        // Whoever is behind is told how we came here.
        if (std::pair(vote.epoch, vote.view) < std::pair(state.epoch, state.view) &&
            message.from != index)
            for (const Proof& proof : entries(node))
                send_proof(index, message.from, proof);
        const Proof proof = {vote.kind, vote.epoch, vote.view, vote.block};
        std::set<std::size_t>& signers = node.tally[proof];
        signers.insert(message.from);
        if (signers.size() == enough)
        {
            check_proof(proof);
            learn(index, proof);
            for (std::size_t to = 0; to < node_count; ++to)
                if (to != index)
                    send_proof(index, to, proof);
        }
    }

    /// The certificates that lead into the current view, and those that ended epochs.
    static std::vector<Proof> entries(const Node& node)
    {
        const VoterState& state = node.root->voter().state();
        std::vector<Proof> out;
        for (const Proof& proof : node.proofs)
            if ((proof.epoch == state.epoch && proof.view + 1 == state.view) ||
                (proof.kind == Kind::finalize && proof.epoch < state.epoch &&
                 calendar.ends_epoch(blocks_of().at(proof.block).height)))
                out.push_back(proof);
        return out;
    }

    void learn(std::size_t index, const Proof& proof)
    {
        nodes_[index].proofs.insert(proof);
        apply(index, proof);
    }

    void apply(std::size_t index, const Proof& proof)
    {
        Node& node = nodes_[index];
        if (node.root->voter().busy())
        {
            Message again;
            again.from = index;
            again.proof = proof;
            return node.waiting.push_back(again);
        }
        const std::uint64_t height =
            proof.kind == Kind::nullify ? 0 : blocks_of().at(proof.block).height;
        if (proof.kind == Kind::nullify)
            node.root->on_old_nullification(proof.epoch, proof.view);
        const Actions actions = node.root->on_certificate(proof.kind, proof.epoch, proof.view,
                                                          proof.block, height, now_);
        if (proof.kind == Kind::finalize && calendar.ends_epoch(height) &&
            node.root->voter().state().epoch == proof.epoch + 1)
        {
            node.start = {height, proof.block};
            node.proofs.erase(node.proofs.begin(), node.proofs.lower_bound({.epoch = proof.epoch}));
        }
        act(index, actions);
    }

    // Acting.

    void act(std::size_t index, const Actions& actions)
    {
        Node& node = nodes_[index];
        for (const Action& action : actions)
            switch (action.kind)
            {
                case ActionKind::write:
                    node.writing = action.step;
                    push({.at = now_ + random_() % 20,
                          .type = Event::Type::flush,
                          .node = index,
                          .life = node.life,
                          .token = action.step.token});
                    break;
                case ActionKind::sign:
                    if (!is_byzantine(index))
                        broadcast_vote(index, action.step.permit().vote());
                    break;
                case ActionKind::resend:
                    for (const Proof& proof : entries(node))
                        for (std::size_t to = 0; to < node_count; ++to)
                            send_proof(index, to, proof);
                    break;
                case ActionKind::fetch_nullification:
                {
                    Message message;
                    message.type = Message::Type::ask;
                    message.from = index;
                    message.proof = {Kind::nullify, action.epoch, action.view, {}};
                    broadcast(message);
                    break;
                }
                case ActionKind::forward:
                case ActionKind::entered:
                case ActionKind::finalized:
                    break;
            }
        if (!node.root)
            return;
        propose(index);
        const std::uint64_t due = std::max(node.root->deadline_ms(), now_);
        if (due != node.tick_at && due != UINT64_MAX)
        {
            node.tick_at = due;
            push({.at = node.tick_at, .type = Event::Type::tick, .node = index, .life = node.life});
        }
    }

    /// The leader of the view proposes once, when it knows a parent that rule 2 allows.
    void propose(std::size_t index)
    {
        Node& node = nodes_[index];
        const VoterState& state = node.root->voter().state();
        if (state.view == 0 || (state.epoch + state.view) % node_count != index ||
            (node.proposed_epoch == state.epoch && node.proposed_view == state.view) ||
            node.root->voter().busy())
            return;
        Message message;
        message.type = Message::Type::proposal;
        message.from = index;
        if (!find_parent(node, message.place, message.brings))
            return;
        node.proposed_epoch = state.epoch;
        node.proposed_view = state.view;
        const bool again = message.place.header_view != message.place.view;
        reproposals += again ? 1 : 0;
        if (is_byzantine(index) && !again)
        {
            ++equivocations;
            lie(index, message);
            return;
        }
        if (!again)
            message.place.block = new_block(message.place, 0);
        broadcast(message);
    }

    /// Two blocks; one of them may pass over what it has no right to pass over.
    void lie(std::size_t index, const Message& message)
    {
        Message other = message;
        const std::set<Proof>& proofs = nodes_[index].proofs;
        if (chance(50) && !proofs.empty())
        {
            auto at = proofs.begin();
            std::advance(at, static_cast<std::ptrdiff_t>(random_() % proofs.size()));
            if (at->epoch == message.place.epoch && at->kind != Kind::nullify)
            {
                other.place = {};
                other.place.epoch = message.place.epoch;
                other.place.view = other.place.header_view = message.place.view;
                stand_on(*at, other.place);
                other.brings = {*at};
            }
        }
        Message first = message;
        first.place.block = new_block(first.place, 1);
        if (other.place.header_view == other.place.view)
            other.place.block = new_block(other.place, 2);
        // To two halves, the second one to all, or both to all.
        const std::uint64_t how = random_() % 3;
        for (std::size_t to = 0; to < node_count; ++to)
        {
            if (how == 2 || (how == 0 && to < 2))
                send(to, first);
            if (how != 0 || to >= 2)
                send(to, other);
        }
    }

    /// Walks back over nullified views to a notarized block.
    static bool find_parent(const Node& node, Place& place, std::vector<Proof>& brings)
    {
        const VoterState& state = node.root->voter().state();
        place.epoch = state.epoch;
        place.view = place.header_view = state.view;
        for (std::uint64_t u = state.view; u-- > 0;)
        {
            if (u == 0)
            {
                place.parent = node.start.hash;
                place.parent_height = node.start.height;
                place.height = place.parent_height + 1;
                return node.start.height == state.epoch * calendar.epoch_heights;
            }
            const Proof* notarized = nullptr;
            bool nullified = false;
            for (auto at = node.proofs.lower_bound({.epoch = state.epoch, .view = u});
                 at != node.proofs.end() && at->epoch == state.epoch && at->view == u; ++at)
            {
                if (at->kind == Kind::nullify)
                    nullified = true;
                else
                    notarized = &*at;
            }
            if (notarized != nullptr)
            {
                stand_on(*notarized, place);
                brings.push_back(*notarized);
                return true;
            }
            if (!nullified)
                return false;
            brings.push_back({Kind::nullify, state.epoch, u, {}});
        }
        return false;
    }

    static void stand_on(const Proof& notarized, Place& place)
    {
        const Block& parent = blocks_of().at(notarized.block);
        place.has_certificate = true;
        place.certificate_view = notarized.view;
        place.certificate_block = notarized.block;
        if (calendar.ends_epoch(parent.height))
        {
            place.block = notarized.block;
            place.height = parent.height;
            place.header_view = parent.header_view;
            return;
        }
        place.parent_view = notarized.view;
        place.parent = notarized.block;
        place.parent_height = parent.height;
        place.height = parent.height + 1;
    }

    Digest new_block(const Place& place, std::uint8_t variant)
    {
        ByteVector content(place.parent.begin(), place.parent.end());
        for (const std::uint64_t value :
             {place.epoch, place.view, place.parent_view, std::uint64_t{variant}})
            for (int i = 0; i < 8; ++i)
                content.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
        const Digest hash = mote::hash::blake3(content);
        blocks_of()[hash] = {place.epoch, place.view, place.height, place.parent_view,
                             place.parent};
        return hash;
    }

    // Checking.

    void violate(const std::string& what)
    {
        violations.push_back("at " + std::to_string(now_) + " ms: " + what);
    }

    void check_vote(std::size_t node, const Vote& vote)
    {
        for (const Vote& old : wire_[node])
        {
            if (old == vote)
                return;
            const bool same_view = old.epoch == vote.epoch && old.view == vote.view;
            if (same_view && (old.kind == vote.kind ||
                              (old.kind != Kind::notarize && vote.kind != Kind::notarize)))
                violate("a correct key signed against R5");
        }
        wire_[node].push_back(vote);
    }

    void check_proof(const Proof& proof)
    {
        if (!proofs_.insert(proof).second)
            return;
        for (auto at = proofs_.lower_bound({.epoch = proof.epoch});
             at != proofs_.end() && at->epoch == proof.epoch; ++at)
        {
            const Proof& old = *at;
            if (old == proof)
                continue;
            if (old.view == proof.view)
            {
                if (old.kind == Kind::notarize && proof.kind == Kind::notarize)
                    violate("two notarized blocks in one view");
                if ((old.kind == Kind::nullify && proof.kind == Kind::finalize) ||
                    (old.kind == Kind::finalize && proof.kind == Kind::nullify))
                    violate("a view both nullified and finalized");
            }
            check_descent(old, proof);
            check_descent(proof, old);
        }
        if (proof.kind == Kind::finalize)
        {
            const std::uint64_t height = blocks_of().at(proof.block).height;
            finalized_height = std::max(finalized_height, height);
            if (!calm())
                finalized_at_calm = finalized_height;
            const auto [at, fresh] = final_.emplace(height, proof.block);
            if (!fresh && at->second != proof.block)
                violate("two finalized blocks of one height");
        }
    }

    /// A block that is notarized above a finalized one descends from it.
    void check_descent(const Proof& final, const Proof& above)
    {
        if (final.kind != Kind::finalize || above.kind == Kind::nullify || above.view <= final.view)
            return;
        const std::uint64_t height = blocks_of().at(final.block).height;
        Digest at = above.block;
        while (at != final.block && blocks_of().at(at).height > height)
            at = blocks_of().at(at).parent;
        if (at != final.block)
            violate("a notarized block that does not descend from a finalized one");
    }

    static std::map<Digest, Block>& blocks_of()
    {
        // Hashes name blocks in every run alike. Genesis has the zero hash.
        static std::map<Digest, Block> blocks = {{Digest{}, Block{}}};
        return blocks;
    }

    std::mt19937_64 random_;
    Faults faults_;
    std::array<Node, node_count> nodes_;
    std::priority_queue<Event, std::vector<Event>, Later> events_;
    std::uint64_t now_ = 0, order_ = 0;
    std::map<std::size_t, std::vector<Vote>> wire_;
    std::set<Proof> proofs_;
    std::map<std::uint64_t, Digest> final_;
};
}  // namespace

TEST_CASE("four voters never fork, and finalize again when the network behaves")
{
    const std::uint64_t seeds = mote::test::effort_stride() == 1 ? 200
                                : mote::test::emulated           ? 4
                                                                 : 20;
    std::uint64_t crashes = 0, equivocations = 0, reproposals = 0, heights = 0;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed)
    {
        Faults faults;
        faults.byzantine = seed % 3 != 0;
        if (seed % 2 == 0)
        {
            // After a crash a voter is silent up to the end of its reservation. Views only pass with a
            // quorum, so no more than S - q may be silent at once, liars included.
            faults.mode = VoteMode::reserve;
            faults.byzantine = false;
            faults.crashing = 1;
        }
        Network network(seed, faults);
        network.run();
        CAPTURE(seed, network.handled, network.votes, network.finalized_at_calm,
                network.finalized_height);
        for (const std::string& violation : network.violations)
            FAIL_CHECK(violation);
        CHECK(network.finalized_height >= network.finalized_at_calm + 4);
        crashes += network.crashes;
        equivocations += network.equivocations;
        reproposals += network.reproposals;
        heights += network.finalized_height;
    }
    CHECK(crashes >= 2 * seeds);
    CHECK(equivocations >= seeds);
    CHECK(heights > 20 * seeds);
    CHECK((reproposals > 0 || seeds < 10));
}

TEST_CASE("a seed gives the same run twice")
{
    Network first(7, {}), second(7, {});
    first.run();
    second.run();
    CHECK(first.handled == second.handled);
    CHECK(first.votes == second.votes);
    CHECK(first.finalized_height == second.finalized_height);
    CHECK(first.handled > 1000);
}
