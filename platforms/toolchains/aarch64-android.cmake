# Android 7 and newer on 64-bit ARM, without the NDK.
#
#   apt-get install clang-19 lld-19 llvm-19 libstdc++-12-dev
#
# 4 x 64-bit field arithmetic. Builds the archive and shared libraries (libmote.so) that need
# nothing but libc.so; android/libc.ifs lists what they may ask of it. Pages of 16 KiB, as new
# devices have.
# bindings/kotlin also wants openjdk-17-jdk-headless. Nothing runs on the build machine.
#
# With the NDK, use the NDK's own toolchain file instead: the core builds with it as it is.
#
# Reads  MOTE_ANDROID_API   level of the oldest Android to run on, 24 unless said otherwise
#
# CMAKE_SYSTEM_NAME is Linux because CMake's Android support insists on an NDK.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(ANDROID TRUE)
set(ANDROID_ABI arm64-v8a)
# An APK takes libmote.so, not libmote.so.0.1.
set(CMAKE_PLATFORM_NO_VERSIONED_SONAME TRUE)
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES MOTE_ANDROID_API)
set(MOTE_ANDROID_API 24 CACHE STRING "Oldest Android API level to run on")

include("${CMAKE_CURRENT_LIST_DIR}/llvm.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/freestanding.cmake")
foreach(language C CXX)
    set(CMAKE_${language}_COMPILER_TARGET aarch64-linux-android${MOTE_ANDROID_API})
endforeach()
set(CMAKE_C_FLAGS_INIT "-nostdlibinc ${mote_freestanding_flags}")
# The NDK has a jni.h where compilers look; any JDK's declares the same.
file(GLOB mote_jni /usr/lib/jvm/*/include/jni.h)
if(mote_jni)
    list(GET mote_jni 0 mote_jni)
    get_filename_component(mote_jni "${mote_jni}" DIRECTORY)
    string(APPEND CMAKE_C_FLAGS_INIT " -isystem ${mote_jni} -isystem ${mote_jni}/linux")
endif()
set(CMAKE_CXX_FLAGS_INIT "-nostdlibinc ${mote_freestanding_cxx_flags}")

# A libc.so with names and no code. Made anew by each configuration: it takes no time.
set(mote_stub "${CMAKE_BINARY_DIR}/android-stub")
find_program(MOTE_LLVM_IFS llvm-ifs-19)
mark_as_advanced(MOTE_LLVM_IFS)
if(NOT MOTE_LLVM_IFS)
    message(FATAL_ERROR "There is no llvm-ifs-19. Debian: apt-get install llvm-19")
endif()
file(MAKE_DIRECTORY "${mote_stub}")
execute_process(COMMAND ${MOTE_LLVM_IFS} --input-format=IFS
    "--output-elf=${mote_stub}/libc.so" "${CMAKE_CURRENT_LIST_DIR}/android/libc.ifs"
    RESULT_VARIABLE mote_result ERROR_VARIABLE mote_error)
if(NOT mote_result EQUAL 0)
    message(FATAL_ERROR "llvm-ifs-19: ${mote_error}")
endif()

set(mote_link "-fuse-ld=lld-19 -nostdlib -L${mote_stub} -Wl,-z,max-page-size=16384 \
-Wl,--no-undefined -Wl,--build-id=sha1 -Wl,--hash-style=both")
set(CMAKE_SHARED_LINKER_FLAGS_INIT "${mote_link}")
set(CMAKE_MODULE_LINKER_FLAGS_INIT "${mote_link}")
set(CMAKE_C_STANDARD_LIBRARIES "-lc")
set(CMAKE_CXX_STANDARD_LIBRARIES "-lc")
