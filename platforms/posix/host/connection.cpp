#include "posix/host/connection.hpp"

#include <algorithm>

namespace mote::posix
{
namespace
{
constexpr std::size_t length_bytes = 4;

/// A write on its way; keeps the bytes that libuv reads.
struct Sending
{
    uv_write_t request{};
    std::shared_ptr<const std::vector<std::uint8_t>> frame;
};

Connection& connection_of(void* data) { return *static_cast<Connection*>(data); }
}  // namespace

Connection* Connection::make(uv_loop_t& loop, const ConnectionLimits& limits, Handler handler,
                             std::uint64_t peer)
{
    auto* const made = new Connection(limits, std::move(handler), peer);
    uv_tcp_init(&loop, &made->tcp_);
    made->tcp_.data = made;
    return made;
}

std::shared_ptr<const std::vector<std::uint8_t>> Connection::frame(Bytes message)
{
    auto out = std::make_shared<std::vector<std::uint8_t>>(length_bytes + message.size());
    store_le(out->data(), static_cast<std::uint32_t>(message.size()));
    std::copy(message.begin(), message.end(), out->begin() + length_bytes);
    return out;
}

void Connection::start()
{
    uv_tcp_nodelay(&tcp_, 1);
    const int error = uv_read_start(
        stream(),
        [](uv_handle_t* handle, std::size_t, uv_buf_t* buffer)
        {
            auto& piece = connection_of(handle->data).piece_;
            *buffer = uv_buf_init(reinterpret_cast<char*>(piece.data()),
                                  static_cast<unsigned>(piece.size()));
        },
        [](uv_stream_t* handle, ssize_t n, const uv_buf_t* buffer)
        {
            Connection& self = connection_of(handle->data);
            if (n < 0)
                self.close();
            else
                self.take({reinterpret_cast<const std::uint8_t*>(buffer->base),
                           static_cast<std::size_t>(n)});
        });
    if (error != 0)
        close();
}

void Connection::take(Bytes piece)
{
    while (!piece.empty() && !closing_)
    {
        std::size_t wanted = length_bytes;
        if (filled_.size() >= length_bytes)
            wanted += load_le32(filled_.data());
        const std::size_t more = std::min(wanted - filled_.size(), piece.size());
        filled_.insert(filled_.end(), piece.begin(),
                       piece.begin() + static_cast<std::ptrdiff_t>(more));
        piece = piece.subspan(more);
        if (filled_.size() < length_bytes)
            continue;
        const std::uint32_t length = load_le32(filled_.data());
        if (length == 0 || length > limits_.message_bytes)
        {
            close();
            return;
        }
        if (filled_.size() == length_bytes + length)
        {
            handler_.on_message(*this, Bytes(filled_).subspan(length_bytes));
            filled_.clear();
        }
    }
}

void Connection::send(const std::shared_ptr<const std::vector<std::uint8_t>>& frame)
{
    if (closing_)
        return;
    if (uv_stream_get_write_queue_size(stream()) + frame->size() > limits_.queued_bytes)
    {
        close();
        return;
    }
    auto sending = std::make_unique<Sending>();
    sending->frame = frame;
    sending->request.data = sending.get();
    // libuv does not write to it; its type has no const.
    const uv_buf_t buffer = {const_cast<char*>(reinterpret_cast<const char*>(frame->data())),
                             frame->size()};
    const int error =
        uv_write(&sending->request, stream(), &buffer, 1,
                 [](uv_write_t* request, int status)
                 {
                     const std::unique_ptr<Sending> done(static_cast<Sending*>(request->data));
                     if (status != 0)
                         connection_of(request->handle->data).close();
                 });
    if (error != 0)
        close();
    else
        static_cast<void>(sending.release());
}

void Connection::close()
{
    if (closing_)
        return;
    closing_ = true;
    uv_close(reinterpret_cast<uv_handle_t*>(&tcp_),
             [](uv_handle_t* handle)
             {
                 Connection* const self = &connection_of(handle->data);
                 self->handler_.on_closed(*self);
                 delete self;
             });
}
}  // namespace mote::posix
