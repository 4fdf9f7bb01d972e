// The page of this example: one validator, and for each file the stages as they pass.
import { createValidator, describe, MalformedError } from "mote-validator";

const element = (id) => document.getElementById(id);
const drop = element("drop");
const validator = await createValidator();

let running = null; // the AbortController of the file that is being verified

/** Adds a line for a stage; the one before it has passed. */
function begin(stage) {
  element("stages").lastElementChild?.classList.add("good");
  const line = document.createElement("li");
  line.dataset.stage = stage;
  line.append(Object.assign(document.createElement("span"), { textContent: stage }));
  line.append(document.createElement("span"));
  element("stages").append(line);
}

function say(text, kind) {
  element("verdict").textContent = text;
  element("verdict").className = kind;
}

const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join(" ");

function showAbout(verdict) {
  const rows = {
    program: verdict.programDigest,
    setup: verdict.setupDigest,
    inputs: hex(verdict.inputs),
    outputs: hex(verdict.outputs),
  };
  element("about").replaceChildren(
    ...Object.entries(rows)
      .filter(([, value]) => value !== "")
      .flatMap(([name, value]) => [
        Object.assign(document.createElement("dt"), { textContent: name }),
        Object.assign(document.createElement("dd"), { textContent: value }),
      ]),
  );
}

async function verify(bytes) {
  running?.abort();
  const controller = (running = new AbortController());
  element("stages").replaceChildren();
  element("about").replaceChildren();
  say("Verifying…", "");
  const begun = performance.now();
  try {
    // A wallet would pin the program and the setup it trusts: expectProgram, expectSetup.
    const verdict = await validator.verifyBundle(bytes, {
      signal: controller.signal,
      onStage: (stage) => running === controller && begin(stage),
    });
    if (running !== controller) return;
    const lines = element("stages").children;
    verdict.stages.forEach(({ milliseconds }, i) => {
      lines[i].lastElementChild.textContent = `${milliseconds.toFixed(2)} ms`;
    });
    lines[lines.length - 1]?.classList.add(verdict.accepted ? "good" : "bad");
    showAbout(verdict);
    const took = `${(performance.now() - begun).toFixed(0)} ms`;
    if (verdict.accepted) say(`Accepted in ${took}`, "good");
    else say(`Rejected at ${describe(verdict)}`, "bad");
  } catch (error) {
    if (error.name === "AbortError") return; // another file took its place
    say(error instanceof MalformedError ? `Not a bundle: ${error.message}` : String(error), "bad");
  }
}

async function verifyFile(file) {
  if (file) await verify(await file.arrayBuffer());
}

drop.addEventListener("dragover", (event) => {
  event.preventDefault();
  drop.classList.add("over");
});
drop.addEventListener("dragleave", () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  verifyFile(event.dataTransfer.files[0]);
});
element("file").addEventListener("change", (event) => verifyFile(event.target.files[0]));
drop.addEventListener("keydown", (event) => event.key === "Enter" && element("file").click());

for (const button of document.querySelectorAll("button[data-bundle]")) {
  button.addEventListener("click", async () => {
    const { bundle, patch, cut } = button.dataset;
    const response = await fetch(`bundles/${bundle}`);
    if (!response.ok) return say(`${bundle}: HTTP ${response.status}`, "bad");
    let bytes = new Uint8Array(await response.arrayBuffer());
    if (patch) {
      const [offset, value] = patch.split(":");
      bytes[Number(offset)] = Number.parseInt(value, 16);
    }
    if (cut) bytes = bytes.subarray(0, Number(cut));
    await verify(bytes);
  });
}
document.body.dataset.ready = "true";
