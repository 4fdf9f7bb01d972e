#include "txpool/journal.hpp"

#include <algorithm>
#include <utility>

#include "hash/keccak.hpp"
#include "qmdb/crc32c.hpp"

namespace mote::txpool
{
namespace
{
// head:   "mtp1", zero (4), generation (8), crc (4) of these 16 bytes
// record: crc (4) of all that follows, length (4), kind (1), payload
constexpr std::size_t head_bytes = 20, record_head_bytes = 9;
constexpr std::uint8_t kind_add = 1, kind_remove = 2, kind_ready = 3;
constexpr std::array<std::uint8_t, 8> magic = {'m', 't', 'p', '1', 0, 0, 0, 0};

[[nodiscard]] std::vector<std::uint8_t> head_of(std::uint64_t generation)
{
    std::vector<std::uint8_t> out(head_bytes);
    std::copy(magic.begin(), magic.end(), out.begin());
    store_le(out.data() + 8, generation);
    store_le(out.data() + 16, qmdb::crc32c(std::span(out).first(16)));
    return out;
}

void put_record(std::vector<std::uint8_t>& out, std::uint8_t kind, Bytes payload)
{
    const std::size_t at = out.size();
    out.resize(at + record_head_bytes);
    store_le(out.data() + at + 4, static_cast<std::uint32_t>(payload.size()));
    out[at + 8] = kind;
    out.insert(out.end(), payload.begin(), payload.end());
    store_le(out.data() + at, qmdb::crc32c(std::span(out).subspan(at + 4)));
}

[[nodiscard]] std::string name_of(std::uint64_t generation)
{
    return generation % 2 == 0 ? "pool.0" : "pool.1";
}
}  // namespace

Journal::Journal(qmdb::Disk& disk, std::size_t record_max, std::uint64_t waste_max)
    : disk_(disk), record_max_(record_max), waste_max_(waste_max)
{
    // A file is good once it has the record `ready`. Of two the newer one counts.
    std::uint64_t best = 0;
    bool any = false;
    for (const char* const name : {"pool.0", "pool.1"})
    {
        std::uint64_t generation = 0;
        if (disk_.exists(name) && load(name, generation) && (!any || generation > best))
        {
            best = generation;
            any = true;
        }
    }
    if (!any)
    {
        // Nothing was ever complete, or what was is damaged: there is nothing to copy.
        for (const char* const name : {"pool.0", "pool.1"})
            if (disk_.exists(name))
                cut_ += disk_.open(name, false)->size();
        found_.clear();
        held_.clear();
        start(1);
        return;
    }
    const std::string name = name_of(best);
    std::uint64_t generation = 0;
    static_cast<void>(load(name, generation));
    generation_ = best;
    name_ = name;
    file_ = disk_.open(name, false);
    const std::uint64_t size = file_->size();
    cut_ = size - end_;
    if (cut_ != 0)
        file_->truncate(end_);
    if (const std::string other = name_of(best + 1); disk_.exists(other))
    {
        disk_.remove(other);
        disk_.sync_names();
    }
}

/// Reads a file as far as it is one; false if it does not begin as one or was never complete.
bool Journal::load(const std::string& name, std::uint64_t& generation)
{
    const std::unique_ptr<qmdb::File> file = disk_.open(name, false);
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(file->size()));
    bytes.resize(file->read(0, bytes));
    held_.clear();
    found_.clear();
    waste_ = 0;
    if (bytes.size() < head_bytes)
        return false;
    generation = load_le<std::uint64_t>(bytes.data() + 8);
    if (head_of(generation) !=
            std::vector<std::uint8_t>(bytes.begin(), bytes.begin() + head_bytes) ||
        name_of(generation) != name)
        return false;
    bool ready = false;
    std::map<std::uint64_t, Bytes> in_order;
    std::size_t at = head_bytes;
    while (bytes.size() - at >= record_head_bytes)
    {
        const std::size_t length = load_le<std::uint32_t>(bytes.data() + at + 4);
        const std::uint8_t kind = bytes[at + 8];
        if (length > record_max_ || length > bytes.size() - at - record_head_bytes)
            break;
        const Bytes checked = Bytes(bytes).subspan(at + 4, record_head_bytes - 4 + length);
        if (load_le<std::uint32_t>(bytes.data() + at) != qmdb::crc32c(checked))
            break;
        const Bytes payload = Bytes(bytes).subspan(at + record_head_bytes, length);
        if (kind == kind_add)
        {
            const evm::Hash hash = hash::keccak_256(payload);
            if (held_.try_emplace(hash, Held{at, length}).second)
                in_order.emplace(at, payload);
            else
                waste_ += record_head_bytes + length;
        }
        else if (kind == kind_remove && length == 32)
        {
            evm::Hash hash;
            std::copy(payload.begin(), payload.end(), hash.begin());
            waste_ += record_head_bytes + length;
            if (const auto held = held_.find(hash); held != held_.end())
            {
                waste_ += record_head_bytes + held->second.bytes;
                in_order.erase(held->second.offset);
                held_.erase(held);
            }
        }
        else if (kind == kind_ready && length == 0)
            ready = true;
        else
            break;
        at += record_head_bytes + length;
    }
    end_ = at;
    for (const auto& [offset, payload] : in_order)
        found_.emplace_back(payload.begin(), payload.end());
    return ready;
}

/// Writes a new file with what is held, and goes on with it.
void Journal::start(std::uint64_t generation)
{
    const std::string name = name_of(generation);
    std::vector<std::uint8_t> out = head_of(generation);
    std::map<evm::Hash, Held> held;
    std::vector<std::pair<Held, evm::Hash>> in_order;
    for (const auto& [hash, where] : held_)
        in_order.emplace_back(where, hash);
    std::sort(in_order.begin(), in_order.end(),
              [](const auto& a, const auto& b) { return a.first.offset < b.first.offset; });
    for (const auto& [where, hash] : in_order)
    {
        std::vector<std::uint8_t> payload(where.bytes);
        file_->read(where.offset + record_head_bytes, payload);
        if (hash::keccak_256(payload) != hash)
            throw qmdb::Damage(name_, where.offset, "a transaction is not what was written");
        held.emplace(hash, Held{out.size(), where.bytes});
        put_record(out, kind_add, payload);
    }
    put_record(out, kind_ready, {});
    if (disk_.exists(name))
        disk_.remove(name);
    std::unique_ptr<qmdb::File> file = disk_.open(name, true);
    file->write(0, out);
    file->sync();
    disk_.sync_names();
    // From here on the new file counts.
    const std::string old = std::exchange(name_, name);
    file_ = std::move(file);
    generation_ = generation;
    end_ = out.size();
    waste_ = 0;
    held_ = std::move(held);
    if (!old.empty())
    {
        disk_.remove(old);
        disk_.sync_names();
    }
}

void Journal::append(std::uint8_t kind, Bytes payload)
{
    std::vector<std::uint8_t> record;
    put_record(record, kind, payload);
    file_->write(end_, record);
    end_ += record.size();
}

void Journal::add(Bytes transaction)
{
    const evm::Hash hash = hash::keccak_256(transaction);
    if (transaction.size() > record_max_ || held_.contains(hash))
        return;
    const std::uint64_t offset = end_;
    append(kind_add, transaction);
    held_.emplace(hash, Held{offset, transaction.size()});
    compact_if_worth();
}

void Journal::remove(const evm::Hash& hash)
{
    const auto held = held_.find(hash);
    if (held == held_.end())
        return;
    append(kind_remove, hash);
    waste_ += 2 * record_head_bytes + hash.size() + held->second.bytes;
    held_.erase(held);
    compact_if_worth();
}

void Journal::sync() { file_->sync(); }

void Journal::compact_if_worth()
{
    if (waste_ > waste_max_ && 2 * waste_ > end_)
        start(generation_ + 1);
}
}  // namespace mote::txpool
