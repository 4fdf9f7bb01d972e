#!/usr/bin/env bash
# The text of a program stays below its limit, and it has next to no data.
#
#   size_test.sh SIZE PROGRAM TEXT_MAX      SIZE: binutils' or LLVM's `size`
set -euo pipefail
text_max=$3
data_max=4096

read -r text data bss < <("$1" "$2" | awk 'NR == 2 { print $1, $2, $3 }') || true
if ! [[ $text$data$bss =~ ^[0-9]+$ ]]; then
    echo "FAIL: $1 says nothing about $2"
    exit 1
fi
echo "text $text of at most $text_max; data $data and bss $bss of at most $data_max together"
if ((text > text_max)); then
    echo "FAIL: the text has grown; tests/footprint/size_limits.txt has the limit"
    exit 1
fi
if ((text < text_max / 2)); then
    echo "FAIL: less than half of the limit; is the verifier still in it?"
    exit 1
fi
if ((data + bss > data_max)); then
    echo "FAIL: data has grown"
    exit 1
fi
