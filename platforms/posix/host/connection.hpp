// A connection to a peer: frames over TCP, with bounds on what waits in both directions.
//
//   u32 length of what follows, little-endian | what a Validator sends: a byte of kind, then the body
//
// A length above the limit ends the connection before anything of it is kept. What waits to be sent is
// bounded, too: a peer that does not read is dropped, for votes are sent again and blocks fetched again.
#pragma once

#include <uv.h>

#include <functional>
#include <memory>
#include <vector>

#include "base/bytes.hpp"

namespace mote::posix
{
struct ConnectionLimits
{
    std::size_t message_bytes = std::size_t{1} << 20;
    std::size_t queued_bytes = std::size_t{8} << 20;  ///< waiting to be sent to one peer
};

/// Owned by itself: lives from make() until libuv has closed it, which on_closed tells.
class Connection
{
  public:
    struct Handler
    {
        std::function<void(Connection&, Bytes message)> on_message;
        std::function<void(Connection&)> on_closed;
    };

    /// An idle connection, to be accepted or connected through handle().
    static Connection* make(uv_loop_t& loop, const ConnectionLimits& limits, Handler handler,
                            std::uint64_t peer);

    [[nodiscard]] std::uint64_t peer() const noexcept { return peer_; }
    [[nodiscard]] uv_tcp_t* handle() noexcept { return &tcp_; }
    [[nodiscard]] uv_stream_t* stream() noexcept { return reinterpret_cast<uv_stream_t*>(&tcp_); }
    [[nodiscard]] bool closing() const noexcept { return closing_; }

    /// Begins to read, once it is connected.
    void start();
    /// Sends one message, or closes the connection if too much waits already.
    void send(const std::shared_ptr<const std::vector<std::uint8_t>>& frame);
    void close();

    /// A message with its length before it.
    [[nodiscard]] static std::shared_ptr<const std::vector<std::uint8_t>> frame(Bytes message);

  private:
    Connection(const ConnectionLimits& limits, Handler handler, std::uint64_t peer)
        : limits_(limits), handler_(std::move(handler)), peer_(peer)
    {
    }
    ~Connection() = default;
    void take(Bytes piece);

    uv_tcp_t tcp_{};
    ConnectionLimits limits_;
    Handler handler_;
    std::uint64_t peer_;
    std::vector<std::uint8_t> piece_ = std::vector<std::uint8_t>(65536);
    std::vector<std::uint8_t> filled_;  // a length, then its message, as far as they are there
    bool closing_ = false;
};
}  // namespace mote::posix
