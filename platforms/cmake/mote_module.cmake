# mote_module: one folder of sdk = one namespace = one call of this function.
#
#   mote_module(poly
#       SOURCES eq.cpp lagrange.cpp     compiled once for every variant
#       SHARED_SOURCES text.cpp         compiled once in all (only the facade has such files)
#       HOT_SOURCES eq.cpp              those of SOURCES that stay at -O3 when the build is for size
#       DEPS field)                     modules whose headers it includes; must be declared before it
#
# Configuring stops if a dependency was not declared above the module (sdk/CMakeLists.txt has the
# order), and tests/footprint/sources_test.cmake checks the includes against DEPS.

define_property(GLOBAL PROPERTY MOTE_MODULES
    BRIEF_DOCS "Declared modules, in order" FULL_DOCS "Declared modules, in order")

function(mote_module name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;SHARED_SOURCES;HOT_SOURCES;DEPS")
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "mote_module(${name}): what is '${arg_UNPARSED_ARGUMENTS}'?")
    endif()

    get_filename_component(folder "${CMAKE_CURRENT_SOURCE_DIR}" NAME)
    if(NOT folder STREQUAL name)
        message(FATAL_ERROR "mote_module(${name}): the folder is called ${folder}.")
    endif()

    get_property(declared GLOBAL PROPERTY MOTE_MODULES)
    if(name IN_LIST declared)
        message(FATAL_ERROR "mote_module(${name}): declared twice.")
    endif()
    set(reachable ${arg_DEPS})
    foreach(dependency IN LISTS arg_DEPS)
        if(NOT dependency IN_LIST declared)
            message(FATAL_ERROR
                "mote_module(${name}): '${dependency}' is not declared above it. Arrows point down: "
                "a module uses only modules that stand before it in sdk/CMakeLists.txt.")
        endif()
        get_property(more GLOBAL PROPERTY MOTE_MODULE_${dependency}_REACHABLE)
        list(APPEND reachable ${more})
    endforeach()
    list(REMOVE_DUPLICATES reachable)
    set_property(GLOBAL APPEND PROPERTY MOTE_MODULES ${name})
    set_property(GLOBAL PROPERTY MOTE_MODULE_${name}_REACHABLE "${reachable}")

    if(arg_HOT_SOURCES)
        set_source_files_properties(${arg_HOT_SOURCES} PROPERTIES
            # emscripten's -Oz and -Os also turn inlining off. gcc's -O3 unrolls to three times the size.
            COMPILE_OPTIONS "$<$<CONFIG:MinSizeRel>:$<IF:$<CXX_COMPILER_ID:GNU>,-O2,-O3>;-finline-functions>")
    endif()

    if(arg_SOURCES)
        foreach(variant IN LISTS MOTE_VARIANTS)
            set(objects mote_${name}_${variant})
            add_library(${objects} OBJECT ${arg_SOURCES})
            target_link_libraries(${objects} PRIVATE mote_variant_${variant} mote_core_flags)
            set_property(GLOBAL APPEND PROPERTY MOTE_OBJECTS ${objects})
        endforeach()
    endif()
    if(arg_SHARED_SOURCES)
        set(objects mote_${name}_shared)
        add_library(${objects} OBJECT ${arg_SHARED_SOURCES})
        target_link_libraries(${objects} PRIVATE mote_core_flags)
        set_property(GLOBAL APPEND PROPERTY MOTE_OBJECTS ${objects})
    endif()
endfunction()

# Collects the objects of every module into a library.
function(mote_library_of_modules target)
    get_property(objects GLOBAL PROPERTY MOTE_OBJECTS)
    foreach(object IN LISTS objects)
        target_sources(${target} PRIVATE $<TARGET_OBJECTS:${object}>)
    endforeach()
endfunction()
