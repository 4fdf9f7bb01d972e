// Random cases from a seed: a few contracts that call each other, and one call to the first of them.
//
// Programs know how many items are on the stack and mostly keep to it, so that they get far; a few bytes in a
// hundred are anything. What differs between machines by design is left out: hashes of earlier blocks, the
// precompile that needs a trusted setup (0x0a).

import { precompileInput } from './precompiles.mjs'

export const forks = [
    'Byzantium', 'ConstantinopleFix', 'Istanbul', 'Berlin', 'London', 'Paris', 'Shanghai', 'Cancun',
    'Prague', 'Osaka',
]

const contracts = [1, 2, 3, 4].map((i) => '0x' + '00'.repeat(17) + 'c0de0' + i)
const sender = '0x' + 'aa'.repeat(20)
const coinbase = '0x' + 'c0'.repeat(20)
const nobody = '0x' + '00'.repeat(18) + 'dead'
const precompiles = [1, 2, 3, 4, 5, 6, 7, 8, 9, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11, 0x100]

/** sfc32 over a seed: 32 bits at a time. */
export class Random {
    constructor(seed) {
        this.a = 0x9e3779b9 ^ seed
        this.b = 0x243f6a88
        this.c = 0xb7e15162
        this.d = Math.floor(seed / 2 ** 32) | 1
        for (let i = 0; i < 16; ++i) this.next()
    }
    next() {
        const t = (((this.a + this.b) | 0) + this.d) | 0
        this.d = (this.d + 1) | 0
        this.a = this.b ^ (this.b >>> 9)
        this.b = (this.c + (this.c << 3)) | 0
        this.c = (this.c << 21) | (this.c >>> 11)
        this.c = (this.c + t) | 0
        return t >>> 0
    }
    below(limit) {
        return this.next() % limit
    }
    of(list) {
        return list[this.below(list.length)]
    }
    /** With a chance of `percent`. */
    chance(percent) {
        return this.below(100) < percent
    }
    hex(bytes) {
        let out = ''
        for (let i = 0; i < bytes; ++i) out += this.below(256).toString(16).padStart(2, '0')
        return out
    }
}

const op = (code) => code.toString(16).padStart(2, '0')

/** PUSH of a number with as few bytes as it needs. */
function push(value) {
    let hex = BigInt(value).toString(16)
    if (hex.length % 2 !== 0) hex = '0' + hex
    return op(0x5f + hex.length / 2) + hex
}

function anyWord(random) {
    const kind = random.below(10)
    if (kind < 3) return BigInt(random.of([0, 1, 2, 3, 31, 32, 33, 64, 127, 128, 255, 256]))
    if (kind < 5) {
        const power = 1n << BigInt(random.below(256))
        return (power + BigInt(random.below(3) - 1)) & ((1n << 256n) - 1n)
    }
    if (kind < 6) return (1n << 256n) - 1n - BigInt(random.below(3))
    if (kind < 7) return BigInt(random.of(contracts))
    return BigInt('0x' + random.hex(random.below(32) + 1))
}

function anyAddress(random) {
    const kind = random.below(20)
    if (kind < 12) return random.of(contracts)
    if (kind < 17) return '0x' + random.of(precompiles).toString(16)
    return random.of([sender, coinbase, nobody, '0x' + random.hex(20)])
}

/** Instructions that not every fork has. */
const since = new Map([
    [0x1b, 1], [0x1c, 1], [0x1d, 1], [0x3f, 1], [0xf5, 1], // ConstantinopleFix
    [0x46, 2], [0x47, 2], // Istanbul
    [0x48, 4], // London
    [0x5f, 6], // Shanghai
    [0x49, 7], [0x4a, 7], [0x5c, 7], [0x5d, 7], [0x5e, 7], // Cancun
    [0x1e, 9], // Osaka
])

const unary = [0x15, 0x19, 0x1e]
const binary = [1, 2, 3, 4, 5, 6, 7, 0x0a, 0x0b, 0x10, 0x11, 0x12, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1a, 0x1b, 0x1c, 0x1d]
const ternary = [8, 9]
const constant = [0x30, 0x32, 0x33, 0x34, 0x36, 0x38, 0x3a, 0x3d, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x4a, 0x58, 0x59, 0x5a]

/** A program in the making: hexadecimal, and how many items are on the stack. */
class Program {
    constructor(random, fork) {
        this.random = random
        this.fork = fork
        this.code = ''
        this.items = 0
    }
    get bytes() {
        return this.code.length / 2
    }
    /** Whether the fork has the instruction; now and then it does not matter. */
    may(code) {
        return (since.get(code) ?? 0) <= this.fork || this.random.below(1000) === 0
    }
    push(value) {
        const empty = BigInt(value) === 0n && this.random.chance(50) && this.may(0x5f)
        this.code += empty ? op(0x5f) : push(value)
        ++this.items
    }
    /** An instruction that takes and leaves so many items; what is missing is pushed. */
    instruction(code, takes, leaves) {
        if (!this.may(code)) return
        while (this.items < takes) this.push(anyWord(this.random))
        this.code += op(code)
        this.items += leaves - takes
    }
    /** An instruction with these operands, the first one on top. */
    with(code, leaves, ...operands) {
        if (!this.may(code)) return
        for (const operand of operands.reverse()) this.push(operand)
        this.code += op(code)
        this.items += leaves - operands.length
    }
    offset() {
        const random = this.random
        if (random.chance(2)) return anyWord(random)
        return BigInt(random.chance(90) ? random.below(160) : random.below(5000))
    }
    length() {
        const random = this.random
        if (random.chance(1)) return anyWord(random)
        return BigInt(random.of([0, 1, 20, 31, 32, 33, 64, 96, 128, 192, 213, 256, random.below(300)]))
    }
    gas() {
        const random = this.random
        if (random.chance(60)) {
            this.code += '5a'
            ++this.items
        } else this.push(random.chance(50) ? random.below(3000) : random.below(60000))
    }

    memory() {
        const random = this.random
        switch (random.below(8)) {
            case 0: return this.with(0x51, 1, this.offset())
            case 1: return this.with(0x53, 0, this.offset(), anyWord(random))
            case 2: return this.with(0x5e, 0, this.offset(), this.offset(), this.length())
            case 3: return this.with(0x20, 1, this.offset(), this.length())
            case 4: return this.with(random.of([0x37, 0x39]), 0, this.offset(), this.offset(), this.length())
            case 5: return this.returnData()
            default: return this.with(0x52, 0, this.offset(), anyWord(random))
        }
    }
    /** Mostly what is certainly there. */
    returnData() {
        const random = this.random
        if (random.chance(5)) return this.with(0x3e, 0, this.offset(), BigInt(random.below(40)), BigInt(random.below(40)))
        const before = this.items
        this.code += '3d' // the length
        ++this.items
        this.push(0)
        this.push(this.offset())
        this.code += '3e'
        this.items = before
    }
    state() {
        const random = this.random
        const key = random.chance(95) ? BigInt(random.below(4)) : anyWord(random)
        const value = random.chance(70) ? BigInt(random.below(3)) : anyWord(random)
        switch (random.below(8)) {
            case 0: return this.with(0x54, 1, key)
            case 1: return this.with(0x5c, 1, key)
            case 2: return this.with(0x5d, 0, key, value)
            case 3: return this.with(random.of([0x31, 0x3b, 0x3f]), 1, anyAddress(random))
            case 4: return this.with(0x3c, 0, anyAddress(random), this.offset(), this.offset(), this.length())
            default: return this.with(0x55, 0, key, value)
        }
    }
    call() {
        const random = this.random
        const kind = random.of([0xf1, 0xf1, 0xf1, 0xf2, 0xf4, 0xfa, 0xfa])
        const value = kind === 0xf1 || kind === 0xf2
        const before = this.items
        this.push(this.length())
        this.push(this.offset())
        this.push(this.length())
        this.push(this.offset())
        if (value) this.push(random.chance(70) ? 0 : random.below(1000))
        this.push(anyAddress(random))
        this.gas()
        this.code += op(kind)
        this.items = before + 1
    }
    precompile() {
        const random = this.random
        const cheap = random.chance(90) ? precompiles.filter((one) => ![8, 0x0e, 0x0f, 0x11].includes(one)) : precompiles
        const address = random.of(cheap)
        const input = precompileInput(address, random)
        const bytes = input.length / 2
        for (let i = 0; i < bytes; i += 32)
            this.with(0x52, 0, BigInt(i), BigInt('0x' + input.slice(2 * i, 2 * i + 64).padEnd(64, '0')))
        const before = this.items
        for (const operand of [64, 0, bytes, 0, address]) this.push(operand)
        this.gas()
        this.code += op(0xfa)
        this.items = before + 1
        this.with(0x51, 1, 0n)
    }
    create() {
        const random = this.random
        // Init code: a few stores or anything, then what it leaves.
        let init = new Program(random, this.fork)
        init.some(random.below(4))
        init.with(random.chance(85) ? 0xf3 : random.of([0xfd, 0xff]), 0, BigInt(random.below(40)), BigInt(random.below(70)))
        let code = init.code
        if (random.chance(40)) code = push(BigInt('0x' + random.of(['00', 'ef', '60', 'fe']) + random.hex(9))) + '600052600a6016f3'
        const bytes = code.length / 2
        for (let i = 0; i < bytes; i += 32)
            this.with(0x52, 0, BigInt(i), BigInt('0x' + code.slice(2 * i, 2 * i + 64).padEnd(64, '0')))
        const second = random.chance(50) && this.may(0xf5)
        const before = this.items
        if (second) this.push(random.below(2))
        this.push(bytes)
        this.push(0)
        this.push(random.chance(70) ? 0 : random.below(1000))
        this.code += op(second ? 0xf5 : 0xf0)
        this.items = before + 1
    }
    /** Jumps over a stretch or not; what the stretch does to the stack is undone. */
    branch(depth) {
        const random = this.random
        const inside = new Program(random, this.fork)
        inside.items = 0
        inside.some(random.below(5), depth + 1)
        inside.code += '50'.repeat(Math.max(0, inside.items))
        if (random.chance(60)) this.push(anyWord(random) & 1n)
        else this.instruction(random.of([0x15, 0x14, 0x10]), 2, 1)
        const target = this.bytes + 4 + inside.bytes
        this.code += '61' + (random.chance(2) ? random.below(65536) : target).toString(16).padStart(4, '0') + '57'
        --this.items
        this.code += inside.code + '5b'
    }
    /** A stretch up to fifteen times. */
    loop(depth) {
        const random = this.random
        this.push(random.below(15) + 1)
        const start = this.bytes
        this.code += '5b'
        const inside = new Program(random, this.fork)
        inside.code = this.code
        inside.items = 0
        inside.some(random.below(4), depth + 1)
        this.code = inside.code + '50'.repeat(Math.max(0, inside.items))
        this.code += '600190038061' + start.toString(16).padStart(4, '0') + '57'
    }
    some(count, depth = 0) {
        const random = this.random
        for (let i = 0; i < count; ++i) {
            const kind = random.below(100)
            if (kind < 12) this.push(anyWord(random))
            else if (kind < 34) this.instruction(random.of(binary), 2, 1)
            else if (kind < 38) this.instruction(random.of(unary), 1, 1)
            else if (kind < 41) this.instruction(random.of(ternary), 3, 1)
            else if (kind < 47) this.instruction(random.of(constant), 0, 1)
            else if (kind < 50) this.with(random.of([0x35, 0x49]), 1, this.offset())
            else if (kind < 53 && this.items > 0) this.instruction(0x80 + random.below(Math.min(16, this.items)), 0, 1)
            else if (kind < 56 && this.items > 1) this.code += op(0x90 + random.below(Math.min(16, this.items - 1)))
            else if (kind < 66) this.memory()
            else if (kind < 79) this.state()
            else if (kind < 84) this.call()
            else if (kind < 86) this.precompile()
            else if (kind < 89) this.create()
            else if (kind < 92) {
                const topics = random.below(5)
                const words = []
                for (let t = 0; t < topics; ++t) words.push(anyWord(random))
                this.with(0xa0 + topics, 0, this.offset(), this.length(), ...words)
            } else if (kind < 96 && depth < 2) this.branch(depth)
            else if (kind < 98 && depth < 2) this.loop(depth)
            else if (kind === 98 && random.chance(30)) this.code += random.hex(1 + random.below(3))
            else if (this.items > 0) this.instruction(0x50, 1, 0)
        }
    }
    end() {
        const random = this.random
        const kind = random.below(20)
        if (kind < 10) this.with(0xf3, 0, this.offset(), this.length())
        else if (kind < 13) this.with(0xfd, 0, this.offset(), this.length())
        else if (kind < 15) this.with(0xff, 0, anyAddress(random))
        else if (kind < 16) this.code += 'fe'
        return this.code
    }
}

/** The case of a seed. Fifty in a row have the same fork. */
export function caseOf(seed) {
    const random = new Random(seed)
    const number = Math.floor(seed / 50) % forks.length
    const fork = forks[number]
    const pre = {
        [sender]: { nonce: '0x1', balance: '0xde0b6b3a7640000', code: '0x', storage: {} },
    }
    for (const address of contracts) {
        const program = new Program(random, number)
        program.some(5 + random.below(40))
        const storage = {}
        for (let key = 0; key < 4; ++key)
            if (random.chance(40)) storage['0x' + key.toString(16)] = '0x' + (random.below(3) + 1).toString(16)
        pre[address] = { nonce: '0x1', balance: '0x' + random.below(3000).toString(16), code: '0x' + program.end(), storage }
    }
    // From Prague an account may stand for another's code.
    if ((fork === 'Prague' || fork === 'Osaka') && random.chance(30))
        pre[contracts[3]].code = '0xef0100' + random.of(contracts).slice(2)
    const to = contracts[0]
    return {
        fork,
        env: {
            currentNumber: '0x1', currentTimestamp: '0x65000000', currentGasLimit: '0x1c9c380',
            currentCoinbase: coinbase, currentBaseFee: '0x7', currentDifficulty: '0x20000',
            currentRandom: '0x' + '12'.repeat(32), currentExcessBlobGas: '0x0',
        },
        pre,
        from: sender,
        to,
        value: '0x' + (random.chance(70) ? 0 : random.below(1000)).toString(16),
        gas: '0x' + (random.chance(15) ? random.below(40000) : 200000 + random.below(2000000)).toString(16),
        input: '0x' + random.hex(random.below(100)),
        warm: [sender, to, coinbase],
    }
}
