#!/usr/bin/env bash
# Random calls on the machine and on @ethereumjs/evm. Skipped (77) if that cannot be had: without network.
#
#   differential_test.sh ANSWERS WORK_DIR [OPTION OF differ.mjs..]
#
# An hour, from a seed that no test has:
#
#   differential_test.sh build/dev/tests/evm_answers build/dev/evm-differential --first 1000000 \
#       --count 100000000 --seconds 3600
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
answers=$(realpath "$1")
mkdir -p "$2"
cp "$here"/{package.json,package-lock.json,.npmrc,programs.mjs,precompiles.mjs,peer.mjs,differ.mjs} "$2/"
cd "$2"
if ! cmp -s package-lock.json installed.json; then
    npm ci --no-audit --no-fund --prefer-offline >npm.log 2>&1 || {
        tail -n 5 npm.log
        echo "SKIPPED: npm could not install @ethereumjs/evm"
        exit 77
    }
    cp package-lock.json installed.json
fi
shift 2
# A machine that is wrong is found out.
printf '#!/bin/sh\n"%s" | sed -u "s/\\"refund\\":0/\\"refund\\":1/"\n' "$answers" >wrong.sh
chmod +x wrong.sh
wrong=0
node differ.mjs "$PWD/wrong.sh" --count 20 >wrong.log 2>&1 || wrong=$?
if ((wrong != 1)); then
    cat wrong.log
    echo "FAIL: another refund makes no difference"
    exit 1
fi
exec node differ.mjs "$answers" "$@"
