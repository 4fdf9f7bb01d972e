#!/usr/bin/env python3
"""Prints blake2b_lengths.json: Blake2b with parameters of every length, by CPython's hashlib.

    python3 make_blake2b_lengths.py > blake2b_lengths.json

Each digest length occurs four times; the strides are prime to the number of lengths they step
through, so every length of key, salt and personal string occurs too.
"""
import hashlib

pattern = bytes(i % 251 for i in range(1024))


def case(i):
    digest_bytes = 1 + i % 64
    key_bytes = 37 * i % 65
    salt_bytes = 5 * i % 17
    personal_bytes = 11 * i % 17
    input_bytes = 101 * i % 641
    digest = hashlib.blake2b(
        pattern[:input_bytes],
        digest_size=digest_bytes,
        key=pattern[1 : 1 + key_bytes],
        salt=pattern[2 : 2 + salt_bytes],
        person=pattern[3 : 3 + personal_bytes],
    ).hexdigest()
    return (
        f'  {{"digest_bytes": {digest_bytes}, "key_bytes": {key_bytes}, "salt_bytes": {salt_bytes}, '
        f'"personal_bytes": {personal_bytes}, "input_bytes": {input_bytes}, "digest": "{digest}"}}'
    )


print('{\n "input": "byte i is i mod 251",')
print(' "key, salt, personal": "byte i is i + 1, i + 2, i + 3",\n "cases": [')
print(",\n".join(case(i) for i in range(256)))
print(" ]\n}")
