#!/usr/bin/env bash
# Code compiled for one instruction set must not be reachable from a variant for another.
#
# The namespace of a variant keeps our own functions apart. An inline function of the standard
# library has one name in all of them, and the linker keeps one copy: if it kept the one with BMI2
# instructions, the portable variant would stop on an older processor. So every symbol that an
# object of a special variant gives to the linker must have the variant in its name.
#
#   variants_test.sh OBJDUMP ARCHIVE OBJECTS      OBJECTS: lines of target, tab, object file
set -euo pipefail
objdump=$1
objects=$3
failures=0
count=0

while IFS=$'\t' read -r target object; do
    case $target in
        *_portable | *_shared | '') continue ;;
        *_x86_64_*) variant=x86_64_${target##*_x86_64_} ;;
        *)
            echo "FAIL: $target: which variant is that?"
            failures=$((failures + 1))
            continue
            ;;
    esac
    [[ -n $object ]] || continue
    count=$((count + 1))
    shared=$("$objdump" -t "$object" | awk -F '\t' -v variant="$variant" '
        /file format / || NF < 2 { next }
        {
            n = split($1, left, " "); m = split($2, right, " ")
            flags = substr($1, index($1, " ") + 1, 7)
            if (left[n] == "*UND*" || flags ~ /^l/ || flags ~ /[df]/) next
            if (flags !~ /[gwu]/) next
            if (index(right[m], variant) == 0) print right[m]
        }')
    if [[ -n $shared ]]; then
        echo "FAIL: $object shares with other variants:"
        printf '    %s\n' "${shared//$'\n'/$'\n    '}"
        failures=$((failures + 1))
    fi
done <"$objects"

echo "$count objects of special variants, $failures failures"
((failures == 0))
