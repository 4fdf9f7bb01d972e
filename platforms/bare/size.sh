#!/usr/bin/env bash
# What the core takes on each target of platforms/toolchains: the archive as compiled for size, and
# the smallest program that verifies (tests/footprint) where one links. `./dev size` says it of this
# machine, module by module.
#
#   size.sh [TARGET...]     cortex-m4 cortex-m33 aarch64-linux-gnu arm-linux-gnueabihf
#                           riscv64-linux-gnu riscv64-unknown-elf aarch64-android arm64-apple
#
# -Os and more for the arithmetic (HOT_SOURCES), no unwind tables, not position independent except
# where the target knows nothing else. Linux has presets, which the tests build as well; the other
# builds are below build/bare-size/. `limit` is that of tests/footprint/size_limits.txt.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

targets=(cortex-m4 cortex-m33 aarch64-linux-gnu arm-linux-gnueabihf riscv64-linux-gnu
    riscv64-unknown-elf aarch64-android arm64-apple)
(($# == 0)) || targets=("$@")
command -v llvm-size-19 >/dev/null || { echo "size.sh: apt-get install llvm-19" >&2; exit 1; }

no_unwind="-fno-asynchronous-unwind-tables -fno-unwind-tables"

# The preset of a target, if it has one.
preset_of()
{
    case $1 in
        aarch64-linux-gnu) echo minsize-aarch64 ;;
        arm-linux-gnueabihf) echo minsize-armv7 ;;
        riscv64-linux-gnu) echo riscv64-linux ;;
    esac
}

# configure TARGET BUILD
configure()
{
    local preset toolchain=$1 options=()
    preset=$(preset_of "$1")
    if [[ -n $preset ]]; then
        cmake --preset "$preset"
        return
    fi
    case $1 in
        cortex-*) toolchain=arm-none-eabi options=("-DMOTE_CPU=$1") ;;
    esac
    cmake -S . -B "$2" -G Ninja \
        -DCMAKE_BUILD_TYPE=MinSizeRel -DMOTE_SIZE=ON -DMOTE_INSTALL=OFF \
        "-DCMAKE_TOOLCHAIN_FILE=platforms/toolchains/$toolchain.cmake" \
        "-DCMAKE_CXX_FLAGS_MINSIZEREL=-Os -DNDEBUG $no_unwind" "${options[@]}"
}

# Sum of text, data and bss. In Mach-O the third column is Objective-C's, and empty.
sizes()
{
    llvm-size-19 "$1" | awk '$1 ~ /^[0-9]+$/ { t += $1; d += $2; b += $3 }
        END { printf "%9d %7d %6d\n", t, d, b }'
}

printf '%-20s %24s   %34s\n' "" "archive" "minimal verifier"
printf '%-20s %9s %7s %6s   %9s %9s %7s %6s\n' target text data bss text limit data bss
for target in "${targets[@]}"; do
    preset=$(preset_of "$target")
    build=build/${preset:-bare-size/$target}
    mkdir -p "$build"
    configure "$target" "$build" >"$build/size.log" 2>&1 || { cat "$build/size.log" >&2; exit 1; }
    cmake --build "$build" --target mote -j "$(nproc)" >>"$build/size.log" 2>&1 ||
        { tail -n 30 "$build/size.log" >&2; exit 1; }
    verifier="        -         -       -      -"
    if cmake --build "$build" --target minimal_verifier >>"$build/size.log" 2>&1; then
        read -r text data bss < <(sizes "$build/tests/footprint/minimal_verifier")
        limit=$(awk -v target="$target" '$1 == target { print $3 }' tests/footprint/size_limits.txt)
        verifier=$(printf '%9d %9s %7d %6d' "$text" "${limit:--}" "$data" "$bss")
    fi
    printf '%-20s %s   %s\n' "$target" "$(sizes "$build/sdk/libmote.a")" "$verifier"
done
