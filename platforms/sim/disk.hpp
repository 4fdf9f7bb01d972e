// Disk: a small file that loses what it may lose.
//
// A write goes to a cache; a flush makes everything written so far durable. A crash keeps an arbitrary
// part of what was not flushed: any subset of the writes, and of each one any part of its sectors or, torn,
// any bytes of it. A read can fail. A snapshot is the whole file, and can be put back.
#pragma once

#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "sim/random.hpp"

namespace mote::sim
{
class Disk
{
  public:
    explicit Disk(std::size_t bytes) : durable_(bytes) {}

    void write(std::size_t offset, Bytes bytes);
    void flush();
    /// The power goes off and on.
    void crash(Random& random);
    /// The newest write is torn: `bytes` of it are durable, the rest is not. The power goes off and on.
    void tear(std::size_t bytes);

    /// What is durable; empty if reading that sector fails.
    [[nodiscard]] Bytes read(std::size_t offset, std::size_t bytes) const noexcept;
    /// From now on, reads that touch this byte fail or no longer do.
    void set_bad(std::size_t offset, bool bad);

    [[nodiscard]] std::vector<std::uint8_t> snapshot() const { return durable_; }
    void restore(std::vector<std::uint8_t> snapshot);
    [[nodiscard]] std::size_t unflushed() const noexcept { return pending_.size(); }

  private:
    struct Write
    {
        std::size_t offset = 0;
        std::vector<std::uint8_t> bytes;
    };

    std::vector<std::uint8_t> durable_;
    std::vector<Write> pending_;
    std::vector<std::size_t> bad_;
};
}  // namespace mote::sim
