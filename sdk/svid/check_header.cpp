#include "svid/check_header.hpp"

#include <algorithm>

namespace mote::svid
{
namespace
{
/// Step 2.
Status check_params(const Header& header, std::uint64_t limit,
                    std::span<const std::uint64_t> stakes, Params& params, Fault& fault) noexcept
{
    if (header.block_bytes > std::min(limit, block_bytes_max))
    {
        fault = Fault::params;
        return Status::ok;
    }
    const Status status = derive(header.block_bytes, stakes, params);
    if (status == Status::invalid_argument)
        return status;
    if (status != Status::ok || header.row_log2 != params.row_log2 ||
        header.data_rows != params.data_rows || header.rows != params.rows ||
        (params.block_bytes == 0 && !empty_roots(header)))
        fault = Fault::params;
    return Status::ok;
}

HeaderBytes copy(Bytes bytes) noexcept
{
    HeaderBytes out{};
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}
}  // namespace

Status check_header(Bytes bytes, const Expected& expected, Header& header, Params& params,
                    Fault& fault) noexcept
{
    fault = Fault::none;
    if (!decode(bytes, header) || header.chain_id != expected.chain_id ||
        header.zone != expected.zone || header.height != expected.height ||
        header.epoch != expected.epoch)
    {
        fault = Fault::header;
        return Status::ok;
    }
    MOTE_TRY(check_params(header, expected.block_bytes_max, expected.stakes, params, fault));
    if (fault == Fault::none && svid_root(copy(bytes)) != expected.svid_root)
        fault = Fault::commit;
    return Status::ok;
}

Status check_foreign_header(Bytes bytes, const Digest& chain_id,
                            std::span<const std::uint64_t> stakes, Header& header, Params& params,
                            Fault& fault) noexcept
{
    fault = Fault::none;
    if (!decode(bytes, header) || header.chain_id != chain_id)
    {
        fault = Fault::header;
        return Status::ok;
    }
    return check_params(header, block_bytes_max, stakes, params, fault);
}
}  // namespace mote::svid
