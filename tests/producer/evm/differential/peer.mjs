// The second machine: @ethereumjs/evm on a case of programs.mjs, its answer in the form of answers.cpp.
import { Common, Mainnet } from '@ethereumjs/common'
import { createEVM } from '@ethereumjs/evm'
import { SimpleStateManager } from '@ethereumjs/statemanager'
import { Account, bytesToHex, createAddressFromString, hexToBytes, setLengthLeft } from '@ethereumjs/util'

const names = {
    Byzantium: 'byzantium', ConstantinopleFix: 'petersburg', Istanbul: 'istanbul', Berlin: 'berlin',
    London: 'london', Paris: 'paris', Shanghai: 'shanghai', Cancun: 'cancun', Prague: 'prague',
    Osaka: 'osaka',
}
const commons = new Map()

function commonOf(fork) {
    if (!commons.has(fork)) commons.set(fork, new Common({ chain: Mainnet, hardfork: names[fork] }))
    return commons.get(fork)
}

const hex = (value) => '0x' + BigInt(value).toString(16)
const hexOfWord = (bytes) => (bytes.length === 0 ? '0x0' : hex(bytesToHex(bytes)))

async function stateOf(pre, common) {
    const state = new SimpleStateManager({ common })
    for (const [name, fields] of Object.entries(pre)) {
        const address = createAddressFromString(name)
        await state.putAccount(address, new Account(BigInt(fields.nonce), BigInt(fields.balance)))
        if (fields.code !== '0x') await state.putCode(address, hexToBytes(fields.code))
        for (const [key, value] of Object.entries(fields.storage)) {
            const bytes = (text) => hexToBytes(text.length % 2 === 0 ? text : '0x0' + text.slice(2))
            await state.putStorage(address, setLengthLeft(bytes(key), 32), bytes(value))
        }
    }
    return state
}

/** Everything that exists. */
function accountsOf(state) {
    const out = {}
    for (const [address, account] of state.topAccountStack()) {
        if (account === undefined) continue
        const code = state.topCodeStack().get(address)
        out[address] = {
            nonce: Number(account.nonce),
            balance: hex(account.balance),
            code: code === undefined ? '0x' : bytesToHex(code),
            storage: {},
        }
    }
    for (const [name, value] of state.topStorageStack()) {
        const [address, key] = name.split('_')
        const word = hexOfWord(value)
        if (word !== '0x0' && out[address] !== undefined) out[address].storage[hex(key)] = word
    }
    return out
}

/** The answer, and the steps if they are asked for. */
export async function answer(one, steps) {
    const common = commonOf(one.fork)
    const state = await stateOf(one.pre, common)
    const evm = await createEVM({ common, stateManager: state })
    // It waits there for another fork, for ever, and with it everything it holds.
    common.events.removeAllListeners()
    if (steps !== undefined)
        evm.events.on('step', (step, next) => {
            steps.push({
                pc: step.pc, op: step.opcode.code, gas: Number(step.gasLeft), depth: step.depth + 1,
                stack: step.stack.map(hex),
            })
            next?.()
        })
    for (const address of one.warm) evm.journal.addAlwaysWarmAddress(address)
    for (const address of evm.precompiles.keys()) evm.journal.addAlwaysWarmAddress('0x' + address)
    const env = one.env
    const { execResult } = await evm.runCall({
        block: {
            header: {
                number: BigInt(env.currentNumber),
                coinbase: createAddressFromString(env.currentCoinbase),
                timestamp: BigInt(env.currentTimestamp),
                difficulty: BigInt(env.currentDifficulty),
                prevRandao: hexToBytes(env.currentRandom),
                gasLimit: BigInt(env.currentGasLimit),
                baseFeePerGas: BigInt(env.currentBaseFee),
                getBlobGasPrice: () => 1n,
            },
        },
        caller: createAddressFromString(one.from),
        origin: createAddressFromString(one.from),
        gasPrice: BigInt(env.currentBaseFee),
        to: createAddressFromString(one.to),
        value: BigInt(one.value),
        gasLimit: BigInt(one.gas),
        data: hexToBytes(one.input),
        skipNonceIncrement: true,
    })
    const why = execResult.exceptionError?.error ?? 'success'
    const status = why === 'success' ? 'success' : why === 'revert' ? 'revert' : 'halt'
    // What the end of a transaction does. EIP-6780: only what was made in it goes.
    for (const address of execResult.selfdestruct?.keys() ?? [])
        if (!common.isActivatedEIP(6780) || execResult.createdAddresses?.has(address))
            await evm.journal.deleteAccount(createAddressFromString(address))
    await evm.journal.cleanup()
    return {
        status,
        why,
        gasLeft: Number(BigInt(one.gas) - execResult.executionGasUsed),
        refund: Number(execResult.gasRefund ?? 0n),
        output: status === 'halt' ? '0x' : bytesToHex(execResult.returnValue),
        logs: (execResult.logs ?? []).map(([address, topics, data]) => ({
            address: bytesToHex(address), topics: topics.map(hexOfWord), data: bytesToHex(data),
        })),
        accounts: accountsOf(state),
    }
}
