package dev.mote.validator.svid

/**
 * What is wrong with a share. The first six condemn what was received: drop it and ask another peer.
 * The seventh condemns the dispersal and can be shown to anybody.
 */
public enum class Fault {
    /** Step 1. */
    E_HEADER,

    /** Step 2. */
    E_PARAMS,

    /** Step 3. */
    E_COMMIT,

    /** Step 4. */
    E_Z,

    /** Step 5. */
    E_ROW_SHAPE,

    /** Step 6. */
    E_PATH,

    /** Step 7. */
    E_FINGERPRINT,

    /** One that these classes do not know. */
    UNKNOWN,
    ;

    internal companion object {
        private val known = values()

        /** The fault of a number; 0 is none. */
        fun of(code: Int): Fault? = when (code) {
            0 -> null
            in 1 until known.size -> known[code - 1]
            else -> UNKNOWN
        }
    }
}

/** How far a share has come. */
public enum class Outcome {
    /** Nothing wrong, something missing. */
    INCOMPLETE,

    /** The fault says why. */
    REJECTED,

    /** Every row asked for holds against a Z that no proof has bound to the block yet. */
    PROVISIONAL,
}

/** The answer about a share. */
public data class ShareVerdict(
    /** How far it has come. */
    public val outcome: Outcome,
    /** The failing step, or the last one finished. */
    public val step: Int,
    /** What is wrong; null unless rejected. */
    public val fault: Fault?,
    /** Of E_FINGERPRINT: the row that is not the code's; otherwise null. */
    public val row: Int?,
) {
    internal constructor(raw: IntArray) : this(
        // An outcome that is not known is no reason to keep a share.
        outcome = when (raw[0]) {
            0 -> Outcome.INCOMPLETE
            2 -> Outcome.PROVISIONAL
            else -> Outcome.REJECTED
        },
        step = raw[1],
        fault = Fault.of(raw[2]),
        row = if (Fault.of(raw[2]) == Fault.E_FINGERPRINT) raw[3] else null,
    )
}
