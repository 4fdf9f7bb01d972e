package dev.mote.validator

/**
 * An answer other than a verdict.
 *
 * Mistakes of the calling program are the JVM's own instead: [IllegalArgumentException],
 * [IllegalStateException] for a closed handle, [NullPointerException], [OutOfMemoryError].
 */
public open class MoteException internal constructor(message: String) : Exception(message)

/** The bytes do not parse; [verdict] names the field and the offset. */
public class MalformedException internal constructor(
    /** Where and why; never accepted. */
    public val verdict: Verdict,
) : MoteException("malformed, $verdict")

/** The bytes parse, and the subject is not good: another program, another setup, a wrong proof. */
public class RejectedException internal constructor(
    /** Where and why; never accepted. */
    public val verdict: Verdict,
) : MoteException("rejected, $verdict")

/** More than the documented limits of this build allow. */
public class LimitExceededException internal constructor(message: String) : MoteException(message)

/** The library was built for a processor that this one is not. */
public class UnsupportedException internal constructor(message: String) : MoteException(message)
