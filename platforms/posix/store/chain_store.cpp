#include "posix/store/chain_store.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>

#include "hash/blake3.hpp"
#include "posix/store/file.hpp"

namespace mote::posix
{
namespace
{
using Kind = StoreError::Kind;

constexpr std::int64_t application_id = 0x4d6f7465;  // "Mote"
constexpr std::size_t page_bytes = 4096, sum_bytes = 16;
using Sum = std::array<std::uint8_t, sum_bytes>;

constexpr const char* schema = R"(
    CREATE TABLE item (
        kind INTEGER NOT NULL, zone INTEGER NOT NULL, epoch INTEGER NOT NULL,
        height INTEGER NOT NULL, subject BLOB NOT NULL, part INTEGER NOT NULL,
        sum BLOB NOT NULL, value BLOB NOT NULL) STRICT;
    CREATE UNIQUE INDEX item_key ON item (kind, zone, height, epoch, subject, part);
    CREATE TABLE status (name TEXT PRIMARY KEY NOT NULL, sum BLOB NOT NULL, value BLOB NOT NULL)
        STRICT, WITHOUT ROWID;
)";

Bytes bytes_of(std::string_view text)
{
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

Sum sum_of(Bytes name, Bytes value)
{
    hash::Blake3 hasher = hash::Blake3::derive_key(bytes_of("mote store value v1"));
    hasher.update(name);
    hasher.update(value);
    std::array<std::uint8_t, 32> digest;
    hasher.finish(digest);
    Sum out;
    std::copy_n(digest.begin(), out.size(), out.begin());
    return out;
}

/// The key's bytes, and its numbers as SQLite has them.
std::array<std::uint8_t, 57> name_of(const ItemKey& key)
{
    if (key.epoch > INT64_MAX || key.height > INT64_MAX)
        throw StoreError(Kind::argument, "an epoch or height above 2^63 - 1");
    std::array<std::uint8_t, 57> out;
    out[0] = static_cast<std::uint8_t>(key.kind);
    store_le(out.data() + 1, key.zone);
    store_le(out.data() + 5, key.epoch);
    store_le(out.data() + 13, key.height);
    std::copy(key.subject.begin(), key.subject.end(), out.begin() + 21);
    store_le(out.data() + 53, key.part);
    return out;
}

}  // namespace

/// A prepared statement at work: bound from 1 on, reset at its end.
class ChainStore::Statement
{
  public:
    Statement(const ChainStore& store, sqlite3_stmt* statement) : store_(store), handle_(statement)
    {
    }
    ~Statement()
    {
        sqlite3_reset(handle_);
        sqlite3_clear_bindings(handle_);
    }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    Statement& bind(std::uint64_t number)
    {
        store_.expect(sqlite3_bind_int64(handle_, ++bound_, static_cast<std::int64_t>(number)));
        return *this;
    }
    Statement& bind(Bytes bytes)
    {
        // An empty blob, not NULL.
        const void* const data = bytes.empty() ? "" : static_cast<const void*>(bytes.data());
        store_.expect(sqlite3_bind_blob64(handle_, ++bound_, data, bytes.size(), SQLITE_STATIC));
        return *this;
    }
    Statement& bind(std::string_view text)
    {
        store_.expect(sqlite3_bind_text64(handle_, ++bound_, text.data(), text.size(),
                                          SQLITE_STATIC, SQLITE_UTF8));
        return *this;
    }
    Statement& bind(const ItemKey& key)
    {
        return bind(static_cast<std::uint64_t>(key.kind))
            .bind(std::uint64_t{key.zone})
            .bind(key.height)
            .bind(key.epoch)
            .bind(Bytes(key.subject))
            .bind(std::uint64_t{key.part});
    }

    /// True while there is a row.
    bool step()
    {
        const int code = sqlite3_step(handle_);
        if (code != SQLITE_ROW && code != SQLITE_DONE)
            store_.fail(code);
        return code == SQLITE_ROW;
    }

    [[nodiscard]] std::int64_t integer(int column) const
    {
        return sqlite3_column_int64(handle_, column);
    }
    [[nodiscard]] Bytes blob(int column) const
    {
        const void* const data = sqlite3_column_blob(handle_, column);
        return {static_cast<const std::uint8_t*>(data),
                static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
    }

    /// The value of columns `sum` and `value`; throws if it is not what was written.
    [[nodiscard]] std::vector<std::uint8_t> value(int column, Bytes name) const
    {
        const Bytes sum = blob(column), bytes = blob(column + 1);
        if (!equal_vartime(sum, sum_of(name, bytes)))
            throw StoreError(Kind::damaged, store_.path_ + ": a value is not what was written");
        return {bytes.begin(), bytes.end()};
    }

    /// Reads the columns kind, zone, height, epoch, subject, part from `column` on.
    [[nodiscard]] ItemKey key(int column) const
    {
        ItemKey out;
        const Bytes subject = blob(column + 4);
        const std::int64_t kind = integer(column), zone = integer(column + 1),
                           height = integer(column + 2), epoch = integer(column + 3),
                           part = integer(column + 5);
        if (kind < 1 || kind > 3 || zone < 0 || zone > UINT32_MAX || height < 0 || epoch < 0 ||
            part < 0 || part > UINT32_MAX || subject.size() != out.subject.size())
            throw StoreError(Kind::damaged, store_.path_ + ": a key is not what was written");
        out.kind = static_cast<ItemKind>(kind);
        out.zone = static_cast<std::uint32_t>(zone);
        out.height = static_cast<std::uint64_t>(height);
        out.epoch = static_cast<std::uint64_t>(epoch);
        std::copy(subject.begin(), subject.end(), out.subject.begin());
        out.part = static_cast<std::uint32_t>(part);
        return out;
    }

  private:
    const ChainStore& store_;
    sqlite3_stmt* handle_;
    int bound_ = 0;
};

void ChainStore::Close::operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }

void ChainStore::Close::operator()(sqlite3_stmt* statement) const noexcept
{
    sqlite3_finalize(statement);
}

void ChainStore::fail(int code) const
{
    const std::string text =
        path_ + ": " + (database_ ? sqlite3_errmsg(database_.get()) : sqlite3_errstr(code));
    switch (code & 0xff)
    {
        case SQLITE_FULL:
            throw StoreError(Kind::full, text);
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_FORMAT:
        case SQLITE_MISMATCH:
        case SQLITE_CONSTRAINT:  // an index that does not belong to its table
            throw StoreError(Kind::damaged, text);
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            throw StoreError(Kind::locked, text);
        default:
            throw StoreError(Kind::io, text);
    }
}

void ChainStore::expect(int code) const
{
    if (code != SQLITE_OK)
        fail(code);
}

void ChainStore::execute(const char* sql)
{
    expect(sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr));
}

std::int64_t ChainStore::pragma(const char* sql)
{
    Statement statement = use(sql);
    return statement.step() ? statement.integer(0) : 0;
}

ChainStore::Statement ChainStore::use(const char* sql)
{
    const auto found = std::find_if(statements_.begin(), statements_.end(),
                                    [sql](const auto& entry) { return entry.first == sql; });
    if (found != statements_.end())
        return {*this, found->second.get()};
    sqlite3_stmt* made = nullptr;
    expect(sqlite3_prepare_v3(database_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &made, nullptr));
    statements_.emplace_back(sql, std::unique_ptr<sqlite3_stmt, Close>(made));
    return {*this, made};
}

ChainStore::ChainStore(const std::string& path, const StoreOptions& options) : path_(path)
{
    // SQLite would make it readable for everybody.
    {
        const Handle touch(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
        if (!touch.is_open())
            throw StoreError(Kind::io, IoError(path, "open", errno).what());
    }
    sqlite3* database = nullptr;
    const int opened = sqlite3_open_v2(path.c_str(), &database,
                                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    database_.reset(database);
    expect(opened);
    sqlite3_extended_result_codes(database, 1);
    sqlite3_limit(database, SQLITE_LIMIT_LENGTH, static_cast<int>(value_bytes_max + 65536));
    // The schema of a damaged file does not get to run anything.
    sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    execute("PRAGMA cell_size_check = ON");
    execute("PRAGMA locking_mode = EXCLUSIVE");
    open_schema();
    execute("PRAGMA synchronous = FULL");
    execute("PRAGMA fullfsync = ON");             // Apple's systems only
    execute("PRAGMA checkpoint_fullfsync = ON");  // the same
    const std::string limit = "PRAGMA max_page_count = " + std::to_string(std::max<std::uint64_t>(
                                                               options.bytes_max / page_bytes, 1));
    execute(limit.c_str());
    execute("PRAGMA journal_size_limit = 4194304");
    if (options.check)
        check();
}

void ChainStore::open_schema()
{
    const std::int64_t id = pragma("PRAGMA application_id"),
                       version = pragma("PRAGMA user_version");
    const bool is_new =
        pragma("SELECT count(*) FROM sqlite_schema") == 0 && id == 0 && version == 0;
    if (!is_new && id != application_id)
        throw StoreError(Kind::foreign, path_ + ": a database of another program");
    if (!is_new && version > schema_version)
        throw StoreError(Kind::version,
                         path_ + ": made by a newer version, schema " + std::to_string(version));
    if (!is_new && version < schema_version)
        throw StoreError(Kind::damaged, path_ + ": schema " + std::to_string(version));
    if (is_new)
    {
        execute("PRAGMA page_size = 4096");
        execute("PRAGMA journal_mode = WAL");
        execute("BEGIN IMMEDIATE");
        execute(schema);
        execute("PRAGMA application_id = 1299149925");
        execute("PRAGMA user_version = 1");
        execute("COMMIT");
        return;
    }
    execute("PRAGMA journal_mode = WAL");
}

ChainStore::~ChainStore() = default;

ChainStore::Transaction::Transaction(ChainStore& store) : store_(store)
{
    store_.execute("BEGIN IMMEDIATE");
}

ChainStore::Transaction::~Transaction()
{
    // An error may have taken it back already; then there is nothing to take back.
    if (open_)
        sqlite3_exec(store_.database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void ChainStore::Transaction::commit()
{
    store_.execute("COMMIT");
    open_ = false;
}

void ChainStore::put(const ItemKey& key, Bytes value)
{
    if (value.size() > value_bytes_max)
        throw StoreError(Kind::argument, "a value of more than 16 MiB");
    const Sum sum = sum_of(name_of(key), value);
    Statement statement =
        use("INSERT INTO item (kind, zone, height, epoch, subject, part, sum, value) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET sum = excluded.sum, "
            "value = excluded.value");
    statement.bind(key).bind(Bytes(sum)).bind(value);
    static_cast<void>(statement.step());
}

std::optional<std::vector<std::uint8_t>> ChainStore::get(const ItemKey& key)
{
    const auto name = name_of(key);
    Statement statement = use(
        "SELECT sum, value FROM item WHERE kind = ? AND zone = ? AND height = ? AND epoch = ? AND "
        "subject = ? AND part = ?");
    statement.bind(key);
    if (!statement.step())
        return std::nullopt;
    return statement.value(0, name);
}

std::vector<ItemKey> ChainStore::at_height(ItemKind kind, std::uint32_t zone, std::uint64_t height,
                                           std::size_t count_max)
{
    static_cast<void>(name_of({.kind = kind, .zone = zone, .height = height}));
    Statement statement = use(
        "SELECT kind, zone, height, epoch, subject, part FROM item WHERE kind = ? AND zone = ? AND "
        "height = ? ORDER BY epoch, subject, part LIMIT ?");
    statement.bind(static_cast<std::uint64_t>(kind)).bind(std::uint64_t{zone}).bind(height);
    statement.bind(std::min<std::uint64_t>(count_max, INT32_MAX));
    std::vector<ItemKey> out;
    while (statement.step())
        out.push_back(statement.key(0));
    return out;
}

std::optional<ItemKey> ChainStore::newest(ItemKind kind, std::uint32_t zone)
{
    Statement statement =
        use("SELECT kind, zone, height, epoch, subject, part FROM item WHERE kind = ? AND zone = ? "
            "ORDER BY height DESC, epoch DESC, subject DESC, part DESC LIMIT 1");
    statement.bind(static_cast<std::uint64_t>(kind)).bind(std::uint64_t{zone});
    if (!statement.step())
        return std::nullopt;
    return statement.key(0);
}

std::uint64_t ChainStore::prune(ItemKind kind, std::uint32_t zone, std::uint64_t below_height)
{
    static_cast<void>(name_of({.kind = kind, .zone = zone, .height = below_height}));
    Statement statement = use("DELETE FROM item WHERE kind = ? AND zone = ? AND height < ?");
    statement.bind(static_cast<std::uint64_t>(kind)).bind(std::uint64_t{zone}).bind(below_height);
    static_cast<void>(statement.step());
    return static_cast<std::uint64_t>(sqlite3_changes64(database_.get()));
}

void ChainStore::put_status(std::string_view name, Bytes value)
{
    if (value.size() > value_bytes_max || name.empty() || name.size() > status_key_bytes_max)
        throw StoreError(Kind::argument, "a status of more than 16 MiB, or its name");
    const Sum sum = sum_of(bytes_of(name), value);
    Statement statement =
        use("INSERT INTO status (name, sum, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET "
            "sum = excluded.sum, value = excluded.value");
    statement.bind(name).bind(Bytes(sum)).bind(value);
    static_cast<void>(statement.step());
}

std::optional<std::vector<std::uint8_t>> ChainStore::get_status(std::string_view name)
{
    Statement statement = use("SELECT sum, value FROM status WHERE name = ?");
    statement.bind(name);
    if (!statement.step())
        return std::nullopt;
    return statement.value(0, bytes_of(name));
}

std::uint64_t ChainStore::bytes()
{
    return static_cast<std::uint64_t>(pragma("PRAGMA page_count")) * page_bytes;
}

void ChainStore::check()
{
    {
        Statement statement = use("PRAGMA integrity_check(1)");
        if (!statement.step() || !equal_vartime(statement.blob(0), bytes_of("ok")))
            throw StoreError(Kind::damaged, path_ + ": the database is damaged");
    }
    Statement items = use("SELECT kind, zone, height, epoch, subject, part, sum, value FROM item");
    while (items.step())
        static_cast<void>(items.value(6, name_of(items.key(0))));
    Statement statuses = use("SELECT name, sum, value FROM status");
    while (statuses.step())
        static_cast<void>(statuses.value(1, statuses.blob(0)));
}
}  // namespace mote::posix
