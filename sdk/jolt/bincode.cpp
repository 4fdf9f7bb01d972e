#include "jolt/bincode.hpp"

namespace mote::jolt
{
Status BincodeReader::varint(std::uint32_t bytes_max, std::uint64_t& lo, std::uint64_t& hi) noexcept
{
    const std::size_t start = position();
    std::uint8_t first = 0;
    MOTE_TRY(u8(first));
    hi = 0;
    lo = first;
    if (first < 251)
        return Status::ok;
    const std::uint32_t bytes = first == 255 ? 255U : 2U << (first - 251);
    if (bytes > bytes_max)
        return fail(Reason::illegal_varint, start);
    if (bytes > remaining())
        return fail(Reason::truncated, start);
    Bytes body;
    MOTE_TRY(take(bytes, body));
    bool minimal = false;
    switch (bytes)
    {
        case 2:
            lo = load_le16(body.data());
            minimal = lo > 250;
            break;
        case 4:
            lo = load_le32(body.data());
            minimal = (lo >> 16) != 0;
            break;
        case 8:
            lo = load_le64(body.data());
            minimal = (lo >> 32) != 0;
            break;
        default:
            lo = load_le64(body.data());
            hi = load_le64(body.data() + 8);
            minimal = hi != 0;
            break;
    }
    return minimal ? Status::ok : fail(Reason::non_minimal_varint, start);
}

Status BincodeReader::u16(std::uint16_t& out) noexcept
{
    std::uint64_t lo = 0, hi = 0;
    MOTE_TRY(varint(2, lo, hi));
    out = static_cast<std::uint16_t>(lo);
    return Status::ok;
}

Status BincodeReader::u64(std::uint64_t& out) noexcept
{
    std::uint64_t hi = 0;
    return varint(8, out, hi);
}

Status BincodeReader::i128(std::uint64_t& lo, std::uint64_t& hi) noexcept
{
    MOTE_TRY(varint(16, lo, hi));
    const std::uint64_t sign = 0 - (lo & 1);  // 2v for v >= 0, -2v - 1 for v < 0
    lo = ((lo >> 1) | (hi << 63)) ^ sign;
    hi = (hi >> 1) ^ sign;
    return Status::ok;
}

Status BincodeReader::variant(std::uint32_t count, std::uint32_t& out) noexcept
{
    const std::size_t start = position();
    std::uint64_t lo = 0, hi = 0;
    MOTE_TRY(varint(4, lo, hi));
    if (lo >= count)
        return fail(Reason::illegal_variant, start);
    out = static_cast<std::uint32_t>(lo);
    return Status::ok;
}

Status BincodeReader::length(std::size_t element_bytes, std::uint32_t& out) noexcept
{
    const std::size_t start = position();
    std::uint64_t count = 0;
    MOTE_TRY(u64(count));
    if (count > remaining() / element_bytes)
        return fail(Reason::truncated, start);
    if (count > UINT32_MAX)
        return fail(Reason::too_many_elements, start);
    out = static_cast<std::uint32_t>(count);
    return Status::ok;
}

Status BincodeReader::byte_string(Bytes& out) noexcept
{
    std::uint32_t count = 0;
    MOTE_TRY(length(1, count));
    return take(count, out);
}

Status BincodeReader::frs(std::uint32_t count, FrView& out) noexcept
{
    const FrView view{data(), count};
    for (std::uint32_t i = 0; i < count; ++i)
    {
        const std::size_t start = position();
        Bytes bytes;
        MOTE_TRY(take(field_bytes, bytes));
        Fr::Integer integer{};
        for (std::size_t k = 0; k < integer.size(); ++k)
            integer[k] = load_le64(bytes.data() + 8 * k);
        if (!field::less(integer, Fr::modulus))
            return fail(Reason::field_not_canonical, start);
        next_index();
    }
    out = view;
    return Status::ok;
}

Status BincodeReader::fr(Fr& out) noexcept
{
    FrView view;
    MOTE_TRY(frs(1, view));
    out = view[0];
    return Status::ok;
}

Status BincodeReader::fr_vector(FrView& out) noexcept
{
    std::uint32_t count = 0;
    MOTE_TRY(length(field_bytes, count));
    return frs(count, out);
}

Status BincodeReader::fr_option(Maybe<Fr>& out) noexcept
{
    MOTE_TRY(boolean(out.present));
    return out.present ? fr(out.value) : Status::ok;
}

Status BincodeReader::element(std::size_t bytes) noexcept
{
    const std::size_t start = position();
    std::uint64_t length = 0;
    MOTE_TRY(u64(length));
    if (length != bytes)
        return fail(Reason::wrong_element_length, start);
    if (bytes > remaining())
        return fail(Reason::truncated, start);
    return skip(bytes);
}

Status BincodeReader::gt(GtView& out) noexcept
{
    MOTE_TRY(element(gt_bytes));
    out = {data() - gt_bytes, 1};
    return Status::ok;
}

Status BincodeReader::gt_option(GtView& out) noexcept
{
    bool present = false;
    MOTE_TRY(boolean(present));
    out = {};
    return present ? gt(out) : Status::ok;
}

Status BincodeReader::gt_vector(GtView& out) noexcept
{
    std::uint32_t count = 0;
    MOTE_TRY(length(gt_item_bytes, count));
    const GtView view{count == 0 ? nullptr : data() + (gt_item_bytes - gt_bytes), count};
    for (std::uint32_t i = 0; i < count; ++i, next_index())
        MOTE_TRY(element(gt_bytes));
    out = view;
    return Status::ok;
}

Status BincodeReader::g1_vector() noexcept
{
    std::uint32_t count = 0;
    MOTE_TRY(length(g1_item_bytes, count));
    for (std::uint32_t i = 0; i < count; ++i, next_index())
        MOTE_TRY(element(g1_bytes));
    return Status::ok;
}
}  // namespace mote::jolt
