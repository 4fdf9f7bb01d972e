"""Joins the lines of the peers into results.json and prints them as a table.

  table.py RESULTS.jsonl RESULTS.json [OURS.json]
"""
import json
import math
import sys


def speed(value):
    """GB/s with three digits that say something, however slow."""
    value /= 1e9
    if value <= 0:
        return "0"
    return f"{value:.{max(2, 2 - math.floor(math.log10(value)))}f}"


def distance(a, b):
    """Of two shapes k+m: how far the rows and the rates are apart, in powers of two."""
    (k, m), (l, n) = ([float(x) for x in shape.split("+")] for shape in (a, b))
    return abs(math.log2(k / l)) + abs(math.log2((k + m) / k * l / (l + n)))


def match(peer, ours):
    """Our entry for the same work: (entry, whether the shape is the same)."""
    same_work = [o for o in ours if o["what"] == peer["what"]]
    exact = [o for o in same_work if o["shape"] == peer["shape"]]
    # Several of ours with one shape are variants: the fastest is the one that would be used.
    if exact:
        return max(exact, key=lambda o: o["bytes_per_second_best"]), True
    near = []
    for o in same_work:
        try:
            near.append((distance(o["shape"], peer["shape"]), -o["bytes_per_second_best"], o))
        except ValueError:
            pass
    return (min(near, key=lambda entry: entry[:2])[2] if near else None), False


def ratios(peer, ours):
    o, exact = match(peer, ours)
    if o is None:
        return ["-", "-", "-"]
    mark = "" if exact else "~"
    cells = [f"{mark}{o['name']} {o['shape']}"]
    for key in ("bytes_per_second_best", "bytes_per_second_median"):
        ratio = o[key] / peer[key]
        cells.append(f"{mark}{ratio:.3g}" if ratio < 1000 else f"{mark}{ratio:.0f}")
    return cells


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        peers = [json.loads(line) for line in file]
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(peers, file, indent=2)
        file.write("\n")
    ours = None
    if len(sys.argv) > 3:
        with open(sys.argv[3], encoding="utf-8") as file:
            ours = json.load(file)

    head = ["library", "version", "what", "shape", "row bytes", "MB", "GB/s best", "median"]
    right = {4, 5, 6, 7}
    if ours is not None:
        head += ["ours", "ours / peer best", "median"]
        right |= {9, 10}
    rows = [head + ["SIMD", "note"]]
    for p in peers:
        if "not_run" in p:
            continue
        row = [p["library"], p["version"], p["what"], p["shape"], str(p["row_bytes"]),
               f"{p['data_bytes'] / 1e6:.1f}", speed(p["bytes_per_second_best"]),
               speed(p["bytes_per_second_median"])]
        if ours is not None:
            row += ratios(p, ours)
        rows.append(row + [p["simd"], p["note"]])
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = [c.rjust(w) if i in right else c.ljust(w)
                 for i, (c, w) in enumerate(zip(row, widths))]
        print("  ".join(cells).rstrip())
    for p in peers:
        if "not_run" in p:
            print(f"NOT RUN: {p['library']}: {p['not_run']}")
    print("\nOne core. Speed is bytes of data (not of parity) a second; GB = 1e9 bytes, MB = 1e6.")
    if ours is not None:
        print("~: ours has no such shape; the nearest one was taken.")


main()
