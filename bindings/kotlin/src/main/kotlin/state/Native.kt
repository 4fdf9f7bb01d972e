package dev.mote.validator.state

import dev.mote.validator.LimitExceededException
import dev.mote.validator.MalformedException
import dev.mote.validator.MoteException
import dev.mote.validator.UnsupportedException
import dev.mote.validator.Verdict
import java.nio.ByteBuffer

/**
 * The functions of `libmote_state_jni.so`, as state_jni.c has them.
 *
 * A buffer is what an object lives in, the number behind it is where in it.
 */
internal object Native {
    /** As in state_jni.c: the two are built together, and may be packaged apart. */
    private const val VERSION = 1

    /** What [proofOpen] and [apply] fill: address or accepted, fault, operation, offset. */
    const val VERDICT_LONGS = 4

    init {
        System.loadLibrary("mote_state_jni")
        val found = version()
        if (found != VERSION) {
            throw UnsatisfiedLinkError(
                "libmote_state_jni.so has version $found, classes.jar $VERSION",
            )
        }
    }

    /** What a call filled in, about a "proof", a "witness" or a "block". */
    fun told(stage: String, verdict: LongArray): Verdict = Verdict(
        stage = stage,
        reason = faultText(verdict[1].toInt()),
        reasonCode = verdict[1].toInt(),
        index = verdict[2],
        offset = verdict[3],
    )

    /** Goes on if a call was done. */
    fun demand(status: Int, stage: String = "", verdict: LongArray = LongArray(VERDICT_LONGS)) {
        when (status) {
            0 -> return
            2 -> throw MalformedException(told(stage, verdict))
            3 -> throw IllegalArgumentException(statusText(status))
            5 -> throw LimitExceededException(statusText(status))
            6 -> throw UnsupportedException(statusText(status))
            else -> throw MoteException(statusText(status))
        }
    }

    @JvmStatic
    external fun version(): Int

    @JvmStatic
    external fun statusText(status: Int): String

    @JvmStatic
    external fun faultText(fault: Int): String

    @JvmStatic
    external fun proofSize(bytes: Int, out: LongArray): Int

    @JvmStatic
    external fun proofOpen(
        memory: ByteBuffer,
        witness: Boolean,
        root: ByteArray,
        height: Long,
        proof: ByteArray,
        out: LongArray,
    ): Int

    @JvmStatic
    external fun lookup(
        memory: ByteBuffer,
        proof: Long,
        key: ByteArray,
        past: Boolean,
        height: Long,
        out: LongArray,
    ): Int

    @JvmStatic
    external fun applySize(memory: ByteBuffer, witness: Long, count: Int, out: LongArray): Int

    @JvmStatic
    external fun apply(
        work: ByteBuffer,
        memory: ByteBuffer,
        witness: Long,
        height: Long,
        keys: Array<ByteArray>,
        values: Array<ByteArray?>,
        root: ByteArray,
        out: LongArray,
    ): Int
}
