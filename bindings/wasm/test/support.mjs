// What the tests share. They run against the installed package, as a user has it:
//   MOTE_VECTORS   tests/vectors of the repository
//   MOTE_PACKAGE   folder in which the package was made, with its development tools
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

export const vectors = process.env.MOTE_VECTORS;
export const packageFolder = process.env.MOTE_PACKAGE;
if (!vectors || !packageFolder) throw new Error("MOTE_VECTORS and MOTE_PACKAGE must be set");

/** A development tool of the package. */
export const requireTool = createRequire(join(packageFolder, "package.json"));

export const readBundle = (name) => readFileSync(join(vectors, "jolt", name));

/** The bytes of a case, see tests/vectors/bindings/README.md. */
export function bytesOf(testCase) {
  let bytes = testCase.bundle === "" ? Buffer.alloc(0) : Buffer.from(readBundle(testCase.bundle));
  if (testCase.size !== undefined) bytes = bytes.subarray(0, testCase.size);
  for (const [offset, hex] of testCase.patches ?? []) Buffer.from(hex, "hex").copy(bytes, offset);
  return Buffer.concat([bytes, Buffer.from(testCase.append ?? "", "hex")]);
}

export const cases = JSON.parse(readFileSync(join(vectors, "bindings/cases.json"), "utf8"));

/** The code of a section of the package's README, as a function of the names that it does not import. */
export function readmeCode(section) {
  const readme = readFileSync(join(packageFolder, "README.md"), "utf8");
  const text = readme.split(`\n## ${section}`)[1].split("\n## ")[0];
  const codes = [...text.matchAll(/```js\n([^]*?)```/g)].map(([, code]) =>
    code.replace(/^import .*$/m, ""));
  if (codes.length !== 1) throw new Error(`${codes.length} codes in "${section}"`);
  const AsyncFunction = (async () => {}).constructor;
  return (names, result) =>
    new AsyncFunction(...Object.keys(names), `${codes[0]}\nreturn ${result};`)(...Object.values(names));
}
