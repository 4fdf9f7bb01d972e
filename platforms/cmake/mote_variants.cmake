# Variants: the core is compiled once per instruction set, and the C facade picks one at run time.
#
# A variant is a set of compile flags and a namespace: `-Dmote=mote_x86_64_adx` renames the C++
# namespace, so that all copies can live in one archive. What is true of a variant is in the
# interface target mote_variant_<name>; tests that reach inside the core link to it too.
#
# Adding one: its detection and its flags here, its row in sdk/abi's dispatch table, and the code
# behind its macro in sdk/*/arch. Nothing else knows the list.
include(CheckCXXSourceCompiles)

check_cxx_source_compiles("
#if !defined(__x86_64__) || defined(__ILP32__)
#error another architecture
#endif
int main() { return 0; }" MOTE_TARGET_X86_64)

set(mote_available_variants portable)
if(MOTE_TARGET_X86_64 AND NOT MOTE_FIELD_UNSATURATED)
    list(APPEND mote_available_variants x86_64_adx)
    # Test builds leave out what this machine could not run; its arithmetic is tested everywhere with
    # an emulated vector (tests/sdk/field/lanes_52_twin_test.cpp).
    # clang only: gcc 12 makes frames of 21 KB of it, and takes the undefined operands of its own
    # intrinsics for mistakes.
    set(mote_ifma OFF)
    if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
        set(mote_ifma ON)
    endif()
    if(mote_ifma AND (MOTE_TESTS OR MOTE_FUZZ))
        include(CheckCXXSourceRuns)
        # cpuid leaf 7: EBX bits 16, 17, 21, 30, 31 are AVX-512 F, DQ, IFMA, BW, VL; ECX bit 8 is
        # GFNI.
        check_cxx_source_runs("
#include <cpuid.h>
int main()
{
    unsigned a, b, c, d;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 1;
    return ((b >> 16) & (b >> 17) & (b >> 21) & (b >> 30) & (b >> 31) & (c >> 8) & 1) ? 0 : 1;
}" MOTE_HOST_RUNS_X86_64_IFMA)
        set(mote_ifma ${MOTE_HOST_RUNS_X86_64_IFMA})
    endif()
    if(mote_ifma)
        list(APPEND mote_available_variants x86_64_ifma)
    endif()
endif()

if(MOTE_ARCH STREQUAL "auto")
    set(MOTE_VARIANTS ${mote_available_variants})
elseif(MOTE_ARCH IN_LIST mote_available_variants)
    set(MOTE_VARIANTS ${MOTE_ARCH})
else()
    message(FATAL_ERROR "MOTE_ARCH=${MOTE_ARCH}: this target has ${mote_available_variants}.")
endif()

# Can this machine run a variant's tests? Only the build machine itself can say.
function(mote_variant_runs_here variant out)
    set(${out} TRUE PARENT_SCOPE)
    if(variant STREQUAL "x86_64_ifma")
        set(${out} ${MOTE_HOST_RUNS_X86_64_IFMA} PARENT_SCOPE)
    elseif(variant STREQUAL "x86_64_adx")
        if(CMAKE_CROSSCOMPILING AND NOT CMAKE_CROSSCOMPILING_EMULATOR)
            set(${out} FALSE PARENT_SCOPE)
            return()
        endif()
        include(CheckCXXSourceRuns)
        # cpuid leaf 7: EBX bit 5 is AVX2, bit 8 is BMI2, bit 19 is ADX.
        check_cxx_source_runs("
#include <cpuid.h>
int main()
{
    unsigned a, b, c, d;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 1;
    return ((b >> 5) & (b >> 8) & (b >> 19) & 1) ? 0 : 1;
}" MOTE_HOST_RUNS_X86_64_ADX)
        if(NOT MOTE_HOST_RUNS_X86_64_ADX)
            set(${out} FALSE PARENT_SCOPE)
        endif()
    endif()
endfunction()

foreach(variant IN LISTS MOTE_VARIANTS)
    add_library(mote_variant_${variant} INTERFACE)
    target_compile_definitions(mote_variant_${variant} INTERFACE MOTE_VARIANT=${variant})
endforeach()
if(TARGET mote_variant_x86_64_adx)
    target_compile_definitions(mote_variant_x86_64_adx INTERFACE
        mote=mote_x86_64_adx MOTE_FIELD_ADX=1)
    target_compile_options(mote_variant_x86_64_adx INTERFACE -madx -mbmi2 -mavx2)
endif()
if(TARGET mote_variant_x86_64_ifma)
    target_compile_definitions(mote_variant_x86_64_ifma INTERFACE
        mote=mote_x86_64_ifma MOTE_FIELD_ADX=1)
    target_compile_options(mote_variant_x86_64_ifma INTERFACE -madx -mbmi2 -mavx2
        -mavx512f -mavx512dq -mavx512vl -mavx512bw -mavx512ifma -mgfni)
endif()

# True of every translation unit that sees the inside of the core, tests included: an inline
# function must not mean two things in one program.
add_library(mote_inside INTERFACE)
target_compile_features(mote_inside INTERFACE cxx_std_20)
target_include_directories(mote_inside INTERFACE
    "${PROJECT_SOURCE_DIR}/sdk" "${PROJECT_SOURCE_DIR}/sdk/include")
target_compile_definitions(mote_inside INTERFACE
    $<$<BOOL:${MOTE_ASSERTIONS}>:MOTE_ASSERTIONS=1>
    $<$<BOOL:${MOTE_FIELD_UNSATURATED}>:MOTE_FIELD_UNSATURATED=1>)
foreach(variant IN LISTS MOTE_VARIANTS)
    string(TOUPPER ${variant} upper)
    target_compile_definitions(mote_inside INTERFACE MOTE_HAVE_${upper}=1)
endforeach()

# True of the core only.
add_library(mote_core_flags INTERFACE)
target_link_libraries(mote_core_flags INTERFACE mote_inside mote_warnings)
target_compile_options(mote_core_flags INTERFACE
    -fno-exceptions -fno-rtti -fno-threadsafe-statics -fvisibility=hidden
    -ffunction-sections -fdata-sections
    -fno-builtin-bcmp)  # clang writes bcmp for memcmp(...) == 0, one more function to port
if(MOTE_WARNINGS AND NOT MOTE_SANITIZE AND NOT MOTE_FUZZ)
    target_compile_options(mote_core_flags INTERFACE
        $<$<NOT:$<CONFIG:Debug>>:-Wframe-larger-than=16384>)
endif()
if(BUILD_SHARED_LIBS)
    target_compile_definitions(mote_core_flags INTERFACE MOTE_SHARED=1)
endif()
