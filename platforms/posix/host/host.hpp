// Host: carries out what a validator's step() answers, over libuv.
//
//   client::Validator validator;  ...open(setup, memory, bytes)
//   MachineOf<client::Validator> machine(validator);
//   Host host(*uv_default_loop(), machine, services, record_file, options);
//   host.listen("0.0.0.0", 9000);
//   host.connect("relay.example", 9000);
//   host.stop_on_signals();                 // SIGINT, SIGTERM: a clean record, then everything closes
//   uv_run(uv_default_loop(), UV_RUN_DEFAULT);
//
// The record is written and flushed right where the action asks for it, in the loop's thread: until it is
// there a validator takes nothing else anyway, and the kernel keeps what peers send meanwhile. Jobs
// and fetches go to libuv's threads.
//
// A validator reads the lists that it fetched where they are, and does not say when it has done with one: the
// host keeps each that was asked for, one for each root, as long as it lives.
//
// One thread. Everything but Services is called from it.
//
// Source  [CONSENSUS] section 15.
#pragma once

#include <uv.h>

#include <map>
#include <string>

#include "client/events.hpp"
#include "posix/host/connection.hpp"
#include "posix/host/work.hpp"
#include "posix/store/record_file.hpp"

namespace mote::posix
{
/// What a host drives.
class Machine
{
  public:
    virtual ~Machine() = default;
    /// As client::Validator::step.
    [[nodiscard]] virtual std::span<const client::Action> step(const client::Event& event) = 0;
};

/// The machine that a client::Validator is.
template <class Validator>
class MachineOf : public Machine
{
  public:
    explicit MachineOf(Validator& validator) : validator_(validator) {}
    [[nodiscard]] std::span<const client::Action> step(const client::Event& event) override
    {
        return validator_.step(event);
    }

  private:
    Validator& validator_;
};

struct HostOptions
{
    ConnectionLimits connection;
    std::size_t connections = 64;       ///< incoming ones above that are closed at once
    std::uint64_t reconnect_ms = 1000;  ///< between tries of an address
    std::uint64_t clock_ms = 60000;     ///< between clock events
    std::uint64_t entropy_ms = 3600000;
    bool clock_trusted = false;  ///< the device synchronizes its clock
    std::function<void(const client::Report&)> on_report = [](const client::Report&) {};
};

class Host
{
  public:
    /// Shape   record: null for one that does not vote. All references outlive the host.
    Host(uv_loop_t& loop, Machine& machine, Services& services, RecordFile* record,
         HostOptions options);
    /// Shape   the loop has run to its end after stop().
    ~Host();
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;

    /// Takes connections; port 0 lets the system choose. Returns the port.
    ///
    /// Errors  throws std::runtime_error.
    std::uint16_t listen(const std::string& address, std::uint16_t port);
    /// Keeps a connection to a relay, from now on until stop(). The address is numeric.
    ///
    /// Errors  throws std::runtime_error: not an address.
    void connect(const std::string& address, std::uint16_t port);

    void stop_on_signals();
    /// Lets the validator write the record of a clean stop, then closes everything. The loop ends when
    /// jobs that run have ended.
    void stop();
    [[nodiscard]] bool stopped() const noexcept { return stopping_; }

    [[nodiscard]] std::size_t connection_count() const noexcept { return connections_.size(); }
    /// Sends no more votes: a flush has failed.
    [[nodiscard]] bool record_failed() const noexcept { return record_failed_; }

  private:
    struct Relay;
    struct Pending;
    struct Task;

    void begin();
    void step(const client::Event& event);
    void carry_out(const client::Action& action);
    void write_record(const client::Action& action);
    void send(const client::Action& action);
    void queue(std::unique_ptr<Task> task);
    [[nodiscard]] Bytes keep_list(const client::Fetch& fetch, std::vector<std::uint8_t>&& list);
    void set_deadline(std::uint64_t at_ms);
    void tell_time();
    void mix_entropy();
    [[nodiscard]] std::uint64_t now_ms() const;
    Connection* add_connection(Relay* relay);
    void dial(Relay& relay);
    void close_handle(uv_handle_t* handle);
    template <class Handle>
    [[nodiscard]] uv_handle_t* as_handle(Handle& handle)
    {
        return reinterpret_cast<uv_handle_t*>(&handle);
    }

    uv_loop_t& loop_;
    Machine& machine_;
    Services& services_;
    RecordFile* record_;
    HostOptions options_;
    uv_timer_t deadline_{}, clock_{}, entropy_{};
    uv_tcp_t listener_{};
    uv_signal_t interrupt_{}, terminate_{};
    bool listening_ = false, signals_ = false;
    std::map<std::uint64_t, Connection*> connections_;
    std::vector<std::unique_ptr<Relay>> relays_;
    std::vector<Pending> pending_;
    std::map<chain::Digest, std::vector<std::uint8_t>> lists_;
    std::uint64_t next_peer_ = 1;
    bool stepping_ = false, stop_wanted_ = false, stopping_ = false, record_failed_ = false;
};
}  // namespace mote::posix
