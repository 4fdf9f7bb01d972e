// What a transaction is expected to touch.
#pragma once

#include <cstdint>
#include <span>

#include "fafo/state_key.hpp"

namespace mote::fafo
{
enum class Mode : std::uint8_t
{
    read,
    write,         ///< reads and writes
    write_unread,  ///< writes without having read
    credit,
};

struct PredictedAccess
{
    StateKey key;
    Mode mode;
};

/// What a transaction is expected to touch, and its gas.
struct Predicted
{
    std::span<const PredictedAccess> accesses;
    std::uint64_t gas = 0;
};
}  // namespace mote::fafo
