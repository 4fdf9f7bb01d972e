package dev.mote.validator

import java.nio.ByteBuffer

/**
 * The short way: a bundle file in, a verdict out.
 *
 * ```kotlin
 * val verdict = Mote.verifyBundle(file.readBytes(), programDigest, setupDigest)
 * if (verdict.accepted) ...
 * ```
 *
 * A call takes milliseconds to seconds, so make it on a background thread. To verify many
 * proofs of one program, open [ProgramKey] and [DorySetup] once and use a [Verifier].
 */
public object Mote {
    /** The arithmetic this machine gets, such as "x86_64_adx" or "portable". */
    @JvmStatic
    public val archName: String get() = Native.archName()

    /**
     * Opens a bundle, its key and its setup, and verifies its proof.
     *
     * Without expectations the digests that the bundle states are used: whoever made the bundle
     * chose them, so the verdict is about their program and their setup.
     *
     * @param bundle a file as upstream's prover writes it
     * @param expectProgram the digest (32 bytes) the program must have; null takes the bundle's
     * @param expectSetup the SHA-256 (32 bytes) the setup must have; null takes the bundle's
     * @param onStage is told when a stage begins; what it throws comes out of this call
     * @return the verdict, with offsets that count from the beginning of the bundle. That program
     *   or setup is another one than expected is a verdict too.
     * @throws MalformedException if the bytes do not parse
     * @throws IllegalArgumentException if a digest is not 32 bytes
     */
    @JvmStatic
    @JvmOverloads
    @Throws(MoteException::class)
    public fun verifyBundle(
        bundle: ByteArray,
        expectProgram: ByteArray? = null,
        expectSetup: ByteArray? = null,
        onStage: OnStage? = null,
    ): Verdict {
        val program = expectProgram?.let { checkedDigest(it, "expectProgram") }
        val sha256 = expectSetup?.let { checkedDigest(it, "expectSetup") }
        return verify(bundle, program, sha256, onStage)
    }

    /**
     * The same of what stands between position and limit of a buffer, which stays as it is.
     *
     * @throws MoteException as of the other
     */
    @JvmStatic
    @JvmOverloads
    @Throws(MoteException::class)
    public fun verifyBundle(
        bundle: ByteBuffer,
        expectProgram: ByteArray? = null,
        expectSetup: ByteArray? = null,
        onStage: OnStage? = null,
    ): Verdict = verifyBundle(bundle.remainingBytes(), expectProgram, expectSetup, onStage)

    private fun verify(
        bundle: ByteArray,
        program: ByteArray?,
        sha256: ByteArray?,
        onStage: OnStage?,
    ): Verdict {
        val b: ProofBundle
        val verifier = try {
            b = ProofBundle.open(bundle)
            Verifier(
                ProgramKey.open(b.keyPart, program ?: b.keyDigest),
                DorySetup.open(b.setupPart, sha256 ?: b.setupDigest),
            )
        } catch (e: RejectedException) {
            return e.verdict
        }
        val advice = b.advicePart.takeIf { it.count > 0 }
        return verifier.verify(b.publicIo, b.proofPart, advice, onStage)
    }
}
