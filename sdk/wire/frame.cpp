#include "wire/frame.hpp"

#include <algorithm>
#include <cstring>

#include "base/assert.hpp"

namespace mote::wire
{
FrameHead frame_head(MessageType type, std::size_t body_bytes) noexcept
{
    MOTE_ASSERT(body_bytes <= body_bytes_max(type));
    FrameHead head{};
    store_le(head.data(), static_cast<std::uint32_t>(body_bytes + 1));
    head[length_bytes] = static_cast<std::uint8_t>(type);
    return head;
}

Progress FrameReader::close(FrameError error, std::size_t at) noexcept
{
    error_ = error;
    frame_offset_ += at;
    filled_ = 0;
    return Progress::closed;
}

void FrameReader::drop() noexcept
{
    if (!arriving())
        return;
    dropping_ = true;
    dropped_ += filled_;
    filled_ = 0;
}

Progress FrameReader::push(Bytes& piece) noexcept
{
    if (error_ != FrameError::none)
        return Progress::closed;
    for (;;)
    {
        if (complete_)
        {
            frame_offset_ += frame_head_bytes + body_bytes_;
            head_filled_ = filled_ = dropped_ = body_bytes_ = 0;
            complete_ = dropping_ = false;
        }
        if (!take_head(piece))
            return error_ == FrameError::none ? Progress::need_more : Progress::closed;
        take_body(piece);
        if (filled_ + dropped_ < body_bytes_)
            return Progress::need_more;
        complete_ = true;
        if (!dropping_)
            return Progress::frame;
    }
}

// False if the head is not there yet, or wrong.
bool FrameReader::take_head(Bytes& piece) noexcept
{
    while (head_filled_ < frame_head_bytes)
    {
        if (piece.empty())
            return false;
        head_[head_filled_++] = piece.front();
        piece = piece.subspan(1);
        if (head_filled_ == length_bytes && !check_length())
            return false;
        if (head_filled_ == frame_head_bytes && !check_type())
            return false;
    }
    return true;
}

void FrameReader::take_body(Bytes& piece) noexcept
{
    const std::size_t count = std::min(piece.size(), body_bytes_ - filled_ - dropped_);
    if (dropping_)
        dropped_ += count;
    else
    {
        if (count != 0)
            std::memcpy(memory_.data() + filled_, piece.data(), count);
        filled_ += count;
    }
    piece = piece.subspan(count);
}

bool FrameReader::check_length() noexcept
{
    const std::uint32_t length = load_le32(head_.data());
    if (length == 0)
        close(FrameError::empty, 0);
    else if (length - 1 > any_body_bytes_max)
        close(FrameError::too_long, 0);
    else
        body_bytes_ = length - 1;
    return error_ == FrameError::none;
}

bool FrameReader::check_type() noexcept
{
    type_ = static_cast<MessageType>(head_[length_bytes]);
    const std::size_t bytes_max = body_bytes_max(type_);
    if (bytes_max == 0)
        close(FrameError::unknown_type, length_bytes);
    else if (body_bytes_ > bytes_max)
        close(FrameError::too_long, 0);
    else if (body_bytes_ > memory_.size())
        close(FrameError::above_own_limit, 0);
    return error_ == FrameError::none;
}
}  // namespace mote::wire
