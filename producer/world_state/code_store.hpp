// CodeStore: codes of contracts by hash, and hashes of the last 256 blocks, in one SQLite file.
//
// The state store has only hashes of codes. A code is saved before the block that made it is final; one that
// no final block refers to is left behind by a crash and hurts nobody, as nothing but its hash leads to it.
//
// Worked case: save() in block 7, crash before the state store is safe: the state is that of block 6, the
// code is there already when block 7 is executed again.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace mote::world_state
{
using Hash = std::array<std::uint8_t, 32>;

/// The file cannot be used: of another version, damaged, in use by another process, disk full.
class CodeStoreError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

struct Code
{
    Hash root{};  ///< state::code_root
    std::vector<std::uint8_t> bytes;
};

class CodeStore
{
  public:
    /// Units   path: made if it is not there; ":memory:" for none. cache_bytes: see trim().
    /// Errors  throws CodeStoreError.
    explicit CodeStore(const std::string& path, std::size_t cache_bytes = std::size_t{64} << 20);
    ~CodeStore();
    CodeStore(const CodeStore&) = delete;

    /// The code behind a hash, or null. Any thread; it stays where it is until trim().
    ///
    /// Errors  throws CodeStoreError: also for bytes that do not have the hash.
    [[nodiscard]] const Code* find(const Hash& hash);
    /// Adds a code; save() makes it durable.
    ///
    /// Shape   hash: Keccak-256 of the bytes, not checked.
    /// Cost    state::code_root.
    const Code& add(const Hash& hash, Bytes bytes);

    [[nodiscard]] std::optional<Hash> block_hash(std::uint64_t number);
    void set_block_hash(std::uint64_t number, const Hash& hash);

    /// Writes what is new, in one transaction; returns when the disk has it. Throws CodeStoreError, and what
    /// is new is still there.
    void save();
    /// Forgets codes in memory that the file has, if there are more bytes than cache_bytes. Nobody reads
    /// meanwhile.
    void trim();

  private:
    struct Database;
    struct Entry
    {
        Code code;
        bool saved = false;
    };

    std::unique_ptr<Database> database_;
    std::mutex lock_;
    std::size_t cache_bytes_, held_bytes_ = 0;
    std::map<Hash, Entry> codes_;
    std::map<std::uint64_t, Hash> new_block_hashes_;
};
}  // namespace mote::world_state
