import dev.mote.validator.ProofBundle
import java.io.File
import kotlin.system.exitProcess

/** Runs tests by name, and says at the end how many there were. */
class Tests(arguments: Array<String>) {
    val vectors: File = File(arguments.single())
    private var checks = 0
    private var passed = 0
    private var failed = 0

    fun test(name: String, body: () -> Unit) {
        try {
            body()
            ++passed
        } catch (e: Throwable) {
            ++failed
            println("FAILED: $name")
            e.printStackTrace(System.out)
        }
    }

    fun check(holds: Boolean, what: () -> String = { "it does not hold" }) {
        synchronized(this) { ++checks }
        if (!holds) {
            throw AssertionError(what())
        }
    }

    fun equal(found: Any?, wanted: Any?) = check(found == wanted) { "$found, not $wanted" }

    /** What [body] throws, which must be a [T]. */
    inline fun <reified T : Throwable> throws(body: () -> Any?): T {
        val result = try {
            body()
        } catch (e: Throwable) {
            check(e is T) { "$e, not ${T::class.java.name}" }
            return e as T
        }
        throw AssertionError("$result, not ${T::class.java.name}")
    }

    /** The bytes of a bundle of tests/vectors/jolt. */
    fun bundle(name: String): ByteArray = File(vectors, "jolt/$name").readBytes()

    val full: ByteArray by lazy { bundle("muldiv-bundle.bin") }
    val parts: ProofBundle by lazy { ProofBundle.open(full) }

    fun finish(): Nothing {
        if (failed == 0) {
            println("All tests passed ($checks assertions in $passed test cases)")
        } else {
            println("test cases: ${passed + failed} | $passed passed | $failed failed")
        }
        exitProcess(if (failed == 0) 0 else 1)
    }
}

fun fromHex(text: String): ByteArray =
    ByteArray(text.length / 2) { text.substring(2 * it, 2 * it + 2).toInt(16).toByte() }
