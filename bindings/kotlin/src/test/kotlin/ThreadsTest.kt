import dev.mote.validator.DorySetup
import dev.mote.validator.Mote
import dev.mote.validator.ProgramKey
import dev.mote.validator.Verifier
import java.nio.ByteBuffer
import java.util.concurrent.Callable
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executors
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger

/** [body] on so many threads at once; what one of them throws is thrown. */
private fun together(threads: Int, body: (Int) -> Unit) {
    val pool = Executors.newFixedThreadPool(threads)
    try {
        val begin = CountDownLatch(1)
        val running = List(threads) { index ->
            pool.submit(Callable {
                begin.await()
                body(index)
            })
        }
        begin.countDown()
        running.forEach { it.get() }
    } finally {
        pool.shutdown()
    }
}

fun main(arguments: Array<String>) {
    val tests = Tests(arguments)
    val parts = tests.parts
    val io = parts.publicIo
    val proof = parts.proof
    val wrong = proof.clone()
    wrong[proof.size / 2] = (wrong[proof.size / 2] + 1).toByte()
    fun key() = ProgramKey.open(parts.key, parts.keyDigest)
    fun setup() = DorySetup.open(parts.setup, parts.setupDigest)
    fun accepted(verifier: Verifier, proof: ByteArray) =
        runCatching { verifier.verify(io, proof).accepted }.getOrElse { false }

    tests.test("one verifier takes calls one after the other") {
        val verifier = Verifier(key(), setup())
        val inside = AtomicInteger()
        together(8) { index ->
            repeat(4) {
                val good = (index + it) % 2 == 0
                tests.equal(accepted(verifier, if (good) proof else wrong), good)
                verifier.verify(io, proof) {
                    tests.check(inside.incrementAndGet() == 1)
                    Thread.yield()
                    inside.decrementAndGet()
                }
            }
        }
    }
    tests.test("verifiers side by side share key and setup") {
        val key = key()
        val setup = setup()
        together(4) { index ->
            Verifier(key, setup).use { verifier ->
                repeat(8) {
                    val good = (index + it) % 2 == 0
                    tests.equal(accepted(verifier, if (good) proof else wrong), good)
                    tests.equal(key.describe().digest.toList(), parts.keyDigest.toList())
                }
            }
        }
    }
    tests.test("bundles are verified at once") {
        together(4) { repeat(4) { tests.check(Mote.verifyBundle(tests.full).accepted) } }
    }
    tests.test("closing while others call: a verdict or an IllegalStateException") {
        val verdicts = AtomicInteger()
        val refused = AtomicInteger()
        repeat(12) { round ->
            val key = key()
            val setup = setup()
            val verifier = Verifier(key, setup)
            val open = AtomicBoolean(true)
            together(4) { index ->
                if (index == 0) {
                    Thread.sleep(5L * round)
                    verifier.close()
                    key.close()
                    setup.close()
                    open.set(false)
                    // Whoever still used freed memory would now find it written over.
                    System.gc()
                    val ones = ByteArray(1 shl 20) { -1 }
                    repeat(8) { ByteBuffer.allocateDirect(ones.size).put(ones) }
                } else {
                    var going = true
                    while (going) {
                        going = open.get()
                        try {
                            tests.check(verifier.verify(io, proof).accepted)
                            verdicts.incrementAndGet()
                        } catch (e: IllegalStateException) {
                            refused.incrementAndGet()
                        }
                        try {
                            key.describe()
                            Verifier(key, setup).close()
                        } catch (e: IllegalStateException) {
                            refused.incrementAndGet()
                        }
                    }
                }
            }
        }
        println("verdicts: $verdicts, refused: $refused")
        tests.check(verdicts.get() > 0 && refused.get() > 0)
    }
    tests.test("an array that changes during the call gives some answer") {
        val verifier = Verifier(key(), setup())
        val changing = proof.clone()
        val bundle = tests.full.clone()
        val done = AtomicBoolean()
        together(2) { index ->
            if (index == 0) {
                var at = 0
                while (!done.get()) {
                    at = (at + 7919) % changing.size
                    changing[at] = (changing[at] + 1).toByte()
                    bundle[at] = (bundle[at] + 1).toByte()
                }
            } else {
                repeat(20) {
                    runCatching { verifier.verify(io, changing) }
                    runCatching { Mote.verifyBundle(bundle) }
                }
                done.set(true)
            }
        }
        tests.check(verifier.verify(io, proof).accepted)
    }
    tests.test("an interrupted thread verifies all the same, and stays interrupted") {
        val verifier = Verifier(key(), setup())
        Thread.currentThread().interrupt()
        tests.check(verifier.verify(io, proof).accepted)
        tests.check(Thread.interrupted())
    }
    tests.finish()
}
