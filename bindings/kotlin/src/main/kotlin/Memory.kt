package dev.mote.validator

import java.nio.ByteBuffer
import java.util.concurrent.atomic.AtomicReference

/** An opened native object and the buffer it lives in, which must outlive every use of it. */
internal class Opened(val memory: ByteBuffer, val address: Long)

/**
 * What a handle holds until it is closed.
 *
 * A call takes the value first and keeps it to its end, so a close in the meantime takes nothing
 * away from it: the collector gives the memory back when the last of them is done.
 */
internal class Held<T : Any>(value: T, private val what: String) {
    private val value = AtomicReference<T?>(value)

    fun get(): T = value.get() ?: throw IllegalStateException("this $what is closed")

    fun close() = value.set(null)
}

/** Bytes of a caller, or a part of them that an offset of a verdict counts from. */
internal class Part(val array: ByteArray, val from: Int, val count: Int) {
    constructor(array: ByteArray) : this(array, 0, array.size)

    fun copy(): ByteArray = array.copyOfRange(from, from + count)
}

/** The size the core asked for, and room to align it. */
internal fun allocate(bytes: Long): ByteBuffer {
    if (bytes < 0 || bytes > Int.MAX_VALUE - 16) {
        throw OutOfMemoryError("no buffer has $bytes bytes")
    }
    return ByteBuffer.allocateDirect(bytes.toInt() + 16)
}

/** What stands between position and limit; the buffer stays as it is. */
internal fun ByteBuffer.remainingBytes(): ByteArray {
    val from = duplicate()
    val bytes = ByteArray(from.remaining())
    from.get(bytes)
    return bytes
}

internal const val DIGEST_BYTES = 32
internal const val GT_BYTES = 384

/** A copy, so that a change by the caller does not change what was checked. */
internal fun checkedDigest(digest: ByteArray, name: String): ByteArray {
    require(digest.size == DIGEST_BYTES) { "$name has ${digest.size} bytes, not $DIGEST_BYTES" }
    return digest.clone()
}
