// Store: the chain's state on a disk, one root for each block.
//
//   Store::create(disk);
//   Store store(disk);                       // recovers what a crash left
//   Digest root = store.apply(height, batch) // known at once, safe nowhere
//   store.finalize();                        // every block so far is safe now
//   store.get(key)
//
// Blocks that are not final stay in memory and can be taken back, newest first: a producer that
// changes to another branch undoes to the common block and applies the other blocks. finalize()
// returns when the disk has everything; a block that was finalized is never lost, and what a crash
// leaves of others is either a whole block or nothing. Waiting for a disk can be put off: between
// start_finalize() and wait_final() other blocks may be applied.
//
// After an exception other than BatchError and NotHere the store must be opened again.
#pragma once

#include <bitset>
#include <deque>
#include <optional>

#include "qmdb/background.hpp"
#include "qmdb/events.hpp"
#include "qmdb/run_file.hpp"
#include "qmdb/workers.hpp"

namespace mote::qmdb
{
/// Asked for something that the store does not have: a height, a block to undo.
class NotHere : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

struct CreateOptions
{
    std::uint64_t segment_bytes = std::uint64_t{64} << 20;
    StoreId id{};  ///< all zero: random
};

struct OpenOptions
{
    unsigned workers = 1;
    /// A run of changes is due after this many bytes of log: what opening replays. Two of the sixteen shards
    /// have an image with it, or fewer: each takes fifteen times its own size of log.
    std::uint64_t checkpoint_bytes = std::uint64_t{64} << 20;
    bool checkpoint_on_close = true;  ///< by a run
    /// Of the log that stay in memory after they were written, newest first, in all shards together.
    std::uint64_t memory_bytes = std::uint64_t{256} << 20;
    /// Cuts leftovers and repairs superblocks; for fsck: not.
    bool write = true;
    /// Is told what happens to the store; must not throw.
    EventSink events{};
};

struct StoreStats
{
    std::uint64_t keys = 0, entries = 0, index_bytes = 0, twig_bytes = 0, log_bytes = 0;
    std::uint64_t log_memory_bytes = 0;
    std::uint64_t blocks = 0, pending = 0;
    std::uint64_t appended_entries = 0, appended_bytes = 0;  ///< since the store was opened
    std::uint64_t replayed_entries = 0;                      ///< by opening
    std::uint64_t images = 0;            ///< of shards, since the store was opened
    std::uint64_t runs = 0;              ///< since then
    std::uint64_t checkpoint_bytes = 0;  ///< written since then, of images and runs
    std::uint64_t applied_runs = 0;      ///< by opening, to the shard with the oldest image
};

class Store
{
  public:
    /// Makes an empty store. Throws IoError; NotHere if there is one already.
    static void create(Disk& disk, const CreateOptions& options = {});

    /// Opens and recovers. Throws IoError, Damage.
    explicit Store(Disk& disk, const OpenOptions& options = {});
    /// Drops what is not final. Never throws; a run that fails is left out.
    ~Store();
    Store(const Store&) = delete;

    /// Applies a block on top of the newest one; returns the state root.
    ///
    /// Shape   height: above the newest block's; operations: in any order, the last mention counts.
    /// Errors  BatchError, and NotHere for a height: nothing was changed.
    Digest apply(std::uint64_t height, std::span<const state::Operation> operations);
    /// Takes back the newest block that is not final. Throws NotHere.
    void undo();
    /// Makes the oldest `count` pending blocks safe; all without a count.
    void finalize(std::size_t count = ~std::size_t{0});
    /// Begins the same and returns; one at a time, so it may wait for the one before. Until
    /// wait_final() the blocks are still pending, and undo() of one of them waits first.
    void start_finalize(std::size_t count = ~std::size_t{0});
    /// Returns when what was begun is safe, and throws what went wrong with it.
    void wait_final();

    [[nodiscard]] std::optional<std::vector<std::uint8_t>> get(ByteView key);

    [[nodiscard]] const BlockRecord& head() const;
    [[nodiscard]] const BlockRecord& final_block() const { return super_.block; }
    [[nodiscard]] std::size_t pending() const { return pending_.size(); }
    /// The newest block at or below a height. Throws NotHere, Damage.
    [[nodiscard]] BlockRecord block_at(std::uint64_t height);
    [[nodiscard]] BlockRecord block_of_ordinal(std::uint64_t ordinal);

    /// Writes images of all shards at the final block, if nothing is pending; returns whether it did. Those
    /// that are due are written beside the blocks that follow; only copying an index is waited for.
    bool checkpoint();
    /// Gives up the past before a final height, and the files that only it needs.
    void prune(std::uint64_t height);

    [[nodiscard]] StoreStats stats() const;
    [[nodiscard]] Shard& shard(unsigned s) { return *shards_[s]; }
    [[nodiscard]] const Superblock& superblock() const { return super_; }

    /// Calls the shards' plan() for a batch, without applying it; for witnesses.
    void plan(std::span<const state::Operation> operations);

  private:
    // Syncs of several files at once are one commit of a journal.
    static constexpr unsigned writer_count = 4;

    struct Finalization
    {
        std::size_t count = 0;
        BlockRecord block;
        Superblock superblock;
        std::array<Log::Unwritten, state::shard_count> logs;
        std::vector<std::uint8_t> records;
        std::uint64_t records_at = 0;
    };

    using ShardSet = std::bitset<state::shard_count>;

    // What the background writes of a moment.
    struct Snapshot
    {
        StoreId id{};
        RunHead head;
        std::vector<ShardRun> runs;  // none: no changes
        RunParts parts;
        ShardSet images;
        std::vector<std::uint64_t> obsolete;  // files that nobody needs once it is written
        std::uint64_t bytes = 0;              // when it is written
        double seconds = 0;
        bool under_way = false;
    };

    // A file of runs, and whose images are in it.
    struct RunFile
    {
        std::uint64_t number = 0, end = 0, runs = 0;
        ShardSet images;
    };

    // What a worker reads into, shard after shard. Runs of a shard have 350 KB each by default, and its index is
    // walked through once for all of them.
    struct LoadMemory
    {
        PartBuffer image;
        std::array<PartBuffer, 32> runs;
    };

    void load_superblock();
    void make_shard(unsigned s);
    void make_shards();
    void load_state();
    [[nodiscard]] std::vector<RunHead> usable_runs();
    [[nodiscard]] std::optional<std::size_t> load_shard(unsigned s,
                                                        const std::vector<RunHead>& runs,
                                                        LoadMemory& memory, std::uint64_t& applied);
    [[nodiscard]] bool load_image(unsigned s, const RunHead& run, PartBuffer& buffer);
    [[nodiscard]] std::optional<BlockName> load_creation(unsigned s);
    [[nodiscard]] bool apply_runs(unsigned s, const std::vector<RunHead>& runs, BlockName at,
                                  LoadMemory& memory, std::size_t& reached, std::uint64_t& applied);
    void go_on_behind(const std::vector<RunHead>& runs,
                      const std::array<std::optional<std::size_t>, state::shard_count>& reached);
    [[nodiscard]] bool is_of_this_history(const BlockRecord& block);
    void replay_to(const BlockRecord& record);
    void roll_forward();
    bool roll_forward_one();
    void cut_runs();
    void cut_leftovers();
    void check_alive() const;
    void prepare(std::span<const state::Operation> operations);
    void make_safe();
    [[nodiscard]] bool run_is_due(const BlockRecord& block) const;
    [[nodiscard]] bool image_is_due(const BlockRecord& block) const;
    [[nodiscard]] ShardSet images_due();
    [[nodiscard]] unsigned next_image(ShardSet but) const;
    [[nodiscard]] std::uint64_t log_bytes_of_image(unsigned s) const;
    [[nodiscard]] std::uint64_t runs_behind_image(unsigned s) const;
    [[nodiscard]] bool has_changes() const;
    void write_what_is_due();
    void start_snapshot(ShardSet images);
    [[nodiscard]] std::vector<std::uint64_t> obsolete_files(std::uint64_t number,
                                                            ShardSet images) const;
    void write_snapshot();
    void finish_snapshot();
    void write_superblock(const BlockRecord& block, std::uint64_t kept_ordinal);
    void write_slot(const Superblock& superblock);
    void tell(Event::Level level, std::string_view name,
              std::vector<std::pair<std::string_view, Event::Value>> fields = {}) const;
    void set_failed();
    [[nodiscard]] std::optional<BlockRecord> read_block(std::uint64_t ordinal);
    [[nodiscard]] Digest fold() const;

    Disk& disk_;
    OpenOptions options_;
    std::shared_ptr<void> lock_;
    Workers workers_;
    std::optional<Workers> writers_;  // from the first finalization on
    std::unique_ptr<File> super_file_, blocks_file_;
    Superblock super_;
    bool repair_superblocks_ = false, superblock_damaged_ = false;
    std::vector<std::unique_ptr<Shard>> shards_;
    std::deque<BlockRecord> pending_;
    // By worker, each with a part of the batch, and by shard.
    std::vector<std::array<std::vector<state::Change>, state::shard_count>> parts_;
    std::vector<std::vector<state::Change>> changes_;  // by shard
    bool failed_ = false;
    // Where the next run begins and goes: behind the last file, or into a new one.
    BlockName run_from_;
    std::uint64_t run_log_bytes_ = 0;
    std::vector<RunFile> run_files_;
    std::uint64_t next_file_ = 0;
    // Of each shard, the ordinal after that of its newest image; and the log that images were written for.
    std::array<std::uint64_t, state::shard_count> imaged_{};
    std::uint64_t image_log_bytes_ = 0;
    StoreStats counters_;
    Finalization finalization_;  // count 0: none
    Snapshot snapshot_;
    // Last: they end before what they work with.
    Background background_, checkpointer_;
};
}  // namespace mote::qmdb
