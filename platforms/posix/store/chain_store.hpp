// What a validator remembers of the chain: headers, certificates, shards and where it stands, in SQLite.
//
// Nothing in here decides a vote (the record does), but an AVAIL vote promises to serve shards, so they
// are durable when put() of a transaction has been committed: write-ahead log, synchronous=FULL.
//
//   ChainStore store(path, {});
//   ChainStore::Transaction all(store);
//   store.put({.kind = ItemKind::header, .zone = 3, .height = 7, .subject = hash}, bytes);
//   store.put_status("finalized", bytes);
//   all.commit();                                   // both, or after a crash neither
//
// The size is bounded: when it is full, put() refuses, and nothing that was promised is lost. What is no
// longer needed goes by prune().
//
// SQLite has no checksums of pages, so each value has one, over its key too; get() refuses what rotted.
//
// One process at a time; one thread at a time.
#pragma once

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "chain/types.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace mote::posix
{
class StoreError : public std::runtime_error
{
  public:
    enum class Kind : std::uint8_t
    {
        io,        ///< a call to the system failed
        full,      ///< bytes_max, or the medium is full
        damaged,   ///< the file is not what was written
        locked,    ///< another process has it
        foreign,   ///< a database of another program
        version,   ///< of a newer version of this one
        argument,  ///< a number above 2^63 - 1, or a value above value_bytes_max
    };
    StoreError(Kind error_kind, const std::string& what)
        : std::runtime_error(what), kind(error_kind)
    {
    }
    Kind kind;
};

enum class ItemKind : std::uint8_t
{
    header = 1,
    certificate = 2,
    shard = 3,
};

/// Names an item. What a kind does not need is zero.
struct ItemKey
{
    /// Stands for the root chain, where a zone is asked for.
    static constexpr std::uint32_t root_chain = UINT32_MAX;

    ItemKind kind = ItemKind::header;
    std::uint32_t zone = root_chain;
    std::uint64_t epoch = 0;
    std::uint64_t height = 0;  ///< or the view
    chain::Digest subject{};   ///< hash of what it is, or is about
    std::uint32_t part = 0;    ///< a certificate's kind; a shard's row

    friend bool operator==(const ItemKey&, const ItemKey&) noexcept = default;
};

struct StoreOptions
{
    /// Of the database; the log beside it comes on top, with a few MiB.
    std::uint64_t bytes_max = std::uint64_t{1} << 30;
    /// Reads everything once.
    bool check = false;
};

class ChainStore
{
  public:
    static constexpr std::size_t value_bytes_max = std::size_t{16} << 20;
    static constexpr std::size_t status_key_bytes_max = 64;
    static constexpr int schema_version = 1;

    /// Opens the store, makes it if there is none.
    ///
    /// Errors  throws StoreError, as every function here.
    explicit ChainStore(const std::string& path, const StoreOptions& options = {});
    ~ChainStore();
    ChainStore(const ChainStore&) = delete;
    ChainStore& operator=(const ChainStore&) = delete;

    /// Several changes that come together; taken back unless committed.
    class Transaction
    {
      public:
        explicit Transaction(ChainStore& store);
        ~Transaction();
        Transaction(const Transaction&) = delete;
        Transaction& operator=(const Transaction&) = delete;
        /// Returns when all of it is on the medium.
        void commit();

      private:
        ChainStore& store_;
        bool open_ = true;
    };

    /// Stores an item, or stores it anew.
    void put(const ItemKey& key, Bytes value);
    [[nodiscard]] std::optional<std::vector<std::uint8_t>> get(const ItemKey& key);
    /// The items of a kind and zone at a height, at most `count_max`.
    [[nodiscard]] std::vector<ItemKey> at_height(ItemKind kind, std::uint32_t zone,
                                                 std::uint64_t height, std::size_t count_max);
    /// The item with the greatest height.
    [[nodiscard]] std::optional<ItemKey> newest(ItemKind kind, std::uint32_t zone);
    /// Drops the items of a kind and zone below a height; returns how many.
    std::uint64_t prune(ItemKind kind, std::uint32_t zone, std::uint64_t below_height);

    /// Stores a small value under a name.
    void put_status(std::string_view name, Bytes value);
    [[nodiscard]] std::optional<std::vector<std::uint8_t>> get_status(std::string_view name);

    /// Bytes of the database, free pages included.
    [[nodiscard]] std::uint64_t bytes();
    /// Reads everything; throws StoreError of kind damaged at the first thing that is wrong.
    void check();

  private:
    class Statement;
    [[noreturn]] void fail(int code) const;
    void expect(int code) const;
    void execute(const char* sql);
    [[nodiscard]] std::int64_t pragma(const char* sql);
    void open_schema();
    [[nodiscard]] Statement use(const char* sql);

    struct Close
    {
        void operator()(sqlite3* database) const noexcept;
        void operator()(sqlite3_stmt* statement) const noexcept;
    };
    std::string path_;
    std::unique_ptr<sqlite3, Close> database_;
    std::vector<std::pair<const char*, std::unique_ptr<sqlite3_stmt, Close>>> statements_;
};
}  // namespace mote::posix
