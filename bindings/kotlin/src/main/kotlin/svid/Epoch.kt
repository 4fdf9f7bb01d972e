package dev.mote.validator.svid

import dev.mote.validator.DIGEST_BYTES
import dev.mote.validator.Held
import dev.mote.validator.MoteException
import dev.mote.validator.Opened
import dev.mote.validator.allocate
import dev.mote.validator.checkedDigest

/**
 * The validators of an epoch, put in order once. Read-only; any number of threads may use it.
 *
 * [close] lets go of its memory, which the garbage collector gives back once no call uses it. A handle
 * that is never closed goes the same way.
 *
 * In this package every `Int` and `Long` that is not a size is unsigned, as in protobuf's Java code.
 */
public class Epoch private constructor(opened: Opened) : AutoCloseable {
    private val held = Held(opened, "epoch")
    internal val opened: Opened get() = held.get()

    /**
     * The only parameters a block of so many bytes may have.
     *
     * @throws dev.mote.validator.LimitExceededException if it may have none
     * @throws IllegalStateException after [close]
     */
    @Throws(MoteException::class)
    public fun params(blockBytes: Long): Params {
        val epoch = opened
        val out = LongArray(6)
        Native.demand(Native.params(epoch.memory, epoch.address, blockBytes, out))
        return Params(
            rowBytes = out[0].toInt(),
            blockBytes = out[1],
            dataRows = out[2].toInt(),
            codeRows = out[3].toInt(),
            rows = out[4].toInt(),
            zBytes = out[5].toInt(),
        )
    }

    /**
     * The rows of one validator, a position in the list.
     *
     * @throws IllegalArgumentException if the epoch has no public keys, or no such validator
     * @throws dev.mote.validator.LimitExceededException as [params]
     * @throws IllegalStateException after [close]
     */
    @Throws(MoteException::class)
    public fun assignedRows(blockBytes: Long, zone: Int, height: Long, validator: Int): RowRange {
        val epoch = opened
        val out = IntArray(2)
        Native.demand(
            Native.assignedRows(
                epoch.memory,
                epoch.address,
                blockBytes,
                zone,
                height,
                validator,
                out,
            ),
        )
        return RowRange(out[0], out[1])
    }

    /** Lets go of the memory. A second close does nothing. */
    override fun close(): Unit = held.close()

    public companion object {
        /** Bytes of a public key. */
        public const val PUBLIC_KEY_BYTES: Int = 48

        /**
         * Copies the stakes and puts the validators in order.
         *
         * @param seed the 32 bytes of the order
         * @param stakes of the validators that have stake, in the order of the epoch's list: 4 to
         *   40,960 of them, none zero, their sum below 2^64
         * @param publicKeys [PUBLIC_KEY_BYTES] each, one after the other; null: nobody's rows are
         *   asked for, only samples
         * @throws IllegalArgumentException for any other list
         */
        @JvmStatic
        @JvmOverloads
        @Throws(MoteException::class)
        public fun open(
            seed: ByteArray,
            stakes: LongArray,
            publicKeys: ByteArray? = null,
        ): Epoch {
            val own = checkedDigest(seed, "seed")
            val amounts = stakes.clone()
            val out = LongArray(1)
            Native.demand(Native.epochSize(amounts.size, out))
            val memory = allocate(out[0])
            Native.demand(Native.epochOpen(memory, own, amounts, publicKeys, out))
            return Epoch(Opened(memory, out[0]))
        }
    }
}

/** The shape of one dispersal. An empty block has no rows. */
public data class Params(
    /** L. */
    public val rowBytes: Int,
    /** B. */
    public val blockBytes: Long,
    /** k: so many rows rebuild the block. */
    public val dataRows: Int,
    /** K, the power of two above. */
    public val codeRows: Int,
    /** N. */
    public val rows: Int,
    /** 16 k. */
    public val zBytes: Int,
)

/** Rows first, first + 1, ... modulo N. */
public data class RowRange(
    /** Number of the first row. */
    public val first: Int,
    /** How many. */
    public val count: Int,
)

/**
 * What the receiver knows before a byte arrives. The arrays are copied.
 *
 * @param chainId 32 bytes
 * @param svidRoot the 32 bytes of the root asked for
 */
public class Expected @JvmOverloads constructor(
    chainId: ByteArray,
    /** Of the block. */
    public val zone: Int,
    /** Of the block. */
    public val height: Long,
    /** Of the block. */
    public val epoch: Long,
    svidRoot: ByteArray,
    /** The chain's limit; 0 allows only the empty block. */
    public val blockBytesMax: Long = Svid.BLOCK_BYTES_MAX,
) {
    internal val digests: ByteArray =
        checkedDigest(chainId, "chainId") + checkedDigest(svidRoot, "svidRoot")
    internal val numbers: LongArray
        get() = longArrayOf(zone.toLong(), height, epoch, blockBytesMax)

    /** Which chain. */
    public val chainId: ByteArray get() = digests.copyOf(DIGEST_BYTES)

    /** The root asked for. */
    public val svidRoot: ByteArray get() = digests.copyOfRange(DIGEST_BYTES, digests.size)
}

/** Which rows are asked for. */
public class Request private constructor(
    internal val validator: Int,
    internal val rows: IntArray?,
) {
    public companion object {
        /** Those assigned to a validator, a position in the list of the epoch. */
        @JvmStatic
        public fun validator(position: Int): Request = Request(position, null)

        /** Those a sampler drew: ascending, below N. */
        @JvmStatic
        public fun rows(rows: IntArray): Request = Request(-1, rows.clone())
    }
}
