// WorkerPool: threads that wait for the next block, as making one costs more than many transactions.
#pragma once

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

namespace mote::fafo
{
class WorkerPool
{
  public:
    /// Shape   count: 0 counts as 1; with 1 everything runs in the caller.
    explicit WorkerPool(unsigned count);
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;

    /// Calls work(worker) for every worker, 0 being the caller; returns when all are done. `work` must not
    /// throw. One call at a time.
    void run(const std::function<void(unsigned)>& work);

    [[nodiscard]] unsigned count() const { return static_cast<unsigned>(threads_.size()) + 1; }

  private:
    void wait_for_work(unsigned worker);

    std::atomic<const std::function<void(unsigned)>*> work_ = nullptr;  // null: end
    std::atomic<std::uint32_t> turn_ = 0, running_ = 0;
    std::vector<std::thread> threads_;
};
}  // namespace mote::fafo
