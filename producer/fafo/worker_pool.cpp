#include "fafo/worker_pool.hpp"

#include <algorithm>

namespace mote::fafo
{
WorkerPool::WorkerPool(unsigned count)
{
    for (unsigned worker = 1; worker < count; ++worker)
        threads_.emplace_back([this, worker] { wait_for_work(worker); });
}

WorkerPool::~WorkerPool()
{
    work_ = nullptr;
    ++turn_;
    turn_.notify_all();
    for (std::thread& thread : threads_)
        thread.join();
}

void WorkerPool::wait_for_work(unsigned worker)
{
    // Turns wait for each other, so none is missed.
    for (std::uint32_t seen = 0;; ++seen)
    {
        turn_.wait(seen);
        const std::function<void(unsigned)>* const work = work_;
        if (work == nullptr)
            return;
        (*work)(worker);
        if (--running_ == 0)
            running_.notify_one();
    }
}

void WorkerPool::run(const std::function<void(unsigned)>& work)
{
    work_ = &work;
    running_ = static_cast<std::uint32_t>(threads_.size());
    ++turn_;
    turn_.notify_all();
    work(0);
    for (std::uint32_t left = running_; left != 0; left = running_)
        running_.wait(left);
}
}  // namespace mote::fafo
