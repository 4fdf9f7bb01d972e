// Compiles the contracts of this folder to ../contract_code.inc, or compares with it.
//
//   npm ci && node compile.mjs            writes the file, from this folder
//   npm ci && node compile.mjs --check    exit status 1 if it would be another one
//
// Without a hash of the sources in the code, so that a changed comment changes nothing. Code for Shanghai:
// PUSH0 and nothing newer.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const folder = process.env.MOTE_CONTRACTS ?? new URL(".", import.meta.url).pathname;
const solc = createRequire(process.cwd() + "/package.json")("solc");
const names = ["Token", "Pool", "Collection"];
const sources = Object.fromEntries(
    names.map((name) => [name, { content: readFileSync(`${folder}/${name}.sol`, "utf8") }]),
);
const output = JSON.parse(
    solc.compile(
        JSON.stringify({
            language: "Solidity",
            sources,
            settings: {
                optimizer: { enabled: true, runs: 10000 },
                evmVersion: "shanghai",
                metadata: { bytecodeHash: "none", appendCBOR: false },
                outputSelection: {
                    "*": { "*": ["evm.bytecode.object", "evm.deployedBytecode.object"] },
                },
            },
        }),
    ),
);
for (const error of output.errors ?? []) {
    console.error(error.formattedMessage);
    if (error.severity === "error") process.exit(2);
}

/** A hexadecimal string as one C++ literal of several lines. */
const literal = (hex) =>
    (hex.match(/.{1,96}/g) ?? [""]).map((line) => `    "${line}"`).join("\n");
let text =
    "// Made by platforms/workload/contracts/compile.mjs from the .sol files there. Do not edit.\n" +
    `// solc ${solc.version().replace(/\.Emscripten.*/, "")}: name, code that creates, code that is created.\n`;
for (const name of names) {
    const { bytecode, deployedBytecode } = output.contracts[name][name].evm;
    text += `MOTE_CONTRACT(${name},\n${literal(bytecode.object)},\n${literal(deployedBytecode.object)})\n`;
}
const file = `${folder}/../contract_code.inc`;
if (process.argv.includes("--check")) {
    const same = readFileSync(file, "utf8") === text;
    console.log(same ? "contract_code.inc is what the sources compile to" : "contract_code.inc differs");
    process.exit(same ? 0 : 1);
}
writeFileSync(file, text);
