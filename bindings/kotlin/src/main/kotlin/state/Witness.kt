package dev.mote.validator.state

import dev.mote.validator.MoteException
import dev.mote.validator.Opened
import dev.mote.validator.allocate

/** A write of a block. Of several to one key the last counts. */
public class Operation private constructor(
    internal val key: ByteArray,
    internal val value: ByteArray?,
) {
    public companion object {
        /** The key gets the value. Both are copied. */
        @JvmStatic
        public fun put(key: ByteArray, value: ByteArray): Operation =
            Operation(key.clone(), value.clone())

        /** The key is deleted, absent or not. */
        @JvmStatic
        public fun delete(key: ByteArray): Operation = Operation(key.clone(), null)
    }
}

/** Why a witness is not enough for a block. */
public enum class BlockFault {
    /** It leaves out what the block needs. */
    MISSING,

    /** A shard runs out of serial numbers. */
    SN_SPACE,

    /** One that these classes do not know. */
    UNKNOWN,
}

/** What a witness says about a block. */
public class BlockVerdict internal constructor(
    private val bytes: ByteArray?,
    /** Null if it is accepted. */
    public val fault: BlockFault?,
) {
    /** Everything that the block needs was there. */
    @get:JvmName("isAccepted") public val accepted: Boolean get() = bytes != null

    /** The state root after the block, 32 bytes; null unless accepted. A copy. */
    public val root: ByteArray? get() = bytes?.clone()
}

/**
 * What a block needs of the state before it. Read-only; any number of threads may use it.
 *
 * [close] as of a [Proof].
 */
public class Witness private constructor(opened: Opened) : AutoCloseable {
    /** The state before the block, as far as the witness opens it. Closed together with it. */
    public val before: Proof = Proof(opened)

    /**
     * Computes the state root after a block; the witness stays as it is.
     *
     * @param height of the block, above that of the root
     * @throws dev.mote.validator.MalformedException if the block is void; the verdict's index is the
     *   operation to blame
     * @throws IllegalArgumentException for another height
     * @throws IllegalStateException after [close]
     */
    @Throws(MoteException::class)
    public fun apply(height: Long, operations: List<Operation>): BlockVerdict {
        val witness = before.opened
        val list = operations.toTypedArray()
        val size = LongArray(1)
        Native.demand(Native.applySize(witness.memory, witness.address, list.size, size))
        val out = LongArray(Native.VERDICT_LONGS)
        val root = ByteArray(ROOT_BYTES)
        val status = Native.apply(
            allocate(size[0]),
            witness.memory,
            witness.address,
            height,
            Array(list.size) { list[it].key },
            Array(list.size) { list[it].value },
            root,
            out,
        )
        Native.demand(status, "block", out)
        return when {
            out[0] == 1L -> BlockVerdict(root, null)
            out[1] == MISSING -> BlockVerdict(null, BlockFault.MISSING)
            out[1] == SN_SPACE -> BlockVerdict(null, BlockFault.SN_SPACE)
            else -> BlockVerdict(null, BlockFault.UNKNOWN)
        }
    }

    /** Lets go of the memory. A second close does nothing. */
    override fun close(): Unit = before.close()

    public companion object {
        private const val ROOT_BYTES = 32
        private const val MISSING = 33L
        private const val SN_SPACE = 34L

        /**
         * Opens a witness against the root before its block, with the height of that root.
         *
         * @throws MoteException as of [Proof.open]
         */
        @JvmStatic
        @JvmOverloads
        @Throws(MoteException::class)
        public fun open(root: ByteArray, witness: ByteArray, height: Long? = null): Witness =
            Witness(Proof.opened("witness", root, witness, height))
    }
}
