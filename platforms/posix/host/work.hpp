// Work beside the loop: what a validator asks for that takes long, in libuv's threads.
#pragma once

#include <optional>
#include <vector>

#include "client/actions.hpp"

namespace mote::posix
{
/// A job that owns its bytes: those of an action are good until the next step only.
struct OwnedJob
{
    explicit OwnedJob(const client::Job& job);
    client::Job job;

  private:
    std::vector<std::uint8_t> committee_, input_, output_, proof_;
};

/// Answers what a validator asks. Called from several threads at once, never from the loop's.
class Services
{
  public:
    virtual ~Services() = default;

    /// Says whether the job's subject is good; for shares, once they are durable.
    [[nodiscard]] virtual bool verify(const client::Job& job) = 0;

    /// Gives what was asked for, or nothing if nobody has it.
    [[nodiscard]] virtual std::vector<std::uint8_t> fetch(const client::Fetch& fetch) = 0;
};
}  // namespace mote::posix
