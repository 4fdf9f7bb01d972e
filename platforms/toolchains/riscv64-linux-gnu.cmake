# 64-bit RISC-V with Linux and glibc: RV64GC.
#
#   apt-get install g++-riscv64-linux-gnu qemu-user-static
#
# 4 x 64-bit field arithmetic. Tests run under qemu-riscv64-static.
set(mote_triple riscv64-linux-gnu)
set(mote_processor riscv64)
set(mote_qemu qemu-riscv64-static)
include("${CMAKE_CURRENT_LIST_DIR}/linux_gnu.cmake")
