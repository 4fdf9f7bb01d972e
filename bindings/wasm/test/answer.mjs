// Also runs in a page: no imports.

/** What a validator answers to a case, in the form of cases.json. */
export async function answerOf(validator, MalformedError, bytes, testCase) {
  const options = {};
  if (testCase.expect_program) options.expectProgram = testCase.expect_program;
  if (testCase.expect_setup) options.expectSetup = testCase.expect_setup;
  let verdict;
  let word;
  try {
    verdict = await validator.verifyBundle(bytes, options);
    word = verdict.accepted ? "accepted" : "rejected";
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    verdict = error.verdict;
    word = "malformed";
  }
  const { stage, reason, field, offset } = verdict;
  return { verdict: word, stage, reason, field, offset };
}
