// Observer: what a caller may watch while the core works. All hooks are optional.
//
// The core has no clock and no log. A caller that wants a time per stage takes it in on_stage; tests
// compare every transcript step with an independent model through on_transcript.
#pragma once

#include <cstdint>

#include "base/status.hpp"

namespace mote
{
struct Observer
{
    void* context = nullptr;
    /// Called when `stage` begins; the time until the next call belongs to it.
    void (*on_stage)(void* context, Stage stage) = nullptr;
    /// Called after every transcript step: `steps` so far and the 32-byte state.
    void (*on_transcript)(void* context, std::uint32_t steps, const std::uint8_t* state) = nullptr;

    void stage(Stage s) const noexcept
    {
        if (on_stage != nullptr)
            on_stage(context, s);
    }
};
}  // namespace mote
