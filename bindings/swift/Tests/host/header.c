/* Compiled only, for Apple's targets: what Swift assumes of the structs of the headers there. */
#include "mote/mote.h"
#include "mote/mote_state.h"
#include "mote/mote_svid.h"

_Static_assert(sizeof(size_t) == 8 && sizeof(void*) == 8, "64 bits");
_Static_assert(sizeof(mote_verdict) == 32, "no padding that Swift would not count");
_Static_assert(sizeof(mote_span) == 16, "a pointer and a length");
_Static_assert(sizeof(mote_memory_layout) == 20 * 8, "twenty numbers");
_Static_assert(sizeof(((mote_jolt_bundle*)0)->key_digest) == 32, "a tuple of 32 bytes");
_Static_assert(sizeof(mote_state_verdict) == 24, "five numbers, no padding");
_Static_assert(sizeof(mote_state_operation) == 2 * sizeof(mote_span) + 8, "two spans and a number");
_Static_assert(sizeof(mote_svid_verdict) == 20, "five numbers");
_Static_assert(sizeof(mote_svid_rows) == 8 + 3 * sizeof(mote_span), "two numbers and three spans");
_Static_assert(sizeof(mote_svid_row) == 8 + sizeof(mote_span), "a number, padding and a span");
_Static_assert(sizeof(((mote_svid_expected*)0)->chain_id) == 32, "a tuple of 32 bytes");
_Static_assert(sizeof(((mote_svid_validators*)0)->seed) == 32, "a tuple of 32 bytes");
