// Four validators and a relay: real signatures from the zone header to the final block.
//
// Producers make zone headers over SVID headers, the validators attest shards and proofs (the hosts' jobs answer
// yes), the relay adds their votes up, the leaders build blocks of what is certified, over the ends of
// epochs. With losses, a validator that is off for a while, and one that is restarted from its record.
// The events of each are logged and played again: the same actions, byte for byte.
#include <catch2/catch.hpp>
#include <map>
#include <queue>
#include <random>
#include <set>

#include "client_support.hpp"
#include "tools/effort.hpp"

namespace client_test
{
namespace
{
constexpr std::uint64_t wall_start = genesis_ms;

struct Timed
{
    std::uint64_t at = 0, order = 0;
    std::size_t node = 0;
    std::uint64_t life = 0;
    EventKind kind = EventKind::timer;
    std::uint64_t id = 0;
    bool ok = false;
    ByteVector bytes = {};
    Bytes list = {};  ///< lists stay where they are
    bool to_relay = false;
};

struct Later
{
    bool operator()(const Timed& a, const Timed& b) const
    {
        return std::pair(a.at, a.order) > std::pair(b.at, b.order);
    }
};

struct Tally
{
    wire::VoteMessage vote;
    std::map<std::uint32_t, mote::signature::Signature> by_member;
    bool done = false;
};

struct Node
{
    std::unique_ptr<Owned> owned;
    Setup setup;
    std::vector<ZoneLeaf> leaves;  // that setup.start points to
    std::vector<PendingBlock> pending;
    std::vector<Digest> ancestors;
    Disk disk;
    std::uint64_t life = 0, deadline = UINT64_MAX;
    std::vector<ByteVector> waiting;
    ByteVector log;
    mote::hash::Blake3 actions;
    std::vector<std::pair<std::uint64_t, Digest>> finals;
};

class Network
{
  public:
    explicit Network(std::uint64_t seed) : random_(seed)
    {
        for (std::size_t i = 0; i < member_count; ++i)
        {
            nodes_[i].disk.slots[1] =
                encode(first_record(), key_name(world.chain_id, world.public_keys[i]));
            start(i, world.genesis, nullptr);
        }
        epochs_[0] = world.open_epoch(0, world.genesis.randao);
        randaos_[0] = randaos_[1] = world.genesis.randao;
        headers_[world.chain_id] = world.genesis;
    }

    void run(std::uint64_t until_ms)
    {
        while (!events_.empty() && events_.top().at <= until_ms)
        {
            Timed event = events_.top();
            events_.pop();
            now = event.at;
            if (event.to_relay)
                take_vote(event.bytes);
            else
                deliver(event);
        }
        now = until_ms;
    }

    /// A validator ends without warning and starts from its record and the newest final block.
    void restart(std::size_t i)
    {
        Node& node = nodes_[i];
        const RootHeader header = node.owned->validator.final_header();
        const ChainState& state = *node.owned->validator.state_of(hash_of(header));
        std::vector<ZoneLeaf> leaves;
        std::vector<PendingBlock> pending;
        for (const Zone& zone : state.zones.zones())
        {
            leaves.push_back(zone.leaf());
            pending.insert(pending.end(), zone.pending().begin(), zone.pending().end());
        }
        node.leaves = leaves;
        node.pending = pending;
        node.ancestors.clear();
        for (Digest at = header.parent; headers_.contains(at); at = headers_[at].parent)
            node.ancestors.insert(node.ancestors.begin(), at);
        start(i, header, &node);
    }

    void set_online(std::size_t i, bool online)
    {
        offline_[i] = !online;
        if (online)
        {
            push({.at = now + 1, .node = i, .life = nodes_[i].life, .kind = EventKind::wake});
            push({.at = now + 2, .node = i, .life = nodes_[i].life, .kind = EventKind::timer});
        }
    }

    /// Plays the log of a node again.
    [[nodiscard]] bool replays(std::size_t i)
    {
        Node& node = nodes_[i];
        Owned again(node.setup);
        mote::hash::Blake3 hash;
        Bytes log = node.log;
        Event event;
        while (!log.empty())
        {
            if (decode(log, event) != Status::ok)
                return false;
            for (const Action& action : again.validator.step(event))
                absorb(action, hash);
        }
        Digest first, second;
        hash.finish(first);
        node.actions.finish(second);
        return first == second;
    }

    [[nodiscard]] std::uint64_t final_height(std::size_t i) const
    {
        return nodes_[i].owned->validator.final_header().height;
    }
    [[nodiscard]] const Validator& validator(std::size_t i) const
    {
        return nodes_[i].owned->validator;
    }
    /// Whether no two nodes have two final blocks at one height.
    [[nodiscard]] bool one_chain() const
    {
        std::map<std::uint64_t, Digest> chain;
        for (const Node& node : nodes_)
            for (const auto& [height, hash] : node.finals)
                if (!chain.emplace(height, hash).second && chain[height] != hash)
                    return false;
        return true;
    }

    World world;
    std::uint64_t now = 0;
    unsigned lost_percent = 0;
    std::map<std::pair<Level, std::uint32_t>, std::set<std::uint64_t>> levels;  // heights, by zone
    std::set<std::uint64_t> checkpoints;
    std::set<Kind> voted;
    std::size_t refused = 0, conflicts = 0, convicted = 0, missing = 0;
    std::vector<ProposalVerdict> verdicts;

  private:
    void push(Timed event)
    {
        event.order = order_++;
        events_.push(std::move(event));
    }

    void start(std::size_t i, const RootHeader& header, const Node* from)
    {
        Node& node = nodes_[i];
        VoteRecord record;
        if (!node.disk.load_record(key_name(world.chain_id, world.public_keys[i]), record))
            throw std::runtime_error("no record");
        node.setup = setup_of(world, i, record);
        Start& start = node.setup.start;
        if (from != nullptr)
        {
            start.header = header;
            start.zones = node.leaves;
            start.pending = node.pending;
            start.ancestors = node.ancestors;
            start.seed_randao = randaos_[header.epoch];
            if (header.epoch != 0)
            {
                start.old_records = world.records;
                start.old_root_committee = world.commitment;
                start.old_seed_randao = randaos_[header.epoch - 1];
            }
        }
        node.owned = std::make_unique<Owned>(node.setup);
        ++node.life;
        node.waiting.clear();
        node.log.clear();
        node.actions = {};
        push({.at = now + 1,
              .node = i,
              .life = node.life,
              .kind = EventKind::entropy,
              .bytes = xof("entropy " + std::to_string(i), 32)});
        push({.at = now + 1, .node = i, .life = node.life, .kind = EventKind::clock, .ok = true});
        if (from != nullptr)
            push({.at = now + 2, .node = i, .life = node.life, .kind = EventKind::wake});
    }

    void deliver(Timed& event)
    {
        Node& node = nodes_[event.node];
        const bool from_outside =
            event.kind == EventKind::message || event.kind == EventKind::fetched;
        if (event.life != node.life || (from_outside && offline_[event.node]))
            return;
        if (event.kind == EventKind::timer)
        {
            if (now < node.deadline)
                return;
        }
        const bool blocked =
            event.kind == EventKind::message &&
            (event.bytes[0] == static_cast<std::uint8_t>(MessageKind::proposal) ||
             event.bytes[0] == static_cast<std::uint8_t>(MessageKind::certificate));
        if (node.owned->validator.busy() && blocked)
            return node.waiting.push_back(event.bytes);
        step(event);
        if (event.kind == EventKind::flushed)
            for (const ByteVector& bytes : std::exchange(node.waiting, {}))
                push({.at = now,
                      .node = event.node,
                      .life = node.life,
                      .kind = EventKind::message,
                      .bytes = bytes});
    }

    void step(const Timed& timed)
    {
        Node& node = nodes_[timed.node];
        if (timed.kind == EventKind::flushed)
        {
            Step step;
            step.offset = static_cast<std::size_t>(load_offset_[timed.node]);
            step.record = writing_[timed.node];
            node.disk.write(step);
        }
        Event event;
        event.kind = timed.kind;
        event.now_ms = now;
        event.id = timed.id;
        event.ok = timed.ok;
        event.wall_ms = timed.kind == EventKind::clock ? wall_start + now : 0;
        event.bytes = timed.list.empty() ? Bytes(timed.bytes) : timed.list;
        ByteVector record(encoded_bytes(event));
        std::size_t written = 0;
        REQUIRE(encode(event, record, written) == Status::ok);
        node.log.insert(node.log.end(), record.begin(), record.end());
        for (const Action& action : node.owned->validator.step(event))
        {
            absorb(action, node.actions);
            carry_out(timed.node, action);
        }
    }

    void carry_out(std::size_t i, const Action& action)
    {
        Node& node = nodes_[i];
        switch (action.kind)
        {
            case ActionKind::send:
                return send(i, action);
            case ActionKind::set_deadline:
                node.deadline = action.at_ms;
                if (action.at_ms != UINT64_MAX)
                    push({.at = std::max(action.at_ms, now), .node = i, .life = node.life});
                return;
            case ActionKind::write_and_flush:
                REQUIRE(action.bytes.size() == record_bytes);
                std::copy(action.bytes.begin(), action.bytes.end(), writing_[i].begin());
                load_offset_[i] = action.offset;
                return push({.at = now + 2,
                             .node = i,
                             .life = node.life,
                             .kind = EventKind::flushed,
                             .id = action.id});
            case ActionKind::fetch:
                return fetch(i, action);
            case ActionKind::verify:
                return push({.at = now + 5,
                             .node = i,
                             .life = node.life,
                             .kind = EventKind::verified,
                             .id = action.id,
                             .ok = true});
            case ActionKind::report:
                return take_report(i, action.report);
        }
    }

    void send(std::size_t from, const Action& action)
    {
        const ByteVector bytes(action.bytes.begin(), action.bytes.end());
        if (offline_[from] || random_() % 100 < lost_percent)
            return;
        if (bytes[0] == static_cast<std::uint8_t>(MessageKind::vote))
            return push({.at = now + 5 + random_() % 10, .bytes = bytes, .to_relay = true});
        broadcast(bytes, from);
    }

    void broadcast(const ByteVector& bytes, std::size_t except = member_count)
    {
        for (std::size_t i = 0; i < member_count; ++i)
            if (i != except && random_() % 100 >= lost_percent)
                push({.at = now + 5 + random_() % 20,
                      .node = i,
                      .life = nodes_[i].life,
                      .kind = EventKind::message,
                      .bytes = bytes});
    }

    void fetch(std::size_t i, const Action& action)
    {
        Timed answer = {.at = now + 15,
                        .node = i,
                        .life = nodes_[i].life,
                        .kind = EventKind::fetched,
                        .id = action.id};
        const Fetch& what = action.fetch;
        if (what.kind == FetchKind::list)
            answer.list = list_of(world, what);
        else if (what.kind == FetchKind::block && proposals_.contains(what.hash))
            answer.bytes = proposals_[what.hash];
        else if (what.kind == FetchKind::nullification &&
                 nullified_.contains({what.epoch, what.view}))
            answer.bytes = certificate_bytes(nullified_[{what.epoch, what.view}]);
        else if (what.kind == FetchKind::epoch_end && ends_.contains(what.epoch))
            answer.bytes = ends_[what.epoch];
        else if (what.kind == FetchKind::newest && !newest_.empty())
            answer.bytes = newest_;
        push(answer);
    }

    // The relay.

    void take_vote(const ByteVector& bytes)
    {
        wire::VoteMessage vote;
        wire::Drop why = wire::Drop::none;
        REQUIRE(wire::decode(Bytes(bytes).subspan(1), vote, why) == Status::ok);
        voted.insert(vote.kind);
        Tally& tally =
            tallies_[{vote.kind, vote.epoch, vote.view_or_height, vote.zone, vote.subject}];
        tally.vote = vote;
        mote::signature::Signature point;
        REQUIRE(mote::signature::decode_signature(vote.signature, point) == mote::Reason::none);
        tally.by_member[vote.member] = point;
        std::uint32_t seats = 0;
        for (const auto& [member, signature] : tally.by_member)
            seats += seats_of[member];
        if (tally.done || seats < quorum(5))
            return;
        tally.done = true;
        OwnedCertificate certificate;
        Certificate& c = certificate.certificate;
        c.kind = vote.kind;
        c.epoch = vote.epoch;
        c.view_or_height = vote.view_or_height;
        c.zone = vote.zone;
        c.subject = vote.subject;
        certificate.signers.resize(1);
        std::vector<mote::signature::Signature> parts;
        constexpr std::array<std::uint32_t, member_count> first_seat = {0, 2, 3, 4};
        for (const auto& [member, signature] : tally.by_member)
            for (std::uint32_t k = 0; k < seats_of[member]; ++k)
            {
                set_seat(certificate.signers, first_seat[member] + k);
                parts.push_back(signature);
            }
        mote::signature::Signature sum;
        REQUIRE(mote::signature::aggregate(parts, sum) == Status::ok);
        mote::signature::encode(sum, c.signature);
        take_certificate(certificate);
    }

    void take_certificate(const OwnedCertificate& certificate)
    {
        const Certificate& c = certificate.certificate;
        switch (c.kind)
        {
            case Kind::avail:
                avail_[c.subject] = certificate;
                break;
            case Kind::valid:
                valid_[c.subject] = certificate;
                return;
            case Kind::ckpt:
                checkpoints.insert(c.view_or_height);
                return;
            case Kind::notarize:
                notarized_[{c.epoch, c.view_or_height}] = certificate;
                break;
            case Kind::nullify:
                nullified_[{c.epoch, c.view_or_height}] = certificate;
                newest_ = certificate_bytes(certificate);
                break;
            case Kind::finalize:
                newest_ = certificate_bytes(certificate);
                if (calendar.ends_epoch(headers_[c.subject].height))
                    ends_[c.epoch] = newest_;
                break;
        }
        broadcast(certificate_bytes(certificate));
    }

    // Producers, provers and leaders.

    void take_report(std::size_t i, const Report& report)
    {
        switch (report.kind)
        {
            case ReportKind::entered:
                return lead(i, report.epoch, report.view);
            case ReportKind::finalized:
                nodes_[i].finals.emplace_back(report.height, report.hash);
                if (produced_.insert(report.height).second)
                    produce(i, report);
                return;
            case ReportKind::level:
                levels[{report.level, report.zone}].insert(report.height);
                return;
            case ReportKind::refused:
                ++refused;
                verdicts.push_back(report.verdict);
                return;
            case ReportKind::missing:
                ++missing;
                return;
            case ReportKind::conflict:
                ++conflicts;
                return;
            case ReportKind::convicted:
                ++convicted;
                return;
            default:
                return;
        }
    }

    EpochBox& epoch_box(std::uint64_t epoch)
    {
        if (!epochs_.contains(epoch))
            epochs_[epoch] = world.open_epoch(epoch, randaos_.at(epoch));
        return *epochs_[epoch];
    }

    /// The zones' producers go on after each final block; the prover proves what is pending.
    void produce(std::size_t i, const Report& report)
    {
        const ChainState* const newest = nodes_[i].owned->validator.state_of(report.hash);
        if (headers_.contains(report.hash) && calendar.ends_epoch(report.height))
            randaos_[headers_[report.hash].epoch + 2] = headers_[report.hash].randao;
        if (newest == nullptr)
            return;  // a later one became final in the same step
        const ChainState& state = *newest;
        for (const Zone& zone : state.zones.zones())
        {
            const std::uint32_t number = zone.leaf().zone;
            const std::uint64_t window = calendar.window(report.height + 1);
            const std::uint64_t epoch = calendar.epoch_of_window(window);
            std::vector<ZoneHeader>& chain = zone_chains_[number];
            ZoneHeader header;
            header.zone = number;
            header.height = chain.empty() ? 1 : chain.back().height + 1;
            header.parent = chain.empty() ? zone.leaf().tip_hash : hash_of(chain.back());
            header.window = window;
            header.producer =
                window_owner(epoch_box(epoch).data.find(number)->producers.order, window);
            header.time_ms = wall_start + now;
            header.data_bytes = 1000;
            header.anchor = report.hash;
            mote::svid::Header svid;
            mote::svid::Params params;
            REQUIRE(mote::svid::derive(header.data_bytes, params) == Status::ok);
            svid.zone = number;
            svid.height = header.height;
            svid.epoch = epoch;
            svid.block_bytes = header.data_bytes;
            svid.data_rows = params.data_rows;
            svid.rows = params.data_rows * 4;
            svid.row_log2 = params.row_log2;
            svid.chain_id = world.chain_id;
            svid.data_root = named_digest("data " + std::to_string(header.height));
            const auto svid_bytes = mote::svid::encode(svid);
            header.data_commit = mote::svid::svid_root(svid_bytes);
            const Digest hash = hash_of(header);
            svid_headers_[hash] = ByteVector(svid_bytes.begin(), svid_bytes.end());
            if (chain.empty() || avail_.contains(hash_of(chain.back())))
            {
                chain.push_back(header);
                announce(header);
            }
            else if (!chain.empty())
                announce(chain.back());
            if (!zone.pending().empty())
                prove(zone);
        }
    }

    /// Again and again until it is certified: a validator needs the anchor to be final where it is.
    void announce(const ZoneHeader& header)
    {
        const Digest hash = hash_of(header);
        wire::SignedZoneHeader message;
        message.header = header;
        message.is_signed = true;
        message.signature = world.sign(header.producer, zone_header_digest(world.chain_id, hash));
        signatures_[hash] = message.signature;
        broadcast(
            message_bytes(MessageKind::zone_header, message, wire::zone_header_message_bytes_max));
    }

    void prove(const Zone& zone)
    {
        Statement s;
        s.zone = zone.leaf().zone;
        s.program_id = zone.leaf().program_id;
        s.from = zone.leaf().proven_height + 1;
        s.to = zone.leaf().tip_height;
        s.prev_header = zone.leaf().proven_hash;
        s.last_header = zone.leaf().tip_hash;
        s.pre_root = zone.leaf().proven_root;
        s.post_root = named_digest("state " + std::to_string(s.to));
        s.out_msgs_root = empty_tree_root();
        for (std::size_t k = 0; k < zone.pending().size(); ++k)
            s.void_mask |= std::uint64_t{zone.pending()[k].is_void} << k;
        const auto head = mote::chain::encode(s);
        ByteVector message(1, static_cast<std::uint8_t>(MessageKind::proof));
        message.insert(message.end(), head.begin(), head.end());
        ByteVector svid;
        for (std::uint64_t height = s.from; height <= s.to; ++height)
        {
            const ZoneHeader& header = zone_chains_[s.zone][static_cast<std::size_t>(height - 1)];
            const auto bytes = mote::chain::encode(header);
            message.insert(message.end(), bytes.begin(), bytes.end());
            const ByteVector& part = svid_headers_[hash_of(header)];
            svid.insert(svid.end(), part.begin(), part.end());
        }
        message.insert(message.end(), svid.begin(), svid.end());
        message.push_back(1);  // the proof, which the hosts' jobs take
        statements_[s.zone] = s;
        broadcast(message);
    }

    /// The leader of a view proposes as soon as its own validator is there.
    void lead(std::size_t i, std::uint64_t epoch, std::uint64_t view)
    {
        const EpochBox& box = epoch_box(epoch);
        if (root_leader(box.data.leaders.order, view) != i || offline_[i] ||
            !led_.insert({epoch, view}).second)
            return;
        const Validator& validator = nodes_[i].owned->validator;
        // The newest notarized view below, with nullifications in between.
        std::uint64_t parent_view = view - 1;
        while (parent_view != 0 && !notarized_.contains({epoch, parent_view}) &&
               nullified_.contains({epoch, parent_view}))
            --parent_view;
        if (parent_view != 0 && !notarized_.contains({epoch, parent_view}))
            return;
        const Digest parent = parent_view == 0
                                  ? start_of(epoch)
                                  : notarized_[{epoch, parent_view}].certificate.subject;
        const ChainState* const state = validator.state_of(parent);
        if (state == nullptr)
            return;
        const Maker maker(world, *state, box);
        Made made;
        if (calendar.ends_epoch(state->header.height) && parent_view != 0)
        {
            made.header = state->header;
            made.view = view;
            made.has_reveal = false;
            ++reproposals;
        }
        else
        {
            made.view = made.header.view = view;
            made.header.parent_view = parent_view;
            made.header.time_ms = std::max(state->header.time_ms + 1, wall_start + now);
            for (const Zone& zone : state->zones.zones())
                add_update(made, zone, state->header.height + 1);
        }
        made.has_parent_certificate = parent_view != 0;
        if (parent_view != 0)
            made.parent_certificate = notarized_[{epoch, parent_view}];
        for (std::uint64_t v = parent_view + 1; v < view; ++v)
            made.nullifications.push_back(nullified_[{epoch, v}]);
        OwnedState next;
        if (made.has_reveal)
        {
            const bool good = maker.finish(made, next.state.zones);
            INFO("fault " << static_cast<int>(maker.verdict.fault) << " zone "
                          << static_cast<int>(maker.verdict.zone_fault) << " epoch "
                          << static_cast<int>(maker.verdict.epoch_fault) << " height "
                          << state->header.height);
            REQUIRE(good);
        }
        else
            maker.sign(made);
        const Digest hash = hash_of(made.header);
        headers_[hash] = made.header;
        const ByteVector bytes = proposal_bytes(made);
        if (made.has_reveal)
            proposals_[hash] = bytes;
        broadcast(bytes);
    }

    [[nodiscard]] Digest start_of(std::uint64_t epoch)
    {
        for (const auto& [hash, header] : headers_)
            if (header.height == epoch * calendar.epoch_heights)
                for (const Node& node : nodes_)
                    for (const auto& [height, final] : node.finals)
                        if (final == hash)
                            return hash;
        return world.chain_id;
    }

    void add_update(Made& made, const Zone& zone, std::uint64_t height)
    {
        Made::Update update;
        const std::uint32_t number = zone.leaf().zone;
        update.update.zone = number;
        const std::vector<ZoneHeader>& chain = zone_chains_[number];
        const std::uint64_t window = calendar.window(height);
        std::size_t tip = chain.size();
        while (tip > zone.leaf().tip_height &&
               (!avail_.contains(hash_of(chain[tip - 1])) || chain[tip - 1].window + 1 < window ||
                chain[tip - 1].window > window))
            --tip;
        const bool room = tip - zone.leaf().proven_height <= 8;
        if (tip > zone.leaf().tip_height && room)
        {
            update.update.has_tip = true;
            update.update.tip = chain[tip - 1];
            for (auto at = static_cast<std::size_t>(zone.leaf().tip_height); at + 1 < tip; ++at)
                update.skipped.push_back(chain[at]);
            const Digest hash = hash_of(update.update.tip);
            update.update.tip_signature = signatures_[hash];
            update.avail = avail_[hash];
        }
        if (statements_.contains(number))
        {
            const Statement& s = statements_[number];
            const bool fits =
                s.from == zone.leaf().proven_height + 1 && valid_.contains(statement_hash(s)) &&
                s.pre_root == zone.leaf().proven_root && s.to <= zone.leaf().tip_height;
            bool marks = fits;
            for (std::size_t k = 0; marks && k <= s.to - s.from; ++k)
                marks = (s.void_mask >> k & 1) == zone.pending()[k].is_void;
            if (marks)
            {
                update.update.has_statement = true;
                update.update.statement = s;
                update.valid = valid_[statement_hash(s)];
            }
        }
        if (update.update.has_tip || update.update.has_statement)
            made.updates.push_back(update);
    }

  public:
    std::size_t reproposals = 0;

  private:
    std::mt19937_64 random_;
    std::array<Node, member_count> nodes_;
    std::array<bool, member_count> offline_{};
    std::array<RecordBytes, member_count> writing_{};
    std::array<std::uint64_t, member_count> load_offset_{};
    std::priority_queue<Timed, std::vector<Timed>, Later> events_;
    std::uint64_t order_ = 0;
    std::map<std::tuple<Kind, std::uint64_t, std::uint64_t, std::uint32_t, Digest>, Tally> tallies_;
    std::map<std::pair<std::uint64_t, std::uint64_t>, OwnedCertificate> notarized_, nullified_;
    std::map<Digest, OwnedCertificate> avail_, valid_;
    std::map<Digest, ByteVector> proposals_, svid_headers_;
    std::map<Digest, Signature> signatures_;
    std::map<Digest, RootHeader> headers_;
    std::map<std::uint32_t, std::vector<ZoneHeader>> zone_chains_;
    std::map<std::uint32_t, Statement> statements_;
    std::map<std::uint64_t, std::unique_ptr<EpochBox>> epochs_;
    std::map<std::uint64_t, Digest> randaos_;
    std::set<std::pair<std::uint64_t, std::uint64_t>> led_;
    std::set<std::uint64_t> produced_;
    ByteVector newest_;
    std::map<std::uint64_t, ByteVector> ends_;
};
}  // namespace

TEST_CASE(
    "four validators make, attest, order and prove the blocks of two zones over an epoch's end")
{
    Network network(1);
    network.run(900);
    for (std::size_t i = 0; i < member_count; ++i)
    {
        INFO("node " << i);
        CHECK(network.final_height(i) > calendar.epoch_heights);
        CHECK((mote::test::emulated || network.replays(i)));
    }
    CHECK(network.one_chain());
    CHECK(network.conflicts == 0);
    CHECK(network.refused == 0);
    CHECK(network.convicted == 0);
    for (const Kind kind : {Kind::notarize, Kind::finalize, Kind::avail, Kind::valid, Kind::ckpt})
        CHECK(network.voted.contains(kind));
    for (const std::uint32_t zone : {zone_a, zone_b})
        for (const Level level :
             {Level::seen, Level::available, Level::ordered, Level::proven, Level::final})
        {
            INFO("level " << static_cast<int>(level) << " zone " << zone);
            CHECK(network.levels[{level, zone}].contains(1));
        }
    CHECK(network.checkpoints.contains(4));
    CHECK(network.checkpoints.contains(8));
}

TEST_CASE(
    "losses, a validator that sleeps and one that starts again do not stop or split the chain")
{
    {
        const std::uint64_t seed = 3;
        Network network(seed);
        network.lost_percent = 10;
        network.run(500);
        network.set_online(3, false);
        network.run(1200);
        network.set_online(3, true);
        network.run(1700);
        network.restart(1);
        network.lost_percent = 0;
        network.run(2600);
        INFO("seed " << seed);
        for (std::size_t i = 0; i < member_count; ++i)
        {
            std::string drops;
            for (std::size_t k = 0; k < static_cast<std::size_t>(Dropped::count_); ++k)
                drops += " " + std::to_string(network.validator(i).dropped(
                                   Dropped{static_cast<std::uint8_t>(k)}));
            INFO("node " << i << " final " << network.final_height(i) << " view "
                         << network.validator(i).voter_state().epoch << " "
                         << network.validator(i).voter_state().view << " dropped" << drops);
            CHECK(network.final_height(i) > calendar.epoch_heights);
            CHECK((mote::test::emulated || network.replays(i)));
        }
        CHECK(network.one_chain());
        CHECK(network.conflicts == 0);
    }
}
}  // namespace client_test
