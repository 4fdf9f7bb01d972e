package dev.mote.validator

import java.nio.ByteBuffer

/**
 * An opened program key: what the guest program is. Read-only; any number of threads may use it.
 *
 * [close] lets go of its memory, which the garbage collector gives back once no verifier and no
 * call uses it. A handle that is never closed goes the same way.
 */
public class ProgramKey private constructor(opened: Opened) : AutoCloseable {
    private val held = Held(opened, "program key")
    internal val opened: Opened get() = held.get()

    /**
     * Facts about the key.
     *
     * @throws IllegalStateException after [close]
     */
    public fun describe(): Info {
        val key = opened
        val facts = LongArray(FACTS + MemoryLayout.COUNT)
        val digest = ByteArray(DIGEST_BYTES)
        Native.keyDescribe(key.memory, key.address, facts, digest)
        return Info(facts, digest)
    }

    /** Lets go of the memory. A second close does nothing. */
    override fun close(): Unit = held.close()

    /** Facts about a key. Numbers are unsigned. */
    public class Info internal constructor(facts: LongArray, private val ownDigest: ByteArray) {
        /** Whether the key commits to the program instead of containing it. */
        @get:JvmName("isCommitted") public val committed: Boolean = facts[0] != 0L

        /** Most cycles of a trace, padding included. */
        public val maxTraceLength: Long = facts[1]

        /** Rows of bytecode, padding included. */
        public val bytecodeLength: Long = facts[2]

        /** 64-bit words of initial memory. */
        public val imageWords: Long = facts[3]

        /** Where the program begins. */
        public val entryAddress: Long = facts[4]

        /** The memory map of the program. */
        public val memoryLayout: MemoryLayout =
            MemoryLayout(facts.copyOfRange(FACTS, FACTS + MemoryLayout.COUNT))

        /** The 32 bytes that identify the program. */
        public val digest: ByteArray get() = ownDigest.clone()
    }

    public companion object {
        private const val FACTS = 5

        /**
         * Checks a program key and keeps what verification needs of it.
         *
         * @param key as it stands in a bundle; not needed any more after the call
         * @param digest the 32 bytes that identify the program the caller wants. It is always
         *   recomputed from the content.
         * @param revision name of the Jolt revision; null is the newest
         * @throws MalformedException if the bytes are not a key
         * @throws RejectedException if it is the key of another program, or not a good one
         * @throws IllegalArgumentException if the digest is not 32 bytes
         */
        @JvmStatic
        @JvmOverloads
        @Throws(MoteException::class)
        public fun open(key: ByteArray, digest: ByteArray, revision: String? = null): ProgramKey =
            open(Part(key), digest, revision)

        /**
         * The same of what stands between position and limit of a buffer, which stays as it is.
         *
         * @throws MoteException as of the other
         */
        @JvmStatic
        @JvmOverloads
        @Throws(MoteException::class)
        public fun open(key: ByteBuffer, digest: ByteArray, revision: String? = null): ProgramKey =
            open(Part(key.remainingBytes()), digest, revision)

        internal fun open(key: Part, digest: ByteArray, revision: String? = null): ProgramKey {
            val expected = checkedDigest(digest, "digest")
            // What is behind a zero would not be looked at.
            require(revision == null || '\u0000' !in revision) { "a revision has no zero in it" }
            val answer = Answer()
            answer.accepted(Native.keySize(key.array, key.from, key.count, answer.out), key)
            val memory = allocate(answer.value)
            val status = Native.keyOpen(
                memory,
                revision?.plus('\u0000')?.toByteArray(),
                key.array,
                key.from,
                key.count,
                expected,
                answer.out,
            )
            answer.accepted(status, key)
            return ProgramKey(Opened(memory, answer.value))
        }
    }
}
