# One step of the package test; CMakeLists.txt beside it has the list. Stops at the first failure.
cmake_minimum_required(VERSION 3.22)

set(prefix "${WORK}/moved")

function(run)
    execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE text ERROR_VARIABLE text)
    if(NOT result EQUAL 0)
        string(REPLACE ";" " " command "${ARGN}")
        message(FATAL_ERROR "exit ${result}: ${command}\n${text}")
    endif()
endfunction()

# Runs a program of examples/use_cmake_package; it says which ABI it found.
function(expect_greeting program)
    execute_process(COMMAND ${ARGN} "${program}" RESULT_VARIABLE result OUTPUT_VARIABLE text)
    if(NOT result EQUAL 0 OR NOT text MATCHES "^mote abi [0-9]+\n$")
        message(FATAL_ERROR "${program}: exit ${result}, said '${text}'")
    endif()
endfunction()

if(STEP STREQUAL "install")
    # Installed in one place, used from another: nothing in the tree may name where it was.
    file(REMOVE_RECURSE "${WORK}/installed" "${prefix}")
    run("${CMAKE_COMMAND}" --install "${BUILD}" --config "${CONFIG}" --prefix "${WORK}/installed")
    file(RENAME "${WORK}/installed" "${prefix}")
    foreach(file
            ${INCLUDEDIR}/mote/mote.h
            ${INCLUDEDIR}/mote/mote_state.h
            ${INCLUDEDIR}/mote/mote_svid.h
            ${LIBDIR}/cmake/mote/moteConfig.cmake
            ${LIBDIR}/cmake/mote/moteConfigVersion.cmake
            ${LIBDIR}/cmake/mote/moteTargets.cmake
            ${LIBDIR}/pkgconfig/mote.pc
            share/doc/mote/LICENSE share/doc/mote/LICENSE-APACHE share/doc/mote/LICENSE-MIT)
        if(NOT EXISTS "${prefix}/${file}")
            message(FATAL_ERROR "not installed: ${file}")
        endif()
    endforeach()
    file(GLOB libraries "${prefix}/${LIBDIR}/libmote.*")
    if(NOT libraries)
        message(FATAL_ERROR "no library below ${prefix}/${LIBDIR}")
    endif()
    file(GLOB_RECURSE texts "${prefix}/${LIBDIR}/*.cmake" "${prefix}/${LIBDIR}/*.pc"
        "${prefix}/${INCLUDEDIR}/*")
    foreach(text IN LISTS texts)
        file(STRINGS "${text}" places REGEX "${SOURCE}|${BUILD}")
        if(places)
            message(FATAL_ERROR "${text} names the build: ${places}")
        endif()
    endforeach()

elseif(STEP STREQUAL "find_package")
    set(build "${WORK}/find_package")
    file(REMOVE_RECURSE "${build}")
    run("${CMAKE_COMMAND}" -G "${GENERATOR}" -S "${SOURCE}/examples/use_cmake_package" -B "${build}"
        "-DCMAKE_PREFIX_PATH=${prefix}" "-DCMAKE_C_COMPILER=${CC}" "-DCMAKE_CXX_COMPILER=${CXX}"
        -DCMAKE_BUILD_TYPE=Release)
    run("${CMAKE_COMMAND}" --build "${build}")
    expect_greeting("${build}/from_c")
    expect_greeting("${build}/from_cpp")

    # A project without C++, and one that asks for a version that is not there.
    set(build "${WORK}/find_package_c")
    file(REMOVE_RECURSE "${build}")
    file(WRITE "${build}/source/CMakeLists.txt" "
cmake_minimum_required(VERSION 3.22)
project(only_c LANGUAGES C)
find_package(mote ${VERSION} REQUIRED)
add_executable(from_c \"${SOURCE}/examples/use_cmake_package/from_c.c\")
target_link_libraries(from_c PRIVATE mote::mote)
find_package(mote 99.0 QUIET)
if(mote_FOUND)
    message(FATAL_ERROR \"version 99 was found\")
endif()
")
    run("${CMAKE_COMMAND}" -G "${GENERATOR}" -S "${build}/source" -B "${build}"
        "-DCMAKE_PREFIX_PATH=${prefix}" "-DCMAKE_C_COMPILER=${CC}")
    run("${CMAKE_COMMAND}" --build "${build}")
    expect_greeting("${build}/from_c")

elseif(STEP STREQUAL "pkg_config")
    find_program(pkg_config NAMES pkg-config pkgconf REQUIRED)
    set(ENV{PKG_CONFIG_PATH} "${prefix}/${LIBDIR}/pkgconfig")
    execute_process(COMMAND "${pkg_config}" --modversion mote OUTPUT_VARIABLE version
        OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
    if(NOT version STREQUAL VERSION)
        message(FATAL_ERROR "mote.pc says ${version}, the project ${VERSION}")
    endif()
    execute_process(COMMAND "${pkg_config}" --cflags --libs mote OUTPUT_VARIABLE flags
        OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
    separate_arguments(flags UNIX_COMMAND "${flags}")
    set(build "${WORK}/pkg_config")
    file(REMOVE_RECURSE "${build}")
    file(MAKE_DIRECTORY "${build}")
    set(example "${SOURCE}/examples/use_cmake_package")
    run("${CC}" -std=c11 -Wall -Werror "${example}/from_c.c" -o "${build}/from_c" ${flags})
    run("${CXX}" -std=c++17 -fno-exceptions -fno-rtti -Wall -Werror "${example}/from_cpp.cpp"
        -o "${build}/from_cpp" ${flags})
    set(environment "${CMAKE_COMMAND}" -E env "LD_LIBRARY_PATH=${prefix}/${LIBDIR}")
    expect_greeting("${build}/from_c" ${environment})
    expect_greeting("${build}/from_cpp" ${environment})

elseif(STEP STREQUAL "subproject")
    # As part of another project, and as the shared library nothing else here builds.
    set(build "${WORK}/subproject")
    file(REMOVE_RECURSE "${build}")
    run("${CMAKE_COMMAND}" -G "${GENERATOR}" -S "${SOURCE}/tests/package/subproject" -B "${build}"
        "-DMOTE_SOURCE=${SOURCE}" "-DCMAKE_C_COMPILER=${CC}" "-DCMAKE_CXX_COMPILER=${CXX}"
        -DCMAKE_BUILD_TYPE=Debug -DBUILD_SHARED_LIBS=ON -DMOTE_ARCH=portable)
    run("${CMAKE_COMMAND}" --build "${build}")
    expect_greeting("${build}/from_c")
    expect_greeting("${build}/from_cpp")

elseif(STEP STREQUAL "headers")
    # Each header on its own, in every language it claims: they include mote.h, and .hpp as .h.
    file(MAKE_DIRECTORY "${WORK}/headers")
    set(warnings -pedantic -Wall -Wextra -Werror -fsyntax-only "-I${SOURCE}/sdk/include")
    foreach(header mote_svid mote_state)
        file(WRITE "${WORK}/headers/only.c"
            "#include <mote/${header}.h>\nextern int only;\nint only;\n")
        file(COPY_FILE "${WORK}/headers/only.c" "${WORK}/headers/only.cpp")
        foreach(standard c99 c11 c17)
            run("${CC}" -std=${standard} ${warnings} -Wstrict-prototypes "${WORK}/headers/only.c")
        endforeach()
        foreach(standard c++11 c++17 c++20)
            run("${CXX}" -std=${standard} ${warnings} -fno-exceptions -fno-rtti
                "${WORK}/headers/only.cpp")
        endforeach()
        if(EXISTS "${SOURCE}/bindings/cpp/include/mote/mote.hpp")
            file(WRITE "${WORK}/headers/raii.cpp"
                "#include <mote/${header}.hpp>\nextern int only;\nint only;\n")
            foreach(standard c++17 c++20)
                run("${CXX}" -std=${standard} ${warnings} "-I${SOURCE}/bindings/cpp/include"
                    -fno-exceptions -fno-rtti "${WORK}/headers/raii.cpp")
                run("${CXX}" -std=${standard} ${warnings} "-I${SOURCE}/bindings/cpp/include"
                    "${WORK}/headers/raii.cpp")
            endforeach()
        endif()
    endforeach()

else()
    message(FATAL_ERROR "no step '${STEP}'")
endif()
