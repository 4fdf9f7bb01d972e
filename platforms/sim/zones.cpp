#include "sim/zones.hpp"

#include <algorithm>
#include <stdexcept>

#include "chain/digests.hpp"
#include "disperse/rebuild.hpp"
#include "svid/check_header.hpp"
#include "svid/evidence.hpp"
#include "svid/share.hpp"

namespace mote::sim
{
namespace
{
constexpr std::size_t typical_proof_bytes = 70000;

disperse::Effort one_thread()
{
    disperse::Effort effort;
    effort.threads = 1;
    return effort;
}

std::vector<std::uint32_t> rows_of(const ZoneBlock& block, std::uint32_t member)
{
    const svid::AssignedRange range = block.ranges[member];
    std::vector<std::uint32_t> rows;
    for (std::uint32_t i = 0; i < range.count; ++i)
        rows.push_back((range.first + i) % block.dispersal->params().rows);
    std::sort(rows.begin(), rows.end());
    return rows;
}

/// Memory for one check, aligned.
struct Scratch
{
    explicit Scratch(std::size_t bytes) : words(bytes / 16 + 1) {}
    [[nodiscard]] Arena arena() { return {words.data(), words.size() * 16}; }

    struct alignas(16) Word
    {
        std::uint8_t bytes[16];
    };
    std::vector<Word> words;
};

/// Public input and output in one hash.
Digest public_values(const ProofPackage& package, const Digest& chain_id)
{
    std::vector<Bytes> svid_headers(package.svid_headers.begin(), package.svid_headers.end());
    std::vector<std::uint8_t> bytes(chain::statement_input_bytes_max +
                                    chain::statement_output_bytes_max);
    const MutableBytes out(bytes);
    std::size_t used =
        chain::write_input(package.statement, package.headers, svid_headers, chain_id, out);
    used += chain::write_output(package.statement, svid_headers, out.subspan(used));
    hash::Blake3 digest = hash::Blake3::derive_key(
        Bytes(reinterpret_cast<const std::uint8_t*>("mote simulated proof v1"), 23));
    digest.update(package.statement.program_id);
    digest.update(Bytes(out).first(used));
    Digest value;
    digest.finish(value);
    return value;
}
}  // namespace

ZoneBlockPtr make_zone_block(ZoneBlockPlan plan, const SignatureScheme& signatures,
                             std::uint32_t key)
{
    auto block = std::make_shared<ZoneBlock>();
    block->data = std::move(plan.data);
    block->committee = std::move(plan.committee);
    block->epoch = plan.epoch;
    disperse::Subject subject;
    subject.chain_id = plan.chain_id;
    subject.zone = plan.header.zone;
    subject.height = plan.header.height;
    subject.epoch = plan.epoch;
    svid::Params params;
    if (svid::derive(block->data.size(), block->committee->stakes, params) != Status::ok)
        throw std::logic_error("a block has no parameters");
    if (plan.falsify_row)
        subject.wrong_row = params.data_rows;  // the first parity row
    block->dispersal = std::make_unique<disperse::Dispersal>(
        block->data, subject, block->committee->stakes, one_thread());
    block->header = plan.header;
    block->header.data_bytes = static_cast<std::uint32_t>(block->data.size());
    block->header.data_commit = block->dispersal->svid_root();
    block->hash = chain::hash_of(block->header);
    block->signature = signatures.sign(key, chain::zone_header_digest(plan.chain_id, block->hash));

    const svid::ValidatorSet set = {plan.assignment_seed, block->committee->stakes,
                                    block->committee->keys};
    Scratch scratch(64 * set.stakes.size() + 64);
    Arena arena = scratch.arena();
    svid::Assignment assignment;
    if (assignment.open(set, arena) != Status::ok)
        throw std::logic_error("shares are not assigned");
    block->ranges.resize(set.stakes.size());
    block->stored.resize(set.stakes.size());
    assignment.ranges(set, block->dispersal->header(), block->ranges);
    return block;
}

std::size_t share_bytes(const ZoneBlock& block, std::uint32_t member)
{
    const svid::Params& params = block.dispersal->params();
    // A zone header with its signature, the SVID header, Z, rows and two paths of about ten values.
    return 296 + svid::header_bytes + params.z_bytes() +
           block.ranges[member].count * params.row_bytes() + 640;
}

svid::Verdict check_shares(const ZoneBlock& block, std::uint32_t member, const Digest& chain_id)
{
    const disperse::Dispersal& dispersal = *block.dispersal;
    svid::Expected expected;
    expected.chain_id = chain_id;
    expected.zone = block.header.zone;
    expected.height = block.header.height;
    expected.epoch = block.epoch;
    expected.stakes = block.committee->stakes;
    expected.svid_root = block.header.data_commit;
    svid::Header header;
    svid::Params params;
    svid::Fault fault{};
    if (svid::check_header(dispersal.header_bytes(), expected, header, params, fault) !=
            Status::ok ||
        fault != svid::Fault::none || header.block_bytes != block.header.data_bytes)
        return svid::rejected(fault == svid::Fault::none ? svid::Fault::header : fault);
    const std::vector<std::uint32_t> rows = rows_of(block, member);
    Scratch scratch(svid::ShareCheck::memory_bytes(params, rows.size()));
    Arena arena = scratch.arena();
    svid::ShareCheck check;
    if (check.open(header, params, dispersal.header_bytes(), rows, arena) != Status::ok)
        return svid::rejected(svid::Fault::row_shape);
    check.begin_source();
    static_cast<void>(check.append_z(dispersal.z()));
    static_cast<void>(check.end_z());
    for (const disperse::RowRun& run : dispersal.runs(block.ranges[member]))
    {
        std::uint64_t bytes = 0;
        for (std::uint32_t i = 0; i < run.count; ++i)
            bytes += dispersal.row(run.first + i).size();
        static_cast<void>(
            check.begin_rows({run.first, run.count, bytes, run.data_path, run.parity_path}));
        for (std::uint32_t i = 0; i < run.count; ++i)
            static_cast<void>(check.append_rows(dispersal.row(run.first + i)));
        static_cast<void>(check.end_rows());
    }
    return check.verdict();
}

BadRowMessage show_row(const ZoneBlock& block, std::uint32_t row)
{
    const disperse::Dispersal& dispersal = *block.dispersal;
    const auto copy = [](Bytes bytes)
    { return std::vector<std::uint8_t>(bytes.begin(), bytes.end()); };
    const disperse::RowRun run = dispersal.run(row, 1);
    BadRowMessage message;
    message.header = dispersal.header_bytes();
    message.row = row;
    message.bytes = copy(dispersal.row(row));
    message.data_path = copy(run.data_path);
    message.parity_path = copy(run.parity_path);
    message.z = copy(dispersal.z());
    return message;
}

Digest hash_of(const BadRowMessage& message)
{
    hash::Blake3 digest;
    const auto add = [&](Bytes bytes)
    {
        std::array<std::uint8_t, 8> length;
        store_le(length.data(), std::uint64_t{bytes.size()});
        digest.update(length);
        digest.update(bytes);
    };
    std::array<std::uint8_t, 4> row;
    store_le(row.data(), message.row);
    add(message.header);
    add(row);
    add(message.bytes);
    add(message.data_path);
    add(message.parity_path);
    add(message.z);
    Digest out;
    digest.finish(out);
    return out;
}

bool convicts(const BadRowMessage& message, const chain::ZoneHeader& header,
              std::span<const std::uint64_t> stakes, const Digest& chain_id)
{
    const svid::BadRow claim = {message.header,    message.row,         message.bytes,
                                message.data_path, message.parity_path, message.z};
    Scratch scratch(svid::bad_row_memory_bytes());
    Arena arena = scratch.arena();
    svid::BadRowFinding finding;
    return svid::check_bad_row(claim, chain_id, stakes, arena, finding) == Status::ok &&
           finding.finding == svid::Finding::convicts && finding.svid_root == header.data_commit;
}

bool rebuild_from(const ZoneBlock& block, std::span<const std::uint32_t> members,
                  std::vector<std::uint8_t>& out)
{
    const svid::Params& params = block.dispersal->params();
    std::vector<std::span<const std::uint8_t>> rows(params.rows);
    for (const std::uint32_t member : members)
        for (const std::uint32_t row : rows_of(block, member))
            rows[row] = block.dispersal->row(row);
    disperse::Buffer data;
    if (disperse::rebuild(block.dispersal->header(), params, rows, one_thread(), data) !=
        disperse::RebuildResult::rebuilt)
        return false;
    out.assign(data.data(), data.data() + data.size());
    return true;
}

Digest genesis_state(std::uint32_t zone)
{
    std::array<std::uint8_t, 4> bytes;
    store_le(bytes.data(), zone);
    return hash::blake3_derive_key("mote simulator empty state v1", bytes);
}

Digest execute(const Digest& before, const ZoneBlock& block)
{
    std::vector<std::uint8_t> bytes(before.begin(), before.end());
    bytes.resize(40);
    store_le(bytes.data() + 32, block.header.height);
    bytes.insert(bytes.end(), block.data.begin(), block.data.end());
    return hash::blake3_derive_key("mote simulator state v1", bytes);
}

void ProofOracle::prove(ProofPackage& package, const Digest& chain_id)
{
    package.proof = public_values(package, chain_id);
    // The public output has the root after, so one input has one true output; this is the one.
    hash::Blake3 digest;
    digest.update(package.proof);
    digest.update(chain::encode(package.statement));
    Digest known;
    digest.finish(known);
    proven_.insert(known);
}

bool ProofOracle::verify(const ProofPackage& package, const Digest& chain_id,
                         const chain::Calendar& calendar) const
{
    const std::vector<Bytes> svid_headers(package.svid_headers.begin(), package.svid_headers.end());
    if (chain::check_statement(package.statement, package.headers, svid_headers, chain_id,
                               calendar) != chain::StatementStep::none ||
        package.proof != public_values(package, chain_id))
        return false;
    hash::Blake3 digest;
    digest.update(package.proof);
    digest.update(chain::encode(package.statement));
    Digest known;
    digest.finish(known);
    return proven_.contains(known);
}

std::size_t proof_bytes(const ProofPackage& package)
{
    return typical_proof_bytes + chain::layout_bytes<chain::Statement> +
           package.headers.size() * (chain::layout_bytes<chain::ZoneHeader> + svid::header_bytes);
}
}  // namespace mote::sim
