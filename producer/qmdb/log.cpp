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
constexpr std::size_t write_bytes = std::size_t{1} << 20;  // at once

// Pieces of memory: small for a small budget, so that it is kept to.
std::size_t piece_bytes(std::uint64_t memory_bytes)
{
    std::size_t bytes = 4096;
    while (bytes < std::size_t{2} << 20 && 16 * bytes < memory_bytes)
        bytes *= 2;
    return bytes;
}
}  // namespace

Log::Log(Disk& disk, unsigned shard, std::uint64_t segment_bytes, std::uint64_t memory_bytes)
    : disk_(&disk),
      shard_(shard),
      segment_bytes_(segment_bytes),
      memory_bytes_(memory_bytes),
      tail_(piece_bytes(memory_bytes))
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
    const std::lock_guard guard(files_mutex_);
    auto found = files_.find(number);
    if (found == files_.end())
        found = files_.emplace(number, disk_->open(segment_name(number), create)).first;
    return found->second.get();
}

void Log::close_segment(std::uint64_t number)
{
    const std::lock_guard guard(files_mutex_);
    files_.erase(number);
}

std::uint64_t Log::append(ByteView entry)
{
    const std::uint64_t position = tail();
    tail_.append(entry, static_cast<std::size_t>(record_units(entry.size()) * record_unit));
    return position;
}

std::size_t Log::read_bytes(std::uint64_t byte, std::span<std::uint8_t> out) const
{
    const std::uint64_t end = std::min(byte + out.size(), written_);
    std::size_t done = 0;
    while (byte + done < end)
    {
        const std::uint64_t at = byte + done;
        const std::size_t n = static_cast<std::size_t>(
            std::min(end, (at / segment_bytes_ + 1) * segment_bytes_) - at);
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
    if (!in_memory(position))
        return read_file(position, memory);
    const std::uint64_t byte = position * record_unit;
    // A record is at least 64 bytes long, its length stands in the first unit.
    const std::size_t bytes = state::entry_bytes(tail_.view(byte, record_unit, memory));
    state::Entry entry;
    state::Fault fault;
    if (byte + bytes > tail_.end() ||
        state::decode_entry({tail_.view(byte, bytes, memory), bytes}, entry, fault) != Status::ok)
        throw std::logic_error("no entry begins at this position");
    return entry;
}

void Log::fetch(std::span<const std::uint64_t> positions, BlockMemory& memory)
{
    fetched_.clear();
    for (const std::uint64_t position : positions)
        if (!in_memory(position))
            fetched_.push_back({position, nullptr, 0, false});
    if (fetched_.empty())
        return;
    const auto before = [](const Fetched& a, const Fetched& b) { return a.position < b.position; };
    const auto same = [](const Fetched& a, const Fetched& b) { return a.position == b.position; };
    std::sort(fetched_.begin(), fetched_.end(), before);
    fetched_.erase(std::unique(fetched_.begin(), fetched_.end(), same), fetched_.end());
    std::vector<ReadRequest> requests;
    requests.reserve(fetched_.size());
    for (Fetched& one : fetched_)
    {
        const std::uint64_t byte = one.position * record_unit;
        // What reaches into the next segment is read again when it is asked for.
        const std::uint64_t end = std::min(written_, (byte / segment_bytes_ + 1) * segment_bytes_);
        const auto count = static_cast<std::size_t>(
            byte < end ? std::min<std::uint64_t>(first_read_bytes, end - byte) : 0);
        one.bytes = memory.take(first_read_bytes);
        requests.push_back({count == 0 ? nullptr : segment(byte / segment_bytes_, false),
                            byte % segment_bytes_,
                            {one.bytes, count}});
    }
    // An index that points beyond the log is found out when the entry is read.
    std::erase_if(requests, [](const ReadRequest& request) { return request.file == nullptr; });
    disk_->read_many(requests);
    std::size_t r = 0;
    for (Fetched& one : fetched_)
        if (r < requests.size() && requests[r].out.data() == one.bytes)
            one.count = requests[r++].got;
}

Log::Fetched* Log::fetched(std::uint64_t position) const
{
    const auto at =
        std::lower_bound(fetched_.begin(), fetched_.end(), position,
                         [](const Fetched& one, std::uint64_t p) { return one.position < p; });
    return at == fetched_.end() || at->position != position ? nullptr : &*at;
}

state::Entry Log::read_file(std::uint64_t position, BlockMemory& memory) const
{
    if (Fetched* const one = fetched(position); one != nullptr && one->count >= 4)
    {
        const std::size_t size =
            static_cast<std::size_t>(record_units(state::entry_bytes(one->bytes)) * record_unit);
        state::Entry entry;
        state::Fault fault;
        if (size <= one->count && one->checked &&
            state::decode_entry({one->bytes, size}, entry, fault) == Status::ok)
            return entry;
        if (size <= one->count && !one->checked)
        {
            entry = check(position, {one->bytes, size});
            one->checked = true;
            return entry;
        }
    }
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

ByteView Log::window_at(Cursor& cursor, std::size_t bytes) const
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
    return ByteView(cursor.window).subspan(offset, bytes);
}

state::Entry Log::next(Cursor& cursor) const
{
    if (in_memory(cursor.position))
    {
        cursor.memory.clear();
        const state::Entry entry = read(cursor.position, cursor.memory);
        cursor.position += record_units(entry.bytes.size());
        return entry;
    }
    const std::size_t bytes = static_cast<std::size_t>(
        record_units(state::entry_bytes(window_at(cursor, record_unit).data())) * record_unit);
    static_cast<void>(window_at(cursor, bytes));
    const std::size_t offset =
        static_cast<std::size_t>(cursor.position * record_unit - cursor.window_start);
    // Checking removes the checksum: a walk does not come back.
    const state::Entry entry =
        check(cursor.position, std::span(cursor.window).subspan(offset, bytes));
    cursor.position += bytes / record_unit;
    return entry;
}

void Log::skip(Cursor& cursor) const
{
    if (in_memory(cursor.position))
    {
        cursor.memory.clear();
        cursor.position += record_units(state::entry_bytes(
            tail_.view(cursor.position * record_unit, record_unit, cursor.memory)));
        return;
    }
    cursor.position += record_units(state::entry_bytes(window_at(cursor, record_unit).data()));
}

Log::Unwritten Log::unwritten(std::uint64_t position) const
{
    const std::uint64_t to = position * record_unit;
    return {written_, to, tail_.parts(written_, to)};
}

bool Log::write(const Unwritten& what)
{
    // Entry by entry into a buffer that gets the checksums.
    std::vector<std::uint8_t> buffer;
    buffer.reserve(static_cast<std::size_t>(
        std::min<std::uint64_t>(what.to - what.from, write_bytes + state::entry_bytes_max)));
    std::uint64_t at = what.from;
    std::size_t records_end = 0;  // in the buffer
    std::vector<File*> touched;
    bool is_new = false;
    const auto put = [&]
    {
        for (std::size_t done = 0; done < records_end;)
        {
            const std::uint64_t number = at / segment_bytes_;
            const std::size_t n = static_cast<std::size_t>(
                std::min<std::uint64_t>(records_end - done, (number + 1) * segment_bytes_ - at));
            File* const file = segment(number, true);
            is_new = is_new || at % segment_bytes_ == 0;
            if (touched.empty() || touched.back() != file)
                touched.push_back(file);
            file->write(at % segment_bytes_, ByteView(buffer).subspan(done, n));
            done += n;
            at += n;
        }
        buffer.erase(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(records_end));
        records_end = 0;
    };
    for (const ByteView part : what.parts)
        for (std::size_t done = 0; done < part.size();)
        {
            const std::size_t n = std::min(part.size() - done, write_bytes);
            const ByteView bytes = part.subspan(done, n);
            buffer.insert(buffer.end(), bytes.begin(), bytes.end());
            done += n;
            while (buffer.size() - records_end >= record_unit)
            {
                std::uint8_t* const record = buffer.data() + records_end;
                const std::size_t size = static_cast<std::size_t>(
                    record_units(state::entry_bytes(record)) * record_unit);
                if (size > buffer.size() - records_end)
                    break;
                store_le(record + crc_offset, crc32c({record, size}));
                records_end += size;
            }
            if (records_end >= write_bytes)
                put();
        }
    put();
    for (File* const file : touched)
        file->sync();
    return is_new;
}

void Log::written(const Unwritten& what, std::uint64_t floor_position)
{
    written_ = what.to;
    tail_.drop_before(written_,
                      std::min(memory_bytes_, tail_.end() - floor_position * record_unit));
}

void Log::take_back(std::uint64_t position) { tail_.truncate(position * record_unit); }

void Log::extend(std::uint64_t position)
{
    written_ = position * record_unit;
    tail_.reset(written_);
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
            close_segment(number);
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
        close_segment(number);
        disk_->remove(segment_name(number));
    }
}

std::uint64_t Log::file_bytes() const { return written_ - first_segment() * segment_bytes_; }
}  // namespace mote::qmdb
