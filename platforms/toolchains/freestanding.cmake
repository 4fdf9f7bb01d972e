# What the targets without a C library of their own share: where the C++ headers come from.
#
# The core uses the part of the C++ library that is headers only. The build machine's libstdc++ has
# those; freestanding/ holds the few C headers they ask for. Sets
# mote_freestanding_flags and mote_freestanding_cxx_flags. gcc additionally wants -ffreestanding, or
# its <stdint.h> looks for a C library's.
file(GLOB mote_libstdcxx LIST_DIRECTORIES true /usr/include/c++/1[2-9])
list(SORT mote_libstdcxx COMPARE NATURAL)
if(NOT mote_libstdcxx)
    message(FATAL_ERROR
        "There are no C++ headers of gcc 12. Debian: apt-get install libstdc++-12-dev")
endif()
list(GET mote_libstdcxx -1 mote_libstdcxx)
get_filename_component(mote_libstdcxx_version "${mote_libstdcxx}" NAME)
file(GLOB mote_libstdcxx_config
    /usr/include/*-linux-gnu/c++/${mote_libstdcxx_version}/bits/c++config.h)
if(NOT mote_libstdcxx_config)
    message(FATAL_ERROR "bits/c++config.h is missing. "
        "Debian: apt-get install libstdc++-${mote_libstdcxx_version}-dev")
endif()
list(GET mote_libstdcxx_config 0 mote_libstdcxx_config)
get_filename_component(mote_libstdcxx_config "${mote_libstdcxx_config}" DIRECTORY)
get_filename_component(mote_libstdcxx_config "${mote_libstdcxx_config}" DIRECTORY)

# <cstdlib> continues with the next <stdlib.h> behind its own folder, so ours comes last.
set(mote_freestanding_flags "-isystem ${CMAKE_CURRENT_LIST_DIR}/freestanding")
set(mote_freestanding_cxx_flags "-nostdinc++ -isystem ${mote_libstdcxx} \
-isystem ${mote_libstdcxx_config} ${mote_freestanding_flags} -fno-exceptions -fno-rtti")

# No program links without start-up code, so CMake's trials stop at an archive.
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE NEVER)
