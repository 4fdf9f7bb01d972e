#include "chain/statement_check.hpp"

#include <algorithm>

#include "svid/header.hpp"

namespace mote::chain
{
namespace
{
[[nodiscard]] bool is_void(const Statement& statement, std::size_t block) noexcept
{
    return (statement.void_mask >> block & 1) != 0;
}

/// The SVID header, if it is the one that the zone header commits to.
bool open_svid(Bytes bytes, const ZoneHeader& header, const Digest& chain_id,
               const Calendar& calendar) noexcept
{
    svid::Header svid;
    svid::Params params;
    return hash::blake3_derive_key("mote svid commitment v1", bytes) == header.data_commit &&
           svid::decode(bytes, svid) && svid.chain_id == chain_id && svid.zone == header.zone &&
           svid.height == header.height && svid.epoch == calendar.epoch_of_window(header.window) &&
           svid.block_bytes == header.data_bytes &&
           svid::derive(svid.block_bytes, params) == Status::ok &&
           svid.data_rows == params.data_rows && svid.row_log2 == params.row_log2;
}
}  // namespace

StatementStep check_statement(const Statement& statement, std::span<const ZoneHeader> headers,
                              std::span<const Bytes> svid_headers, const Digest& chain_id,
                              const Calendar& calendar) noexcept
{
    if (!range_holds(statement) || headers.size() != statement.to - statement.from + 1 ||
        svid_headers.size() != headers.size())
        return StatementStep::range;
    Digest parent = statement.prev_header;
    for (std::size_t i = 0; i < headers.size(); ++i)
    {
        const ZoneHeader& header = headers[i];
        if (header.version != header_version || header.zone != statement.zone ||
            header.height != statement.from + i || header.parent != parent)
            return StatementStep::headers;
        parent = hash_of(header);
    }
    if (parent != statement.last_header)
        return StatementStep::headers;
    for (std::size_t i = 0; i < headers.size(); ++i)
        if (!is_void(statement, i) && !open_svid(svid_headers[i], headers[i], chain_id, calendar))
            return StatementStep::svid_headers;
    return StatementStep::none;
}

std::size_t write_input(const Statement& statement, std::span<const ZoneHeader> headers,
                        std::span<const Bytes> svid_headers, const Digest& chain_id,
                        MutableBytes out) noexcept
{
    const std::size_t bytes =
        statement_input_head_bytes + statement_input_block_bytes * headers.size();
    MOTE_ASSERT(out.size() >= bytes && headers.size() == svid_headers.size());
    constexpr std::array<std::uint8_t, 4> magic = {'M', 'Z', 'I', '1'};
    constexpr std::array<std::uint8_t, 16> no_challenge{};
    internal::WriteFields write{out.data()};
    write(magic, statement.zone, statement.from, statement.to, statement.void_mask, chain_id,
          statement.prev_header, statement.pre_root);
    for (std::size_t i = 0; i < headers.size(); ++i)
    {
        std::array<std::uint8_t, 16> challenge = no_challenge;
        svid::HeaderBytes svid{};
        const bool with_data = !is_void(statement, i);
        if (with_data)
        {
            MOTE_ASSERT(svid_headers[i].size() == svid.size());
            std::copy(svid_headers[i].begin(), svid_headers[i].end(), svid.begin());
            svid::challenge(svid).store(challenge.data());
        }
        const ZoneHeader& header = headers[i];
        write(hash_of(header), header.anchor, header.time_ms, header.producer,
              with_data ? header.data_bytes : std::uint32_t{0}, challenge);
    }
    return bytes;
}

std::size_t write_output(const Statement& statement, std::span<const Bytes> svid_headers,
                         MutableBytes out) noexcept
{
    const std::size_t bytes =
        statement_output_head_bytes + statement_output_block_bytes * svid_headers.size();
    MOTE_ASSERT(out.size() >= bytes);
    constexpr std::array<std::uint8_t, 4> magic = {'M', 'Z', 'O', '1'};
    internal::WriteFields write{out.data()};
    write(statement.post_root, statement.out_msgs_root, statement.aux_root);
    for (std::size_t i = 0; i < svid_headers.size(); ++i)
    {
        svid::Header svid;
        if (!is_void(statement, i))
        {
            const bool read = svid::decode(svid_headers[i], svid);
            MOTE_ASSERT(read);
            static_cast<void>(read);
        }
        write(svid.data_root, svid.z_digest);
    }
    write(static_cast<std::uint32_t>(svid_headers.size()), magic);
    return bytes;
}
}  // namespace mote::chain
