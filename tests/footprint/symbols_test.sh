#!/usr/bin/env bash
# The archive asks nothing of the world but four memory functions and the compiler's own helpers:
# no heap, no exceptions, no RTTI, no writable data, no constructors that run before main.
#
#   symbols_test.sh OBJDUMP ARCHIVE OBJECTS     of ELF or Mach-O
set -euo pipefail
objdump=$1
archive=$2
failures=0
mach_o=0
[[ $("$objdump" -a "$archive" | head -n 5) != *"mach-o"* ]] || mach_o=1

fail()
{
    echo "FAIL: $1"
    printf '    %s\n' "${2//$'\n'/$'\n    '}"
    failures=$((failures + 1))
}

# member, flags, section, size, name: one line for each symbol that is not a section or a file.
# Mach-O has no sizes there, names its sections SEGMENT,section and begins each symbol with an
# underscore.
symbols=$("$objdump" -t "$archive" | awk -F '\t' '
    /:[ \t]+file format / {
        member = $0; sub(/:[ \t]+file format.*/, "", member)
        sub(/.*\//, "", member)
        mach_o = /file format mach-o/
        next
    }
    mach_o && $1 ~ /^[0-9a-f]+ / {
        flags = substr($1, index($1, " ") + 1, 7)
        n = split(substr($1, index($1, " ") + 8), right, " "); name = right[n]
        sub(/^_/, "", name)
        if (flags ~ /[df]/) next
        gsub(/ /, "-", flags)
        print member, flags, right[1], 0, name
        next
    }
    NF < 2 { next }
    {
        n = split($1, left, " "); section = left[n]
        m = split($2, right, " "); name = right[m]
        flags = substr($1, index($1, " ") + 1, 7)
        if (flags ~ /[df]/ || name == section) next
        gsub(/ /, "-", flags)
        print member, flags, section, right[1], name
    }')
count=$(grep -c . <<<"$symbols")
if ((count < 10)); then
    echo "FAIL: only $count symbols in $archive; is it the library?"
    exit 1
fi

forbidden=$(awk '$5 ~ /^(_Zn[wa]|_Zd[la]|_ZT[ISV]|_ZGV|__cxa_|__gxx_|_Unwind_)/ ||
                 $5 ~ /^(malloc|calloc|realloc|free|abort|printf|puts|__assert_fail)$/' <<<"$symbols")
[[ -z $forbidden ]] || fail "heap, exceptions, RTTI, guards or stdio" "$forbidden"

missing=$(awk '
    $3 == "*UND*" { undefined[$5] = $1; next }
    { defined[$5] = 1 }
    END {
        for (name in undefined)
            if (!(name in defined)) print name, "in", undefined[name]
    }' <<<"$symbols" | awk '
    $1 ~ /^(memcpy|memset|memcmp|memmove)$/ { next }
    # libgcc / compiler-rt arithmetic, the ARM names of it, and what hardening flags add.
    $1 ~ /^__[a-z]+[sdt]i[0-9]?$/ { next }
    $1 ~ /^__aeabi_/ { next }
    $1 ~ /^(__stack_chk_fail|_GLOBAL_OFFSET_TABLE_)$/ { next }
    # What clang writes for Apple: a memset to zero, and the hardening it turns on there.
    '"$mach_o"' && $1 ~ /^(bzero|memset_pattern16|__stack_chk_guard)$/ { next }
    { print }')
[[ -z $missing ]] || fail "undefined symbols outside the list in docs/PORTING.md" "$missing"

# .data.rel.ro is constant once the program is loaded.
writable=$("$objdump" -h "$archive" | awk '
    /:[ \t]+file format / { member = $0; sub(/:[ \t]+file format.*/, "", member); next }
    $2 ~ /^\.data\.rel\.ro/ { next }
    $2 ~ /^__(data|bss|common|mod_init_func|mod_term_func|init_offsets|thread_[a-z]+)$/ && $3 !~ /^0+$/ {
        print member, $2, "0x" $3
    }
    $2 ~ /^\.(data|bss|tdata|tbss|init_array|ctors|fini_array|dtors)(\.|$)/ && $3 !~ /^0+$/ {
        print member, $2, "0x" $3
    }')
[[ -z $writable ]] || fail "writable data or constructors" "$writable"
common=$(awk '$3 == "*COM*"' <<<"$symbols")
[[ -z $common ]] || fail "common symbols" "$common"

# What a user links must not collide with his own names.
foreign=$(awk '$3 != "*UND*" && $2 ~ /^g/ && $5 !~ /mote/' <<<"$symbols")
[[ -z $foreign ]] || fail "global symbols without the project's name" "$foreign"

echo "$count symbols, $failures failures"
((failures == 0))
