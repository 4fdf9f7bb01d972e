// Every case, in a worker thread and on the calling thread.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createValidator, MalformedError } from "mote-validator";
import * as inline from "mote-validator/inline";
import { answerOf } from "./answer.mjs";
import { bytesOf, cases } from "./support.mjs";

async function replay(validator, Malformed, some) {
  try {
    for (const testCase of some) {
      const answer = await answerOf(validator, Malformed, bytesOf(testCase), testCase);
      assert.deepEqual(answer, testCase.answer, testCase.name);
    }
  } finally {
    validator.close();
  }
}

test("there are cases of every kind", () => {
  assert.ok(cases.length > 200);
  for (const verdict of ["accepted", "rejected", "malformed"]) {
    assert.ok(cases.some((c) => c.answer.verdict === verdict), verdict);
  }
});
test("a worker thread answers as the native tool", async () => {
  await replay(await createValidator(), MalformedError, cases);
});
test("the calling thread answers as the native tool", async () => {
  await replay(await createValidator({ worker: false }), MalformedError, cases);
});
test("the inlined module answers as the native tool", async () => {
  const validator = await inline.createValidator({ worker: false });
  await replay(validator, inline.MalformedError, cases.filter((_, i) => i % 5 === 0));
});
