#!/usr/bin/env python3
"""Prints the constants of sdk/curve/bn254_decompose.cpp.

The scalar decompositions of [GLV] (G1, two dimensions) and [GLS] (G2 and GT, four dimensions) round
a scalar against a short lattice basis. For a basis B (rows b_j, sum_i b_ji lambda^i = 0 mod r) the
rounding coefficient of row j is round(e * inverse(B)[0][j]); here it is floor(e * g_j / 2^shift) with
g_j = round(2^shift * inverse(B)[0][j]). Python's fractions are exact, so nothing is lost.
"""
from fractions import Fraction

U = 4965661367192848881
P = 36 * U**4 + 36 * U**3 + 24 * U**2 + 6 * U + 1
R = 36 * U**4 + 36 * U**3 + 18 * U**2 + 6 * U + 1
LAMBDA_GT = P % R
LAMBDA_G1 = 4407920970296243842393367215006156084916469457145843978461

GT_BASIS = [
    [U + 1, U, U, -2 * U],
    [2 * U + 1, -U, -(U + 1), -U],
    [2 * U, 2 * U + 1, 2 * U + 1, 2 * U + 1],
    [U - 1, 4 * U + 2, -(2 * U - 1), U - 1],
]
SHIFT = 320


def inverse_first_row(basis):
    n = len(basis)
    rows = [[Fraction(x) for x in row] + [Fraction(int(i == j)) for j in range(n)] for i, row in enumerate(basis)]
    for i in range(n):
        pivot = next(k for k in range(i, n) if rows[k][i])
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [x / rows[i][i] for x in rows[i]]
        for k in range(n):
            if k != i:
                rows[k] = [a - rows[k][i] * b for a, b in zip(rows[k], rows[i])]
    return rows[0][n:]


def gauss_reduce(a, b):
    dot = lambda x, y: x[0] * y[0] + x[1] * y[1]
    while True:
        if dot(b, b) < dot(a, a):
            a, b = b, a
        m = round(Fraction(dot(a, b), dot(a, a)))
        if m == 0:
            return [list(a), list(b)]
        b = (b[0] - m * a[0], b[1] - m * a[1])


def limbs(value, count):
    return "{" + ", ".join(f"0x{value >> (64 * i) & (2**64 - 1):016x}" for i in range(count)) + "}"


def show(name, basis, lam, count):
    for row in basis:
        assert sum(x * pow(lam, i, R) for i, x in enumerate(row)) % R == 0
    print(f"// {name}: rows, then g_j with their signs")
    for row in basis:
        print("   ", ", ".join(f"{'-' if x < 0 else '+'}{limbs(abs(x), 2)}" for x in row))
    for value in inverse_first_row(basis):
        g = round(value * 2**SHIFT)
        print(f"    {'negative' if g < 0 else 'positive'} {limbs(abs(g), count)}  // {abs(g).bit_length()} bits")


show("GT and G2", GT_BASIS, LAMBDA_GT, 5)
show("G1", gauss_reduce((R, 0), (-LAMBDA_G1, 1)), LAMBDA_G1, 5)
