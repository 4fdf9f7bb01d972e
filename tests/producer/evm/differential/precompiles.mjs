// Inputs of the precompiled contracts that are good or nearly so; from noise alone most of them would refuse.

const word = (value) => BigInt(value).toString(16).padStart(64, '0')
const padded = (hex) => hex.padStart(128, '0')

// Generators: alt_bn128 [EIPS] 196, 197; BLS12-381 [EIPS] 2537.
const bn1 = word(1) + word(2)
const bn2 =
    '198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2' +
    '1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed' +
    '090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b' +
    '12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa'
const bnPrime = 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47n
const bn1Negative = word(1) + word(bnPrime - 2n)
const bls1 =
    padded('17f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb') +
    padded('08b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1')
const bls2 =
    padded('024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8') +
    padded('13e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e') +
    padded('0ce5d527727d6e118cc9cdc6da2e351aadfd9baa8cbdd3a76d429a695160d12c923ac9cc3baca289e193548608b82801') +
    padded('0606c4a02ea734cc32acd2b02bc28b99cb3e287e85a763af267492ab572e99ab3f370d275cec1da1aaa9075ff05f79be')

const list = (random, most, one) => {
    let out = ''
    for (let i = 1 + random.below(most); i > 0; --i) out += one()
    return out
}

/** An input of the contract at `address`, hexadecimal. */
function good(address, random) {
    const infinity = (bytes) => '00'.repeat(bytes)
    const field = () => padded('0' + random.hex(48).slice(1))
    switch (address) {
        case 1: // any hash has a signer for a signature
            return random.hex(32) + word(27 + random.below(2)) +
                '9242685bf161793cc25603c231bc2f568eb630ea16aa137d2664ac8038825608' +
                '4f8ae3bd7535248d0bd448298cc2e2071e56992d0774dc340c368ae950852ada'
        case 5: {
            const lengths = [random.below(70), random.below(40), random.below(70)]
            return lengths.map(word).join('') + random.hex(lengths[0] + lengths[1] + lengths[2])
        }
        case 6: return random.of([bn1, bn1Negative, infinity(64)]) + random.of([bn1, bn1Negative, infinity(64)])
        case 7: return bn1 + random.hex(32)
        case 8: return list(random, 2, () => random.of([bn1, bn1Negative, infinity(64)]) + random.of([bn2, infinity(128)]))
        case 9: return '000000' + random.hex(209) + random.of(['00', '01'])
        case 0x0b: return random.of([bls1, infinity(128)]) + random.of([bls1, infinity(128)])
        case 0x0c: return list(random, 3, () => random.of([bls1, infinity(128)]) + random.hex(32))
        case 0x0d: return random.of([bls2, infinity(256)]) + random.of([bls2, infinity(256)])
        case 0x0e: return list(random, 2, () => random.of([bls2, infinity(256)]) + random.hex(32))
        case 0x0f: return list(random, 2, () => random.of([bls1, infinity(128)]) + random.of([bls2, infinity(256)]))
        case 0x10: return field()
        case 0x11: return field() + field()
        default: return random.hex(random.below(200))
    }
}

/** The same, now and then with a bit changed or a byte too few or too many. */
export function precompileInput(address, random) {
    const input = good(address, random)
    if (input.length === 0 || !random.chance(15)) return input
    if (random.chance(50)) return random.chance(50) ? input.slice(2) : input + random.hex(1)
    const at = random.below(input.length)
    return input.slice(0, at) + (parseInt(input[at], 16) ^ (1 << random.below(4))).toString(16) + input.slice(at + 1)
}
