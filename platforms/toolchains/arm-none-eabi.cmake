# Cortex-M without an operating system and without a C library.
#
#   apt-get install gcc-arm-none-eabi libstdc++-12-dev        to run: qemu-system-arm
#
# 9 x 29-bit field arithmetic. Programs bring start-up code, linker script and the four memory
# functions; platforms/bare has them for two boards. libgcc comes with the compiler.
#
# Reads  MOTE_CPU         cortex-m4 (also M4F) or cortex-m33; any other -mcpu value compiles too
#        MOTE_FLOAT_ABI   hard, softfp or soft. The core has no floating point, but all objects of a
#                         program must agree.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES MOTE_CPU MOTE_FLOAT_ABI)
set(MOTE_CPU cortex-m4 CACHE STRING "Processor: cortex-m4, cortex-m33")
set_property(CACHE MOTE_CPU PROPERTY STRINGS cortex-m4 cortex-m33)
set(MOTE_FLOAT_ABI hard CACHE STRING "How floating point is passed: hard, softfp, soft")
set_property(CACHE MOTE_FLOAT_ABI PROPERTY STRINGS hard softfp soft)

find_program(MOTE_CROSS_GXX arm-none-eabi-g++)
if(NOT MOTE_CROSS_GXX)
    message(FATAL_ERROR "There is no arm-none-eabi-g++. Debian: apt-get install gcc-arm-none-eabi")
endif()
mark_as_advanced(MOTE_CROSS_GXX)
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_CXX_COMPILER arm-none-eabi-g++)
set(CMAKE_ASM_COMPILER arm-none-eabi-gcc)

include("${CMAKE_CURRENT_LIST_DIR}/freestanding.cmake")
# -fbuiltin: -ffreestanding alone would turn a memcpy of four bytes into a call.
set(mote_cpu_flags "-mcpu=${MOTE_CPU} -mthumb -mfloat-abi=${MOTE_FLOAT_ABI}")
set(mote_flags "${mote_cpu_flags} -ffreestanding -fbuiltin")
set(CMAKE_C_FLAGS_INIT "${mote_flags} ${mote_freestanding_flags}")
set(CMAKE_CXX_FLAGS_INIT "${mote_flags} ${mote_freestanding_cxx_flags}")
set(CMAKE_ASM_FLAGS_INIT "${mote_cpu_flags}")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-nostdlib -static")
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)
