package dev.mote.validator

/**
 * Watches a verification.
 *
 * It is called on the thread that verifies. An exception thrown here comes out of the verifying
 * call once the native code is done; no stage is reported and no verdict returned after it.
 */
public fun interface OnStage {
    /** A stage begins; [name] is as in [Verdict.stage]. */
    public fun onStage(name: String)
}

internal fun OnStage.asListener(): StageListener = object : StageListener {
    override fun onStage(stage: Int) = this@asListener.onStage(Native.text(Native.STAGE, stage))
}
