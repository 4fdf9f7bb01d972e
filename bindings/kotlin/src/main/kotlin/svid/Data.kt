package dev.mote.validator.svid

import dev.mote.validator.DIGEST_BYTES

/**
 * Rows as one message has them. The arrays are not copied: they are read by the calls they are given
 * to.
 */
public class Rows @JvmOverloads constructor(
    /** Number of the first row. */
    public val first: Int,
    /** How many. */
    public val count: Int,
    /** One after the other. */
    public val rows: ByteArray,
    /** Of the data rows among them. */
    public val dataPath: ByteArray = ShareChecker.NO_BYTES,
    /** Of the parity rows among them. */
    public val parityPath: ByteArray = ShareChecker.NO_BYTES,
)

private fun part(digests: ByteArray, index: Int): ByteArray =
    digests.copyOfRange(index * DIGEST_BYTES, (index + 1) * DIGEST_BYTES)

/** What a header says. Nothing in it was checked. Every digest is a copy of 32 bytes. */
public class Header internal constructor(numbers: LongArray, private val digests: ByteArray) {
    /** Of the block. */
    public val zone: Int = numbers[0].toInt()

    /** Of the block. */
    public val height: Long = numbers[1]

    /** Of the block. */
    public val epoch: Long = numbers[2]

    /** B. */
    public val blockBytes: Long = numbers[3]

    /** k. */
    public val dataRows: Int = numbers[4].toInt()

    /** N. */
    public val rows: Int = numbers[5].toInt()

    /** L. */
    public val rowBytes: Int = numbers[6].toInt()

    /** Which chain. */
    public val chainId: ByteArray get() = part(digests, 0)

    /** BLAKE3 of the block. */
    public val dataRoot: ByteArray get() = part(digests, 1)

    /** Of the parity rows. */
    public val parityRoot: ByteArray get() = part(digests, 2)

    /** BLAKE3 of Z. */
    public val zDigest: ByteArray get() = part(digests, 3)

    /** What names this dispersal. */
    public val svidRoot: ByteArray get() = part(digests, 4)

    /** What the scheduled producer signs. */
    public val announceDigest: ByteArray get() = part(digests, 5)
}

/** The answer about the claim that a row of a dispersal is not the code's. */
public class BadRow internal constructor(raw: IntArray, private val digests: ByteArray) {
    /** What came of a claim. */
    public enum class Finding {
        /** One of steps 1 to 6 failed. */
        NOT_SHOWN,

        /** Whoever reported the row is wrong. */
        ROW_IS_CORRECT,

        /** The producer is convicted, if its signature of [announceDigest] holds. */
        CONVICTS,
    }

    /** What came of it. */
    public val finding: Finding = when (raw[0]) {
        1 -> Finding.ROW_IS_CORRECT
        2 -> Finding.CONVICTS
        else -> Finding.NOT_SHOWN
    }

    /** What failed, if nothing is shown; otherwise null. */
    public val fault: Fault? = Fault.of(raw[1])

    /** Of the header. */
    public val svidRoot: ByteArray get() = part(digests, 0)

    /** What the scheduled producer must have signed. */
    public val announceDigest: ByteArray get() = part(digests, 1)
}

/** What rows lead to. */
public class Reconstruction internal constructor(
    /** Which of the three. */
    public val result: Result,
    /** The block itself, not a copy, whose BLAKE3 is the header's; null unless rebuilt. */
    public val block: ByteArray?,
) {
    /** The three. */
    public enum class Result {
        /** There is a block. */
        REBUILT,

        /** Fewer than k rows. */
        INSUFFICIENT,

        /** They do not lead to the header's data root, nor do they without any one of them. */
        MISMATCH,
    }
}
