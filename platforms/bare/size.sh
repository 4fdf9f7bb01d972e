#!/usr/bin/env bash
# What the core takes on each target of platforms/toolchains: the archive as compiled for size, and
# the smallest program that verifies (tests/footprint) where one links. `./dev size` says it of this
# machine, module by module.
#
#   size.sh [TARGET...]     cortex-m4 cortex-m33 aarch64-linux-gnu arm-linux-gnueabihf
#                           riscv64-linux-gnu riscv64-unknown-elf aarch64-android arm64-apple
#
# Builds below build/bare-size/. -Os and -O3 for the arithmetic, no unwind tables, not position
# independent except where the target knows nothing else.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

targets=(cortex-m4 cortex-m33 aarch64-linux-gnu arm-linux-gnueabihf riscv64-linux-gnu
    riscv64-unknown-elf aarch64-android arm64-apple)
(($# == 0)) || targets=("$@")
command -v llvm-size-19 >/dev/null || { echo "size.sh: apt-get install llvm-19" >&2; exit 1; }

no_unwind="-fno-asynchronous-unwind-tables -fno-unwind-tables"

# Sum of text, data and bss. In Mach-O the third column is Objective-C's, and empty.
sizes()
{
    llvm-size-19 "$1" | awk '$1 ~ /^[0-9]+$/ { t += $1; d += $2; b += $3 }
        END { printf "%9d %7d %6d", t, d, b }'
}

printf '%-20s %24s   %24s\n' "" "archive" "minimal verifier"
printf '%-20s %9s %7s %6s   %9s %7s %6s\n' target text data bss text data bss
for target in "${targets[@]}"; do
    toolchain=$target options=()
    case $target in
        cortex-*) toolchain=arm-none-eabi options=("-DMOTE_CPU=$target") ;;
        # raise: libgcc for Linux calls it for a division by zero, which does not happen.
        *-linux-gnu*) options=(-DCMAKE_POSITION_INDEPENDENT_CODE=OFF "-DCMAKE_CXX_FLAGS=-fno-pie"
            "-DCMAKE_EXE_LINKER_FLAGS=-Wl,--defsym=raise=0") ;;
    esac
    build=build/bare-size/$target
    mkdir -p "$build"
    cmake -S . -B "$build" -G Ninja \
        -DCMAKE_BUILD_TYPE=MinSizeRel -DMOTE_SIZE=ON -DMOTE_INSTALL=OFF \
        "-DCMAKE_TOOLCHAIN_FILE=platforms/toolchains/$toolchain.cmake" \
        "-DCMAKE_CXX_FLAGS_MINSIZEREL=-Os -DNDEBUG $no_unwind" \
        "${options[@]}" >"$build/size.log" 2>&1 || { cat "$build/size.log" >&2; exit 1; }
    cmake --build "$build" --target mote -j "$(nproc)" >>"$build/size.log" 2>&1 ||
        { tail -n 30 "$build/size.log" >&2; exit 1; }
    verifier="        -       -      -"
    if cmake --build "$build" --target minimal_verifier >>"$build/size.log" 2>&1; then
        verifier=$(sizes "$build/tests/footprint/minimal_verifier")
    fi
    printf '%-20s %s   %s\n' "$target" "$(sizes "$build/sdk/libmote.a")" "$verifier"
done
