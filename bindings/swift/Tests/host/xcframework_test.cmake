# SCRIPT stops where there is no macOS, with a sentence, and leaves no FOLDER.
execute_process(COMMAND bash -n "${SCRIPT}" RESULT_VARIABLE syntax)
execute_process(COMMAND bash "${SCRIPT}" "${FOLDER}"
    RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
message("${output}")
if(NOT syntax EQUAL 0 OR NOT code EQUAL 1 OR NOT output MATCHES "made on macOS")
    message(FATAL_ERROR "exit code ${code}")
endif()
if(EXISTS "${FOLDER}")
    message(FATAL_ERROR "it left ${FOLDER}")
endif()
