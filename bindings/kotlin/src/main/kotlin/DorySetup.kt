package dev.mote.validator

import java.nio.ByteBuffer

/**
 * An opened Dory setup: the parameters of the commitment scheme. Read-only; any number of threads
 * may use it. Opening takes about 10 ms; do it once.
 *
 * [close] lets go of its memory, which the garbage collector gives back once no verifier and no
 * call uses it. A handle that is never closed goes the same way.
 */
public class DorySetup private constructor(opened: Opened) : AutoCloseable {
    private val held = Held(opened, "Dory setup")
    internal val opened: Opened get() = held.get()

    /** Lets go of the memory. A second close does nothing. */
    override fun close(): Unit = held.close()

    public companion object {
        /**
         * Checks a setup: its SHA-256, every element, and the relations between them.
         *
         * @param setup as it stands in a bundle; not needed any more after the call
         * @param sha256 the 32 bytes that it must have
         * @throws MalformedException if the bytes are not a setup
         * @throws RejectedException if it is another setup, or not a good one
         * @throws IllegalArgumentException if the digest is not 32 bytes
         */
        @JvmStatic
        @Throws(MoteException::class)
        public fun open(setup: ByteArray, sha256: ByteArray): DorySetup = open(Part(setup), sha256)

        /**
         * The same of what stands between position and limit of a buffer, which stays as it is.
         *
         * @throws MoteException as of the other
         */
        @JvmStatic
        @Throws(MoteException::class)
        public fun open(setup: ByteBuffer, sha256: ByteArray): DorySetup =
            open(Part(setup.remainingBytes()), sha256)

        internal fun open(setup: Part, sha256: ByteArray): DorySetup {
            val expected = checkedDigest(sha256, "sha256")
            val answer = Answer()
            val sized = Native.setupSize(setup.array, setup.from, setup.count, answer.out)
            answer.accepted(sized, setup)
            val memory = allocate(answer.value)
            val status = Native.setupOpen(
                memory,
                setup.array,
                setup.from,
                setup.count,
                expected,
                answer.out,
            )
            answer.accepted(status, setup)
            return DorySetup(Opened(memory, answer.value))
        }
    }
}
