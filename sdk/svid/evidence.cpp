#include "svid/evidence.hpp"

#include <algorithm>

#include "svid/check_header.hpp"
#include "svid/share.hpp"

namespace mote::svid
{
namespace
{
HeaderBytes fixed(Bytes bytes) noexcept
{
    HeaderBytes out{};
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}

BadRowFinding reject(BadRowFinding finding, Fault fault) noexcept
{
    finding.finding = Finding::rejected;
    finding.fault = fault;
    return finding;
}
}  // namespace

std::size_t bad_row_memory_bytes() noexcept
{
    Params largest;
    largest.row_log2 = 17;
    largest.data_rows = largest.code_rows = data_rows_max;
    return ShareCheck::memory_bytes(largest, 1);
}

Status check_bad_row(const BadRow& claim, const Digest& chain_id,
                     std::span<const std::uint64_t> stakes, Arena& arena,
                     BadRowFinding& out) noexcept
{
    out = {};
    Header header;
    Params params;
    Fault fault = Fault::none;
    MOTE_TRY(check_foreign_header(claim.header, chain_id, stakes, header, params, fault));
    if (fault != Fault::none)
    {
        out = reject(out, fault);
        return Status::ok;
    }
    const HeaderBytes bytes = fixed(claim.header);
    out.svid_root = svid_root(bytes);
    out.announce_digest = announce_digest(chain_id, out.svid_root);

    // A row that the dispersal does not have is step 5; Z, step 4, comes before it.
    const bool exists = claim.row < params.rows;
    ShareCheck share;
    MOTE_TRY(share.open(header, params, bytes, {&claim.row, exists ? std::size_t{1} : 0}, arena));
    static_cast<void>(share.append_z(claim.z));
    static_cast<void>(share.end_z());
    static_cast<void>(
        share.begin_rows({claim.row, 1, claim.bytes.size(), claim.data_path, claim.parity_path}));
    static_cast<void>(share.append_rows(claim.bytes));
    static_cast<void>(share.end_rows());

    const Verdict verdict = share.verdict();
    if (verdict.outcome == Outcome::provisional)
        out.finding = Finding::row_is_correct;
    else if (verdict.fault == Fault::fingerprint)
        out.finding = Finding::convicts;
    else
        out = reject(out, verdict.fault);
    return Status::ok;
}

bool equivocates(Bytes first, Bytes second, const Digest& chain_id,
                 std::array<Digest, 2>& announces) noexcept
{
    announces = {};
    Header a, b;
    if (!decode(first, a) || !decode(second, b) || a.chain_id != chain_id ||
        b.chain_id != chain_id || a.zone != b.zone || a.height != b.height || a.epoch != b.epoch)
        return false;
    const Digest root_a = svid_root(fixed(first)), root_b = svid_root(fixed(second));
    if (root_a == root_b)
        return false;
    announces = {announce_digest(chain_id, root_a), announce_digest(chain_id, root_b)};
    return true;
}
}  // namespace mote::svid
