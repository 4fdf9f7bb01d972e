# Tests, fuzz targets and benchmarks. tests/sdk/<module>/ mirrors sdk/<module>/.
#
#   mote_test(poly SOURCES eq_test.cpp eq_vectors_test.cpp)
#
# builds one executable for each variant of the core and registers one CTest test for each source
# file, so that a file runs, fails and times out on its own:
#
#   poly/eq_test@portable            ctest -R poly/            everything about poly
#   poly/eq_test@x86_64_adx          ctest -L unit             everything of one kind
#
# ONCE_SOURCES say the same for every variant and field; only the portable one has them.
#
# The kind is the suffix of the file: _test, _vectors_test, _exhaustive_test, _tamper_test,
# _twin_test. Tests of the facade (module abi) see all variants at once and are built once.
#
#   mote_fuzz(jolt SOURCES decode_fuzz.cpp CORPUS ${MOTE_TEST_VECTORS}/jolt)
#
# With MOTE_FUZZ each file becomes a libFuzzer target. With MOTE_TESTS the same file runs over its
# corpus once, as a plain test: tests/corpus/<module>_<name>/ and the folders given.
#
#   mote_bench(field SOURCES mul_bench.cpp)
#
# builds bench_field for each variant, only with the target `benches`. `dev bench` runs them.

set(MOTE_TEST_VECTORS "${PROJECT_SOURCE_DIR}/tests/vectors")
set(mote_support_dir "${PROJECT_SOURCE_DIR}/tests/support")

# Flags of all test code: it sees the inside of the core, and it may throw.
function(mote_test_flags target variant)
    target_link_libraries(${target} PRIVATE mote_variant_${variant} mote_inside mote_warnings)
    target_compile_definitions(${target} PRIVATE MOTE_TEST_VECTORS="${MOTE_TEST_VECTORS}")
    # Test code is compiled once and runs once: it is not worth the optimisation of the library.
    target_compile_options(${target} PRIVATE ${MOTE_TEST_OPTIMIZE})
    target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/tests"
        "${PROJECT_SOURCE_DIR}/bindings/cpp/include")
    set_target_properties(${target} PROPERTIES MOTE_TEST_CODE ON)
    if(CMAKE_CROSSCOMPILING)
        # An emulator or Node runs it: tests/tools/effort.hpp makes less of it.
        target_compile_definitions(${target} PRIVATE MOTE_TEST_EMULATED=1)
    endif()
    if(EMSCRIPTEN)
        target_compile_options(${target} PRIVATE -fwasm-exceptions)
        target_link_options(${target} PRIVATE -fwasm-exceptions -sEXIT_RUNTIME=1
            -sALLOW_MEMORY_GROWTH=1 -sNODERAWFS=1 -sTOTAL_STACK=1048576)
    endif()
    # One code model for executables and for the library that carries the precompiled header.
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
endfunction()

# The variants a module's tests are built for.
function(mote_test_variants module out)
    set(variants ${MOTE_VARIANTS})
    if(module STREQUAL "abi")
        list(GET MOTE_VARIANTS 0 variants)
    elseif(MOTE_TEST_VARIANTS STREQUAL "best")
        list(GET MOTE_VARIANTS 0 variants)
        foreach(variant IN LISTS MOTE_VARIANTS)
            mote_variant_runs_here(${variant} runs_here)
            if(runs_here)
                set(variants ${variant})
            endif()
        endforeach()
    elseif(MOTE_TEST_VARIANTS IN_LIST MOTE_VARIANTS)
        set(variants ${MOTE_TEST_VARIANTS})
    elseif(NOT MOTE_TEST_VARIANTS STREQUAL "all")
        message(FATAL_ERROR
            "MOTE_TEST_VARIANTS is all, best or one of ${MOTE_VARIANTS}, not ${MOTE_TEST_VARIANTS}.")
    endif()
    set(${out} ${variants} PARENT_SCOPE)
endfunction()

# catch_main: a main and the precompiled headers of all tests, once for each variant.
function(mote_catch_target variant)
    set(target mote_catch_${variant})
    if(TARGET ${target})
        return()
    endif()
    if(NOT MOTE_ASSERTIONS)
        message(FATAL_ERROR "Tests run with MOTE_ASSERTIONS=ON.")
    endif()
    add_library(${target} STATIC "${mote_support_dir}/catch_main.cpp")
    mote_test_flags(${target} ${variant})
    target_link_libraries(${target} PUBLIC mote_test_headers)
    if(MOTE_CATCH_MAIN)
        target_link_libraries(${target} PUBLIC "${MOTE_CATCH_MAIN}")
    else()
        target_compile_definitions(${target} PRIVATE MOTE_OWN_CATCH_MAIN=1)
        # The precompiled header has Catch2 without its main already; another file carries it.
        target_sources(${target} PRIVATE "${mote_support_dir}/precompiled.cpp")
        set_source_files_properties("${mote_support_dir}/catch_main.cpp" PROPERTIES
            SKIP_PRECOMPILE_HEADERS ON)
    endif()
    target_precompile_headers(${target} PRIVATE
        <catch2/catch.hpp> "${mote_support_dir}/catch_once.hpp" <nlohmann/json.hpp> <string>
        <vector>)
endfunction()

# One CTest test for each source file of a Catch2 executable.
function(mote_register_tests module variant target runs_here)
    foreach(source IN LISTS ARGN)
        get_filename_component(file "${source}" NAME_WLE)
        if(file MATCHES "_(vectors|exhaustive|tamper|twin)_test$")
            set(kind ${CMAKE_MATCH_1})
        elseif(file MATCHES "_test$")
            set(kind unit)
        else()
            message(FATAL_ERROR "${module}: ${source}: the suffix tells the kind, see the top of "
                "platforms/cmake/mote_test.cmake.")
        endif()
        # -# makes a tag of each file name; NoTests makes an empty selection fail.
        set(name ${module}/${file}@${variant})
        add_test(NAME ${name} COMMAND ${target} "-#" "[#${file}]" -w NoTests)
        set_tests_properties(${name} PROPERTIES
            LABELS "${kind};${module};${variant}" TIMEOUT 600)
        if(NOT runs_here)
            set_tests_properties(${name} PROPERTIES DISABLED TRUE)
        endif()
    endforeach()
endfunction()

# Tests of a library beside the core that is compiled once and picks a variant itself.
#
#   mote_producer_test(disperse LIBRARIES mote_disperse SOURCES rebuild_test.cpp)
function(mote_producer_test module)
    if(NOT MOTE_TESTS)
        return()
    endif()
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES")
    mote_catch_target(portable)
    set(target test_${module})
    add_executable(${target} ${arg_SOURCES})
    mote_test_flags(${target} portable)
    target_link_libraries(${target} PRIVATE mote_catch_portable ${arg_LIBRARIES})
    target_precompile_headers(${target} REUSE_FROM mote_catch_portable)
    set_target_properties(${target} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
    mote_register_tests(${module} host ${target} TRUE ${arg_SOURCES})
endfunction()

function(mote_test module)
    if(NOT MOTE_TESTS)
        return()
    endif()
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;ONCE_SOURCES")
    if(arg_UNPARSED_ARGUMENTS OR NOT arg_SOURCES)
        message(FATAL_ERROR
            "mote_test(${module}): SOURCES a_test.cpp ... [ONCE_SOURCES ...] and nothing else.")
    endif()

    mote_test_variants(${module} variants)
    foreach(variant IN LISTS variants)
        set(sources ${arg_SOURCES})
        if(variant STREQUAL "portable" AND NOT MOTE_FIELD_UNSATURATED)
            list(APPEND sources ${arg_ONCE_SOURCES})
        endif()
        mote_catch_target(${variant})
        set(target test_${module}_${variant})
        add_executable(${target} ${sources})
        mote_test_flags(${target} ${variant})
        target_link_libraries(${target} PRIVATE mote_catch_${variant} mote_inside_library)
        target_precompile_headers(${target} REUSE_FROM mote_catch_${variant})
        set_target_properties(${target} PROPERTIES
            RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
        mote_variant_runs_here(${variant} runs_here)

        mote_register_tests(${module} ${variant} ${target} ${runs_here} ${sources})
    endforeach()
endfunction()

function(mote_fuzz module)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;CORPUS")
    list(GET MOTE_VARIANTS 0 variant)
    foreach(source IN LISTS arg_SOURCES)
        get_filename_component(name "${source}" NAME_WLE)
        if(NOT name MATCHES "_fuzz$")
            message(FATAL_ERROR "mote_fuzz(${module}): ${source} must end in _fuzz.cpp.")
        endif()
        string(REGEX REPLACE "_fuzz$" "" name "${name}")
        set(name ${module}_${name})
        set(corpus ${arg_CORPUS})
        if(EXISTS "${PROJECT_SOURCE_DIR}/tests/corpus/${name}")
            list(PREPEND corpus "${PROJECT_SOURCE_DIR}/tests/corpus/${name}")
        endif()

        if(MOTE_FUZZ)
            add_executable(fuzz_${name} "${source}")
            mote_test_flags(fuzz_${name} ${variant})
            target_link_libraries(fuzz_${name} PRIVATE mote_inside_library)
            target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
            set_target_properties(fuzz_${name} PROPERTIES
                RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/fuzz")
            string(REPLACE ";" "\t" line "${name};${corpus}")
            set_property(GLOBAL APPEND_STRING PROPERTY MOTE_FUZZ_LIST "${line}\n")
        endif()
        if(MOTE_TESTS)
            add_executable(replay_${name} "${source}" "${mote_support_dir}/replay_main.cpp")
            mote_test_flags(replay_${name} ${variant})
            target_link_libraries(replay_${name} PRIVATE mote_inside_library)
            set_target_properties(replay_${name} PROPERTIES
                RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
            add_test(NAME fuzz/${name} COMMAND replay_${name} ${corpus})
            set_tests_properties(fuzz/${name} PROPERTIES
                LABELS "fuzz;${module};${variant}" TIMEOUT 600)
            mote_variant_runs_here(${variant} runs_here)
            if(NOT runs_here)
                set_tests_properties(fuzz/${name} PROPERTIES DISABLED TRUE)
            endif()
        endif()
    endforeach()
endfunction()

function(mote_bench module)
    if(NOT MOTE_BENCH)
        return()
    endif()
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES")
    if(NOT TARGET benches)
        add_custom_target(benches)
    endif()
    set(variants ${MOTE_VARIANTS})
    if(module STREQUAL "abi")
        list(GET MOTE_VARIANTS 0 variants)
    endif()
    foreach(variant IN LISTS variants)
        set(target bench_${module}_${variant})
        add_executable(${target} EXCLUDE_FROM_ALL ${arg_SOURCES})
        mote_test_flags(${target} ${variant})
        target_link_libraries(${target} PRIVATE mote_inside_library)
        set_target_properties(${target} PROPERTIES
            RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bench")
        add_dependencies(benches ${target})
        set_property(GLOBAL APPEND_STRING PROPERTY MOTE_BENCH_LIST
            "${module}\t${variant}\t${target}\n")
    endforeach()
endfunction()
