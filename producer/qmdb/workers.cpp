#include "qmdb/workers.hpp"

#include <algorithm>

#include "state/hashing.hpp"

namespace mote::qmdb
{
Workers::Workers(unsigned count)
    : count_(std::clamp(count, 1U, unsigned{state::shard_count})), errors_(count_)
{
    for (unsigned worker = 1; worker < count_; ++worker)
        threads_.emplace_back([this, worker] { run(worker); });
}

Workers::~Workers()
{
    {
        const std::lock_guard guard(mutex_);
        ending_ = true;
    }
    start_.notify_all();
    for (std::thread& thread : threads_)
        thread.join();
}

void Workers::work_on(unsigned worker)
{
    try
    {
        (*work_)(worker);
    }
    catch (...)
    {
        errors_[worker] = std::current_exception();
    }
}

void Workers::run(unsigned worker)
{
    std::uint64_t seen = 0;
    for (;;)
    {
        {
            std::unique_lock lock(mutex_);
            start_.wait(lock, [&] { return ending_ || turn_ != seen; });
            if (ending_)
                return;
            seen = turn_;
        }
        work_on(worker);
        const std::lock_guard guard(mutex_);
        if (--running_ == 0)
            done_.notify_one();
    }
}

void Workers::for_each_shard(const std::function<void(unsigned)>& work)
{
    for_each_worker(
        [&](unsigned worker)
        {
            for (unsigned shard = worker; shard < state::shard_count; shard += count_)
                work(shard);
        });
}

void Workers::for_each_worker(const std::function<void(unsigned)>& work)
{
    std::fill(errors_.begin(), errors_.end(), nullptr);
    work_ = &work;
    if (count_ > 1)
    {
        {
            const std::lock_guard guard(mutex_);
            running_ = count_ - 1;
            ++turn_;
        }
        start_.notify_all();
    }
    work_on(0);
    if (count_ > 1)
    {
        std::unique_lock lock(mutex_);
        done_.wait(lock, [&] { return running_ == 0; });
    }
    work_ = nullptr;
    for (const std::exception_ptr& error : errors_)
        if (error != nullptr)
            std::rethrow_exception(error);
}
}  // namespace mote::qmdb
