# mote_tool: a command line program. It sees what a user sees: mote::mote and its headers.
#
#   mote_tool(mote SOURCES main.cpp verify.cpp LIBRARIES ...)
#
# `cmake --install BUILD --component tools --prefix build` leaves it in build/bin/.
function(mote_tool name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES")
    # The library target has the name `mote` already.
    set(target mote_tool_${name})
    add_executable(${target} ${arg_SOURCES})
    target_compile_features(${target} PRIVATE cxx_std_20)
    target_link_libraries(${target} PRIVATE mote::mote mote_warnings ${arg_LIBRARIES})
    target_include_directories(${target} PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}")
    set_target_properties(${target} PROPERTIES
        OUTPUT_NAME ${name}
        RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
    install(TARGETS ${target} RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT tools)
endfunction()
