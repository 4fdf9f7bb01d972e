package dev.mote.validator

import java.nio.ByteBuffer
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock

/**
 * Verifies proofs of one program. It has working memory of its own, about half a megabyte, so two
 * calls at once take turns; use one verifier per thread to run them side by side.
 *
 * It keeps what it needs of key and setup: closing those does not end it.
 *
 * @param key the program
 * @param setup the parameters of the commitment scheme
 * @throws IllegalStateException if one of them is closed
 * @throws OutOfMemoryError if there is no working memory
 */
public class Verifier(key: ProgramKey, setup: DorySetup) : AutoCloseable {
    private class Parts(val key: Opened, val setup: Opened, val memory: ByteBuffer)

    private val held: Held<Parts>
    private val lock = ReentrantLock()

    init {
        val k = key.opened
        val s = setup.opened
        val answer = Answer()
        val status =
            Native.verifySize(k.memory, k.address, s.memory, s.address, answer.out)
        check(status == 0) { Native.text(Native.STATUS, status) }
        held = Held(Parts(k, s, allocate(answer.value)), "verifier")
    }

    /**
     * Decides whether [proof] shows that the program does what [io] says. Time and memory are
     * bounded for every input.
     *
     * @param io what the caller believes the program read and wrote
     * @param proof anything anyone sent
     * @param trustedAdvice commitment (384 bytes) to advice that the caller vouches for, or null
     * @param onStage is told when a stage begins; what it throws comes out of this call
     * @return the verdict; look at [Verdict.accepted]
     * @throws MalformedException if the bytes are not a proof
     * @throws IllegalArgumentException if the trusted advice is not 384 bytes
     * @throws IllegalStateException after [close], or if called from [onStage] of this verifier
     */
    @JvmOverloads
    @Throws(MoteException::class)
    public fun verify(
        io: PublicIo,
        proof: ByteArray,
        trustedAdvice: ByteArray? = null,
        onStage: OnStage? = null,
    ): Verdict = verify(io, Part(proof), trustedAdvice?.let { Part(it.clone()) }, onStage)

    /**
     * The same of what stands between position and limit of a buffer, which stays as it is.
     *
     * @throws MoteException as of the other
     */
    @JvmOverloads
    @Throws(MoteException::class)
    public fun verify(
        io: PublicIo,
        proof: ByteBuffer,
        trustedAdvice: ByteArray? = null,
        onStage: OnStage? = null,
    ): Verdict = verify(io, proof.remainingBytes(), trustedAdvice, onStage)

    /** Lets go of the memory; a call that runs ends well. A second close does nothing. */
    override fun close(): Unit = held.close()

    internal fun verify(
        io: PublicIo,
        proof: Part,
        advice: Part?,
        onStage: OnStage?,
    ): Verdict {
        require(advice == null || advice.count == GT_BYTES) {
            "trustedAdvice has ${advice?.count} bytes, not $GT_BYTES"
        }
        // The lock lets its own thread in again, and the working memory is in use then.
        check(!lock.isHeldByCurrentThread) { "this verifier is at work: called from its onStage" }
        return lock.withLock {
            val parts = held.get()
            val answer = Answer()
            val status = Native.verify(
                parts.memory,
                parts.key.memory,
                parts.key.address,
                parts.setup.memory,
                parts.setup.address,
                io.panic,
                io.ownInputs,
                io.ownOutputs,
                io.memoryLayout?.toLongArray(),
                proof.array,
                proof.from,
                proof.count,
                advice?.copy(),
                onStage?.asListener(),
                answer.out,
            )
            answer.verdict(status, proof, advice)
        }
    }
}
