// Workers: threads that each own a group of shards.
//
// Worker w does what belongs to the shards s with s % count == w, in order, and nobody else touches
// them meanwhile: no locks, and the same bytes whatever the count.
#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace mote::qmdb
{
class Workers
{
  public:
    /// Shape   count: 0 counts as 1; with 1 everything runs in the caller.
    explicit Workers(unsigned count);
    ~Workers();
    Workers(const Workers&) = delete;

    /// Calls work(s) for every shard; returns when all are done. Throws the exception of the lowest
    /// worker that had one.
    void for_each_shard(const std::function<void(unsigned)>& work);
    /// The same with one call for each worker.
    void for_each_worker(const std::function<void(unsigned)>& work);

    [[nodiscard]] unsigned count() const { return count_; }

  private:
    void run(unsigned worker);
    void work_on(unsigned worker);

    unsigned count_;
    std::mutex mutex_;
    std::condition_variable start_, done_;
    const std::function<void(unsigned)>* work_ = nullptr;
    std::uint64_t turn_ = 0;
    unsigned running_ = 0;
    bool ending_ = false;
    std::vector<std::exception_ptr> errors_;
    std::vector<std::thread> threads_;
};
}  // namespace mote::qmdb
