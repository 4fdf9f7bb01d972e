# Runs MAIN with ARGUMENT; fails on a failing test and on anything -Xcheck:jni says.
string(REPLACE "|" ";" flags "${FLAGS}")
set(limit)
foreach(flag IN LISTS flags)
    if(flag MATCHES "^-DADDRESS_SPACE_KIB=([0-9]+)$")
        # One malloc arena, so that the limit is about what is asked for.
        set(limit env MALLOC_ARENA_MAX=1 sh -c "ulimit -v ${CMAKE_MATCH_1} && exec \"$0\" \"$@\"")
    endif()
endforeach()
execute_process(
    COMMAND ${limit} "${JAVA}" -Xcheck:jni ${flags} "-Djava.library.path=${LIBRARIES}"
        -cp "${CLASSPATH}" ${MAIN} "${ARGUMENT}"
    RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
message("${output}")
if(NOT code STREQUAL "0")
    message(FATAL_ERROR "exit code ${code}")
endif()
if(NOT output MATCHES "All tests passed")
    message(FATAL_ERROR "it does not say that all tests passed")
endif()
if(output MATCHES "WARNING in native method|WARNING: JNI|FATAL ERROR")
    message(FATAL_ERROR "-Xcheck:jni has something to say")
endif()
