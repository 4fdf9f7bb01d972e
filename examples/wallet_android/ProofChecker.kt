import dev.mote.validator.DorySetup
import dev.mote.validator.MalformedException
import dev.mote.validator.ProgramKey
import dev.mote.validator.ProofBundle
import dev.mote.validator.RejectedException
import dev.mote.validator.Verdict
import dev.mote.validator.Verifier

/**
 * Checks what a server claims a program to have answered. One for each program a wallet trusts.
 *
 * The two digests say which program and which setup that is, so they come with the wallet, never
 * from the server: a bundle brings a key and a setup of its own. Key and setup are opened when the
 * first good bundle brings them, and kept.
 *
 * A check takes milliseconds to a second, so call it on a background thread. Any number of threads
 * may; they take turns.
 */
class ProofChecker(programDigest: ByteArray, setupDigest: ByteArray) : AutoCloseable {
    private val programDigest = programDigest.clone()
    private val setupDigest = setupDigest.clone()
    private var verifier: Verifier? = null
    private var closed = false

    /** What a check found. */
    sealed class Result {
        /** The program read [inputs] and answered [outputs]: whether that is enough, you decide. */
        class Accepted(val inputs: ByteArray, val outputs: ByteArray) : Result()

        /** The program panicked; that is proven, too. */
        object Panicked : Result()

        /** Another program, another setup, or a claim that does not hold. */
        class Rejected(val verdict: Verdict) : Result()

        /** Not a bundle at all: a broken download or a broken server. */
        class Malformed(val verdict: Verdict) : Result()
    }

    /**
     * Verifies the proof of a bundle; [onStage] is for a progress display.
     *
     * @throws dev.mote.validator.MoteException if it could not be found out
     */
    fun check(bundle: ByteArray, onStage: (String) -> Unit = {}): Result = try {
        val parts = ProofBundle.open(bundle)
        verifierFor(parts)
            .verify(parts.publicIo, parts.proof, parts.trustedAdvice, onStage)
            .requireAccepted()
        if (parts.publicIo.panic) {
            Result.Panicked
        } else {
            Result.Accepted(parts.publicIo.inputs, parts.publicIo.outputs)
        }
    } catch (e: RejectedException) {
        Result.Rejected(e.verdict)
    } catch (e: MalformedException) {
        Result.Malformed(e.verdict)
    }

    /** Lets go of the memory. */
    @Synchronized
    override fun close() {
        closed = true
        verifier?.close()
        verifier = null
    }

    /**
     * The verifier of the pinned program and setup. Later bundles are checked with it, whatever
     * key and setup they bring.
     */
    @Synchronized
    private fun verifierFor(parts: ProofBundle): Verifier {
        check(!closed) { "this checker is closed" }
        return verifier ?: ProgramKey.open(parts.key, programDigest).use { key ->
            DorySetup.open(parts.setup, setupDigest).use { setup ->
                Verifier(key, setup).also { verifier = it }
            }
        }
    }
}
