// The seam of abi/core.hpp, for mote_state.h: a table of its own, so that who links one of the headers'
// functions does not get what the others need.
#pragma once

#include "mote/mote_state.h"

extern "C" {
struct mote_state_core
{
    const char* name;
    mote_status (*proof_size)(size_t*, size_t);
    mote_status (*proof_open)(mote_state_proof**, mote_state_verdict*, void*, size_t,
                              const uint8_t*, uint64_t, const uint8_t*, size_t,
                              const mote_state_core*);
    mote_status (*witness_open)(mote_state_proof**, mote_state_verdict*, void*, size_t,
                                const uint8_t*, uint64_t, const uint8_t*, size_t,
                                const mote_state_core*);
    mote_status (*lookup)(uint32_t*, mote_span*, const mote_state_proof*, const uint8_t*, size_t);
    mote_status (*lookup_after)(uint32_t*, mote_span*, const mote_state_proof*, const uint8_t*,
                                size_t, uint64_t);
    mote_status (*apply_size)(size_t*, const mote_state_proof*, size_t);
    mote_status (*apply)(uint8_t*, mote_state_verdict*, void*, size_t, const mote_state_proof*,
                         uint64_t, const mote_state_operation*, size_t);
};

/// What an opened proof begins with.
struct mote_state_object
{
    const mote_state_core* core;
};

const mote_state_core* mote_state_core_portable(void);
const mote_state_core* mote_state_core_x86_64_adx(void);
const mote_state_core* mote_state_core_x86_64_ifma(void);
}
