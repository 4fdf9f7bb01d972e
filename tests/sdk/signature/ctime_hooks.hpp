// Included before every source of the program that looks for branches on secrets.
#pragma once

#include <valgrind/memcheck.h>

#define MOTE_DECLASSIFY(object) \
    static_cast<void>(VALGRIND_MAKE_MEM_DEFINED(&(object), sizeof(object)))
