// Every order of events and crashes up to a depth, over storage that loses and tears what was not
// flushed: no key ever signs against R5, no vote leaves without a flushed record that covers it, no
// record goes back.
//
// What is checked is the wire and the medium, never the voter's own idea of itself. Hosts that break
// the contract are explored too, and must be caught: otherwise the search would prove nothing.
#include <catch2/catch.hpp>
#include <unordered_set>

#include "consensus_support.hpp"
#include "tools/effort.hpp"

using namespace consensus_test;

namespace
{
enum class HostBug : std::uint8_t
{
    none,
    signs_before_flush,      ///< the vote leaves, then the record is written
    confirms_without_flush,  ///< the confirmation comes, the record may not be there
    forgets_the_record,      ///< starts with a fresh record after a crash
    runs_two_at_once,        ///< a clone of the process votes as well
};

constexpr KeyName key = {1, 2, 3};

Digest block(std::uint8_t name)
{
    Digest out{};
    out[0] = name;
    return out;
}

/// One history: a process, its medium, and all that ever left the device.
struct World
{
    Voter voter;
    Voter clone;
    Disk disk;
    std::vector<Vote> wire;
    std::uint64_t lease = 0;

    [[nodiscard]] std::string fingerprint() const
    {
        std::string out;
        const auto put = [&](std::uint64_t value) { out += std::to_string(value) + ' '; };
        for (const Voter* v : {&voter, &clone})
        {
            const VoterState& s = v->state();
            for (const std::uint64_t value :
                 {s.epoch, s.view, std::uint64_t(s.first), std::uint64_t(s.second),
                  std::uint64_t(s.notarized[0]), std::uint64_t(s.finalized[0]), v->record().seq,
                  std::uint64_t(v->is_open())})
                put(value);
        }
        for (const RecordBytes& slot : disk.slots)
            out += to_hex(slot);
        for (const Vote& vote : wire)
            for (const std::uint64_t value :
                 {std::uint64_t(vote.kind), vote.epoch, vote.view, std::uint64_t(vote.block[0])})
                put(value);
        put(lease);
        return out;
    }
};

bool is_second(Kind kind) { return kind != Kind::notarize; }

/// What the search found.
struct Search
{
    VoteMode mode = VoteMode::exact;
    HostBug bug = HostBug::none;
    std::uint64_t reserve = 2;
    std::size_t worlds = 0, signatures = 0, crashes = 0, violations = 0;
    std::unordered_set<std::string> seen;

    void violation() { ++violations; }

    /// A vote leaves the device.
    void send(World& world, const Vote& vote)
    {
        ++signatures;
        bool repeat = false, against = false;
        for (const Vote& old : world.wire)
        {
            repeat = repeat || old == vote;
            if (std::pair(old.epoch, old.view) > std::pair(vote.epoch, vote.view))
                against = true;
            if (old.epoch != vote.epoch || old.view != vote.view || old == vote)
                continue;
            against =
                against || old.kind == vote.kind || (is_second(old.kind) && is_second(vote.kind));
        }
        // A first vote after the second one. In exact mode a crash can delay a recorded vote, as a network
        // can; there the records say in which order the two were decided.
        for (const Vote& old : world.wire)
            if (mode == VoteMode::reserve && !repeat && vote.kind == Kind::notarize &&
                is_second(old.kind) && old.epoch == vote.epoch && old.view == vote.view)
                against = true;
        if (against || !covered(world, vote))
            violation();
        if (!repeat)
            world.wire.push_back(vote);
    }

    /// Whether the medium, as it is now, forbids everything that conflicts with the vote.
    static bool covered(const World& world, const Vote& vote)
    {
        VoteRecord record;
        if (!world.disk.load_record(key, record) || record.epoch != vote.epoch)
            return false;
        if (record.state == RecordState::reserve)
            return vote.view <= record.reserved_view;
        if (record.view != vote.view)
            return false;
        switch (vote.kind)
        {
            case Kind::notarize:
                return record.first == First::notarize && record.notarized == vote.block;
            case Kind::finalize:
                return record.second == Second::finalize && record.finalized == vote.block;
            default:
                return record.second == Second::nullify;
        }
    }

    /// Whether a record may take the place of another.
    static bool may_follow(const VoteRecord& before, const VoteRecord& after)
    {
        const std::pair was(before.epoch, before.view), is(after.epoch, after.view);
        if (is != was || before.state != RecordState::exact || after.state != RecordState::exact)
            return is >= was && after.seq == before.seq + 1;
        const bool first_stays =
            before.first == First::none
                ? after.first == First::none || before.second == Second::none
                : after.first == before.first && after.notarized == before.notarized;
        const bool second_stays =
            before.second == Second::none ||
            (after.second == before.second && after.finalized == before.finalized);
        return first_stays && second_stays && after.seq == before.seq + 1;
    }

    void start(World& world) const
    {
        VoteRecord record;
        world.voter = Voter();
        if (bug == HostBug::forgets_the_record)
            record = first_record();
        else if (!world.disk.load_record(key, record))
            return;
        static_cast<void>(world.voter.open(record, key, mode, reserve));
    }

    void crash(World world, int depth)
    {
        ++crashes;
        start(world);
        explore(world, depth);
    }

    /// The host carries out a step, with every way in which it can be interrupted.
    void carry_out(World world, Voter& (*who)(World&), const Step& step, int depth)
    {
        if (step.write)
        {
            VoteRecord before, after;
            const bool had = world.disk.load_record(key, before);
            if (bug == HostBug::signs_before_flush)
            {
                Voter copy = who(world);
                const Step signs = copy.flushed(step.token);
                if (signs.permitted)
                    send(world, signs.permit().vote());
            }
            crash(world, depth);  // nothing was written
            for (const std::size_t bytes :
                 {std::size_t{1}, std::size_t{5}, std::size_t{80}, record_bytes - 1, record_bytes})
            {
                World torn = world;
                torn.disk.write(step, bytes);
                crash(torn, depth);
                World tail = world;  // the end came first
                RecordBytes& slot = tail.disk.slots[step.offset / slot_spacing_bytes];
                std::copy(step.record.end() - static_cast<std::ptrdiff_t>(bytes), step.record.end(),
                          slot.end() - static_cast<std::ptrdiff_t>(bytes));
                crash(tail, depth);
            }
            if (bug != HostBug::confirms_without_flush)
                world.disk.write(step);
            if (!world.disk.load_record(key, after) || (had && !may_follow(before, after)))
                violation();
            crash(world, depth);  // flushed, not signed
            const Step done = who(world).flushed(step.token);
            return carry_out(world, who, done, depth);
        }
        if (step.permitted)
        {
            crash(world, depth);  // permitted, not signed
            send(world, step.permit().vote());
        }
        explore(world, depth);
    }

    // NOLINTNEXTLINE(misc-no-recursion)
    void explore(const World& world, int depth)
    {
        if (depth == 0 || violations > 100)
            return;
        // Reached before with at least as many steps to go: nothing new can follow.
        if (!seen.insert(world.fingerprint() + std::to_string(depth)).second)
            return;
        ++worlds;
        explore_with(world, [](World& w) -> Voter& { return w.voter; }, depth - 1);
        if (bug == HostBug::runs_two_at_once)
            explore_with(world, [](World& w) -> Voter& { return w.clone; }, depth - 1);
    }

    void explore_with(const World& world, Voter& (*who)(World&), int depth)
    {
        const auto with = [&](const auto& event)
        {
            World next = world;
            const Step step = event(who(next), next);
            if (step.write || step.permitted || step.refusal == Refusal::none)
                carry_out(next, who, step, depth);
        };
        World copy = world;
        const std::uint64_t e = who(copy).state().epoch, v = who(copy).state().view;
        with([](Voter& voter, World&) { return voter.on_genesis(); });
        for (const std::uint8_t name : {std::uint8_t{1}, std::uint8_t{2}})
        {
            with([&](Voter& voter, World&) { return voter.on_proposal(e, v, block(name)); });
            with([&](Voter& voter, World&)
                 { return voter.on_certificate(Kind::notarize, e, v, block(name), false); });
        }
        with([&](Voter& voter, World&) { return voter.on_timeout(e, v); });
        with([&](Voter& voter, World&)
             { return voter.on_certificate(Kind::nullify, e, v, {}, false); });
        with([&](Voter& voter, World&)
             { return voter.on_certificate(Kind::notarize, e, v + 2, block(1), false); });
        with([&](Voter& voter, World&)
             { return voter.on_certificate(Kind::finalize, e, v, block(1), true); });
        with([](Voter& voter, World&) { return voter.repeat(); });
        with([](Voter& voter, World&) { return voter.stop(); });
        with([](Voter& voter, World& w) { return voter.on_lease(++w.lease); });
        crash(world, depth);
    }
};

Search search(VoteMode mode, HostBug bug, int depth)
{
    Search found;
    found.mode = mode;
    found.bug = bug;
    World world;
    const RecordBytes first = encode(first_record(), key);
    world.disk.slots[1] = first;
    found.start(world);
    world.clone = world.voter;
    static_cast<void>(world.voter.on_genesis());
    static_cast<void>(world.clone.on_genesis());
    found.explore(world, depth);
    return found;
}
}  // namespace

TEST_CASE("no order of events and crashes makes a voter sign against R5")
{
    const int depth = mote::test::effort_stride() == 1 ? 5 : mote::test::emulated ? 3 : 4;
    for (const VoteMode mode : {VoteMode::exact, VoteMode::reserve})
    {
        const Search found = search(mode, HostBug::none, depth);
        CAPTURE(found.worlds, found.signatures, found.crashes);
        CHECK(found.violations == 0);
        CHECK(found.worlds > 500);
        CHECK(found.signatures > 500);
        CHECK(found.crashes > 5000);
    }
}

TEST_CASE("the search finds what hosts do that break the contract")
{
    for (const HostBug bug : {HostBug::signs_before_flush, HostBug::confirms_without_flush,
                              HostBug::forgets_the_record, HostBug::runs_two_at_once})
    {
        CAPTURE(static_cast<int>(bug));
        CHECK(search(VoteMode::exact, bug, 4).violations > 0);
        CHECK(search(VoteMode::reserve, bug, 4).violations > 0);
    }
}
