#include "world_state/code_store.hpp"

#include <sqlite3.h>

#include "hash/keccak.hpp"
#include "state/hashing.hpp"

namespace mote::world_state
{
namespace
{
constexpr std::int64_t application_id = 0x4d6f7465;  // "Mote"
constexpr std::int64_t version = 1;
constexpr std::uint64_t block_hashes_kept = 256;

constexpr const char* schema = R"(
    CREATE TABLE code (hash BLOB PRIMARY KEY NOT NULL, root BLOB NOT NULL, bytes BLOB NOT NULL)
        STRICT, WITHOUT ROWID;
    CREATE TABLE block_hash (number INTEGER PRIMARY KEY, hash BLOB NOT NULL) STRICT;
)";
}  // namespace

/// The connection, and a statement that is bound, run and reset.
struct CodeStore::Database
{
    sqlite3* handle = nullptr;
    std::string path;

    explicit Database(const std::string& name) : path(name)
    {
        const int code = sqlite3_open_v2(name.c_str(), &handle,
                                         SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
        if (code != SQLITE_OK)
        {
            const std::string text = sqlite3_errstr(code);
            sqlite3_close(handle);
            throw CodeStoreError(path + ": " + text);
        }
    }
    ~Database() { sqlite3_close(handle); }
    Database(const Database&) = delete;

    [[noreturn]] void fail() const { throw CodeStoreError(path + ": " + sqlite3_errmsg(handle)); }
    void run(const std::string& sql) const
    {
        if (sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
            fail();
    }
    [[nodiscard]] std::int64_t number(const std::string& sql) const;
};

namespace
{
class Statement
{
  public:
    Statement(sqlite3* handle, const std::string& path, const char* sql)
        : handle_(handle), path_(path)
    {
        check(sqlite3_prepare_v2(handle, sql, -1, &statement_, nullptr));
    }
    ~Statement() { sqlite3_finalize(statement_); }
    Statement(const Statement&) = delete;

    Statement& bind(Bytes bytes)
    {
        const void* const data = bytes.empty() ? "" : static_cast<const void*>(bytes.data());
        check(sqlite3_bind_blob64(statement_, ++bound_, data, bytes.size(), SQLITE_STATIC));
        return *this;
    }
    Statement& bind(std::uint64_t number)
    {
        check(sqlite3_bind_int64(statement_, ++bound_, static_cast<std::int64_t>(number)));
        return *this;
    }
    /// True while there is a row.
    bool step()
    {
        const int code = sqlite3_step(statement_);
        if (code != SQLITE_ROW && code != SQLITE_DONE)
            check(code);
        return code == SQLITE_ROW;
    }
    void reset()
    {
        sqlite3_reset(statement_);
        bound_ = 0;
    }
    [[nodiscard]] Bytes blob(int column) const
    {
        const void* const data = sqlite3_column_blob(statement_, column);
        return {static_cast<const std::uint8_t*>(data),
                static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
    }
    [[nodiscard]] std::int64_t integer(int column) const
    {
        return sqlite3_column_int64(statement_, column);
    }

  private:
    void check(int code) const
    {
        if (code != SQLITE_OK)
            throw CodeStoreError(path_ + ": " + sqlite3_errmsg(handle_));
    }

    sqlite3* handle_;
    const std::string& path_;
    sqlite3_stmt* statement_ = nullptr;
    int bound_ = 0;
};

[[nodiscard]] bool take(Bytes bytes, Hash& out)
{
    if (bytes.size() != out.size())
        return false;
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return true;
}
}  // namespace

std::int64_t CodeStore::Database::number(const std::string& sql) const
{
    Statement statement(handle, path, sql.c_str());
    return statement.step() ? statement.integer(0) : 0;
}

CodeStore::CodeStore(const std::string& path, std::size_t cache_bytes)
    : database_(std::make_unique<Database>(path)), cache_bytes_(cache_bytes)
{
    const Database& db = *database_;
    db.run(
        "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
    const std::int64_t id = db.number("PRAGMA application_id");
    if (id == 0 && db.number("SELECT count(*) FROM sqlite_schema") == 0)
        db.run("BEGIN IMMEDIATE;" + std::string(schema) +
               "PRAGMA application_id = " + std::to_string(application_id) +
               "; PRAGMA user_version = " + std::to_string(version) + "; COMMIT;");
    else if (id != application_id)
        throw CodeStoreError(path + ": not a store of codes");
    else if (const std::int64_t has = db.number("PRAGMA user_version"); has != version)
        throw CodeStoreError(path + ": version " + std::to_string(has) + ", this program has " +
                             std::to_string(version));
    else
        db.run("BEGIN IMMEDIATE; COMMIT;");  // finds another process now, not later
}

CodeStore::~CodeStore() = default;

const Code* CodeStore::find(const Hash& hash)
{
    const std::lock_guard guard(lock_);
    if (const auto found = codes_.find(hash); found != codes_.end())
        return &found->second.code;
    Statement row(database_->handle, database_->path,
                  "SELECT root, bytes FROM code WHERE hash = ?");
    if (!row.bind(Bytes(hash)).step())
        return nullptr;
    Code code;
    const Bytes bytes = row.blob(1);
    code.bytes.assign(bytes.begin(), bytes.end());
    if (!take(row.blob(0), code.root) || hash::keccak_256(code.bytes) != hash)
        throw CodeStoreError(database_->path + ": a code does not have its hash");
    held_bytes_ += code.bytes.size();
    return &codes_.try_emplace(hash, Entry{std::move(code), true}).first->second.code;
}

const Code& CodeStore::add(const Hash& hash, Bytes bytes)
{
    if (const Code* const known = find(hash); known != nullptr)
        return *known;
    Code code{state::code_root(bytes), {bytes.begin(), bytes.end()}};
    const std::lock_guard guard(lock_);
    held_bytes_ += bytes.size();
    return codes_.try_emplace(hash, Entry{std::move(code), false}).first->second.code;
}

std::optional<Hash> CodeStore::block_hash(std::uint64_t number)
{
    const std::lock_guard guard(lock_);
    if (const auto found = new_block_hashes_.find(number); found != new_block_hashes_.end())
        return found->second;
    if (number > INT64_MAX)
        return std::nullopt;
    Statement row(database_->handle, database_->path,
                  "SELECT hash FROM block_hash WHERE number = ?");
    Hash hash;
    if (!row.bind(number).step() || !take(row.blob(0), hash))
        return std::nullopt;
    return hash;
}

void CodeStore::set_block_hash(std::uint64_t number, const Hash& hash)
{
    if (number > INT64_MAX)
        throw CodeStoreError("a block number above 2^63 - 1");
    const std::lock_guard guard(lock_);
    new_block_hashes_[number] = hash;
}

void CodeStore::save()
{
    const std::lock_guard guard(lock_);
    const Database& db = *database_;
    db.run("BEGIN IMMEDIATE");
    try
    {
        Statement code(db.handle, db.path, "INSERT OR IGNORE INTO code VALUES (?, ?, ?)");
        for (const auto& [hash, entry] : codes_)
            if (!entry.saved)
            {
                code.bind(Bytes(hash)).bind(Bytes(entry.code.root)).bind(Bytes(entry.code.bytes));
                code.step();
                code.reset();
            }
        Statement block(db.handle, db.path, "INSERT OR REPLACE INTO block_hash VALUES (?, ?)");
        for (const auto& [number, hash] : new_block_hashes_)
        {
            block.bind(number).bind(Bytes(hash)).step();
            block.reset();
        }
        if (!new_block_hashes_.empty())
        {
            const std::uint64_t last = new_block_hashes_.rbegin()->first;
            Statement old(db.handle, db.path, "DELETE FROM block_hash WHERE number < ?");
            old.bind(last < block_hashes_kept ? 0 : last - block_hashes_kept + 1).step();
        }
        db.run("COMMIT");
    }
    catch (...)
    {
        sqlite3_exec(db.handle, "ROLLBACK", nullptr, nullptr, nullptr);
        throw;
    }
    for (auto& [hash, entry] : codes_)
        entry.saved = true;
    new_block_hashes_.clear();
}

void CodeStore::trim()
{
    const std::lock_guard guard(lock_);
    if (held_bytes_ <= cache_bytes_)
        return;
    held_bytes_ = 0;
    for (auto at = codes_.begin(); at != codes_.end();)
    {
        if (at->second.saved)
        {
            at = codes_.erase(at);
            continue;
        }
        held_bytes_ += at->second.code.bytes.size();
        ++at;
    }
}
}  // namespace mote::world_state
