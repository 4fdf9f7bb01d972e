package dev.mote.validator

private const val MALFORMED = 2
private const val INVALID_ARGUMENT = 3
private const val LIMIT_EXCEEDED = 5
private const val UNSUPPORTED = 6

/** What a native call fills. */
internal class Answer {
    val out: LongArray = LongArray(7)

    /** The size or address a call found. */
    val value: Long get() = out[6]

    /**
     * The verdict of a call with this status about [part], or the exception that it stands for.
     * [advice] is where an advice commitment came from: it is a span of its own, behind the proof.
     */
    fun verdict(status: Int, part: Part, advice: Part? = null): Verdict = when (status) {
        0 -> placed(verdict(malformed = false), part, advice)
        MALFORMED -> throw MalformedException(placed(verdict(malformed = true), part, advice))
        INVALID_ARGUMENT -> throw IllegalArgumentException(Native.text(Native.STATUS, status))
        LIMIT_EXCEEDED -> throw LimitExceededException(Native.text(Native.STATUS, status))
        UNSUPPORTED -> throw UnsupportedException(Native.text(Native.STATUS, status))
        else -> throw MoteException(Native.text(Native.STATUS, status))
    }

    /** Goes on if the subject is good. */
    fun accepted(status: Int, part: Part) {
        verdict(status, part).requireAccepted()
    }

    private fun placed(verdict: Verdict, part: Part, advice: Part?): Verdict {
        val inAdvice = verdict.field == "trusted_advice_commitment"
        return verdict.from(if (inAdvice && advice != null) advice.from else part.from)
    }

    private fun verdict(malformed: Boolean) = Verdict(
        accepted = !malformed && out[0] == 1L,
        stageCode = out[1].toInt(),
        reasonCode = out[2].toInt(),
        fieldCode = out[3].toInt(),
        index = out[4],
        offset = out[5],
        placed = malformed || out[5] != 0L,
    )
}
