# WebAssembly with Debian's emscripten (package `emscripten`, 3.1.6, clang 14). Programs run in Node.
#
# emscripten's own tools are Node programs; where Node is not Debian's they find their libraries through
# NODE_PATH=/usr/share/nodejs, which the presets set.
set(mote_emscripten "/usr/share/emscripten/cmake/Modules/Platform/Emscripten.cmake")
if(NOT EXISTS "${mote_emscripten}")
    message(FATAL_ERROR "${mote_emscripten} is not there. Install the Debian package `emscripten`.")
endif()
include("${mote_emscripten}")

# The loader of a test program would fetch its .wasm by URL if Node offered to.
find_program(MOTE_NODE NAMES node nodejs REQUIRED NO_CMAKE_FIND_ROOT_PATH)
set(CMAKE_CROSSCOMPILING_EMULATOR "${MOTE_NODE};--no-experimental-fetch")
