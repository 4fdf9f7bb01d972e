/* The end of mote-state.wasm that belongs to its loader: the version, and the offsets that
 * src/state_layout.ts has of the structs of mote_state.h. */
#include "mote/mote_state.h"

#define AT(type, member, offset) _Static_assert(offsetof(type, member) == (offset), #member)
_Static_assert(sizeof(mote_state_verdict) == 24, "mote_state_verdict");
AT(mote_state_verdict, accepted, 4);
AT(mote_state_verdict, fault, 8);
AT(mote_state_verdict, operation, 12);
AT(mote_state_verdict, offset, 16);
_Static_assert(sizeof(mote_state_operation) == 20, "mote_state_operation");
AT(mote_state_operation, key, 0);
AT(mote_state_operation, value, 8);
AT(mote_state_operation, erase, 16);
_Static_assert(sizeof(mote_span) == 8, "mote_span");
AT(mote_span, data, 0);
AT(mote_span, bytes, 4);

#define EXPORT(name) __attribute__((export_name(#name), visibility("default"))) name

uint32_t EXPORT(mote_wasm_state_version)(void) { return MOTE_ABI_VERSION; }
