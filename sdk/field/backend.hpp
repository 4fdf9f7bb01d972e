// Which arithmetic this target gets, decided in one place.
//
//   MOTE_FIELD_INT128     64 x 64 -> 128 bit products are the machine's own
//   MOTE_FIELD_SATURATED  fields are 4 x 64 bits (saturated.hpp); otherwise 9 x 29 (unsaturated.hpp)
//
// WebAssembly has the type but not the instruction: its compiler calls a function for each product,
// and 9 x 29 is more than twice as fast there.
#pragma once

#if defined(__SIZEOF_INT128__) && !defined(__wasm__)
#define MOTE_FIELD_INT128 1
#endif

#if defined(MOTE_FIELD_INT128) && !defined(MOTE_FIELD_UNSATURATED)
#define MOTE_FIELD_SATURATED 1
#endif
