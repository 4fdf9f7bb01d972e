// Shard: one sixteenth of the state, owned by one thread at a time.
//
// A block goes through it in two steps, so that a batch that is void changes nothing anywhere: plan()
// reads what the block touches and finds what it appends, apply() does it. What apply() did can be
// taken back, newest first, until keep() gives that up.
#pragma once

#include <deque>
#include <optional>

#include "qmdb/changes.hpp"
#include "qmdb/index.hpp"
#include "qmdb/log.hpp"
#include "qmdb/twigs.hpp"
#include "state/block_rules.hpp"

namespace mote::qmdb
{
/// The batch is void: nothing was changed.
class BatchError : public std::runtime_error
{
  public:
    BatchError(state::Fault why, std::uint64_t at);
    state::Fault fault;
    std::uint64_t operation;  ///< which one, from 0; the first with a collision
};

/// The numbers that say where a shard is.
struct ShardNumbers
{
    std::uint64_t next_sn = 0, floor = 0, active_count = 0;
    std::uint64_t tail = 0;            ///< position where the log ends
    std::uint64_t floor_position = 0;  ///< of the entry with SN floor

    bool operator==(const ShardNumbers&) const = default;
};

/// What a block would do to a shard.
struct ShardPlan
{
    std::vector<state::Held> held;
    std::vector<std::uint64_t> positions;  ///< of the held entries
    std::vector<state::Append> appends;
    std::vector<std::uint32_t> deleted;
    std::span<const state::Change> changes;
};

class Shard
{
  public:
    /// Shape   memory_bytes: of the log, kept in memory after they are written.
    Shard(Disk& disk, unsigned number, std::uint64_t segment_bytes, std::uint64_t memory_bytes);

    /// Appends the sentry to an empty shard.
    void create();

    /// Throws BatchError, Damage, IoError; nothing is changed.
    ///
    /// Shape   changes: settled, of this shard; must live until apply().
    void plan(std::span<const state::Change> changes);
    /// Does what was planned; returns whether anything changed. After an exception the shard is of
    /// no use any more.
    bool apply(std::uint64_t height);
    /// Takes back the newest block that was applied and not kept.
    void undo();
    /// Gives up taking back the oldest block.
    void keep();

    [[nodiscard]] const ShardNumbers& numbers() const { return numbers_; }
    [[nodiscard]] const Digest& root() const { return root_; }
    /// After the newest block that was kept.
    [[nodiscard]] const Digest& kept_root() const;
    [[nodiscard]] const ShardPlan& planned() const { return plan_; }

    /// Finds the active entry with the key, or else the one that covers its hash.
    ///
    /// Memory  the entry's bytes live in `memory`.
    struct Found
    {
        state::Entry entry;
        Digest hash;
        std::uint64_t position;
        bool own;
    };
    [[nodiscard]] Found find(const Digest& hash, ByteView key, BlockMemory& memory) const;
    /// The active entry whose next key hash is `hash`.
    [[nodiscard]] Found find_before(const Digest& hash, ByteView key, BlockMemory& memory) const;

    /// Where the entry with a serial number is: at most 255 entries are passed over.
    [[nodiscard]] std::uint64_t position_of(std::uint64_t sn) const;
    [[nodiscard]] state::Entry entry(std::uint64_t sn, BlockMemory& memory) const;

    /// Replays what follows in the log, up to `to`: one block or many. Throws Damage.
    ///
    /// Shape   read_all: reads every entry that another one names, for tests of the way without.
    void replay(const ShardNumbers& to, bool read_all = false);

    // Images: all of it, as bytes. Loading leaves the root as it is: finish_load() computes it.
    void save(std::vector<std::uint8_t>& out) const;
    [[nodiscard]] bool load(std::span<const std::uint8_t> bytes, const ShardNumbers& numbers);
    void finish_load();

    /// Begins to keep what kept blocks and replays change, for cut(), in place of what is there.
    void start_changes();
    /// Gives that up until start_changes(): nobody will ask, or it was too much.
    void forget_changes();
    [[nodiscard]] bool has_changes() const { return has_changes_; }
    [[nodiscard]] std::uint64_t changes_count() const { return changes_.count; }
    /// Gives the changes up to the newest block that was kept, and starts again from there.
    ///
    /// Shape   to: the numbers after that block; blocks may be pending on it. has_changes().
    [[nodiscard]] ShardRun cut(const ShardNumbers& to);
    /// Does what encode_run() wrote down, for runs that follow each other; false, and the shard is of no use
    /// any more, if it cannot be.
    struct NextRun
    {
        std::span<const std::uint8_t> bytes;
        ShardNumbers to;
    };
    [[nodiscard]] bool apply_runs(std::span<const NextRun> runs);

    /// Forgets twigs whose entries were all inactive when the shard was at `numbers`.
    void twigs_drop_before(const ShardNumbers& numbers) { twigs_.drop_before(numbers.floor); }
    /// Removes segments without an entry of a twig that is there.
    void log_drop_before();

    [[nodiscard]] Log& log() { return log_; }
    [[nodiscard]] const Log& log() const { return log_; }
    [[nodiscard]] const Twigs& twigs() const { return twigs_; }
    [[nodiscard]] const Index& index() const { return index_; }
    [[nodiscard]] unsigned number() const { return number_; }

  private:
    void gather(std::span<const state::Change> changes);
    void plan_sorted();

    struct Undo
    {
        bool changed = false;
        ShardNumbers numbers;
        Digest root;
        std::vector<Digest> open_leaves;
        std::vector<std::uint64_t> cleared;
        std::vector<std::uint64_t> copies;  // appended by the block, and cleared by it
        std::vector<IndexChange> index;
    };
    struct Record
    {
        const std::uint8_t* bytes;
        std::uint64_t position;
    };

    [[nodiscard]] Found find_among(std::span<const std::uint64_t> candidates, const Digest& hash,
                                   ByteView key, BlockMemory& memory) const;
    void prefetch_entry(std::size_t change) const;
    void prefetch_bit(std::size_t change) const;
    void prefetch_content(const state::Append& append) const;
    void look_up(const state::Change& change, std::span<const std::uint64_t> candidates);
    void hold(const Found& found);
    void append_changes(std::uint64_t height, Undo& undo);
    void gather_floor(std::uint64_t first);
    void compact(std::uint64_t first, Undo& undo);
    std::uint64_t write(const state::EntryFields& fields, const std::uint64_t* names,
                        std::size_t count);
    [[nodiscard]] Prefix prefix_of_append(const state::Append& append) const;
    std::uint8_t* stage(std::size_t bytes);
    void hash_staged();
    void append_leaves(std::uint64_t first);
    void hash_records(std::uint64_t first);
    void change_index(const IndexChange& change, Undo& undo);
    void rehash();

    [[nodiscard]] bool apply_bits(RunReader& run, const ShardNumbers& to);
    [[nodiscard]] bool apply_index(RunReader& run, Prefix end);
    struct Replay;
    void replay_batch(Replay& replay, const ShardNumbers& to);
    void replay_index(Replay& replay);
    [[nodiscard]] bool find_named(Replay& replay, std::size_t entry) const;
    void erase_named(Replay& replay, std::uint64_t sn, Prefix prefix_of_namer);
    void change_index(Replay& replay, Prefix prefix, std::uint64_t from, std::uint64_t to);

    unsigned number_;
    Log log_;
    Index index_;
    Twigs twigs_;
    ShardNumbers numbers_;
    Digest root_{};
    std::deque<Undo> undo_;
    ShardChanges changes_;  // since the last run
    bool has_changes_ = false;

    ShardPlan plan_;
    mutable std::vector<std::uint64_t> candidates_;
    // Positions for every change of the block, side by side; first_of_[i] .. first_of_[i + 1] for i.
    std::vector<std::uint64_t> gathered_;
    std::vector<std::uint32_t> first_of_;
    BlockMemory memory_;  // of the block
    struct AtFloor
    {
        state::Entry entry;
        std::uint64_t position;
    };
    Log::Cursor floor_cursor_;
    std::vector<AtFloor> floor_;
    // Entries on their way to their leaves, a few at a time, padded; and the leaves of the block.
    BlockMemory staged_memory_;
    std::vector<const std::uint8_t*> staged_;
    std::vector<std::uint32_t> staged_blocks_;
    std::vector<Digest> leaves_;
    std::vector<std::uint64_t> positions_;
    std::vector<std::uint64_t> not_last_;  // copies that the next one names
};
}  // namespace mote::qmdb
