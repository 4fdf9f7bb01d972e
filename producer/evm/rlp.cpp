#include "evm/rlp.hpp"

#include <algorithm>
#include <bit>

namespace mote::evm
{
namespace
{
/// Reads a header at the start of `bytes`: where the payload begins and how long it is.
[[nodiscard]] bool read_header(Bytes bytes, bool& is_list, std::size_t& header,
                               std::size_t& payload) noexcept
{
    if (bytes.empty())
        return false;
    const std::uint8_t first = bytes[0];
    if (first < 0x80)
    {
        is_list = false;
        header = 0;
        payload = 1;
        return true;
    }
    is_list = first >= 0xc0;
    const std::size_t kind = first - (is_list ? 0xc0U : 0x80U);
    header = 1;
    if (kind <= 55)
        payload = kind;
    else
    {
        const std::size_t width = kind - 55;
        // No leading zeros, and only where the short form does not do.
        if (bytes.size() < 1 + width || bytes[1] == 0)
            return false;
        std::uint64_t length = 0;
        for (std::size_t i = 0; i < width; ++i)
            length = length << 8 | bytes[1 + i];
        if (length <= 55 || length > bytes.size())
            return false;
        header = 1 + width;
        payload = static_cast<std::size_t>(length);
    }
    if (payload > bytes.size() - header)
        return false;
    return is_list || payload != 1 || bytes[header] >= 0x80;
}
}  // namespace

bool RlpReader::next(RlpItem& out) noexcept
{
    std::size_t header = 0, payload = 0;
    bool is_list = false;
    if (!read_header(rest_, is_list, header, payload))
        return false;
    out = {is_list, rest_.subspan(header, payload), rest_.first(header + payload)};
    rest_ = rest_.subspan(header + payload);
    return true;
}

bool RlpReader::next_list(Bytes& payload) noexcept
{
    const Bytes before = rest_;
    RlpItem item;
    if (!next(item) || !item.is_list)
    {
        rest_ = before;
        return false;
    }
    payload = item.payload;
    return true;
}

bool RlpReader::next_bytes(Bytes& payload) noexcept
{
    const Bytes before = rest_;
    RlpItem item;
    if (!next(item) || item.is_list)
    {
        rest_ = before;
        return false;
    }
    payload = item.payload;
    return true;
}

bool RlpReader::next_fixed(MutableBytes out) noexcept
{
    const Bytes before = rest_;
    Bytes payload;
    if (!next_bytes(payload) || payload.size() != out.size())
    {
        rest_ = before;
        return false;
    }
    std::copy(payload.begin(), payload.end(), out.begin());
    return true;
}

bool RlpReader::next_integer(Word& out) noexcept
{
    const Bytes before = rest_;
    Bytes payload;
    if (!next_bytes(payload) || payload.size() > 32 || (!payload.empty() && payload[0] == 0))
    {
        rest_ = before;
        return false;
    }
    out = word_from(payload);
    return true;
}

bool RlpReader::next_integer(std::uint64_t& out) noexcept
{
    const Bytes before = rest_;
    Word word;
    if (!next_integer(word) || !word.fits_u64())
    {
        rest_ = before;
        return false;
    }
    out = word.limb[0];
    return true;
}

bool is_rlp(Bytes bytes) noexcept
{
    bool is_list = false;
    std::size_t header = 0, payload = 0;
    if (!read_header(bytes, is_list, header, payload) || header + payload != bytes.size())
        return false;
    // A list's items must fill it exactly. Its end is found again by walking its items, so instead of a
    // stack of ends each list is checked where it stands, and its items are walked into.
    std::size_t at = 0;
    while (at < bytes.size())
    {
        if (!read_header(bytes.subspan(at), is_list, header, payload))
            return false;
        if (!is_list)
        {
            at += header + payload;
            continue;
        }
        const std::size_t end = at + header + payload;
        for (std::size_t inner = at + header; inner != end;)
        {
            std::size_t h = 0, n = 0;
            bool l = false;
            if (!read_header(bytes.subspan(inner, end - inner), l, h, n))
                return false;
            inner += h + n;
        }
        at += header;
    }
    return true;
}

std::size_t write_rlp_header(bool is_list, std::uint64_t payload_bytes, std::uint8_t* out) noexcept
{
    const unsigned base = is_list ? 0xc0 : 0x80;
    if (payload_bytes <= 55)
    {
        out[0] = static_cast<std::uint8_t>(base + payload_bytes);
        return 1;
    }
    const auto width = static_cast<std::size_t>(std::bit_width(payload_bytes) + 7) / 8;
    out[0] = static_cast<std::uint8_t>(base + 55 + width);
    for (std::size_t i = 0; i < width; ++i)
        out[1 + i] = static_cast<std::uint8_t>(payload_bytes >> (8 * (width - 1 - i)));
    return 1 + width;
}

std::size_t write_rlp_integer(const Word& value, std::uint8_t* out) noexcept
{
    const std::size_t width = (value.bit_length() + 7) / 8;
    if (width == 1 && value.limb[0] < 0x80)
    {
        out[0] = static_cast<std::uint8_t>(value.limb[0]);
        return 1;
    }
    std::uint8_t bytes[32];
    store_word(bytes, value);
    out[0] = static_cast<std::uint8_t>(0x80 + width);
    std::copy_n(bytes + 32 - width, width, out + 1);
    return 1 + width;
}
}  // namespace mote::evm
