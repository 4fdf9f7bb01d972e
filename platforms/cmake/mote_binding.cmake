# mote_binding_test: a test of a binding, run by the language's own tools.
#
#   mote_binding_test(python_cases COMMAND ${Python3_EXECUTABLE} cases_test.py
#       ENVIRONMENT "MOTE_LIBRARY=$<TARGET_FILE:mote_shared>")
#
# Becomes bindings/python_cases, label `bindings`.
function(mote_binding_test name)
    if(NOT MOTE_TESTS)
        return()
    endif()
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "WORKING_DIRECTORY" "COMMAND;ENVIRONMENT")
    if(NOT arg_WORKING_DIRECTORY)
        set(arg_WORKING_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}")
    endif()
    add_test(NAME bindings/${name} COMMAND ${arg_COMMAND}
        WORKING_DIRECTORY "${arg_WORKING_DIRECTORY}")
    set_tests_properties(bindings/${name} PROPERTIES LABELS bindings TIMEOUT 300
        ENVIRONMENT "${arg_ENVIRONMENT}")
endfunction()

# mote_binding_missing(kotlin "kotlinc (Debian: kotlin)"): leaves a test that is reported as not run.
function(mote_binding_missing language what)
    message(WARNING "bindings/${language} is not built and not tested: ${what} is not installed.")
    if(MOTE_TESTS)
        add_test(NAME bindings/${language} COMMAND ${CMAKE_COMMAND} -E false)
        set_tests_properties(bindings/${language} PROPERTIES LABELS bindings DISABLED TRUE)
    endif()
endfunction()
