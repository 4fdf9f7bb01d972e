package dev.mote.validator

import java.nio.ByteBuffer

/** Called by the native library; [stage] is a code. */
internal interface StageListener {
    fun onStage(stage: Int)
}

/**
 * The functions of `libmote_jni.so`. Each answers with a status and fills `out`; see [Answer].
 *
 * A buffer is what an object lives in, the number behind it is where in it.
 */
internal object Native {
    /** As in mote_jni.c: the two are built together, and may be packaged apart. */
    private const val VERSION = 1

    init {
        System.loadLibrary("mote_jni")
        val found = version()
        if (found != VERSION) {
            throw UnsatisfiedLinkError("libmote_jni.so has version $found, classes.jar $VERSION")
        }
    }

    const val STATUS = 0
    const val STAGE = 1
    const val REASON = 2
    const val FIELD = 3

    @JvmStatic
    external fun version(): Int

    @JvmStatic
    external fun archName(): String

    @JvmStatic
    external fun text(kind: Int, code: Int): String

    @JvmStatic
    external fun bundleOpen(
        bundle: ByteArray,
        parts: LongArray,
        digests: ByteArray,
        out: LongArray,
    ): Int

    @JvmStatic
    external fun keySize(key: ByteArray, from: Int, count: Int, out: LongArray): Int

    @JvmStatic
    external fun keyOpen(
        memory: ByteBuffer,
        revision: ByteArray?,
        key: ByteArray,
        from: Int,
        count: Int,
        digest: ByteArray,
        out: LongArray,
    ): Int

    @JvmStatic
    external fun keyDescribe(
        memory: ByteBuffer,
        key: Long,
        facts: LongArray,
        digest: ByteArray,
    ): Int

    @JvmStatic
    external fun setupSize(setup: ByteArray, from: Int, count: Int, out: LongArray): Int

    @JvmStatic
    external fun setupOpen(
        memory: ByteBuffer,
        setup: ByteArray,
        from: Int,
        count: Int,
        digest: ByteArray,
        out: LongArray,
    ): Int

    @JvmStatic
    external fun verifySize(
        keyMemory: ByteBuffer,
        key: Long,
        setupMemory: ByteBuffer,
        setup: Long,
        out: LongArray,
    ): Int

    @JvmStatic
    external fun verify(
        memory: ByteBuffer,
        keyMemory: ByteBuffer,
        key: Long,
        setupMemory: ByteBuffer,
        setup: Long,
        panic: Boolean,
        inputs: ByteArray,
        outputs: ByteArray,
        memoryLayout: LongArray?,
        proof: ByteArray,
        from: Int,
        count: Int,
        trustedAdvice: ByteArray?,
        listener: StageListener?,
        out: LongArray,
    ): Int
}
