#!/usr/bin/env bash
# Times other people's erasure codes on the shapes of the SVID encoder, on one core, and prints a
# table. Needs a C compiler, libisal-dev, cargo, go, node and npm; what is missing is NOT RUN.
#
#   run.sh BUILD_FOLDER [OURS_JSON] [--quick]
#
# BUILD_FOLDER   everything is built there, and results.json is written there
# OURS_JSON      [{name, shape, what, bytes_per_second_best, bytes_per_second_median}]: adds the
#                columns ours / peer
# --quick        16 MiB and 2 repetitions: does it run
#
# PEERS_CORE is the core to run on (0).
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
quick=()
paths=()
for argument; do
    case $argument in
        --quick) quick=(--quick) ;;
        -*) echo "run.sh: what is $argument?" >&2 && exit 2 ;;
        *) paths+=("$argument") ;;
    esac
done
if ((${#paths[@]} < 1 || ${#paths[@]} > 2)); then
    sed -n '2,13s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 2
fi
command -v python3 >/dev/null || { echo "run.sh: needs python3 for the table" >&2 && exit 1; }
mkdir -p "${paths[0]}" || exit 1
build=$(cd "${paths[0]}" && pwd)
ours=()
if ((${#paths[@]} == 2)); then
    [[ -r ${paths[1]} ]] || { echo "run.sh: cannot read ${paths[1]}" >&2 && exit 1; }
    ours=("$(realpath "${paths[1]}")")
fi
lines=$build/results.jsonl
: >"$lines"

pin=()
if command -v taskset >/dev/null && taskset -c "${PEERS_CORE:-0}" true 2>/dev/null; then
    pin=(taskset -c "${PEERS_CORE:-0}")
else
    echo "cannot pin to core ${PEERS_CORE:-0}: the programs may wander between cores" >&2
fi

# not_run LIBRARY REASON
not_run()
{
    printf 'NOT RUN: %s: %s\n' "$1" "$2" >&2
    python3 -c 'import json, sys; print(json.dumps({"library": sys.argv[1],
"not_run": sys.argv[2]}))' "$1" "$2" >>"$lines"
}

# The line of a log that says most.
reason()
{
    local line
    line=$(grep -iE 'error|fatal|not found|cannot' "$1" | head -n 1)
    printf '%s (see %s)' "${line:-$(tail -n 1 "$1")}" "$1"
}

# lacks LIBRARY COMMAND...: whether a command is missing, and if so says it
lacks()
{
    local library=$1 command
    shift
    for command; do
        if ! command -v "$command" >/dev/null; then
            not_run "$library" "$command is not installed"
            return 0
        fi
    done
    return 1
}

# compile LIBRARY LOG COMMAND...: whether it was built, and if not says why
compile()
{
    local library=$1 log=$build/$2.log
    shift 2
    echo "building $library" >&2
    nice -n 5 "$@" >"$log" 2>&1 && return 0
    not_run "$library" "cannot be built: $(reason "$log")"
    return 1
}

# time_it LIBRARY LOG COMMAND...: its lines of JSON go to the results
time_it()
{
    local library=$1 log=$build/$2.run.log
    shift 2
    echo "timing $library" >&2
    # Huge pages for what malloc hands out, where the kernel gives them on request only.
    GLIBC_TUNABLES=glibc.malloc.hugetlb=1 "${pin[@]}" "$@" "${quick[@]}" \
        2>"$log" >"$build/lines" || not_run "$library" "failed: $(reason "$log")"
    grep '^{' "$build/lines" >>"$lines"
    rm -f "$build/lines"
}

build_isal()
{
    lacks ISA-L cc && return 1
    if ! echo '#include <isa-l.h>' | cc -E - >/dev/null 2>&1; then
        not_run ISA-L "libisal-dev is not installed"
        return 1
    fi
    compile ISA-L isal cc -std=c11 -O2 -o "$build/isal" "$here/isal.c" -lisal
}

# build_rust LIBRARY NAME MANIFEST [OPTION...]
build_rust()
{
    local library=$1 name=$2 manifest=$3
    shift 3
    lacks "$library" cargo cc && return 1
    compile "$library" "rust-$name" cargo build --release --locked -j1 --manifest-path "$manifest" \
        --target-dir "$build/rust/$name" "$@"
}

build_go()
{
    lacks klauspost/reedsolomon go && return 1
    GOTOOLCHAIN=local GOFLAGS="-mod=readonly -buildvcs=false" \
        compile klauspost/reedsolomon go go build -C "$here/go" -p 1 -o "$build/go/peers" .
}

build_js()
{
    lacks c-kzg node npm make g++ python3 && return 1
    mkdir -p "$build/js"
    cp "$here"/js/{package.json,package-lock.json,.npmrc,kzg.mjs} "$build/js/"
    local done=$build/js/node_modules/.built
    cmp -s "$here/js/package-lock.json" "$done" && return 0
    # The headers beside node, where it has them: node-gyp would fetch them otherwise.
    local prefix
    prefix=$(node -p 'require("path").dirname(require("path").dirname(process.execPath))')
    if [[ -f $prefix/include/node/node_api.h ]]; then
        export npm_config_nodedir=$prefix
    fi
    compile c-kzg js npm --prefix "$build/js" ci || return 1
    if ! compgen -G "$build/js/node_modules/c-kzg/build/Release/*.node" >/dev/null; then
        compile c-kzg js npm --prefix "$build/js" rebuild c-kzg --foreground-scripts || return 1
    fi
    cp "$here/js/package-lock.json" "$done"
}

rs="commonware-coding ReedSolomon"
zoda="commonware-coding ZODA"
# Everything is built before the first clock starts.
ready=()
build_isal && ready+=(isal)
build_rust reed-solomon-simd simd "$here/rust/Cargo.toml" --features simd && ready+=(simd)
build_rust "$rs" commonware "$here/rust/Cargo.toml" --features commonware && ready+=(commonware)
build_rust "$zoda" zoda "$here/rust/zoda/Cargo.toml" && ready+=(zoda)
build_go && ready+=(go)
build_js && ready+=(js)

load=$(cut -d ' ' -f 1 /proc/loadavg)
for peer in "${ready[@]}"; do
    case $peer in
        isal) time_it ISA-L isal "$build/isal" ;;
        simd) time_it reed-solomon-simd simd "$build/rust/simd/release/svid-peers" ;;
        commonware) time_it "$rs" commonware "$build/rust/commonware/release/svid-peers" ;;
        zoda) time_it "$zoda" zoda "$build/rust/zoda/release/svid-peers-zoda" ;;
        go) GOMAXPROCS=1 time_it klauspost/reedsolomon go "$build/go/peers" ;;
        js) time_it c-kzg js node "$build/js/kzg.mjs" ;;
    esac
done

python3 "$here/table.py" "$lines" "$build/results.json" "${ours[@]}" || exit 1
# A core that was shared makes the peers look slow.
after=$(cut -d ' ' -f 1 /proc/loadavg)
echo "Load average: $load before the first, $after after the last (1 of it is this run)."
