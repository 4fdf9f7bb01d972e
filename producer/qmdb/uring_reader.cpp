#include "qmdb/uring_reader.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <new>
#include <vector>

namespace mote::qmdb
{
std::unique_ptr<UringReader> UringReader::make()
{
    std::unique_ptr<UringReader> reader(new UringReader);
    if (io_uring_queue_init(depth, &reader->ring_, 0) != 0)
        return nullptr;
    reader->ready_ = true;
    reader->slots_ =
        static_cast<std::uint8_t*>(std::aligned_alloc(block_bytes, depth * slot_bytes));
    if (reader->slots_ == nullptr)
        throw std::bad_alloc();
    const iovec all = {reader->slots_, depth * slot_bytes};
    reader->registered_ = io_uring_register_buffers(&reader->ring_, &all, 1) == 0;
    return reader;
}

UringReader::~UringReader()
{
    if (ready_)
        io_uring_queue_exit(&ring_);
    std::free(slots_);
}

void UringReader::submit(const UringRead& read, std::uint32_t number, std::uint32_t slot)
{
    const std::uint64_t offset = read.request->offset;
    const std::uint64_t begin = read.direct ? offset / block_bytes * block_bytes : offset;
    const std::uint64_t end = offset + read.request->out.size();
    const std::uint64_t bytes =
        read.direct ? (end - begin + block_bytes - 1) / block_bytes * block_bytes : end - begin;
    std::uint8_t* const buffer = slots_ + slot * slot_bytes;
    io_uring_sqe* const entry = io_uring_get_sqe(&ring_);  // there is one for each slot
    if (registered_)
        io_uring_prep_read_fixed(entry, read.handle, buffer, static_cast<unsigned>(bytes), begin,
                                 0);
    else
        io_uring_prep_read(entry, read.handle, buffer, static_cast<unsigned>(bytes), begin);
    io_uring_sqe_set_data64(entry, std::uint64_t{number} << 32 | slot);
}

int UringReader::read(std::span<const UringRead> reads, std::size_t& failed)
{
    std::array<std::uint32_t, depth> free_slots;
    std::size_t free_count = depth;
    for (std::uint32_t i = 0; i < depth; ++i)
        free_slots[i] = depth - 1 - i;
    std::vector<std::uint32_t> again;
    std::size_t next = 0, in_flight = 0;
    int error = 0;
    const auto fail = [&](std::uint32_t number, int code)
    {
        if (error == 0)
            failed = number;
        error = error == 0 ? code : error;
    };
    // After an error nothing new is begun, but what is in flight writes to the slots until it ends.
    while (in_flight != 0 || (error == 0 && (next < reads.size() || !again.empty())))
    {
        while (error == 0 && free_count != 0 && (next < reads.size() || !again.empty()))
        {
            std::uint32_t number;
            if (again.empty())
                number = static_cast<std::uint32_t>(next++);
            else
            {
                number = again.back();
                again.pop_back();
            }
            submit(reads[number], number, free_slots[--free_count]);
            ++in_flight;
        }
        const int submitted = io_uring_submit_and_wait(&ring_, 1);
        if (submitted < 0 && submitted != -EINTR && submitted != -EAGAIN && submitted != -EBUSY)
        {
            // The ring itself is broken: nothing that was not submitted will ever come back.
            fail(0, -submitted);
            return error;
        }
        unsigned head, seen = 0;
        io_uring_cqe* entry;
        io_uring_for_each_cqe(&ring_, head, entry)
        {
            ++seen;
            const std::uint64_t data = io_uring_cqe_get_data64(entry);
            const auto slot = static_cast<std::uint32_t>(data);
            const auto number = static_cast<std::uint32_t>(data >> 32);
            const UringRead& read = reads[number];
            if (entry->res == -EINTR || entry->res == -EAGAIN)
                again.push_back(number);
            else if (entry->res < 0)
                fail(number, -entry->res);
            else
            {
                const std::size_t skip =
                    read.direct ? static_cast<std::size_t>(read.request->offset % block_bytes) : 0;
                const auto there = static_cast<std::size_t>(entry->res);
                const std::size_t got =
                    there > skip ? std::min(there - skip, read.request->out.size()) : 0;
                if (got != 0)
                    std::memcpy(read.request->out.data(), slots_ + slot * slot_bytes + skip, got);
                read.request->got = got;
            }
            free_slots[free_count++] = slot;
            --in_flight;
        }
        io_uring_cq_advance(&ring_, seen);
    }
    return error;
}
}  // namespace mote::qmdb
