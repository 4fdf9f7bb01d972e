// Memory of exactly a size, aligned as an Arena wants it, also where `new` aligns to less.
#pragma once

#include <memory>
#include <new>

#include "base/arena.hpp"

namespace mote::test
{
struct AlignedDelete
{
    void operator()(unsigned char* p) const noexcept
    {
        ::operator delete(p, std::align_val_t(Arena::alignment));
    }
};
using AlignedMemory = std::unique_ptr<unsigned char[], AlignedDelete>;

[[nodiscard]] inline AlignedMemory aligned_memory(std::size_t bytes)
{
    return AlignedMemory(
        static_cast<unsigned char*>(::operator new(bytes, std::align_val_t(Arena::alignment))));
}
}  // namespace mote::test
