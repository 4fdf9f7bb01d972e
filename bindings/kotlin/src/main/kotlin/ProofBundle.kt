package dev.mote.validator

import java.nio.ByteBuffer

/**
 * A bundle file taken apart. What is inside key, setup and proof is not checked beyond finding
 * where they end. (Android has a `Bundle` already.)
 *
 * A bundle brings its own key and setup, so whoever made the bundle chose them: pin [keyDigest] and
 * [setupDigest] to values that you trust.
 */
public class ProofBundle private constructor(
    bytes: ByteArray,
    parts: LongArray,
    digests: ByteArray,
) {
    internal val keyPart: Part = part(bytes, parts, 1)
    internal val setupPart: Part = part(bytes, parts, 3)
    internal val proofPart: Part = part(bytes, parts, 5)
    internal val advicePart: Part = part(bytes, parts, 7)
    private val ownKeyDigest = digests.copyOfRange(0, DIGEST_BYTES)
    private val ownSetupDigest = digests.copyOfRange(DIGEST_BYTES, 2 * DIGEST_BYTES)

    /** A copy of the program key, for [ProgramKey.open]. */
    public val key: ByteArray get() = keyPart.copy()

    /** A copy of the setup, for [DorySetup.open]. */
    public val setup: ByteArray get() = setupPart.copy()

    /** A copy of the proof, for [Verifier.verify]. */
    public val proof: ByteArray get() = proofPart.copy()

    /** A copy of the commitment to trusted advice; null if there is none. */
    public val trustedAdvice: ByteArray?
        get() = if (advicePart.count == 0) null else advicePart.copy()

    /** What the bundle says that the program read and wrote. */
    public val publicIo: PublicIo = PublicIo(
        inputs = part(bytes, parts, 9).copy(),
        outputs = part(bytes, parts, 11).copy(),
        panic = parts[0] != 0L,
        memoryLayout = MemoryLayout(parts.copyOfRange(LAYOUT, LAYOUT + MemoryLayout.COUNT)),
    )

    /** The program digest as the bundle states it; [ProgramKey.open] recomputes it. */
    public val keyDigest: ByteArray get() = ownKeyDigest.clone()

    /** The SHA-256 of the setup. */
    public val setupDigest: ByteArray get() = ownSetupDigest.clone()

    public companion object {
        /** Where the memory layout stands in what the native call fills. */
        private const val LAYOUT = 13

        /**
         * Takes a bundle apart; the bytes are copied.
         *
         * @throws MalformedException if the bytes are not a bundle
         * @throws RejectedException if it is one of a kind that is not supported
         */
        @JvmStatic
        @Throws(MoteException::class)
        public fun open(bundle: ByteArray): ProofBundle = openOwn(bundle.clone())

        /**
         * The same of what stands between position and limit of a buffer, which stays as it is.
         *
         * @throws MoteException as of the other
         */
        @JvmStatic
        @Throws(MoteException::class)
        public fun open(bundle: ByteBuffer): ProofBundle = openOwn(bundle.remainingBytes())

        private fun openOwn(bytes: ByteArray): ProofBundle {
            val parts = LongArray(LAYOUT + MemoryLayout.COUNT)
            val digests = ByteArray(2 * DIGEST_BYTES)
            val answer = Answer()
            val status = Native.bundleOpen(bytes, parts, digests, answer.out)
            answer.accepted(status, Part(bytes))
            return ProofBundle(bytes, parts, digests)
        }

        private fun part(bytes: ByteArray, parts: LongArray, at: Int) =
            Part(bytes, parts[at].toInt(), parts[at + 1].toInt())
    }
}
