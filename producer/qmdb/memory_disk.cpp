#include "qmdb/memory_disk.hpp"

#include <algorithm>
#include <cerrno>

namespace mote::qmdb
{
class MemoryFile : public File
{
  public:
    MemoryFile(MemoryDisk& disk, std::string name, MemoryDisk::NodePointer node)
        : disk_(disk), name_(std::move(name)), node_(std::move(node)), born_(disk.generation_)
    {
    }

    std::size_t read(std::uint64_t offset, std::span<std::uint8_t> out) override
    {
        const std::lock_guard guard(disk_.mutex_);
        check();
        ++disk_.reads_;
        const auto& bytes = node_->cached;
        if (offset >= bytes.size())
            return 0;
        const std::size_t n = std::min<std::size_t>(out.size(), bytes.size() - offset);
        std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(offset), n, out.begin());
        return n;
    }

    void write(std::uint64_t offset, ByteView bytes) override
    {
        const std::lock_guard guard(disk_.mutex_);
        check();
        const MemoryDisk::Fault fault = disk_.next_call();
        if (fault == MemoryDisk::Fault::io_error)
            throw IoError(name_, offset, EIO, name_ + ": write: injected EIO");
        if (fault == MemoryDisk::Fault::disk_full || disk_.full_)
        {
            disk_.full_ = true;
            throw IoError(name_, offset, ENOSPC, name_ + ": write: injected ENOSPC");
        }
        const bool half =
            fault == MemoryDisk::Fault::short_write || fault == MemoryDisk::Fault::crash;
        put(offset, half ? bytes.first(bytes.size() / 2) : bytes);
        if (fault == MemoryDisk::Fault::crash)
            throw PowerOff();
        if (half)
            throw IoError(name_, offset, ENOSPC, name_ + ": write: injected short write");
    }

    void sync() override
    {
        const std::lock_guard guard(disk_.mutex_);
        check();
        const MemoryDisk::Fault fault = disk_.next_call();
        if (fault == MemoryDisk::Fault::crash)
            throw PowerOff();
        if (fault == MemoryDisk::Fault::io_error)
            throw IoError(name_, 0, EIO, name_ + ": sync: injected EIO");
        node_->durable = node_->cached;
        node_->dirty.clear();
    }

    std::uint64_t size() override
    {
        const std::lock_guard guard(disk_.mutex_);
        check();
        return node_->cached.size();
    }

    void truncate(std::uint64_t bytes) override
    {
        const std::lock_guard guard(disk_.mutex_);
        check();
        const MemoryDisk::Fault fault = disk_.next_call();
        if (fault == MemoryDisk::Fault::crash)
            throw PowerOff();
        if (fault == MemoryDisk::Fault::io_error)
            throw IoError(name_, bytes, EIO, name_ + ": truncate: injected EIO");
        node_->cached.resize(bytes);
    }

  private:
    void check() const
    {
        disk_.check_power();
        if (born_ != disk_.generation_)
            throw PowerOff();
    }

    void put(std::uint64_t offset, ByteView bytes)
    {
        if (bytes.empty())
            return;
        auto& cached = node_->cached;
        if (cached.size() < offset + bytes.size())
            cached.resize(offset + bytes.size());
        std::copy(bytes.begin(), bytes.end(), cached.begin() + static_cast<std::ptrdiff_t>(offset));
        for (std::uint64_t s = offset / MemoryDisk::sector;
             s <= (offset + bytes.size() - 1) / MemoryDisk::sector; ++s)
            node_->dirty.insert(s);
        disk_.written_bytes_ += bytes.size();
    }

    MemoryDisk& disk_;
    std::string name_;
    MemoryDisk::NodePointer node_;
    std::uint64_t born_;
};

void MemoryDisk::plan(Fault fault, std::uint64_t at)
{
    planned_ = fault;
    planned_at_ = at;
    calls_ = 0;
}

void MemoryDisk::free_space() { full_ = false; }

MemoryDisk::Fault MemoryDisk::next_call()
{
    const bool now = planned_ != Fault::none && calls_ == planned_at_;
    ++calls_;
    if (!now)
        return Fault::none;
    const Fault fault = planned_;
    planned_ = Fault::none;
    off_ = fault == Fault::crash;
    return fault;
}

void MemoryDisk::check_power() const
{
    if (off_)
        throw PowerOff();
}

void MemoryDisk::crash(std::uint64_t seed)
{
    const std::lock_guard guard(mutex_);
    std::mt19937_64 random(seed);
    // Some crashes lose nearly everything, some nearly nothing.
    const std::uint64_t keep = random() % 5;
    const auto kept = [&] { return keep == 4 || random() % 4 < keep; };

    std::map<std::string, NodePointer> after;
    std::set<std::string> all;
    for (const auto& [name, node] : names_)
        all.insert(name);
    for (const auto& [name, node] : durable_names_)
        all.insert(name);
    for (const std::string& name : all)
    {
        const auto now = names_.find(name), before = durable_names_.find(name);
        const NodePointer current = now == names_.end() ? nullptr : now->second;
        const NodePointer old = before == durable_names_.end() ? nullptr : before->second;
        const NodePointer chosen = current == old || kept() ? current : old;
        if (chosen != nullptr)
            after[name] = chosen;
    }
    for (const auto& [name, node] : after)
    {
        std::vector<std::uint8_t> bytes = node->durable;
        if (node->cached.size() != bytes.size() && kept())
            bytes.resize(node->cached.size());
        for (const std::uint64_t s : node->dirty)
        {
            const std::uint64_t begin = s * sector;
            const std::uint64_t end = std::min<std::uint64_t>(begin + sector, node->cached.size());
            if (begin >= end || !kept())
                continue;
            if (bytes.size() < end)
                bytes.resize(end);
            std::copy(node->cached.begin() + static_cast<std::ptrdiff_t>(begin),
                      node->cached.begin() + static_cast<std::ptrdiff_t>(end),
                      bytes.begin() + static_cast<std::ptrdiff_t>(begin));
        }
        node->durable = node->cached = bytes;
        node->dirty.clear();
    }
    names_ = durable_names_ = after;
    planned_ = Fault::none;
    off_ = full_ = false;
    ++generation_;
}

void MemoryDisk::restart()
{
    const std::lock_guard guard(mutex_);
    planned_ = Fault::none;
    off_ = false;
    ++generation_;
}

void MemoryDisk::flip(const std::string& name, std::uint64_t byte, unsigned bit)
{
    const std::lock_guard guard(mutex_);
    Node& node = *names_.at(name);
    node.cached.at(byte) ^= static_cast<std::uint8_t>(1U << bit);
    if (byte < node.durable.size())
        node.durable[byte] = node.cached[byte];
}

std::vector<std::uint8_t> MemoryDisk::content(const std::string& name)
{
    const std::lock_guard guard(mutex_);
    return names_.at(name)->cached;
}

std::unique_ptr<File> MemoryDisk::open(const std::string& name, bool create)
{
    const std::lock_guard guard(mutex_);
    check_power();
    auto found = names_.find(name);
    if (found == names_.end())
    {
        if (!create)
            throw IoError(name, 0, ENOENT, name + ": open: no such file");
        const Fault fault = next_call();
        if (fault == Fault::crash)
            throw PowerOff();
        if (fault != Fault::none || full_)
        {
            full_ = full_ || fault == Fault::disk_full;
            throw IoError(name, 0, ENOSPC, name + ": open: injected failure");
        }
        found = names_.emplace(name, std::make_shared<Node>()).first;
    }
    return std::make_unique<MemoryFile>(*this, name, found->second);
}

bool MemoryDisk::exists(const std::string& name)
{
    const std::lock_guard guard(mutex_);
    check_power();
    return names_.contains(name);
}

void MemoryDisk::remove(const std::string& name)
{
    const std::lock_guard guard(mutex_);
    check_power();
    const Fault fault = next_call();
    if (fault == Fault::crash)
        throw PowerOff();
    if (fault == Fault::io_error)
        throw IoError(name, 0, EIO, name + ": unlink: injected EIO");
    names_.erase(name);
}

void MemoryDisk::sync_names()
{
    const std::lock_guard guard(mutex_);
    check_power();
    const Fault fault = next_call();
    if (fault == Fault::crash)
        throw PowerOff();
    if (fault == Fault::io_error)
        throw IoError("", 0, EIO, "folder: sync: injected EIO");
    durable_names_ = names_;
}

std::vector<std::string> MemoryDisk::names()
{
    const std::lock_guard guard(mutex_);
    check_power();
    std::vector<std::string> out;
    out.reserve(names_.size());
    for (const auto& [name, node] : names_)
        out.push_back(name);
    return out;
}

std::shared_ptr<void> MemoryDisk::lock()
{
    const std::lock_guard guard(mutex_);
    check_power();
    if (!lock_.expired())
        throw IoError("lock", 0, EWOULDBLOCK, "the store is in use");
    auto held = std::make_shared<int>(0);
    lock_ = held;
    return held;
}
}  // namespace mote::qmdb
