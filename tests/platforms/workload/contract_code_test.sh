#!/usr/bin/env bash
# Compiles the contracts again and compares. Skipped (77) if the compiler cannot be had: without network.
#
#   contract_code_test.sh CONTRACTS_DIR WORK_DIR
set -euo pipefail
mkdir -p "$2"
cp "$1"/{package.json,package-lock.json,.npmrc} "$2/"
cd "$2"
[[ -d node_modules ]] || npm ci --no-audit --no-fund --prefer-offline >npm.log 2>&1 || {
    tail -n 5 npm.log
    echo "SKIPPED: npm could not install solc"
    exit 77
}
MOTE_CONTRACTS=$1 node "$1/compile.mjs" --check
# A changed source is found out.
mkdir -p changed/contracts
cp "$1"/*.sol changed/contracts/
cp "$1/../contract_code.inc" changed/
sed -i 's/997/998/' changed/contracts/Pool.sol
if MOTE_CONTRACTS=$PWD/changed/contracts node "$1/compile.mjs" --check; then
    echo "FAIL: a changed contract compiles to the same code"
    exit 1
fi
