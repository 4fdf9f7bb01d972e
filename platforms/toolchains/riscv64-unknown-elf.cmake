# 64-bit RISC-V without an operating system: RV64IMAC, soft float. Also what zkVM guests are.
#
#   apt-get install clang-19 lld-19 llvm-19 libstdc++-12-dev
#
# 4 x 64-bit field arithmetic. Builds the archive; a program brings its start-up code, linker script
# and the four memory functions (platforms/bare/memory.c).
#
# Reads  MOTE_MARCH   the instruction set, rv64imac unless said otherwise (rv64im, rv64gc, ...)
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR riscv64)
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES MOTE_MARCH)
set(MOTE_MARCH rv64imac CACHE STRING "RISC-V instruction set")

include("${CMAKE_CURRENT_LIST_DIR}/llvm.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/freestanding.cmake")
foreach(language C CXX)
    set(CMAKE_${language}_COMPILER_TARGET riscv64-unknown-elf)
endforeach()
set(mote_flags "-march=${MOTE_MARCH} -mabi=lp64 -mcmodel=medany -nostdlibinc")
set(CMAKE_C_FLAGS_INIT "${mote_flags} ${mote_freestanding_flags}")
set(CMAKE_CXX_FLAGS_INIT "${mote_flags} ${mote_freestanding_cxx_flags}")
set(CMAKE_ASM_FLAGS_INIT "${mote_flags}")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-fuse-ld=lld-19 -nostdlib -static")
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)
