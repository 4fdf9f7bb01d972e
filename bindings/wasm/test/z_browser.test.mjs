// In headless Chromium. After package.test.mjs, whose bundles it also loads.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { browser, origin, skip } from "./chromium.mjs";
import { cases, bytesOf, vectors } from "./support.mjs";

async function withPage(path, body) {
  const page = await browser.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  try {
    await page.goto(origin + path);
    await body(page);
    assert.deepEqual(problems, []);
  } finally {
    await page.close();
  }
}

for (const entry of ["index", "inline"]) {
  test(`Chromium answers as the native tool (${entry})`, { skip }, async (t) => {
    await withPage("/empty", async (page) => {
      const some = cases.filter((_, i) => entry === "index" || i % 5 === 0);
      const jobs = some.map((testCase) => ({
        testCase,
        base64: bytesOf(testCase).toString("base64"),
      }));
      const answers = await page.evaluate(
        async ([path, all]) => {
          const { createValidator, MalformedError } = await import(path);
          const { answerOf } = await import("/test/answer.mjs");
          const validator = await createValidator();
          const result = [];
          for (const { testCase, base64 } of all) {
            const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
            result.push(await answerOf(validator, MalformedError, bytes, testCase));
          }
          validator.close();
          return result;
        },
        [`/package/dist/${entry}.js`, jobs],
      );
      answers.forEach((answer, i) => assert.deepEqual(answer, some[i].answer, some[i].name));
      t.diagnostic(`${answers.length} cases`);
    });
  });
}

test("Chromium answers to shares, samples and reconstructions", { skip }, async () => {
  await withPage("/empty", async (page) => {
    const wrong = await page.evaluate(async () => {
      const cases = await (await fetch("/vectors/bindings/svid.json")).json();
      const { loadSvid } = await import("/package/dist/svid.js");
      const { differences } = await import("/test/svid_answer.mjs");
      const svid = await loadSvid();
      const all = differences(svid, cases);
      if (cases.shares.length < 90 || svid.sampleRows(13000).length !== 16) all.push("not run");
      return all;
    });
    assert.deepEqual(wrong, []);
  });
});

test("Chromium answers to proofs and witnesses of the state", { skip }, async () => {
  await withPage("/empty", async (page) => {
    const wrong = await page.evaluate(async () => {
      const cases = await (await fetch("/vectors/bindings/state.json")).json();
      const { loadState } = await import("/package/dist/state.js");
      const { differences } = await import("/test/state_answer.mjs");
      const all = differences(await loadState(), cases);
      if (cases.proofs.length < 250 || cases.blocks.length < 18) all.push("not run");
      return all;
    });
    assert.deepEqual(wrong, []);
  });
});

test("Chromium: times and memory, not asserted", { skip }, async (t) => {
  await withPage("/empty", async (page) => {
    const figures = await page.evaluate(async () => {
      const bytes = await (await fetch("/vectors/jolt/muldiv-bundle.bin")).arrayBuffer();
      const { createValidator } = await import("/package/dist/index.js");
      const begun = performance.now();
      const validator = await createValidator();
      const started = performance.now();
      const first = await validator.verifyBundle(bytes);
      const answered = performance.now();
      const times = [];
      for (let i = 0; i < 10; ++i) {
        const verdict = await validator.verifyBundle(bytes);
        times.push(verdict.stages.reduce((sum, s) => sum + s.milliseconds, 0));
      }
      const memory = await validator.memoryBytes();
      validator.close();
      return {
        accepted: first.accepted,
        start: started - begun,
        firstVerdict: answered - begun,
        best: Math.min(...times),
        memory,
        isolated: crossOriginIsolated,
      };
    });
    assert.equal(figures.accepted, true);
    assert.equal(figures.isolated, false);
    assert.ok(figures.memory <= 8 << 20);
    t.diagnostic(`worker ready ${figures.start.toFixed(0)} ms, first verdict ` +
      `${figures.firstVerdict.toFixed(0)} ms, proof to verdict at best ${figures.best.toFixed(1)} ms, ` +
      `memory ${figures.memory} bytes`);
  });
});

test("Chromium: abort, misuse, a worker that cannot start", { skip }, async () => {
  await withPage("/empty", async (page) => {
    const said = await page.evaluate(async () => {
      const bytes = await (await fetch("/vectors/jolt/muldiv-bundle.bin")).arrayBuffer();
      const { createValidator, MoteError } = await import("/package/dist/index.js");
      const validator = await createValidator();
      const controller = new AbortController();
      const aborted = await validator
        .verifyBundle(bytes, {
          signal: controller.signal,
          onStage: (stage) => stage === "membership" && controller.abort(),
        })
        .catch((error) => error.name);
      const again = (await validator.verifyBundle(bytes)).accepted;
      const copy = bytes.slice(0);
      structuredClone(copy, { transfer: [copy] });
      const detached = await validator.verifyBundle(copy).catch((error) => error.name);
      const other = await createValidator({ wasm: new Uint8Array(8) }).catch(
        (error) => error instanceof MoteError && error.code,
      );
      validator.close();
      return { aborted, again, detached, other };
    });
    assert.deepEqual(said, {
      aborted: "AbortError", again: true, detached: "TypeError", other: "FAILED",
    });
  });
});

test("the example page shows each stage and the verdict", { skip }, async () => {
  await withPage("/fixtures/page/index.html", async (page) => {
    await page.waitForSelector("body[data-ready]");
    const click = async (label, word) => {
      await page.getByRole("button", { name: label }).click();
      await page.waitForFunction(
        (start) => document.getElementById("verdict").textContent.startsWith(start),
        word,
      );
      return page.$$eval("#stages li", (lines) =>
        lines.map((line) => [line.dataset.stage, line.className, line.lastChild.textContent]),
      );
    };
    const good = await click("whole program", "Accepted");
    assert.ok(good.length > 10);
    for (const [stage, kind, time] of good) {
      assert.equal(kind, "good", stage);
      assert.match(time, /^\d+\.\d\d ms$/);
    }
    assert.ok((await page.textContent("#about")).includes("09 05 03"));
    const bad = await click("stage 3 changed", "Rejected at stage 3");
    assert.deepEqual(bad.at(-1).slice(0, 2), ["stage 3", "bad"]);
    assert.equal((await click("claims 16", "Rejected at stage 1 uniskip")).at(-1)[1], "bad");
    await click("cut off", "Not a bundle: malformed");
    await click("zero-knowledge", "Rejected at config: unsupported: hiding proof");
    await page.setInputFiles("#file", join(vectors, "jolt/committed-muldiv-bundle.bin"));
    await page.waitForFunction(() =>
      document.getElementById("verdict").textContent.startsWith("Accepted"),
    );
  });
});

for (const [tool, path] of [
  ["esbuild", "/fixtures/esbuild/index.html"],
  ["vite", "/fixtures/vite/dist/index.html"],
]) {
  test(`Chromium loads what ${tool} bundled`, { skip }, async () => {
    await withPage(path, async (page) => {
      await page.waitForFunction(() => typeof globalThis.verify === "function");
      const accepted = await page.evaluate(async () => {
        const bytes = await (await fetch("/vectors/jolt/committed-muldiv-bundle.bin")).arrayBuffer();
        return (await globalThis.verify(bytes)).accepted;
      });
      assert.equal(accepted, true);
    });
  });
}
