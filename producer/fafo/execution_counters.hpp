// What the execution of a block says of itself.
#pragma once

#include <cstdint>

namespace mote::fafo
{
struct ExecutionCounters
{
    std::uint64_t executed = 0;  ///< again included
    std::uint64_t executed_again = 0;
    std::uint64_t stolen = 0;
    std::uint64_t slept = 0;  ///< how often a worker had nothing to do for long
    std::uint64_t edges = 0;
};
}  // namespace mote::fafo
