import dev.mote.validator.Mote
import dev.mote.validator.MoteException
import dev.mote.validator.Verdict
import java.io.File
import java.io.IOException
import java.util.concurrent.Callable
import java.util.concurrent.ExecutionException
import java.util.concurrent.Executors
import kotlin.system.exitProcess

// As those of examples/verify_proof.
private const val ACCEPTED = 0
private const val REJECTED = 1
private const val MALFORMED = 2
private const val FAILED = 3

private const val USAGE = """usage: wallet_android BUNDLE PROGRAM_DIGEST SETUP_DIGEST
A digest is 64 hex digits."""

/** Exactly 64 hex digits, or null. */
private fun digest(text: String): ByteArray? {
    if (text.length != 64 || !text.all { it in '0'..'9' || it in 'a'..'f' || it in 'A'..'F' }) {
        return null
    }
    return ByteArray(32) { text.substring(2 * it, 2 * it + 2).toInt(16).toByte() }
}

private fun hex(bytes: ByteArray) = bytes.joinToString("") { "%02x".format(it) }

private fun no(what: String, verdict: Verdict, code: Int): Int {
    println("$what: ${verdict.reason}")
    println("  stage  ${verdict.stage}")
    if (verdict.field.isNotEmpty()) {
        println("  field  ${verdict.field}, offset ${verdict.offset}")
    }
    return code
}

private fun show(result: ProofChecker.Result): Int = when (result) {
    is ProofChecker.Result.Accepted -> {
        println("accepted: the program ended well")
        println("  inputs  ${hex(result.inputs)}")
        println("  outputs ${hex(result.outputs)}")
        ACCEPTED
    }
    is ProofChecker.Result.Panicked -> {
        println("accepted: the program panicked")
        ACCEPTED
    }
    is ProofChecker.Result.Rejected -> no("rejected", result.verdict, REJECTED)
    is ProofChecker.Result.Malformed -> no("malformed", result.verdict, MALFORMED)
}

private fun run(arguments: Array<String>): Int {
    val program = arguments.getOrNull(1)?.let(::digest)
    val setup = arguments.getOrNull(2)?.let(::digest)
    if (arguments.size != 3 || program == null || setup == null) {
        println(USAGE)
        return FAILED
    }
    // As in an app, whose main thread must stay free; here the main thread only waits.
    val background = Executors.newSingleThreadExecutor()
    try {
        return ProofChecker(program, setup).use { checker ->
            val result = background.submit(
                Callable {
                    val bundle = File(arguments[0]).readBytes()
                    checker.check(bundle) { println("  $it") }
                },
            )
            println("checking with ${Mote.archName} arithmetic")
            show(result.get())
        }
    } catch (e: ExecutionException) {
        val cause = e.cause
        if (cause !is IOException && cause !is MoteException) {
            throw e
        }
        println("it could not be found out: ${cause.message}")
        return FAILED
    } finally {
        background.shutdown()
    }
}

fun main(arguments: Array<String>) {
    exitProcess(run(arguments))
}
