package dev.mote.validator.svid

import dev.mote.validator.DIGEST_BYTES
import dev.mote.validator.MoteException
import dev.mote.validator.allocate
import dev.mote.validator.checkedDigest
import java.security.SecureRandom

/**
 * SVID: checks shares of blocks, draws samples, judges evidence, rebuilds blocks.
 *
 * ```kotlin
 * val epoch = Epoch.open(seed, stakes, publicKeys)
 * val verdict = Svid.checkShare(epoch, expected, Request.validator(7), header, z, rows)
 * if (verdict.outcome == Outcome.PROVISIONAL) ...
 * ```
 *
 * What arrives in pieces goes to a [ShareChecker]. What is wrong with a share is an answer, never an
 * exception; exceptions are for calls that cannot be done, and for headers that do not parse where
 * nothing is checked.
 */
public object Svid {
    /** Most bytes of a block, of every chain; one may have less. */
    public const val BLOCK_BYTES_MAX: Long = 1L shl 30

    /** How many rows to sample. */
    public const val SAMPLES_DEFAULT: Int = 16

    private const val ENTROPY_BYTES = 32

    /**
     * Checks a share that is complete.
     *
     * @param z null: none was received
     * @throws IllegalArgumentException as [ShareChecker]
     */
    @JvmStatic
    public fun checkShare(
        epoch: Epoch,
        expected: Expected,
        request: Request,
        header: ByteArray,
        z: ByteArray?,
        messages: List<Rows>,
    ): ShareVerdict = ShareChecker(epoch, expected, request, header).use { checker ->
        if (z != null) {
            checker.appendZ(z)
            checker.endZ()
        }
        for (m in messages) {
            checker.beginRows(m.first, m.count, m.rows.size.toLong(), m.dataPath, m.parityPath)
            checker.appendRows(m.rows)
            checker.endRows()
        }
        checker.verdict()
    }

    /**
     * Draws distinct rows of [totalRows], ascending; all of them if [count] is more. Draw after the
     * header is known, for each attempt anew.
     *
     * @param entropy 32 bytes nobody can guess; null, as it should be outside of tests, takes them
     *   from the system
     * @throws IllegalArgumentException for negative numbers, and other entropy
     */
    @JvmStatic
    @JvmOverloads
    public fun sampleRows(
        totalRows: Int,
        count: Int = SAMPLES_DEFAULT,
        entropy: ByteArray? = null,
    ): IntArray {
        require(totalRows >= 0 && count >= 0) { "$count of $totalRows rows cannot be drawn" }
        require(entropy == null || entropy.size == ENTROPY_BYTES) {
            "entropy has ${entropy?.size} bytes, not $ENTROPY_BYTES"
        }
        val random = entropy ?: ByteArray(ENTROPY_BYTES).also { SecureRandom().nextBytes(it) }
        val rows = IntArray(minOf(totalRows, count))
        Native.demand(Native.sampleRows(rows, totalRows, random))
        return rows
    }

    /**
     * Probability, at most, that all samples were served although the block cannot be rebuilt. Several
     * attempts multiply it.
     *
     * @param dataRows k
     * @param rows N, at least k
     * @param samples more than N are N
     */
    @JvmStatic
    public fun failureBound(dataRows: Int, rows: Int, samples: Int): Double {
        val out = DoubleArray(1)
        Native.demand(Native.sampleBound(dataRows, rows, samples, out))
        return out[0]
    }

    /**
     * Reads a header without checking it against anything.
     *
     * @throws dev.mote.validator.MalformedException if it is none, or has a shape no block leads to
     */
    @JvmStatic
    @Throws(MoteException::class)
    public fun describeHeader(header: ByteArray): Header {
        val numbers = LongArray(7)
        val digests = ByteArray(6 * DIGEST_BYTES)
        Native.demand(Native.headerDescribe(header, numbers, digests))
        return Header(numbers, digests)
    }

    /**
     * Checks the claim that a row of a dispersal is not the code's. Zone, height and epoch are those of
     * the header, which only has to be of our chain.
     *
     * @param epoch the one that the header names
     * @param chainId 32 bytes
     * @param row one row
     * @param z all of Z
     * @throws IllegalArgumentException if [row] has another count than 1
     */
    @JvmStatic
    public fun checkBadRow(
        epoch: Epoch,
        chainId: ByteArray,
        header: ByteArray,
        row: Rows,
        z: ByteArray,
    ): BadRow {
        val e = epoch.opened
        val chain = checkedDigest(chainId, "chainId")
        val size = LongArray(1)
        Native.demand(Native.badRowSize(size))
        val out = IntArray(2)
        val digests = ByteArray(2 * DIGEST_BYTES)
        Native.demand(
            Native.checkBadRow(
                allocate(size[0]),
                e.memory,
                e.address,
                chain,
                header,
                row.first,
                row.count,
                row.rows,
                row.dataPath,
                row.parityPath,
                z,
                out,
                digests,
            ),
        )
        return BadRow(out, digests)
    }

    /**
     * The two digests that one producer must have signed, if two headers are of one place in the chain
     * and name different dispersals; otherwise null.
     */
    @JvmStatic
    public fun equivocates(
        chainId: ByteArray,
        first: ByteArray,
        second: ByteArray,
    ): Pair<ByteArray, ByteArray>? {
        val chain = checkedDigest(chainId, "chainId")
        val digests = ByteArray(2 * DIGEST_BYTES)
        if (Native.answered(Native.equivocates(chain, first, second, digests)) == 0) {
            return null
        }
        return Pair(
            digests.copyOf(DIGEST_BYTES),
            digests.copyOfRange(DIGEST_BYTES, digests.size),
        )
    }

    /**
     * Rebuilds a block from rows that a [ShareChecker] holds. Takes native memory of twice the block
     * during the call.
     *
     * @param header one that a share was checked with
     * @param rows bytes by row number
     * @throws dev.mote.validator.MalformedException if [header] is none
     * @throws IllegalArgumentException if a row is out of range or has another length
     */
    @JvmStatic
    @Throws(MoteException::class)
    public fun reconstruct(header: ByteArray, rows: Map<Int, ByteArray>): Reconstruction {
        val own = header.clone()
        val given = rows.entries.toList()
        val size = LongArray(1)
        Native.demand(Native.reconstructSize(own, size))
        val block = ByteArray(describeHeader(own).blockBytes.toInt())
        val result = Native.reconstruct(
            allocate(size[0]),
            own,
            IntArray(given.size) { given[it].key },
            Array(given.size) { given[it].value },
            block,
        )
        return when (Native.answered(result)) {
            0 -> Reconstruction(Reconstruction.Result.REBUILT, block)
            1 -> Reconstruction(Reconstruction.Result.INSUFFICIENT, null)
            else -> Reconstruction(Reconstruction.Result.MISMATCH, null)
        }
    }
}
