#!/usr/bin/env bash
# Explores the model of the vote rule with spin.
#
#   vote_rule_test.sh SPIN CC MODEL WORK_DIR holds|breaks ASSERTION -DV=2 -DMAXC=1 ...
#
# `holds`: the search ends, complete, without error. `breaks`: it finds a violated assertion whose text
# contains the given one; a mutant that is not found would mean that the model checks nothing.
set -euo pipefail
spin=$1 cc=$2 model=$3 work=$4 expected=$5 assertion=$6
shift 6

rm -rf "$work"
mkdir -p "$work"
cd "$work"
cp "$model" model.pml
"$spin" -a "$@" model.pml >spin.log
"$cc" -O2 -w -DSAFETY -DCOLLAPSE -o pan pan.c
./pan -m200000 >pan.log || true
cat pan.log

states=$(awk '/states, stored/ { print $1; exit }' pan.log)
errors=$(awk -F 'errors: ' '/errors: / { print $2; exit }' pan.log)
echo "$expected: ${states:-no} states, ${errors:-no} errors"
[[ -n $states && -n $errors ]]
case $expected in
    holds)
        ((errors == 0))
        ! grep -q 'max search depth too small\|Search not completed\|error: ' pan.log
        # A search that ends after a handful of states has not looked at anything.
        ((states > 1000000))
        ;;
    breaks)
        ((errors > 0))
        grep -qF "assertion violated $assertion" pan.log
        ;;
    *) exit 2 ;;
esac
