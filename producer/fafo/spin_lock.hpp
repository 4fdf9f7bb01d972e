// SpinLock: for a few instructions' worth of work on one key; a mutex would be larger than the key.
#pragma once

#include <atomic>
#include <thread>

namespace mote::fafo
{
/// Lets the other half of a core, or its power supply, have a moment.
inline void pause() noexcept
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb");
#endif
}

class SpinLock
{
  public:
    void lock() noexcept
    {
        // Whoever holds it may have been put to sleep: after a while let others run.
        for (unsigned turns = 0; taken_.exchange(true, std::memory_order_acquire); ++turns)
            while (taken_.load(std::memory_order_relaxed))
                if (turns++ > 64)
                    std::this_thread::yield();
    }
    void unlock() noexcept { taken_.store(false, std::memory_order_release); }

  private:
    std::atomic<bool> taken_ = false;
};
}  // namespace mote::fafo
