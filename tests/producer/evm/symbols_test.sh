#!/usr/bin/env bash
# The machine asks a host for three functions and for moving memory, nothing else.
#
#   symbols_test.sh NM MACHINE_ARCHIVE CORE_ARCHIVE
set -euo pipefail
nm=$1 machine=$2 core=$3
undefined=$("$nm" -u "$machine" | awk '$1 == "U" { print $2 }' | sort -u)
defined=$("$nm" --defined-only "$machine" "$core" 2>/dev/null | awk 'NF == 3 { print $3 }' | sort -u)
asked=$(comm -23 <(echo "$undefined") <(echo "$defined"))
crypto=$(grep -c 'mote3evm6crypto' <<<"$asked" || true)
others=$(grep -v 'mote3evm6crypto' <<<"$asked" |
    grep -vxE 'mem(cpy|set|cmp|move)|bcmp|__(clz|ctz|popcount)di2|_GLOBAL_OFFSET_TABLE_' || true)
((crypto == 3)) || { echo "FAIL: $crypto functions of crypto.hpp instead of 3"; exit 1; }
[[ -z $others ]] || { printf 'FAIL: asks for\n%s\n' "$others"; exit 1; }
echo "asks for: ${asked//$'\n'/ }"
