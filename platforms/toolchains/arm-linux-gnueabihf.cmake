# 32-bit ARM with Linux and glibc: Debian armhf, ARMv7-A with VFPv3 and Thumb-2.
#
#   apt-get install g++-arm-linux-gnueabihf qemu-user-static
#
# 9 x 29-bit field arithmetic. Tests run under qemu-arm-static. Raspberry Pi OS for ARMv6 is another
# target.
set(mote_triple arm-linux-gnueabihf)
set(mote_processor armv7l)
set(mote_qemu qemu-arm-static)
# gcc notes at every call of some templates that gcc 7 passed them differently.
set(CMAKE_CXX_FLAGS_INIT "-Wno-psabi")
include("${CMAKE_CURRENT_LIST_DIR}/linux_gnu.cmake")
