#include "qmdb/fsck.hpp"

#include <algorithm>
#include <cstring>

#include "qmdb/run_file.hpp"

namespace mote::qmdb
{
namespace
{
bool is_zero(ByteView bytes)
{
    return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b == 0; });
}

// Gives the identity of the store, if a slot has it.
std::optional<StoreId> check_superblocks(Disk& disk, FsckReport& report, bool repair)
{
    std::optional<StoreId> id;
    std::vector<std::uint8_t> bytes(2 * superblock_bytes);
    bytes.resize(disk.open("superblock", false)->read(0, bytes));
    bytes.resize(2 * superblock_bytes);
    for (std::size_t at = 0; at < bytes.size(); at += superblock_bytes)
    {
        const ByteView slot = ByteView(bytes).subspan(at, superblock_bytes);
        if (const auto super = decode_superblock(slot))
            id = super->id;
        else if (!is_zero(slot))  // opening repairs it
            report.findings.push_back({"superblock", at, "a slot is not intact", repair});
    }
    return id;
}

void check_blocks(Disk& disk, const Store& store, FsckReport& report)
{
    const auto file = disk.open("blocks", false);
    std::optional<BlockRecord> before;
    for (std::uint64_t i = 0; i <= store.final_block().ordinal; ++i)
    {
        std::array<std::uint8_t, block_record_bytes> bytes = {};
        file->read(i * block_record_bytes, bytes);
        const auto record = decode_block(bytes);
        const bool good =
            record && record->ordinal == i && (!before || record->parent_root == before->root);
        if (!good)
            report.findings.push_back(
                {"blocks", i * block_record_bytes, "a block record is not intact", false});
        before = good ? record : std::nullopt;
        ++report.blocks;
    }
}

// A run that is being written when the power goes off is not intact; that is no damage, as nothing needed
// it, but it looks the same. Those behind it in the file are not found.
bool check_runs(Disk& disk, std::uint64_t number, const StoreId& id, FsckReport& report)
{
    const std::string name = changes_name(number);
    bool good = true;
    const auto bad = [&](std::uint64_t offset, const char* what)
    {
        report.findings.push_back({name, offset, what, false});
        good = false;
    };
    const auto file = disk.open(name, false);
    PartBuffer buffer;
    std::uint64_t end = 0;
    for (const RunHead& run : read_run_heads(disk, number, id))
    {
        for (unsigned s = 0; run.has_changes() && s < state::shard_count; ++s)
            if (!read_part(*file, run.changes[s], buffer))
                bad(run.changes[s].offset, "a run of changes is not intact");
        for (const RunHead::Part& image : run.images)
            if (image.bytes != 0 && !read_part(*file, image, buffer))
                bad(image.offset, "an image of a shard is not intact");
        end = run.end;
    }
    if (file->size() != end || end == 0)
        bad(end, "a run of changes is not intact");
    return good;
}

void check_logs(Disk& disk, const Store& store, FsckReport& report)
{
    for (unsigned s = 0; s < state::shard_count; ++s)
    {
        Shard& shard = const_cast<Store&>(store).shard(s);
        const ShardNumbers& numbers = store.final_block().shards[s];
        Log::Cursor cursor;
        std::uint64_t sn = shard.twigs().first_sn();
        if (sn == numbers.next_sn)
            continue;
        cursor.position = shard.twigs().chunk_position(sn >> state::chunk_shift);
        try
        {
            for (; sn < numbers.next_sn; ++sn, ++report.entries)
                if (const std::uint64_t at = cursor.position; shard.log().next(cursor).sn != sn)
                {
                    const auto [file, offset] = shard.log().place(at);
                    throw Damage(file, offset, "another serial number than expected");
                }
        }
        catch (const Damage& damage)
        {
            report.findings.push_back({damage.file, damage.offset,
                                       "an entry is not intact; the rest of the shard is unread",
                                       false});
        }
    }
    static_cast<void>(disk);
}
}  // namespace

FsckReport fsck(Disk& disk, bool repair)
{
    FsckReport report;
    if (!disk.exists("superblock"))
        throw NotHere("there is no store here");
    const auto id = check_superblocks(disk, report, repair);
    bool runs_good = true;
    // Without its identity a store does not open, and nothing is a run of it.
    if (id)
        for (const std::uint64_t number : changes_numbers(disk))
            runs_good = check_runs(disk, number, *id, report) && runs_good;
    OpenOptions options;
    options.write = repair;
    options.checkpoint_on_close = false;
    try
    {
        Store store(disk, options);
        report.opens = true;
        report.root = store.head().root;
        report.height = store.head().height;
        check_blocks(disk, store, report);
        check_logs(disk, store, report);
        const bool log_good =
            std::none_of(report.findings.begin(), report.findings.end(),
                         [](const Finding& f) { return f.file.starts_with("log-"); });
        if (repair && log_good && !runs_good)
        {
            // Both are of the newest block, and nothing before them is needed.
            store.checkpoint();
            store.checkpoint();
            for (Finding& finding : report.findings)
                finding.repaired = finding.repaired || finding.file.starts_with("changes-");
        }
    }
    catch (const Damage& damage)
    {
        report.findings.push_back({damage.file, damage.offset, damage.what(), false});
    }
    return report;
}
}  // namespace mote::qmdb
