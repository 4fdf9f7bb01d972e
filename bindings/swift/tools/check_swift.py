#!/usr/bin/env python3
"""Checks what Swift sources say about the C headers, where there is no Swift compiler to do it.

    check_swift.py HEADER.h... SWIFT_FILE...

Every mote_* and MOTE_* name must exist in a header, every call must have the function's number
of arguments, every field of a struct in a variable called raw... must exist in that struct, and
brackets must match. It is no compiler: it finds a header that moved on, not a type error.
"""
import re
import sys


def header(text):
    """Functions with their number of arguments, structs with their fields, constants."""
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
    functions = {}
    for name, arguments in re.findall(r"MOTE_API[^;(]*?\b(mote_\w+)\s*\(([^)]*)\)\s*;", text):
        functions[name] = 0 if arguments.strip() == "void" else arguments.count(",") + 1
    structs = {}
    for name, body in re.findall(r"typedef struct (mote_\w+)\s*\{(.*?)\}\s*\1;", text, flags=re.S):
        body = re.sub(r"\[[^\]]*\]", "", body)
        fields = set()
        for line in re.sub(r"\(\*(\w+)\)\([^)]*\)", r"\1", body).split(";"):
            names = line.split(",")
            fields.update(re.findall(r"(\w+)\s*$", part)[0] for part in names if part.strip())
        structs[name] = fields
    opaque = set(re.findall(r"typedef struct (mote_\w+) \1;", text))
    plain = set(re.findall(r"typedef \w+ (mote_\w+);", text))
    constants = set(re.findall(r"#define (MOTE_\w+) (?:\d+|0x[0-9a-f]+)u", text))
    return functions, structs, opaque | plain, constants


def headers_at(paths):
    return header("\n".join(open(path, encoding="utf-8").read() for path in paths))


def without_comments_and_texts(text):
    """The same length, so that positions stay; what is inside \\( ) of a text stays too."""
    def blank(match):
        part = match.group(0)
        return part[0] + " " * (len(part) - 2) + part[-1] if part[0] == '"' else " " * len(part)
    pattern = r'"(?:\\\((?:[^()"]|\([^()"]*\))*\)|\\.|[^"\\\n])*"|//[^\n]*'
    return re.sub(pattern, blank, text)


PAIRS = {")": "(", "]": "[", "}": "{"}


def arguments_at(code, at):
    """The number of arguments of the call whose parenthesis is at `at`."""
    depth, commas, empty = 0, 0, True
    for character in code[at:]:
        if character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
            if depth == 0:
                return 0 if empty else commas + 1
        elif character == "," and depth == 1:
            commas += 1
        if depth >= 1 and not character.isspace() and not (depth == 1 and character == "("):
            empty = False
    return -1


def check(path, text, known):
    functions, structs, types, constants = known
    code = without_comments_and_texts(text)
    problems = []

    def problem(at, what):
        problems.append(f"{path}:{text.count(chr(10), 0, at) + 1}: {what}")

    open_brackets = []
    for at, character in enumerate(code):
        if character in "([{":
            open_brackets.append(character)
        elif character in ")]}":
            if not open_brackets or open_brackets.pop() != PAIRS[character]:
                problem(at, f"'{character}' closes nothing")
    if open_brackets:
        problem(len(text), f"'{open_brackets[-1]}' is not closed")

    for match in re.finditer(r"\b(mote_\w+|MOTE_\w+)\b", code):
        name = match.group(1)
        called = code[match.end():match.end() + 1] == "("
        if name in functions:
            if not called:
                problem(match.start(), f"{name} is not called")
            elif arguments_at(code, match.end()) != functions[name]:
                count = arguments_at(code, match.end())
                problem(match.start(), f"{name} has {functions[name]} arguments, not {count}")
        elif name not in structs and name not in types and name not in constants:
            problem(match.start(), f"{name} is in no header")

    declared = re.findall(r"\b(raw\w*)\b(?:: (?:inout )?| = )(mote_\w+)", code)
    for name, struct in declared:
        if struct not in structs and struct not in functions:
            problem(0, f"{name}: {struct} is no struct of the headers")
    for match in re.finditer(r"\b(raw\w*)\.(\w+)", code):
        of = [structs[struct] for name, struct in declared
              if name == match.group(1) and struct in structs]
        if of and not any(match.group(2) in fields for fields in of):
            problem(match.start(), f"{match.group(0)}: no such field")
    return problems


def main():
    headers = [path for path in sys.argv[1:] if path.endswith(".h")]
    sources = [path for path in sys.argv[1:] if not path.endswith(".h")]
    known = headers_at(headers)
    problems = []
    uses = 0
    for path in sources:
        text = open(path, encoding="utf-8").read()
        uses += len(re.findall(r"\bmote_\w+", text))
        problems += check(path, text, known)
    print("\n".join(problems) if problems else
          f"{len(sources)} files, {uses} uses of {len(known[0])} functions: as in the headers")
    return 1 if problems or uses == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
