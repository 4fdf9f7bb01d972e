#!/usr/bin/env bash
# Writes the Swift package that an app adds: MoteValidator/ with the core as CMote.xcframework.
#
#   make_xcframework.sh [FOLDER]     default: build/swift of the repository
#
# Needs macOS with Xcode and CMake. Not run on Apple hardware yet.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
out=${1:-$root/build/swift}

die()
{
    printf 'make_xcframework.sh: %s\n' "$*" >&2
    exit 1
}

[[ $(uname -s) == Darwin ]] || die "an xcframework is made on macOS; this is $(uname -s)"
for program in xcodebuild xcrun lipo cmake; do
    command -v "$program" >/dev/null || die "$program is not installed"
done
mkdir -p "$out"
out=$(cd "$out" && pwd)

# slice NAME SYSTEM SDK ARCHITECTURE MINIMUM: leaves $out/NAME/sdk/libmote.a
#
# The portable variant only: those of x86_64 are not tested with Apple's tools.
slice()
{
    cmake -S "$root" -B "$out/$1" -G "Unix Makefiles" -DCMAKE_BUILD_TYPE=Release \
        -DCMAKE_SYSTEM_NAME="$2" -DCMAKE_OSX_SYSROOT="$3" -DCMAKE_OSX_ARCHITECTURES="$4" \
        -DCMAKE_OSX_DEPLOYMENT_TARGET="$5" -DCMAKE_TRY_COMPILE_TARGET_TYPE=STATIC_LIBRARY \
        -DMOTE_ARCH=portable -DMOTE_INSTALL=OFF
    cmake --build "$out/$1" --target mote --parallel "$(sysctl -n hw.ncpu)"
    [[ -f $out/$1/sdk/libmote.a ]] || die "no $out/$1/sdk/libmote.a"
}

# universal NAME SLICE...: one archive of several architectures
universal()
{
    local name=$1 slice archives=()
    shift
    for slice; do
        archives+=("$out/$slice/sdk/libmote.a")
    done
    mkdir -p "$out/$name"
    lipo -create "${archives[@]}" -output "$out/$name/libmote.a"
}

slice ios-arm64 iOS iphoneos arm64 15.0
slice simulator-arm64 iOS iphonesimulator arm64 15.0
slice simulator-x86_64 iOS iphonesimulator x86_64 15.0
slice macos-arm64 Darwin macosx arm64 12.0
slice macos-x86_64 Darwin macosx x86_64 12.0
universal simulator simulator-arm64 simulator-x86_64
universal macos macos-arm64 macos-x86_64

headers=$out/headers
rm -rf "$headers"
mkdir -p "$headers"
cp -R "$root/sdk/include/mote" "$headers/mote"
cp "$here/xcframework/module.modulemap" "$headers/module.modulemap"

package=$out/MoteValidator
rm -rf "$package"
mkdir -p "$package/Sources"
xcodebuild -create-xcframework \
    -library "$out/ios-arm64/sdk/libmote.a" -headers "$headers" \
    -library "$out/simulator/libmote.a" -headers "$headers" \
    -library "$out/macos/libmote.a" -headers "$headers" \
    -output "$package/CMote.xcframework"
cp "$here/xcframework/Package.swift" "$package/Package.swift"
cp -R "$here/Sources/MoteValidator" "$package/Sources/MoteValidator"
printf 'wrote %s\n' "$package"
