#!/usr/bin/env bash
# Rules of the sources that a compiler does not check: who includes whom, what the core may include
# from outside, plain ASCII, and that every [SOURCE] key is in docs/REFERENCES.md.
#
#   sources_test.sh SOURCE_DIR MODULES      MODULES: lines of a module and all it may reach
set -euo pipefail
cd "$1"
modules=$2
failures=0

fail()
{
    echo "FAIL: $1"
    printf '    %s\n' "${2//$'\n'/$'\n    '}"
    failures=$((failures + 1))
}

mapfile -t files < <(find sdk -name '*.hpp' -o -name '*.cpp' -o -name '*.inc' -o -name '*.h' | sort)
if ((${#files[@]} < 10)); then
    echo "FAIL: only ${#files[@]} source files below $1/sdk"
    exit 1
fi

# "module/..." may be the module itself or one it can reach; "mote/..." is the facade's.
arrows=$(awk '
    FNR == NR { for (i = 1; i <= NF; ++i) may[$1 "," $i] = 1; known[$1] = 1; next }
    FNR == 1 { split(FILENAME, part, "/"); module = part[2] }
    /^[ \t]*#[ \t]*include[ \t]*"/ {
        target = $0; sub(/^[^"]*"/, "", target); sub(/".*/, "", target)
        split(target, to, "/")
        # Headers of one folder that is installed as it is; module maps have no include path.
        if (module == "include" && target == "mote.h") next
        if (target !~ /\//) { print FILENAME ": include \"" target "\" with its folder"; next }
        if (to[1] == "mote" && (module == "abi" || module == "include")) next
        if (!(module in known)) next
        if (!((module "," to[1]) in may))
            print FILENAME ": " module " does not name " to[1] " in its DEPS"
    }' "$modules" "${files[@]}")
[[ -z $arrows ]] || fail "arrows point down" "$arrows"

outside=$(awk '
    /^[ \t]*#[ \t]*include[ \t]*</ {
        target = $0; sub(/^[^<]*</, "", target); sub(/>.*/, "", target)
        if (target ~ /^(algorithm|array|bit|climits|concepts|limits|new|span|tuple|type_traits|utility)$/) next
        if (target ~ /^(cstddef|cstdint|cstring|stddef\.h|stdint\.h|string\.h)$/) next
        if (FILENAME ~ /\/arch\// && target ~ /^(immintrin|arm_neon|wasm_simd128|cpuid)\.h$/) next
        if (FILENAME ~ /^sdk\/abi\// && target == "cpuid.h") next
        if (FILENAME ~ /^sdk\/wire\/[^.]*\.cpp$/ && target ~ /^pb(_decode|_encode)?\.h$/) next
        print FILENAME ": <" target ">"
    }' "${files[@]}")
[[ -z $outside ]] || fail "headers the core does without" "$outside"

encoding=$(LC_ALL=C grep -n '[^ -~	]' "${files[@]}" || true)
[[ -z $encoding ]] || fail "not plain ASCII" "$encoding"

# Keys are looked for in comments only, where [A] is not an array.
keys=$(awk '
    FNR == NR { if (match($0, /^\[[A-Z][A-Z0-9-]+\]/)) known[substr($0, RSTART, RLENGTH)] = 1; next }
    {
        text = $0
        if (!sub(/^.*\/\//, "", text) && text !~ /^ \*/) next
        while (match(text, /\[[A-Z][A-Z0-9-][A-Z0-9-]+\]/)) {
            key = substr(text, RSTART, RLENGTH)
            if (!(key in known)) print FILENAME ":" FNR ": " key
            text = substr(text, RSTART + RLENGTH)
        }
    }' docs/REFERENCES.md "${files[@]}")
[[ -z $keys ]] || fail "keys that docs/REFERENCES.md does not have" "$keys"

echo "${#files[@]} files, $failures failures"
((failures == 0))
