#include "posix/host/host.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <stdexcept>

#include "keystore/secret_bytes.hpp"

namespace mote::posix
{
namespace
{
using client::Action;
using client::ActionKind;
using client::Audience;
using client::Event;
using client::EventKind;

void expect(int error, const char* call)
{
    if (error != 0)
        throw std::runtime_error(std::string(call) + ": " + uv_strerror(error));
}

sockaddr_storage address_of(const std::string& address, std::uint16_t port)
{
    sockaddr_storage out = {};
    if (uv_ip4_addr(address.c_str(), port, reinterpret_cast<sockaddr_in*>(&out)) != 0)
        expect(uv_ip6_addr(address.c_str(), port, reinterpret_cast<sockaddr_in6*>(&out)),
               address.c_str());
    return out;
}
}  // namespace

/// An address to which a connection is kept.
struct Host::Relay
{
    Host* host;
    sockaddr_storage address;
    uv_timer_t retry{};
    uv_connect_t request{};
    std::uint64_t peer = 0;  ///< of the connection that there is, or 0
};

/// An event that came up while another one was being carried out; owns its bytes.
struct Host::Pending
{
    Event event;
    std::vector<std::uint8_t> bytes;
};

/// A job or a fetch in a thread of its own. Outlives a host that stops, but not the loop.
struct Host::Task
{
    uv_work_t request{};
    Host* host = nullptr;
    std::uint64_t id = 0;
    std::optional<OwnedJob> job;
    client::Fetch fetch;
    bool good = false;
    std::vector<std::uint8_t> bytes;
};

Host::Host(uv_loop_t& loop, Machine& machine, Services& services, RecordFile* record,
           HostOptions options)
    : loop_(loop),
      machine_(machine),
      services_(services),
      record_(record),
      options_(std::move(options))
{
    for (uv_timer_t* timer : {&deadline_, &clock_, &entropy_})
    {
        expect(uv_timer_init(&loop_, timer), "uv_timer_init");
        timer->data = this;
    }
    // From the loop, so that a host is complete before its validator acts.
    uv_timer_start(
        &deadline_, [](uv_timer_t* timer) { static_cast<Host*>(timer->data)->begin(); }, 0, 0);
}

Host::~Host() = default;

void Host::begin()
{
    uv_timer_start(
        &clock_, [](uv_timer_t* timer) { static_cast<Host*>(timer->data)->tell_time(); },
        options_.clock_ms, options_.clock_ms);
    uv_timer_start(
        &entropy_, [](uv_timer_t* timer) { static_cast<Host*>(timer->data)->mix_entropy(); },
        options_.entropy_ms, options_.entropy_ms);
    // The first entropy comes before any message.
    mix_entropy();
    tell_time();
    step({.kind = EventKind::wake, .bytes = {}});
}

std::uint64_t Host::now_ms() const { return uv_now(&loop_); }

void Host::tell_time()
{
    const auto wall = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::system_clock::now().time_since_epoch());
    step({.kind = EventKind::clock,
          .ok = options_.clock_trusted,
          .wall_ms = static_cast<std::uint64_t>(wall.count()),
          .bytes = {}});
}

void Host::mix_entropy()
{
    std::array<std::uint8_t, 32> bytes;
    keystore::fill_random(bytes);
    step({.kind = EventKind::entropy, .bytes = bytes});
    keystore::wipe_memory(bytes.data(), bytes.size());
}

void Host::step(const Event& event)
{
    if (stepping_)
    {
        // The actions under way are good until the next step only, so this one waits for them.
        pending_.push_back({event, {event.bytes.begin(), event.bytes.end()}});
        return;
    }
    stepping_ = true;
    Event timed = event;
    timed.now_ms = now_ms();
    for (const Action& action : machine_.step(timed))
        carry_out(action);
    for (std::size_t i = 0; i < pending_.size(); ++i)
    {
        Pending next = std::move(pending_[i]);
        next.event.bytes = next.bytes;
        next.event.now_ms = now_ms();
        for (const Action& action : machine_.step(next.event))
            carry_out(action);
    }
    pending_.clear();
    stepping_ = false;
    if (stop_wanted_)
        stop();
}

void Host::carry_out(const Action& action)
{
    switch (action.kind)
    {
        case ActionKind::send:
            send(action);
            break;
        case ActionKind::set_deadline:
            set_deadline(action.at_ms);
            break;
        case ActionKind::write_and_flush:
            write_record(action);
            break;
        case ActionKind::fetch:
        {
            auto task = std::make_unique<Task>();
            task->id = action.id;
            task->fetch = action.fetch;
            queue(std::move(task));
            break;
        }
        case ActionKind::verify:
        {
            auto task = std::make_unique<Task>();
            task->id = action.id;
            task->job.emplace(action.job);
            queue(std::move(task));
            break;
        }
        case ActionKind::report:
            options_.on_report(action.report);
            break;
    }
}

void Host::write_record(const Action& action)
{
    bool good = record_ != nullptr && action.bytes.size() == consensus::record_bytes;
    if (good)
    {
        consensus::RecordBytes record;
        std::copy(action.bytes.begin(), action.bytes.end(), record.begin());
        good = record_->write(static_cast<std::size_t>(action.offset), record);
    }
    record_failed_ = record_failed_ || !good;
    uv_update_time(&loop_);  // a flush takes long
    step({.kind = good ? EventKind::flushed : EventKind::write_failed,
          .id = action.id,
          .bytes = {}});
}

void Host::send(const Action& action)
{
    if (action.bytes.size() > options_.connection.message_bytes)
        return;
    const auto frame = Connection::frame(action.bytes);
    if (action.to == Audience::peer)
    {
        if (const auto found = connections_.find(action.peer); found != connections_.end())
            found->second->send(frame);
        return;
    }
    const bool relays_only = action.to == Audience::relays && !relays_.empty();
    for (const auto& [peer, connection] : connections_)
    {
        const std::uint64_t number = peer;
        if (!relays_only || std::any_of(relays_.begin(), relays_.end(), [number](const auto& relay)
                                        { return relay->peer == number; }))
            connection->send(frame);
    }
}

void Host::queue(std::unique_ptr<Task> task)
{
    if (stopping_)
        return;
    task->host = this;
    task->request.data = task.get();
    const int error = uv_queue_work(
        &loop_, &task->request,
        [](uv_work_t* request)
        {
            auto& self = *static_cast<Task*>(request->data);
            if (self.job)
                self.good = self.host->services_.verify(self.job->job);
            else
                self.bytes = self.host->services_.fetch(self.fetch);
        },
        [](uv_work_t* request, int status)
        {
            const std::unique_ptr<Task> self(static_cast<Task*>(request->data));
            if (self->host->stopping_ || status != 0)
                return;
            if (self->job)
                self->host->step(
                    {.kind = EventKind::verified, .id = self->id, .ok = self->good, .bytes = {}});
            else
            {
                Bytes bytes = self->bytes;
                if (self->fetch.kind == client::FetchKind::list)
                    bytes = self->host->keep_list(self->fetch, std::move(self->bytes));
                self->host->step({.kind = EventKind::fetched, .id = self->id, .bytes = bytes});
            }
        });
    if (error == 0)
        static_cast<void>(task.release());
}

Bytes Host::keep_list(const client::Fetch& fetch, std::vector<std::uint8_t>&& list)
{
    // The same list again stays where it is. Another one was not taken, or it would not be asked for.
    auto& kept = lists_[fetch.hash];
    if (kept != list)
        kept = std::move(list);
    return kept;
}

void Host::set_deadline(std::uint64_t at_ms)
{
    if (stopping_)
        return;
    if (at_ms == UINT64_MAX)
    {
        uv_timer_stop(&deadline_);
        return;
    }
    const std::uint64_t now = now_ms();
    uv_timer_start(
        &deadline_, [](uv_timer_t* timer)
        { static_cast<Host*>(timer->data)->step({.kind = EventKind::timer, .bytes = {}}); },
        at_ms > now ? at_ms - now : 0, 0);
}

Connection* Host::add_connection(Relay* relay)
{
    Connection::Handler handler;
    handler.on_message = [this](Connection& from, Bytes message)
    {
        if (!stopping_)
            step({.kind = EventKind::message, .peer = from.peer(), .bytes = message});
    };
    handler.on_closed = [this, relay](Connection& connection)
    {
        connections_.erase(connection.peer());
        if (relay == nullptr || stopping_)
            return;
        relay->peer = 0;
        uv_timer_start(
            &relay->retry,
            [](uv_timer_t* timer)
            {
                auto& again = *static_cast<Relay*>(timer->data);
                again.host->dial(again);
            },
            options_.reconnect_ms, 0);
    };
    return Connection::make(loop_, options_.connection, std::move(handler), next_peer_++);
}

std::uint16_t Host::listen(const std::string& address, std::uint16_t port)
{
    sockaddr_storage name = address_of(address, port);
    expect(uv_tcp_init(&loop_, &listener_), "uv_tcp_init");
    listener_.data = this;
    listening_ = true;
    expect(uv_tcp_bind(&listener_, reinterpret_cast<sockaddr*>(&name), 0), "bind");
    expect(uv_listen(reinterpret_cast<uv_stream_t*>(&listener_), 128,
                     [](uv_stream_t* listener, int status)
                     {
                         Host& self = *static_cast<Host*>(listener->data);
                         if (status != 0)
                             return;
                         Connection* const made = self.add_connection(nullptr);
                         if (uv_accept(listener, made->stream()) != 0 ||
                             self.connections_.size() >= self.options_.connections)
                         {
                             made->close();
                             return;
                         }
                         self.connections_.emplace(made->peer(), made);
                         made->start();
                     }),
           "listen");
    int length = sizeof name;
    expect(uv_tcp_getsockname(&listener_, reinterpret_cast<sockaddr*>(&name), &length),
           "getsockname");
    const auto* const v4 = reinterpret_cast<const sockaddr_in*>(&name);
    const auto* const v6 = reinterpret_cast<const sockaddr_in6*>(&name);
    return ntohs(name.ss_family == AF_INET ? v4->sin_port : v6->sin6_port);
}

void Host::connect(const std::string& address, std::uint16_t port)
{
    auto relay = std::make_unique<Relay>();
    relay->host = this;
    relay->address = address_of(address, port);
    expect(uv_timer_init(&loop_, &relay->retry), "uv_timer_init");
    relay->retry.data = relay.get();
    relay->request.data = relay.get();
    relays_.push_back(std::move(relay));
    dial(*relays_.back());
}

void Host::dial(Relay& relay)
{
    if (stopping_)
        return;
    Connection* const made = add_connection(&relay);
    connections_.emplace(made->peer(), made);
    relay.peer = made->peer();
    const int error = uv_tcp_connect(
        &relay.request, made->handle(), reinterpret_cast<const sockaddr*>(&relay.address),
        [](uv_connect_t* request, int status)
        {
            Connection& connection = *static_cast<Connection*>(request->handle->data);
            if (status != 0)
                connection.close();
            else
                connection.start();
        });
    if (error != 0)
        made->close();
}

void Host::stop_on_signals()
{
    signals_ = true;
    for (const auto& [handle, number] :
         {std::pair{&interrupt_, SIGINT}, std::pair{&terminate_, SIGTERM}})
    {
        expect(uv_signal_init(&loop_, handle), "uv_signal_init");
        handle->data = this;
        expect(uv_signal_start(
                   handle, [](uv_signal_t* signal, int)
                   { static_cast<Host*>(signal->data)->stop(); }, number),
               "uv_signal_start");
    }
}

void Host::close_handle(uv_handle_t* handle)
{
    if (uv_is_closing(handle) == 0)
        uv_close(handle, nullptr);
}

void Host::stop()
{
    if (stopping_)
        return;
    if (stepping_)
    {
        stop_wanted_ = true;  // asked for by a report: after what is under way
        return;
    }
    // The validator answers with the record of a clean stop, which is written before this returns.
    stopping_ = true;
    step({.kind = EventKind::sleep, .bytes = {}});
    for (uv_timer_t* timer : {&deadline_, &clock_, &entropy_})
        close_handle(as_handle(*timer));
    if (listening_)
        close_handle(as_handle(listener_));
    if (signals_)
    {
        close_handle(as_handle(interrupt_));
        close_handle(as_handle(terminate_));
    }
    for (const auto& relay : relays_)
        close_handle(as_handle(relay->retry));
    for (const auto& [peer, connection] : connections_)
        connection->close();
}
}  // namespace mote::posix
