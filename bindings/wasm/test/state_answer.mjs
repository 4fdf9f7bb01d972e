// Also runs in a page: no imports. What an instance answers to state.json, in the form that stands there.

const hex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const toHex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");

export const trustedOf = ({ root, height }) =>
  height === null ? { root } : { root, height: BigInt(height) };

/** A proof or witness, opened. */
export function openOf(state, test) {
  const open = test.kind === "witness" ? state.openWitness : state.openProof;
  return open.call(state, trustedOf(test), hex(test.bytes));
}

export const operationsOf = ({ operations }) =>
  operations.map(([key, value]) => ({ key: hex(key), value: value === null ? null : hex(value) }));

/** The kind of an error, and where it is; `undefined` is rethrown. */
function refusal(error) {
  const verdict = { MALFORMED: "malformed", REJECTED: "rejected", INVALID_ARGUMENT: "invalid_argument" }[
    error.code
  ];
  if (verdict === undefined) throw error;
  return { verdict, reason: error.verdict?.reason ?? "", offset: error.verdict?.offset ?? 0,
    index: error.verdict?.index ?? 0 };
}

function asked(proof, { key, after }) {
  try {
    const said = after === null ? proof.lookup(hex(key)) : proof.lookupAfter(hex(key), BigInt(after));
    return [said.answer, said.value === null ? null : toHex(said.value)];
  } catch (error) {
    return [refusal(error).verdict, null];
  }
}

function applied(witness, test) {
  try {
    const { accepted, fault, root } = witness.apply(BigInt(test.height), operationsOf(test));
    return { verdict: accepted ? "accepted" : "rejected", fault, operation: 0, root };
  } catch (error) {
    const { verdict, reason, index } = refusal(error);
    return { verdict, fault: reason, operation: index, root: null };
  }
}

/** Everything in state.json that is answered otherwise; empty if nothing is. */
export function differences(state, cases) {
  const wrong = [];
  const same = (name, a, b) => {
    const [x, y] = [JSON.stringify(a), JSON.stringify(b)];
    if (x !== y) wrong.push(`${name}: ${x} instead of ${y}`);
  };
  for (const test of cases.proofs) {
    let proof = null;
    let said = { verdict: "accepted", fault: "", offset: 0 };
    try {
      proof = openOf(state, test);
    } catch (error) {
      const { verdict, reason, offset } = refusal(error);
      said = { verdict, fault: reason, offset };
    }
    same(test.name, said, test.answer);
    if (proof === null) continue;
    for (const q of test.questions) {
      same(`${test.name}: ${q.key} after ${q.after}`, asked(proof, q), [q.answer, q.value]);
    }
    proof.close();
  }
  for (const test of cases.blocks) {
    const witness = openOf(state, cases.proofs[test.witness]);
    same(test.name, applied(witness, test), test.answer);
    same(`${test.name}, again`, applied(witness, test), test.answer);
    witness.close();
  }
  return wrong;
}
