// The main of every test executable. Debian ships a compiled one for its own architecture, which
// saves the longest translation unit of the tests; everywhere else this file is it.
#if defined(MOTE_OWN_CATCH_MAIN)
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#else
extern const int mote_catch_main_is_linked;
const int mote_catch_main_is_linked = 1;
#endif
