// Random calls on the machine and on @ethereumjs/evm: status, gas, refund, output, logs and the state after
// them must be equal.
//
//   node differ.mjs ANSWERS [--first SEED] [--count N] [--seconds N] [--show SEED]
//
// ANSWERS is the program of answers.cpp. Where the two differ it says where, from which step on, and how to
// see the case again. Exit status: 0 all equal, 1 some differ, 2 ANSWERS failed, 3 usage.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { answer } from './peer.mjs'
import { caseOf } from './programs.mjs'

const shown = 5
const batch = 50

class Ours {
    constructor(program) {
        this.child = spawn(program, [], { stdio: ['pipe', 'pipe', 'inherit'], detached: true })
        this.child.on('error', (error) => fail(`cannot start ${program}: ${error.message}`))
        this.child.stdin.on('error', () => {})
        this.gone = new Promise((resolve) => this.child.on('exit', resolve))
        this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]()
    }
    async ask(cases) {
        const text = cases.map((one) => JSON.stringify(one) + '\n').join('')
        if (!this.child.stdin.write(text)) await Promise.race([once(this.child.stdin, 'drain'), this.gone])
    }
    /** The next answer; lines of a trace before it go to `steps`. */
    async next(steps) {
        for (;;) {
            const { value, done } = await this.lines.next()
            if (done) fail('the answers ended')
            const object = JSON.parse(value)
            if (object.status !== undefined) return object
            steps.push({
                pc: object.pc, op: object.op, gas: Number(object.gas), depth: object.depth, stack: object.stack,
            })
        }
    }
    end() {
        this.child.stdin.end()
    }
}

function fail(why) {
    console.error(`differ: ${why}`)
    process.exit(2)
}

/** The same text for the same value, whatever the order of an object's fields. */
function plain(value) {
    return JSON.stringify(value, (_, inner) =>
        inner !== null && typeof inner === 'object' && !Array.isArray(inner)
            ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
            : inner)
}

function differences(ours, theirs) {
    const out = []
    for (const field of ['status', 'gasLeft', 'refund', 'output', 'logs'])
        if (plain(ours[field]) !== plain(theirs[field]))
            out.push(`${field}: ${plain(ours[field])} and ${plain(theirs[field])}`)
    for (const address of new Set([...Object.keys(ours.accounts), ...Object.keys(theirs.accounts)])) {
        const [a, b] = [ours.accounts[address], theirs.accounts[address]]
        for (const field of ['nonce', 'balance', 'code', 'storage'])
            if (plain(a?.[field]) !== plain(b?.[field]))
                out.push(`${field} of ${address}: ${plain(a?.[field])} and ${plain(b?.[field])}`)
    }
    return out
}

function firstDifferent(ours, theirs) {
    const count = Math.max(ours.length, theirs.length)
    for (let i = 0; i < count; ++i)
        if (plain(ours[i]) !== plain(theirs[i]))
            return `step ${i}:\n  ${plain(ours[i - 1])} before both\n  ${plain(ours[i])}\n  ${plain(theirs[i])}`
    return `none of ${count} steps`
}

async function explain(ours, seed) {
    const one = caseOf(seed)
    const [a, b] = [[], []]
    await ours.ask([{ ...one, trace: true }])
    const first = await ours.next(a)
    const second = await answer(one)
    // It reads memory for a step that has not been paid for, and may fail at that.
    await answer(one, b).catch((error) => console.log(`its trace ended: ${error.message}`))
    console.log(`seed ${seed} (${one.fork}): ${first.why} and ${second.why}`)
    for (const line of differences(first, second)) console.log(`  ${line}`)
    console.log(`  first different: ${firstDifferent(a, b)}`)
}

function optionsOf(words) {
    const out = { first: 0, count: 1000, seconds: Infinity, show: undefined }
    for (let i = 0; i < words.length; i += 2) {
        const name = words[i].replace(/^--/, '')
        const number = Number(words[i + 1])
        if (!(name in out) || !Number.isSafeInteger(number) || number < 0) {
            console.error(`differ: what is ${words[i]} ${words[i + 1] ?? ''}?`)
            process.exit(3)
        }
        out[name] = number
    }
    return out
}

const [program, ...words] = process.argv.slice(2)
if (program === undefined) {
    console.error('usage: node differ.mjs ANSWERS [--first SEED] [--count N] [--seconds N] [--show SEED]')
    process.exit(3)
}
const options = optionsOf(words)
const ours = new Ours(program)
if (options.show !== undefined) {
    console.log(JSON.stringify(caseOf(options.show), undefined, 1))
    await explain(ours, options.show)
    process.exit(0)
}
let end = Date.now() + options.seconds * 1000
// Whoever stops a long run wants to know what it came to.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => { end = 0 })
const totals = { success: 0, revert: 0, halt: 0 }
const differing = []
let ran = 0
while (ran < options.count && Date.now() < end) {
    const seeds = []
    while (seeds.length < batch && ran + seeds.length < options.count) seeds.push(options.first + ran + seeds.length)
    const cases = seeds.map(caseOf)
    await ours.ask(cases)
    for (let i = 0; i < cases.length; ++i) {
        const theirs = await answer(cases[i])
        const mine = await ours.next([])
        ++totals[mine.status]
        if (differences(mine, theirs).length !== 0) differing.push(seeds[i])
    }
    ran += cases.length
}
for (const seed of differing.slice(0, shown)) await explain(ours, seed)
ours.end()
console.log(`${ran} calls from seed ${options.first}: ${totals.success} succeeded, ${totals.revert} reverted, ${totals.halt} halted; ${differing.length} differ`)
process.exit(differing.length === 0 && ran > 0 ? 0 : 1)
