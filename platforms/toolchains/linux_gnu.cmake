# What the Linux targets share: Debian's cross gcc and, to run what was built, qemu-user.
#
# A toolchain file sets mote_triple, mote_processor and mote_qemu, then includes this one. No
# sysroot is needed: the cross packages bring the C and C++ libraries, below /usr/<triple>.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR ${mote_processor})
set(CMAKE_LIBRARY_ARCHITECTURE ${mote_triple})

find_program(MOTE_CROSS_GXX ${mote_triple}-g++)
mark_as_advanced(MOTE_CROSS_GXX)
if(NOT MOTE_CROSS_GXX)
    message(FATAL_ERROR
        "There is no ${mote_triple}-g++. Debian: apt-get install g++-${mote_triple}")
endif()
set(CMAKE_C_COMPILER ${mote_triple}-gcc)
set(CMAKE_CXX_COMPILER ${mote_triple}-g++)

# Programs are the build machine's, libraries and headers the target's. Packages of headers only
# (Catch2, nlohmann-json) may come from either.
set(CMAKE_FIND_ROOT_PATH /usr/${mote_triple})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE BOTH)

# Emulation shows that the code is right, never how fast it is. -L is where the program finds its
# dynamic linker.
if(NOT DEFINED CMAKE_CROSSCOMPILING_EMULATOR)
    find_program(MOTE_QEMU ${mote_qemu})
    mark_as_advanced(MOTE_QEMU)
    if(MOTE_QEMU)
        set(CMAKE_CROSSCOMPILING_EMULATOR "${MOTE_QEMU};-L;/usr/${mote_triple}")
    endif()
endif()
