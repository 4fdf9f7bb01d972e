# 64-bit ARM with Linux and glibc: servers, Raspberry Pi OS (64 bits).
#
#   apt-get install g++-aarch64-linux-gnu qemu-user-static
#
# 4 x 64-bit field arithmetic. Tests run under qemu-aarch64-static.
set(mote_triple aarch64-linux-gnu)
set(mote_processor aarch64)
set(mote_qemu qemu-aarch64-static)
include("${CMAKE_CURRENT_LIST_DIR}/linux_gnu.cmake")
