package dev.mote.validator.svid

import dev.mote.validator.Held
import dev.mote.validator.Opened
import dev.mote.validator.allocate
import dev.mote.validator.remainingBytes
import java.nio.ByteBuffer

/**
 * The check of one share, in pieces of any size and in any order. Calls of several threads take turns.
 *
 * What takes something answers with what is wrong with it, or null; [verdict] has the answer at any
 * time. A header that fails is an answer too. The epoch may be closed meanwhile.
 *
 * @param epoch the validators
 * @param expected what is known before a byte arrives
 * @param request which rows are asked for
 * @param header as it was received; the announce signature is the caller's to check
 * @throws IllegalArgumentException for a request that cannot be: no such validator or no public keys,
 *   rows out of range or out of order
 * @throws IllegalStateException if the epoch is closed
 */
public class ShareChecker(
    epoch: Epoch,
    expected: Expected,
    request: Request,
    header: ByteArray,
) : AutoCloseable {
    /** The check, or why there is none. */
    private class State(val share: Opened?, val refused: ShareVerdict?)

    private val held: Held<State>
    private val lock = Any()

    init {
        val e = epoch.opened
        val own = header.clone()
        require(request.rows != null || request.validator >= 0) { "no list has such a validator" }
        val out = LongArray(1)
        val verdict = IntArray(4)
        Native.demand(
            Native.shareSize(
                e.memory,
                e.address,
                expected.numbers,
                expected.digests,
                request.validator,
                request.rows,
                own,
                out,
                verdict,
            ),
        )
        val state = if (out[0] == 0L) {
            State(null, ShareVerdict(verdict))
        } else {
            val memory = allocate(out[0])
            Native.demand(
                Native.shareOpen(
                    memory,
                    e.memory,
                    e.address,
                    expected.numbers,
                    expected.digests,
                    request.validator,
                    request.rows,
                    own,
                    out,
                ),
            )
            State(Opened(memory, out[0]), null)
        }
        held = Held(state, "share checker")
    }

    private inline fun take(call: (Opened) -> Int): Fault? = synchronized(lock) {
        val state = held.get()
        if (state.share == null) {
            state.refused?.fault
        } else {
            Fault.of(Native.answered(call(state.share)))
        }
    }

    /**
     * Another peer begins: what its predecessors got wrong in steps 4 to 6 counts no longer, what they
     * left unfinished is dropped, and what they proved stays.
     */
    public fun beginSource(): Unit = synchronized(lock) {
        held.get().share?.let { Native.demand(Native.beginSource(it.memory, it.address)) }
    }

    /** Takes the next bytes of Z. */
    public fun appendZ(part: ByteArray): Fault? =
        take { Native.appendZ(it.memory, it.address, part, 0, part.size) }

    /** The same of what stands between position and limit of a buffer, which stays as it is. */
    public fun appendZ(part: ByteBuffer): Fault? = appendZ(part.remainingBytes())

    /** No more of Z comes from this source: one that is too short is wrong. */
    public fun endZ(): Fault? = take { Native.endZ(it.memory, it.address) }

    /**
     * Announces rows first, first + 1, ... and that their bytes, [rowsBytes] in all, follow. After a
     * fault [appendRows] ignores what comes. The paths are copied.
     */
    @JvmOverloads
    public fun beginRows(
        first: Int,
        count: Int,
        rowsBytes: Long,
        dataPath: ByteArray = NO_BYTES,
        parityPath: ByteArray = NO_BYTES,
    ): Fault? = take {
        Native.beginRows(it.memory, it.address, first, count, rowsBytes, dataPath, parityPath)
    }

    /** Takes the next bytes of the announced rows; the last one checks the paths. */
    public fun appendRows(part: ByteArray): Fault? =
        take { Native.appendRows(it.memory, it.address, part, 0, part.size) }

    /** The same of what stands between position and limit of a buffer, which stays as it is. */
    public fun appendRows(part: ByteBuffer): Fault? = appendRows(part.remainingBytes())

    /** The announced rows end here; if some are missing, all of this message is dropped. */
    public fun endRows(): Fault? = take { Native.endRows(it.memory, it.address) }

    /** What is known so far. */
    public fun verdict(): ShareVerdict = synchronized(lock) {
        val state = held.get()
        if (state.share == null) {
            state.refused!!
        } else {
            val raw = IntArray(4)
            Native.demand(Native.verdict(state.share.memory, state.share.address, raw))
            ShareVerdict(raw)
        }
    }

    /** Whether a row passed steps 5 to 7: what [Svid.reconstruct] may be given. */
    public fun holds(row: Int): Boolean = synchronized(lock) {
        val share = held.get().share
        share != null && Native.answered(Native.holds(share.memory, share.address, row)) == 1
    }

    /** Lets go of the memory; a call that runs ends well. A second close does nothing. */
    override fun close(): Unit = held.close()

    internal companion object {
        @JvmField
        val NO_BYTES: ByteArray = ByteArray(0)
    }
}
