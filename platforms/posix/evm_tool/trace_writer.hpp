// Traces of EIP-3155: a line of JSON for each instruction, before it runs, with what it cost.
#pragma once

#include <cstdio>
#include <optional>

#include "evm/machine.hpp"
#include "json_values.hpp"

namespace mote::evm_tool
{
class TraceWriter final : public evm::Tracer
{
  public:
    /// Writes to `file`, which must outlive it; memory's bytes only if asked for.
    explicit TraceWriter(std::FILE* file, bool with_memory = false)
        : file_(file), with_memory_(with_memory)
    {
    }

    void instruction(evm::Machine& machine, const evm::Frame& frame,
                     std::uint32_t position) override;
    void enter(const evm::Frame& caller) override;
    void leave(const evm::Frame& frame) override;

  private:
    /// The line of the last instruction waits until it is known what was charged.
    void flush(std::int64_t gas_now, const char* error);

    std::FILE* file_;
    bool with_memory_;
    std::optional<nlohmann::ordered_json> pending_;
    std::int64_t gas_before_ = 0;
};
}  // namespace mote::evm_tool
