// Background: a thread that does one thing at a time, while its owner goes on.
#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

namespace mote::qmdb
{
class Background
{
  public:
    Background() = default;
    /// Waits for what is being done.
    ~Background();
    Background(const Background&) = delete;

    /// Starts `work`; nothing else may be under way.
    void start(std::function<void()> work);
    /// Whether nothing is under way: then wait() does not.
    [[nodiscard]] bool idle();
    /// Returns when the work is done; throws what it threw, once.
    void wait();

  private:
    void run();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::function<void()> work_;
    std::exception_ptr error_;
    bool busy_ = false, ending_ = false;
    std::thread thread_;
};
}  // namespace mote::qmdb
