# Runs PROGRAM with ARGUMENTS; it must end with CODE and print TEXT.
execute_process(COMMAND "${PROGRAM}" ${ARGUMENTS}
    RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
message("${output}")
if(NOT code STREQUAL CODE)
    message(FATAL_ERROR "exit code ${code}, not ${CODE}")
endif()
string(FIND "${output}" "${TEXT}" at)
if(at EQUAL -1)
    message(FATAL_ERROR "it does not say '${TEXT}'")
endif()
