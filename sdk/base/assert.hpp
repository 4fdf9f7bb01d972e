// MOTE_ASSERT: the third kind of "no", a bug of ours. It never guards input.
//
// On in debug and test builds (MOTE_ASSERTIONS=1), where it traps; compiled out elsewhere. The core
// has no place to print to: the position is in the debugger, the backtrace or the sanitizer report.
#pragma once

#if defined(MOTE_ASSERTIONS) && MOTE_ASSERTIONS
#define MOTE_ASSERT(condition) \
    do                         \
    {                          \
        if (!(condition))      \
            __builtin_trap();  \
    } while (false)
#else
#define MOTE_ASSERT(condition) static_cast<void>(sizeof((condition) ? 1 : 0))
#endif
