#include "qmdb/log.hpp"

#include <algorithm>
#include <cstdio>

#include "qmdb/crc32c.hpp"

namespace mote::qmdb
{
namespace
{
constexpr std::size_t crc_offset = 4;
constexpr std::size_t first_read_bytes = 160;  // an account or a slot with one name
constexpr std::size_t window_bytes = std::size_t{1} << 16;
}  // namespace

Log::Log(Disk& disk, unsigned shard, std::uint64_t segment_bytes)
    : disk_(&disk), shard_(shard), segment_bytes_(segment_bytes)
{
}

std::string Log::segment_name(std::uint64_t segment) const
{
    char name[48];
    static_cast<void>(std::snprintf(name, sizeof name, "log-%02u-%08llu", shard_,
                                    static_cast<unsigned long long>(segment)));
    return name;
}

std::pair<std::string, std::uint64_t> Log::place(std::uint64_t position) const
{
    const std::uint64_t byte = position * record_unit;
    return {segment_name(byte / segment_bytes_), byte % segment_bytes_};
}

File* Log::segment(std::uint64_t number, bool create) const
{
    auto found = files_.find(number);
    if (found == files_.end())
        found = files_.emplace(number, disk_->open(segment_name(number), create)).first;
    return found->second.get();
}

std::uint64_t Log::append(ByteView entry)
{
    const std::uint64_t position = tail_;
    const std::size_t begin = buffer_.size();
    const std::uint64_t units = record_units(entry.size());
    buffer_.resize(begin + units * record_unit);
    std::uint8_t* const record = buffer_.data() + begin;
    std::copy(entry.begin(), entry.end(), record);
    store_le(record + crc_offset, crc32c({record, units * record_unit}));
    tail_ += units;
    return position;
}

std::size_t Log::read_bytes(std::uint64_t byte, std::span<std::uint8_t> out) const
{
    const std::uint64_t flushed = flushed_ * record_unit, tail = tail_ * record_unit;
    std::size_t done = 0;
    while (done < out.size() && byte + done < tail)
    {
        const std::uint64_t at = byte + done;
        if (at >= flushed)
        {
            const std::size_t n =
                std::min<std::size_t>(out.size() - done, static_cast<std::size_t>(tail - at));
            std::copy_n(buffer_.begin() + static_cast<std::ptrdiff_t>(at - flushed), n,
                        out.begin() + static_cast<std::ptrdiff_t>(done));
            return done + n;
        }
        const std::uint64_t end =
            std::min({byte + out.size(), flushed, (at / segment_bytes_ + 1) * segment_bytes_});
        const std::size_t n = static_cast<std::size_t>(end - at);
        const std::size_t got =
            segment(at / segment_bytes_, false)->read(at % segment_bytes_, out.subspan(done, n));
        done += got;
        if (got < n)
            break;
    }
    return done;
}

state::Entry Log::check(std::uint64_t position, std::span<std::uint8_t> record) const
{
    const auto damage = [&](const char* what)
    {
        const auto [file, offset] = place(position);
        return Damage(file, offset, what);
    };
    const std::uint32_t stored = load_le32(record.data() + crc_offset);
    store_le(record.data() + crc_offset, std::uint32_t{0});
    if (crc32c(record) != stored)
        throw damage("the checksum of an entry differs");
    state::Entry entry;
    state::Fault fault;
    if (state::decode_entry(record, entry, fault) != Status::ok)
        throw damage("not an entry");
    return entry;
}

state::Entry Log::read(std::uint64_t position, BlockMemory& memory) const
{
    std::uint8_t* record = memory.take(first_read_bytes);
    const std::uint64_t byte = position * record_unit;
    std::size_t got = read_bytes(byte, {record, first_read_bytes});
    const std::size_t bytes =
        got < 4 ? ~std::size_t{0}
                : static_cast<std::size_t>(record_units(state::entry_bytes(record)) * record_unit);
    if (bytes <= first_read_bytes)
        memory.shrink_last(bytes);
    else if (got == first_read_bytes)
    {
        record = memory.take(bytes);
        got = read_bytes(byte, {record, bytes});
    }
    if (got < bytes)
    {
        const auto [file, offset] = place(position);
        throw Damage(file, offset, "an entry is cut off");
    }
    return check(position, {record, bytes});
}

std::span<std::uint8_t> Log::window_at(Cursor& cursor, std::size_t bytes) const
{
    const std::uint64_t byte = cursor.position * record_unit;
    const bool inside =
        byte >= cursor.window_start && byte + bytes <= cursor.window_start + cursor.window.size();
    if (!inside)
    {
        cursor.window.resize(std::max(window_bytes, bytes));
        cursor.window.resize(read_bytes(byte, cursor.window));
        cursor.window_start = byte;
    }
    const std::size_t offset = static_cast<std::size_t>(byte - cursor.window_start);
    if (cursor.window.size() - offset < bytes)
    {
        const auto [file, at] = place(cursor.position);
        throw Damage(file, at, "an entry is cut off");
    }
    return {cursor.window.data() + offset, bytes};
}

state::Entry Log::next(Cursor& cursor) const
{
    const std::size_t bytes = static_cast<std::size_t>(
        record_units(state::entry_bytes(window_at(cursor, record_unit).data())) * record_unit);
    const std::span<std::uint8_t> record = window_at(cursor, bytes);
    const state::Entry entry = check(cursor.position, record);
    cursor.position += bytes / record_unit;
    return entry;
}

void Log::skip(Cursor& cursor) const
{
    cursor.position += record_units(state::entry_bytes(window_at(cursor, record_unit).data()));
}

void Log::flush(std::uint64_t position)
{
    const std::size_t bytes = static_cast<std::size_t>((position - flushed_) * record_unit);
    std::size_t done = 0;
    while (done < bytes)
    {
        const std::uint64_t at = flushed_ * record_unit + done;
        const std::uint64_t number = at / segment_bytes_;
        const std::size_t n = std::min<std::size_t>(
            bytes - done, static_cast<std::size_t>((number + 1) * segment_bytes_ - at));
        const bool is_new = at % segment_bytes_ == 0;
        File* const file = segment(number, true);
        touched_[number] = touched_[number] || is_new;
        file->write(at % segment_bytes_, ByteView(buffer_).subspan(done, n));
        done += n;
    }
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(bytes));
    flushed_ = position;
}

bool Log::sync()
{
    bool is_new = false;
    for (const auto& [number, created] : touched_)
    {
        segment(number, false)->sync();
        is_new = is_new || created;
    }
    touched_.clear();
    return is_new;
}

void Log::take_back(std::uint64_t position)
{
    buffer_.resize(static_cast<std::size_t>((position - flushed_) * record_unit));
    tail_ = position;
}

void Log::extend(std::uint64_t position)
{
    buffer_.clear();
    tail_ = flushed_ = position;
}

void Log::cut(std::uint64_t position)
{
    extend(position);
    const std::uint64_t byte = position * record_unit;
    for (const std::string& name : disk_->names())
    {
        const std::string head = segment_name(0).substr(0, 7);
        if (!name.starts_with(head) || name.size() != head.size() + 8)
            continue;
        const std::uint64_t number = std::stoull(name.substr(head.size()));
        if (number > byte / segment_bytes_)
        {
            files_.erase(number);
            disk_->remove(name);
        }
        else if (number == byte / segment_bytes_)
        {
            File* const file = segment(number, false);
            if (file->size() > byte % segment_bytes_)
            {
                file->truncate(byte % segment_bytes_);
                file->sync();
            }
        }
    }
}

std::uint64_t Log::first_segment() const
{
    const std::string head = segment_name(0).substr(0, 7);
    for (const std::string& name : disk_->names())
        if (name.starts_with(head) && name.size() == head.size() + 8)
            return std::stoull(name.substr(head.size()));
    return 0;
}

void Log::drop_before(std::uint64_t position)
{
    const std::uint64_t keep = position * record_unit / segment_bytes_;
    for (std::uint64_t number = first_segment(); number < keep; ++number)
    {
        files_.erase(number);
        disk_->remove(segment_name(number));
    }
}

std::uint64_t Log::file_bytes() const
{
    return flushed_ * record_unit - first_segment() * segment_bytes_;
}
}  // namespace mote::qmdb
