package dev.mote.validator.state

import dev.mote.validator.Held
import dev.mote.validator.MoteException
import dev.mote.validator.Opened
import dev.mote.validator.RejectedException
import dev.mote.validator.allocate
import dev.mote.validator.checkedDigest

/** What a proof says about a key. */
public enum class Answer {
    /** This proof does not say; another one may. It is not a kind of absent. */
    UNPROVEN,

    /** The key has a value. */
    PRESENT,

    /** The key is not in the state. */
    ABSENT,
}

/** The answer to a question about a key. */
public class Lookup internal constructor(
    /** Present, absent or unproven. */
    public val answer: Answer,
    private val bytes: ByteArray?,
) {
    /** Of a present key; otherwise null. A copy. */
    public val value: ByteArray? get() = bytes?.clone()
}

/**
 * Entries of the state under a root. Read-only; any number of threads may use it.
 *
 * [close] lets go of its memory, which the garbage collector gives back once no call uses it. A handle
 * that is never closed goes the same way.
 *
 * Heights are unsigned, as in protobuf's Java code.
 */
public class Proof internal constructor(opened: Opened) : AutoCloseable {
    private val held = Held(opened, "proof")
    internal val opened: Opened get() = held.get()

    /**
     * What the proof shows about a key, in the state of the root.
     *
     * @param key 1 to 255 bytes
     * @throws IllegalArgumentException for a key that no state can have
     * @throws IllegalStateException after [close]
     */
    public fun lookup(key: ByteArray): Lookup = ask(key, false, 0)

    /**
     * The same for the state after the block of an earlier height.
     *
     * @throws IllegalArgumentException also for a height above the root's, or if that is not known
     * @throws IllegalStateException after [close]
     */
    public fun lookupAfter(key: ByteArray, height: Long): Lookup = ask(key, true, height)

    private fun ask(key: ByteArray, past: Boolean, height: Long): Lookup {
        val proof = opened
        val out = LongArray(2)
        val answer = Native.lookup(proof.memory, proof.address, key, past, height, out)
        if (answer < 0) {
            Native.demand(-answer)
        }
        val found = Answer.values()[answer]
        if (found != Answer.PRESENT) {
            return Lookup(found, null)
        }
        val value = ByteArray(out[1].toInt())
        val from = proof.memory.duplicate()
        from.position(out[0].toInt())
        from.get(value)
        return Lookup(found, value)
    }

    /** Lets go of the memory. A second close does nothing. */
    override fun close(): Unit = held.close()

    public companion object {
        /** Most bytes of a key. */
        public const val KEY_BYTES_MAX: Int = 255

        /** Most bytes of a value. */
        public const val VALUE_BYTES_MAX: Int = 65535

        /**
         * Checks that everything in a proof is under a root.
         *
         * @param root the 32 bytes of a header the caller trusts
         * @param proof from anybody; not needed any more after the call
         * @param height of that header's block; null: nothing can be asked about the past
         * @throws dev.mote.validator.MalformedException if the bytes do not parse; its verdict has the
         *   reason and the offset
         * @throws RejectedException if they lead to another root
         * @throws IllegalArgumentException if the root is not 32 bytes
         */
        @JvmStatic
        @JvmOverloads
        @Throws(MoteException::class)
        public fun open(root: ByteArray, proof: ByteArray, height: Long? = null): Proof =
            Proof(opened("proof", root, proof, height))

        internal fun opened(
            kind: String,
            root: ByteArray,
            bytes: ByteArray,
            height: Long?,
        ): Opened {
            val trusted = checkedDigest(root, "root")
            require(height != -1L) { "no block has this height" }
            val size = LongArray(1)
            Native.demand(Native.proofSize(bytes.size, size))
            val memory = allocate(size[0])
            val out = LongArray(Native.VERDICT_LONGS)
            val status =
                Native.proofOpen(memory, kind == "witness", trusted, height ?: -1, bytes, out)
            Native.demand(status, kind, out)
            if (out[0] == 0L) {
                throw RejectedException(Native.told(kind, out))
            }
            return Opened(memory, out[0])
        }
    }
}
