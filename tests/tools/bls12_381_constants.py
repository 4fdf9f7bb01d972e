#!/usr/bin/env python3
"""Prints the constants of BLS12-381 that the core writes out, each from its definition.

Everything comes from the parameter x and from what [RFC9380] names: the curve 3-isogenous to the twist
and Z. Plain integers modulo p; nothing is taken from another program's tables but the two generators,
which are checked. `--check FILE ...` fails if one of the printed numbers is missing from the files.
"""
import re
import sys

X = -0xD201000000010000
P = (X - 1) ** 2 * (X**4 - X**2 + 1) // 3 + X
R = X**4 - X**2 + 1


# Fp2 as pairs, i^2 = -1.
def add(a, b):
    return ((a[0] + b[0]) % P, (a[1] + b[1]) % P)


def sub(a, b):
    return ((a[0] - b[0]) % P, (a[1] - b[1]) % P)


def mul(a, b):
    return ((a[0] * b[0] - a[1] * b[1]) % P, (a[0] * b[1] + a[1] * b[0]) % P)


def scale(k, a):
    return (k * a[0] % P, k * a[1] % P)


def inv(a):
    n = pow(a[0] * a[0] + a[1] * a[1], -1, P)
    return (a[0] * n % P, -a[1] * n % P)


def power(a, e):
    z = (1, 0)
    for bit in bin(e)[2:]:
        z = mul(z, z)
        if bit == "1":
            z = mul(z, a)
    return z


def curve_add(p, q, a):
    """Affine addition on y^2 = x^3 + a x + b; None is infinity."""
    if p is None or q is None:
        return p or q
    if p[0] == q[0]:
        if add(p[1], q[1]) == (0, 0):
            return None
        slope = mul(add(scale(3, mul(p[0], p[0])), a), inv(scale(2, p[1])))
    else:
        slope = mul(sub(q[1], p[1]), inv(sub(q[0], p[0])))
    x = sub(sub(mul(slope, slope), p[0]), q[0])
    return (x, sub(mul(slope, sub(p[0], x)), p[1]))


def curve_mul(k, p, a):
    z = None
    for bit in bin(k)[2:]:
        z = curve_add(z, z, a)
        if bit == "1":
            z = curve_add(z, p, a)
    return z


def limbs(n, count=6):
    return ", ".join(f"0x{(n >> (64 * i)) & (2**64 - 1):016x}" for i in range(count))


XI = (1, 1)
ZERO = (0, 0)
G1 = (
    0x17F1D3A73197D7942695638C4FA9AC0FC3688C4F9774B905A14E3A3F171BAC586C55E83FF97A1AEFFB3AF00ADB22C6BB,
    0x08B3F481E3AAA0F1A09E30ED741D8AE4FCF5E095D5D00AF600DB18CB2C04B3EDD03CC744A2888AE40CAA232946C5E7E1,
)
G2 = (
    (
        0x024AA2B2F08F0A91260805272DC51051C6E47AD4FA403B02B4510B647AE3D1770BAC0326A805BBEFD48056C8C121BDB8,
        0x13E02B6052719F607DACD3A088274F65596BD0D09920B61AB5DA61BBDC7F5049334CF11213945D57E5AC7D055D042B7E,
    ),
    (
        0x0CE5D527727D6E118CC9CDC6DA2E351AADFD9BAA8CBDD3A76D429A695160D12C923AC9CC3BACA289E193548608B82801,
        0x0606C4A02EA734CC32ACD2B02BC28B99CB3E287E85A763AF267492AB572E99AB3F370D275CEC1DA1AAA9075FF05F79BE,
    ),
)


def constants():
    """name -> integer."""
    out = {"p": P, "r": R}
    out["g1.x"], out["g1.y"] = G1
    for name, value in (("g2.x", G2[0]), ("g2.y", G2[1])):
        out[name + ".c0"], out[name + ".c1"] = value

    # Frobenius on the tower: xi^((p - 1) / 6).
    f1 = power(XI, (P - 1) // 6)
    out["frobenius_1.c0"], out["frobenius_1.c1"] = f1

    # The cube root of one with (beta x, y) = [-x^2] (x, y) on G1.
    root = pow(2, (P - 1) // 3, P)
    g = ((G1[0], 0), (G1[1], 0))
    eigen = curve_mul(-(X**2) % R, g, ZERO)
    (beta,) = [b for b in (root, root * root % P) if (b * G1[0] % P, 0) == eigen[0] and eigen[1] == g[1]]
    out["beta"] = beta

    # The 3-isogeny by Velu's formulas: kernel {infinity, +-(x0, y0)}, x0 a root of 3x^4 + 6Ax^2 + 12Bx - A^2.
    a, b, z = (0, 240), (1012, 1012), (-2 % P, -1 % P)
    x0 = (-6 % P, 6)
    xx = mul(x0, x0)
    division = sub(add(add(scale(3, mul(xx, xx)), scale(6, mul(a, xx))), scale(12, mul(b, x0))), mul(a, a))
    assert division == ZERO
    yy = add(add(mul(xx, x0), mul(a, x0)), b)
    t = scale(2, add(scale(3, xx), a))
    u = scale(4, yy)
    image_a = sub(a, scale(5, t))
    image_b = sub(b, scale(7, add(u, mul(x0, t))))
    # Divided by 3 in Z it is the twist itself.
    assert image_a == ZERO and image_b == scale(3**6, (4, 4))
    print("isogeny: x0 =", [v - P if v > P // 2 else v for v in x0], "t =", [v - P if v > P // 2 else v for v in t],
          "u =", [v - P if v > P // 2 else v for v in u])

    # sqrt(-n^3) for the norm n of Z, which is no square: what turns one square root into the other's.
    n = (z[0] ** 2 + z[1] ** 2) % P
    assert pow(n, (P - 1) // 2, P) == P - 1
    k = pow(-(n**3), (P + 1) // 4, P)
    assert k * k % P == -(n**3) % P
    out["sswu.norm_root"] = k
    return out


def main():
    assert P % 4 == 3 and P.bit_length() == 381 and R.bit_length() == 255
    assert (G1[1] ** 2 - G1[0] ** 3 - 4) % P == 0
    assert curve_mul(R, ((G1[0], 0), (G1[1], 0)), ZERO) is None
    assert sub(mul(G2[1], G2[1]), mul(G2[0], mul(G2[0], G2[0]))) == (4, 4)
    assert curve_mul(R, G2, ZERO) is None
    values = constants()
    if len(sys.argv) > 1 and sys.argv[1] == "--check":
        text = re.sub(r"\s+", " ", " ".join(open(name).read() for name in sys.argv[2:])).lower()
        missing = [name for name, v in values.items() if limbs(v, 4 if name == "r" else 6) not in text]
        for name in missing:
            print("not in the sources:", name)
        return 1 if missing else 0
    for name, v in values.items():
        print(f"{name}: {limbs(v, 4 if name == 'r' else 6)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
