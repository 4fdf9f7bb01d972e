package dev.mote.validator.svid

import dev.mote.validator.LimitExceededException
import dev.mote.validator.MalformedException
import dev.mote.validator.MoteException
import dev.mote.validator.UnsupportedException
import dev.mote.validator.Verdict
import java.nio.ByteBuffer

/**
 * The functions of `libmote_svid_jni.so`, as svid_jni.c has them: most answer with a status, some with
 * a small number or a negative status.
 *
 * A buffer is what an object lives in, the number behind it is where in it.
 */
internal object Native {
    /** As in svid_jni.c: the two are built together, and may be packaged apart. */
    private const val VERSION = 1

    init {
        System.loadLibrary("mote_svid_jni")
        val found = version()
        if (found != VERSION) {
            throw UnsatisfiedLinkError(
                "libmote_svid_jni.so has version $found, classes.jar $VERSION",
            )
        }
    }

    /** Goes on if a call was done; only headers are malformed, and no verdict comes with them. */
    fun demand(status: Int) {
        when (status) {
            0 -> return
            2 -> throw MalformedException(
                Verdict(stage = "header", reason = "not the header of a dispersal"),
            )
            3 -> throw IllegalArgumentException(statusText(status))
            5 -> throw LimitExceededException(statusText(status))
            6 -> throw UnsupportedException(statusText(status))
            else -> throw MoteException(statusText(status))
        }
    }

    /** The number a call answered with. */
    fun answered(answer: Int): Int {
        if (answer < 0) {
            demand(-answer)
        }
        return answer
    }

    @JvmStatic
    external fun version(): Int

    @JvmStatic
    external fun statusText(status: Int): String

    @JvmStatic
    external fun text(kind: Int, code: Int): String

    @JvmStatic
    external fun epochSize(count: Int, out: LongArray): Int

    @JvmStatic
    external fun epochOpen(
        memory: ByteBuffer,
        seed: ByteArray,
        stakes: LongArray,
        publicKeys: ByteArray?,
        out: LongArray,
    ): Int

    @JvmStatic
    external fun params(
        epochMemory: ByteBuffer,
        epoch: Long,
        blockBytes: Long,
        out: LongArray,
    ): Int

    @JvmStatic
    external fun assignedRows(
        epochMemory: ByteBuffer,
        epoch: Long,
        blockBytes: Long,
        zone: Int,
        height: Long,
        validator: Int,
        out: IntArray,
    ): Int

    @JvmStatic
    external fun headerDescribe(header: ByteArray, out: LongArray, digests: ByteArray): Int

    @JvmStatic
    external fun shareSize(
        epochMemory: ByteBuffer,
        epoch: Long,
        numbers: LongArray,
        digests: ByteArray,
        validator: Int,
        rows: IntArray?,
        header: ByteArray,
        out: LongArray,
        verdict: IntArray,
    ): Int

    @JvmStatic
    external fun shareOpen(
        memory: ByteBuffer,
        epochMemory: ByteBuffer,
        epoch: Long,
        numbers: LongArray,
        digests: ByteArray,
        validator: Int,
        rows: IntArray?,
        header: ByteArray,
        out: LongArray,
    ): Int

    @JvmStatic
    external fun beginSource(memory: ByteBuffer, share: Long): Int

    @JvmStatic
    external fun appendZ(
        memory: ByteBuffer,
        share: Long,
        part: ByteArray,
        from: Int,
        count: Int,
    ): Int

    @JvmStatic
    external fun endZ(memory: ByteBuffer, share: Long): Int

    @JvmStatic
    external fun beginRows(
        memory: ByteBuffer,
        share: Long,
        first: Int,
        count: Int,
        rowsBytes: Long,
        dataPath: ByteArray,
        parityPath: ByteArray,
    ): Int

    @JvmStatic
    external fun appendRows(
        memory: ByteBuffer,
        share: Long,
        part: ByteArray,
        from: Int,
        count: Int,
    ): Int

    @JvmStatic
    external fun endRows(memory: ByteBuffer, share: Long): Int

    @JvmStatic
    external fun verdict(memory: ByteBuffer, share: Long, out: IntArray): Int

    @JvmStatic
    external fun holds(memory: ByteBuffer, share: Long, row: Int): Int

    @JvmStatic
    external fun sampleRows(rows: IntArray, totalRows: Int, entropy: ByteArray): Int

    @JvmStatic
    external fun sampleBound(dataRows: Int, rows: Int, samples: Int, out: DoubleArray): Int

    @JvmStatic
    external fun badRowSize(out: LongArray): Int

    @JvmStatic
    external fun checkBadRow(
        memory: ByteBuffer,
        epochMemory: ByteBuffer,
        epoch: Long,
        chainId: ByteArray,
        header: ByteArray,
        first: Int,
        count: Int,
        row: ByteArray,
        dataPath: ByteArray,
        parityPath: ByteArray,
        z: ByteArray,
        out: IntArray,
        digests: ByteArray,
    ): Int

    @JvmStatic
    external fun equivocates(
        chainId: ByteArray,
        first: ByteArray,
        second: ByteArray,
        digests: ByteArray,
    ): Int

    @JvmStatic
    external fun reconstructSize(header: ByteArray, out: LongArray): Int

    @JvmStatic
    external fun reconstruct(
        memory: ByteBuffer,
        header: ByteArray,
        numbers: IntArray,
        rows: Array<ByteArray>,
        block: ByteArray,
    ): Int
}
