#include "qmdb/background.hpp"

#include <utility>

#include "base/assert.hpp"

namespace mote::qmdb
{
Background::~Background()
{
    if (!thread_.joinable())
        return;
    {
        const std::lock_guard guard(mutex_);
        ending_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void Background::start(std::function<void()> work)
{
    // The first work makes the thread: a store that is only read has none.
    if (!thread_.joinable())
        thread_ = std::thread([this] { run(); });
    {
        const std::lock_guard guard(mutex_);
        MOTE_ASSERT(!busy_);
        work_ = std::move(work);
        busy_ = true;
    }
    changed_.notify_all();
}

bool Background::idle()
{
    const std::lock_guard guard(mutex_);
    return !busy_;
}

void Background::wait()
{
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !busy_; });
    if (error_ != nullptr)
        std::rethrow_exception(std::exchange(error_, nullptr));
}

void Background::run()
{
    std::unique_lock lock(mutex_);
    for (;;)
    {
        changed_.wait(lock, [&] { return busy_ || ending_; });
        if (!busy_)
            return;
        const std::function<void()> work = std::exchange(work_, nullptr);
        lock.unlock();
        std::exception_ptr error;
        try
        {
            work();
        }
        catch (...)
        {
            error = std::current_exception();
        }
        lock.lock();
        error_ = error;
        busy_ = false;
        changed_.notify_all();
    }
}
}  // namespace mote::qmdb
