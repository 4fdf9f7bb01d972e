package dev.mote.validator

/**
 * What was found out about a proof, a key, a setup or a bundle.
 *
 * The texts are in English and for people; programs compare the codes, which are those of `mote.h`
 * and never change meaning.
 */
public class Verdict internal constructor(
    /** True only if every check was made and every check held. */
    @get:JvmName("isAccepted") public val accepted: Boolean,
    /** Code of the stage it ended in; 0 if accepted. */
    public val stageCode: Int,
    /** Code of the reason; 0 if accepted. */
    public val reasonCode: Int,
    /** Code of the part it is about; 0 if none. */
    public val fieldCode: Int,
    /** Which element of that part, or which round. */
    public val index: Long,
    /** Byte position in what was passed; 0 if the answer has no place in it. */
    public val offset: Long,
    private val placed: Boolean,
    private val words: Words? = null,
) {
    /** In place of the codes, of what has none. */
    internal class Words(val stage: String, val reason: String)

    internal constructor(stage: String, reason: String) :
        this(false, 0, 0, 0, 0, 0, false, Words(stage, reason))

    internal constructor(
        stage: String,
        reason: String,
        reasonCode: Int,
        index: Long,
        offset: Long,
    ) : this(false, 0, reasonCode, 0, index, offset, false, Words(stage, reason))

    /** Where it ended, such as "stage 3"; empty if accepted. */
    public val stage: String get() = words?.stage ?: text(Native.STAGE, stageCode)

    /** Why, such as "program digest is not the expected one"; empty if accepted. */
    public val reason: String get() = words?.reason ?: text(Native.REASON, reasonCode)

    /** Which part, with the index filled in, such as "setup.delta_1l[3]"; empty if none. */
    public val field: String
        get() = if (words != null) {
            ""
        } else {
            text(Native.FIELD, fieldCode).replaceFirst("[]", "[$index]")
        }

    /**
     * Does nothing if the subject is good.
     *
     * @return this verdict
     * @throws RejectedException if it is not
     */
    @Throws(RejectedException::class)
    public fun requireAccepted(): Verdict {
        if (!accepted) {
            throw RejectedException(this)
        }
        return this
    }

    /** One line for people. */
    override fun toString(): String = when {
        accepted -> "accepted"
        words != null && offset != 0L -> "$stage: $reason, offset $offset"
        field.isEmpty() -> "$stage: $reason"
        else -> "$stage: $reason ($field, offset $offset)"
    }

    /** The same verdict about a part that begins at [base]; an answer without a place keeps 0. */
    internal fun from(base: Int): Verdict =
        if (!placed) {
            this
        } else {
            Verdict(accepted, stageCode, reasonCode, fieldCode, index, base + offset, true)
        }

    private fun text(kind: Int, code: Int) = if (accepted) "" else Native.text(kind, code)
}
