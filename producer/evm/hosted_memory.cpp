#include "evm/hosted_memory.hpp"

#include <sys/mman.h>

#include <new>

namespace mote::evm
{
HostedMemory::HostedMemory(const MemoryLimits& limits)
{
    constexpr std::size_t page = 4096;
    constexpr std::size_t words =
        (depth_max + 1) * (stack_items_max * sizeof(Word) + sizeof(Frame)) + page;
    const std::array<std::size_t, 5> sizes = {words, limits.memories, limits.returned,
                                              limits.journal, limits.codes};
    for (const std::size_t size : sizes)
        bytes_ += (size + page - 1) / page * page;
    base_ = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base_ == MAP_FAILED)
        throw std::bad_alloc();
    auto* at = static_cast<std::uint8_t*>(base_);
    const std::array<MutableBytes*, 5> parts = {&parts_.words, &parts_.memories, &parts_.returned,
                                                &parts_.journal, &parts_.codes};
    for (std::size_t i = 0; i < parts.size(); ++i)
    {
        *parts[i] = {at, sizes[i]};
        at += (sizes[i] + page - 1) / page * page;
    }
}

HostedMemory::~HostedMemory() { munmap(base_, bytes_); }
}  // namespace mote::evm
