import dev.mote.validator.DorySetup
import dev.mote.validator.MoteException
import dev.mote.validator.ProgramKey
import dev.mote.validator.Verifier
import dev.mote.validator.svid.Epoch
import dev.mote.validator.svid.Svid
import java.io.File
import java.nio.ByteBuffer

/** A line of the state of this process, such as its resident memory. */
private fun kib(name: String): Int = File("/proc/self/status").readLines()
    .first { it.startsWith("$name:") }
    .filter { it.isDigit() }
    .toInt()

/** Buffers of less and less size until there is no direct memory for a further one. */
private fun allDirectMemory(): List<ByteBuffer> {
    val buffers = mutableListOf<ByteBuffer>()
    var bytes = 1 shl 20
    while (bytes >= 4096) {
        try {
            buffers += ByteBuffer.allocateDirect(bytes)
        } catch (e: OutOfMemoryError) {
            bytes /= 2
        }
    }
    return buffers
}

fun main(arguments: Array<String>) {
    val tests = Tests(arguments)
    val parts = tests.parts
    val io = parts.publicIo
    val proof = parts.proof
    fun key() = ProgramKey.open(parts.key, parts.keyDigest)
    fun setup() = DorySetup.open(parts.setup, parts.setupDigest)

    tests.test("no direct memory: OutOfMemoryError, and later all is well") {
        val key = key()
        val setup = setup()
        val held = allDirectMemory()
        tests.throws<OutOfMemoryError> { key() }
        tests.throws<OutOfMemoryError> { setup() }
        tests.throws<OutOfMemoryError> { Verifier(key, setup) }
        tests.throws<OutOfMemoryError> { Epoch.open(ByteArray(32), LongArray(40960) { 1 }) }
        println("held ${held.sumOf { it.capacity() }} bytes")
    }
    tests.test("handles that nobody closes do not use memory up") {
        repeat(60) { tests.check(Verifier(key(), setup()).verify(io, proof).accepted) }
    }
    tests.test("no native memory: OutOfMemoryError, and later all is well") {
        val large = ByteArray(550 shl 20)
        println("address space: ${kib("VmSize")} KiB")
        val digest = ByteArray(32)
        tests.throws<OutOfMemoryError> { DorySetup.open(large, digest) }
        tests.throws<OutOfMemoryError> { ProgramKey.open(large, digest) }
        val verifier = Verifier(key(), setup())
        tests.throws<OutOfMemoryError> { verifier.verify(io, large) }
        tests.throws<OutOfMemoryError> { Svid.describeHeader(large) }
        tests.throws<OutOfMemoryError> { Svid.equivocates(digest, digest, large) }
        tests.check(verifier.verify(io, proof).accepted)
    }
    tests.test("copies are given back, whatever the answer") {
        val verifier = Verifier(key(), setup())
        val bytes = ByteArray(1 shl 20)
        var before = 0
        repeat(1100) {
            // What the JVM takes to get going is not ours.
            if (it == 100) {
                before = kib("VmRSS")
            }
            bytes[0] = it.toByte()
            tests.throws<MoteException> { DorySetup.open(bytes, ByteArray(32)) }
            tests.throws<MoteException> { ProgramKey.open(bytes, ByteArray(32)) }
            tests.throws<MoteException> { verifier.verify(io, bytes).requireAccepted() }
            tests.throws<IllegalStateException> {
                verifier.verify(io, bytes + proof) { error("mine") }
                verifier.verify(io, proof) { error("mine") }
            }
        }
        val grown = kib("VmRSS") - before
        println("grown by $grown KiB")
        tests.check(grown < (256 shl 10)) { "$grown KiB" }
    }
    tests.finish()
}
