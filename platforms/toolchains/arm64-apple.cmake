# iOS and macOS on 64-bit ARM, without Apple's SDK.
#
#   apt-get install clang-19 lld-19 llvm-19 libstdc++-12-dev
#
# 4 x 64-bit field arithmetic. Builds the static archive only: linking it to an app needs Apple's
# SDK. With Xcode no toolchain file is needed.
#
# Reads  MOTE_APPLE_TARGET   ios15, macos12 or what else clang takes behind `arm64-apple-`
#
# CMAKE_SYSTEM_NAME is Generic because CMake's Darwin support asks Xcode where things are.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm64)
set(APPLE TRUE)
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES MOTE_APPLE_TARGET)
set(MOTE_APPLE_TARGET ios15 CACHE STRING "System and oldest version: ios15, macos12")
set_property(CACHE MOTE_APPLE_TARGET PROPERTY STRINGS ios15 macos12)

include("${CMAKE_CURRENT_LIST_DIR}/llvm.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/freestanding.cmake")
foreach(language C CXX)
    set(CMAKE_${language}_COMPILER_TARGET arm64-apple-${MOTE_APPLE_TARGET})
endforeach()
set(CMAKE_C_FLAGS_INIT "-nostdlibinc ${mote_freestanding_flags}")
set(CMAKE_CXX_FLAGS_INIT "-nostdlibinc ${mote_freestanding_cxx_flags}")

# Apple's archives have an index that GNU's do not; llvm-libtool-darwin writes it.
find_program(MOTE_LIBTOOL llvm-libtool-darwin-19)
mark_as_advanced(MOTE_LIBTOOL)
if(NOT MOTE_LIBTOOL)
    message(FATAL_ERROR "There is no llvm-libtool-darwin-19. Debian: apt-get install llvm-19")
endif()
foreach(language C CXX)
    set(CMAKE_${language}_ARCHIVE_CREATE
        "${MOTE_LIBTOOL} -static -no_warning_for_no_symbols -o <TARGET> <LINK_FLAGS> <OBJECTS>")
    set(CMAKE_${language}_ARCHIVE_FINISH "")
endforeach()
