// The seam between the C facade, compiled once, and the core, compiled once per architecture variant.
//
// Each variant exports one table of functions. Keys and setups begin with a pointer to the table of
// the variant that opened them, so later calls go the same way without asking the processor again.
#pragma once

#include "mote/mote.h"

extern "C" {
struct mote_core
{
    const char* name;
    mote_status (*key_size)(size_t*, mote_verdict*, const uint8_t*, size_t);
    mote_status (*key_open)(mote_jolt_key**, mote_verdict*, void*, size_t, const char*,
                            const uint8_t*, size_t, const uint8_t*, const mote_core*);
    mote_status (*key_describe)(mote_jolt_key_info*, const mote_jolt_key*);
    mote_status (*setup_size)(size_t*, mote_verdict*, const uint8_t*, size_t);
    mote_status (*setup_open)(mote_dory_setup**, mote_verdict*, void*, size_t, const uint8_t*,
                              size_t, const uint8_t*, const mote_core*);
    mote_status (*verify_size)(size_t*, const mote_jolt_key*, const mote_dory_setup*);
    mote_status (*verify)(mote_verdict*, void*, size_t, const mote_jolt_key*,
                          const mote_dory_setup*, const mote_public_io*, const uint8_t*, size_t,
                          const uint8_t*, const mote_observer*);
    mote_status (*bundle_open)(mote_jolt_bundle*, mote_verdict*, const uint8_t*, size_t);
    mote_status (*proof_describe)(mote_jolt_proof_info*, mote_verdict*, const uint8_t*, size_t);
};

/// What every opened object begins with.
struct mote_core_object
{
    const mote_core* core;
};

const mote_core* mote_core_portable(void);
const mote_core* mote_core_x86_64_adx(void);
const mote_core* mote_core_x86_64_ifma(void);
}
