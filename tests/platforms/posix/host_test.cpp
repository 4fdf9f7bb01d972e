// The host's side of the contract with a validator, over real sockets, timers, threads and files.
#include "posix/host/host.hpp"

#include <csignal>
#include <deque>
#include <set>

#include "record_support.hpp"

using namespace record_test;
using mote::client::Action;
using mote::client::ActionKind;
using mote::client::Audience;
using mote::client::Event;
using mote::client::EventKind;

namespace
{
struct Loop
{
    Loop() { REQUIRE(uv_loop_init(&loop) == 0); }
    ~Loop() { CHECK(uv_loop_close(&loop) == 0); }  // nothing was left open
    Loop(const Loop&) = delete;
    void run() { CHECK(uv_run(&loop, UV_RUN_DEFAULT) == 0); }
    uv_loop_t loop;
};

struct NoServices : Services
{
    bool verify(const mote::client::Job& job) override { return job.zone == 7; }
    ByteVector fetch(const mote::client::Fetch& fetch) override
    {
        return ByteVector(3, static_cast<std::uint8_t>(fetch.view));
    }
};

/// A machine that does what a test says.
struct Script : Machine
{
    std::function<void(Script&, const Event&)> on_event;
    std::vector<Action> actions;
    std::deque<ByteVector> kept;
    std::vector<EventKind> seen;
    std::uint64_t last_ms = 0;

    std::span<const Action> step(const Event& event) override
    {
        CHECK(event.now_ms >= last_ms);
        last_ms = event.now_ms;
        // The first thing it hears is entropy.
        CHECK((!seen.empty() || event.kind == EventKind::entropy));
        actions.clear();
        kept.clear();
        seen.push_back(event.kind);
        on_event(*this, event);
        return actions;
    }
    Action& add(ActionKind kind, std::uint64_t id = 0)
    {
        actions.emplace_back();
        actions.back().kind = kind;
        actions.back().id = id;
        return actions.back();
    }
    void send(const ByteVector& message, Audience to = Audience::all, std::uint64_t peer = 0)
    {
        kept.push_back(message);
        Action& action = add(ActionKind::send);
        action.bytes = kept.back();
        action.to = to;
        action.peer = peer;
    }
    [[nodiscard]] bool has_seen(EventKind kind) const
    {
        return std::find(seen.begin(), seen.end(), kind) != seen.end();
    }
};

/// A message of views: kind, view, a byte.
ByteVector message(std::uint8_t kind, std::uint64_t view, std::uint8_t byte)
{
    ByteVector out = {kind, byte};
    out.resize(10);
    mote::store_le(out.data() + 2, view);
    return out;
}

/// A member of a network of four: proposals in turn, votes by a Voter, three votes end a view.
class Member
{
  public:
    static constexpr std::uint64_t last_view = 12;

    Member(std::uint8_t index, RecordFile& file) : index_(index)
    {
        REQUIRE(voter_.open(file.record(), test_key(), VoteMode::exact) == Status::ok);
        machine.on_event = [this](Script&, const Event& event) { take(event); };
    }
    Script machine;
    std::function<void()> on_done;
    std::map<std::uint64_t, std::set<std::uint8_t>> voted;  ///< block by view, own votes

  private:
    void take(const Event& event)
    {
        switch (event.kind)
        {
            case EventKind::wake:
                static_cast<void>(voter_.on_genesis());
                again();
                break;
            case EventKind::timer:
                again();
                break;
            case EventKind::message:
                backlog_.emplace_back(event.bytes.begin(), event.bytes.end());
                break;
            case EventKind::flushed:
                act(voter_.flushed(event.id));
                break;
            case EventKind::sleep:
                act(voter_.stop());
                return;
            default:
                return;
        }
        while (!voter_.busy() && !backlog_.empty())
        {
            const ByteVector next = std::move(backlog_.front());
            backlog_.pop_front();
            receive(next);
        }
    }
    void receive(const ByteVector& bytes)
    {
        REQUIRE(bytes.size() == 10);
        const std::uint64_t view = mote::load_le64(bytes.data() + 2);
        if (bytes[0] == 32)
            act(voter_.on_proposal(0, view, block(bytes[1])));
        if (bytes[0] == 34)
            votes_[view].insert(bytes[1]);
        const std::uint64_t now = voter_.state().view;
        if (!voter_.busy() && votes_[now].size() >= 3)
        {
            act(voter_.on_certificate(Kind::notarize, 0, now, block(static_cast<std::uint8_t>(now)),
                                      false));
            if (now == last_view && on_done)
                machine.add(ActionKind::report);
        }
    }
    void act(const Step& step)
    {
        if (step.write)
        {
            machine.kept.emplace_back(step.record.begin(), step.record.end());
            Action& action = machine.add(ActionKind::write_and_flush, step.token);
            action.bytes = machine.kept.back();
            action.offset = step.offset;
        }
        if (step.permitted && step.permit().vote().kind == Kind::notarize)
        {
            const Vote& vote = step.permit().vote();
            voted[vote.view].insert(vote.block[0]);
            votes_[vote.view].insert(index_);
            last_vote_ = message(34, vote.view, index_);
            machine.send(last_vote_);
        }
    }
    /// Says the last things again: a connection may have come up since.
    void again()
    {
        const std::uint64_t view = voter_.state().view;
        if (view % 4 == index_)
        {
            const ByteVector proposal = message(32, view, static_cast<std::uint8_t>(view));
            machine.send(proposal);
            backlog_.push_back(proposal);
        }
        if (!last_vote_.empty())
            machine.send(last_vote_);
        machine.add(ActionKind::set_deadline).at_ms = machine.last_ms + 15;
    }

    std::uint8_t index_;
    Voter voter_;
    std::deque<ByteVector> backlog_;
    std::map<std::uint64_t, std::set<std::uint8_t>> votes_;
    ByteVector last_vote_;
};
}  // namespace

TEST_CASE("Host: four of them agree over TCP, each with its record on disk")
{
    Loop loop;
    NoServices services;
    std::array<NewFile, 4> files;
    {
        std::vector<std::unique_ptr<RecordFile>> records;
        std::vector<std::unique_ptr<Member>> members;
        std::vector<std::unique_ptr<Host>> hosts;
        std::size_t done = 0;
        std::vector<std::uint16_t> ports;
        for (std::uint8_t i = 0; i < 4; ++i)
        {
            records.push_back(std::make_unique<RecordFile>(files[i].path, test_key()));
            members.push_back(std::make_unique<Member>(i, *records[i]));
            bool told = false;
            HostOptions options;
            options.reconnect_ms = 10;
            options.on_report = [&, told](const mote::client::Report&) mutable
            {
                if (std::exchange(told, true) || ++done < 4)
                    return;
                for (const auto& host : hosts)
                    host->stop();
            };
            members[i]->on_done = [] {};
            hosts.push_back(std::make_unique<Host>(loop.loop, members[i]->machine, services,
                                                   records[i].get(), options));
            ports.push_back(hosts[i]->listen("127.0.0.1", 0));
            for (std::uint8_t j = 0; j < i; ++j)
                hosts[i]->connect("127.0.0.1", ports[j]);
        }
        loop.run();
        CHECK(done == 4);
        for (std::uint8_t i = 0; i < 4; ++i)
        {
            CHECK(hosts[i]->stopped());
            CHECK(hosts[i]->connection_count() == 0);
            CHECK_FALSE(hosts[i]->record_failed());
            CHECK(members[i]->machine.seen.back() != EventKind::message);
            for (const auto& [view, blocks] : members[i]->voted)
                CHECK(blocks.size() == 1);
        }
    }
    // The records of a clean stop: beyond the last view, on disk, and unlocked.
    for (const NewFile& file : files)
    {
        const RecordFile record(file.path, test_key());
        CHECK(record.record().view > Member::last_view);
        CHECK(record.record().state == RecordState::exact);
    }
}

TEST_CASE("Host: jobs and fetches are answered, deadlines come, and the first event is entropy")
{
    Loop loop;
    NoServices services;
    Script script;
    int answers = 0;
    bool good = false, bad = true, timer = false;
    ByteVector fetched;
    Bytes list;
    Host* host_of = nullptr;
    script.on_event = [&](Script& s, const Event& event)
    {
        if (event.kind == EventKind::wake)
        {
            s.add(ActionKind::verify, 1).job.zone = 7;
            s.add(ActionKind::verify, 2).job.zone = 8;
            s.add(ActionKind::fetch, 3).fetch.view = 9;
            s.add(ActionKind::fetch, 4).fetch.view = 8;
            s.actions.back().fetch.kind = mote::client::FetchKind::list;
            s.add(ActionKind::set_deadline).at_ms = event.now_ms + 5;
        }
        if (event.kind == EventKind::verified)
            (event.id == 1 ? good : bad) = event.ok;
        if (event.kind == EventKind::fetched && event.id == 3)
            fetched.assign(event.bytes.begin(), event.bytes.end());
        if (event.kind == EventKind::fetched && event.id == 4)
            list = event.bytes;
        timer |= event.kind == EventKind::timer;
        answers += event.kind == EventKind::verified || event.kind == EventKind::fetched ||
                           event.kind == EventKind::timer
                       ? 1
                       : 0;
        if (answers == 5)
            host_of->stop();
    };
    Host host(loop.loop, script, services, nullptr, {});
    host_of = &host;
    loop.run();
    CHECK(good);
    CHECK_FALSE(bad);
    CHECK(timer);
    CHECK(fetched == ByteVector(3, 9));
    // A list is read where it is, long after the event.
    CHECK(ByteVector(list.begin(), list.end()) == ByteVector(3, 8));
    CHECK(script.has_seen(EventKind::clock));
    CHECK(script.seen.back() == EventKind::sleep);
}

TEST_CASE("Host: a record that cannot be flushed is told as such, and so is one that there is not")
{
    for (const bool has_record : {true, false})
    {
        Loop loop;
        NoServices services;
        const NewFile file;
        CachedCalls calls;
        RecordFile record(file.path, test_key(), calls);
        calls.flush_error = EIO;
        Script script;
        Host* host_of = nullptr;
        VoteRecord next = first_record();
        next.seq = 2;
        const RecordBytes bytes = encode(next, test_key());
        script.on_event = [&](Script& s, const Event& event)
        {
            if (event.kind == EventKind::wake)
            {
                Action& action = s.add(ActionKind::write_and_flush, 2);
                action.bytes = bytes;
                action.offset = slot_offset(2);
                // What comes after it in the list is carried out all the same.
                s.send({32});
            }
            if (event.kind == EventKind::write_failed && event.id == 2)
                host_of->stop();
            CHECK(event.kind != EventKind::flushed);
        };
        Host host(loop.loop, script, services, has_record ? &record : nullptr, {});
        host_of = &host;
        loop.run();
        CHECK(script.has_seen(EventKind::write_failed));
        CHECK(host.record_failed());
    }
}

TEST_CASE("Host: a signal ends it cleanly")
{
    Loop loop;
    NoServices services;
    Script script;
    script.on_event = [&](Script& s, const Event& event)
    {
        if (event.kind == EventKind::wake)
            s.add(ActionKind::set_deadline).at_ms = event.now_ms + 1;
        if (event.kind == EventKind::timer)
            REQUIRE(::raise(SIGTERM) == 0);
    };
    Host host(loop.loop, script, services, nullptr, {});
    host.stop_on_signals();
    static_cast<void>(host.listen("127.0.0.1", 0));
    loop.run();
    CHECK(host.stopped());
    CHECK(script.seen.back() == EventKind::sleep);
}

TEST_CASE(
    "Host: messages arrive whole; a peer with a bad length is closed, an address is tried again")
{
    Loop loop;
    NoServices services;
    Script server, client;
    std::vector<ByteVector> got;
    Host *server_of = nullptr, *client_of = nullptr;
    server.on_event = [&](Script& s, const Event& event)
    {
        if (event.kind != EventKind::message)
            return;
        got.emplace_back(event.bytes.begin(), event.bytes.end());
        s.send({9, 9}, Audience::peer, event.peer);
    };
    int sent = 0, connections = 0;
    client.on_event = [&](Script& s, const Event& event)
    {
        if (event.kind == EventKind::wake || event.kind == EventKind::timer)
        {
            if (client_of->connection_count() > 0 && sent == 0)
            {
                s.send(ByteVector(100000, 1), Audience::relays);
                s.send({2}, Audience::relays);
            }
            s.add(ActionKind::set_deadline).at_ms = event.now_ms + 5;
        }
        if (event.kind == EventKind::message)
        {
            ++sent;
            CHECK(event.bytes.size() == 2);
            if (sent == 2)
                // Longer than the server takes: it closes, and this end dials again.
                s.send(ByteVector(200000, 1), Audience::relays);
        }
        connections += sent >= 2 && server_of->connection_count() == 0 ? 1 : 0;
        if (connections > 0 && server_of->connection_count() == 1)
        {
            server_of->stop();
            client_of->stop();
        }
    };
    HostOptions limited;
    limited.connection.message_bytes = 100000;
    Host first(loop.loop, server, services, nullptr, limited);
    HostOptions options;
    options.reconnect_ms = 20;
    Host second(loop.loop, client, services, nullptr, options);
    server_of = &first;
    client_of = &second;
    second.connect("127.0.0.1", first.listen("127.0.0.1", 0));
    CHECK_THROWS(second.connect("not an address", 1));
    loop.run();
    REQUIRE(got.size() >= 2);
    CHECK(got[0] == ByteVector(100000, 1));
    CHECK(got[1] == ByteVector{2});
    for (const ByteVector& message : got)
        CHECK(message.size() <= 100000);
    CHECK(connections > 0);
}

TEST_CASE("Host: garbage of any kind closes the connection and nothing else")
{
    Loop loop;
    NoServices services;
    Script script;
    script.on_event = [](Script&, const Event&) {};
    Host host(loop.loop, script, services, nullptr, {});
    const std::uint16_t port = host.listen("127.0.0.1", 0);
    const int garbage_count = 3;
    const ByteVector garbage[garbage_count] = {
        {0, 0, 0, 0}, {0xff, 0xff, 0xff, 0xff, 1}, {1, 0, 16, 0, 32}};
    std::vector<Connection*> peers;
    int closed = 0;
    for (int i = 0; i < garbage_count; ++i)
    {
        Connection::Handler handler;
        handler.on_message = [](Connection&, Bytes) {};
        handler.on_closed = [&](Connection&)
        {
            if (++closed == garbage_count)
                host.stop();
        };
        peers.push_back(Connection::make(loop.loop, {}, handler, 1));
        sockaddr_in address = {};
        REQUIRE(uv_ip4_addr("127.0.0.1", port, &address) == 0);
        auto* const request = new uv_connect_t;
        request->data = const_cast<ByteVector*>(&garbage[i]);
        REQUIRE(uv_tcp_connect(request, peers.back()->handle(),
                               reinterpret_cast<const sockaddr*>(&address),
                               [](uv_connect_t* done, int status)
                               {
                                   REQUIRE(status == 0);
                                   auto& peer = *static_cast<Connection*>(done->handle->data);
                                   peer.start();
                                   peer.send(std::make_shared<const ByteVector>(
                                       *static_cast<ByteVector*>(done->data)));
                                   delete done;
                               }) == 0);
    }
    loop.run();
    CHECK(closed == garbage_count);
    CHECK_FALSE(script.has_seen(EventKind::message));
}
