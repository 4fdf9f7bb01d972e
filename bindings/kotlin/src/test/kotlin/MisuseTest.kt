import dev.mote.validator.DorySetup
import dev.mote.validator.MalformedException
import dev.mote.validator.MemoryLayout
import dev.mote.validator.Mote
import dev.mote.validator.MoteException
import dev.mote.validator.OnStage
import dev.mote.validator.ProgramKey
import dev.mote.validator.ProofBundle
import dev.mote.validator.PublicIo
import dev.mote.validator.RejectedException
import dev.mote.validator.Verdict
import dev.mote.validator.Verifier
import java.io.IOException

fun main(arguments: Array<String>) {
    val tests = Tests(arguments)
    val parts = tests.parts
    val io = parts.publicIo
    fun key() = ProgramKey.open(parts.key, parts.keyDigest)
    fun setup() = DorySetup.open(parts.setup, parts.setupDigest)

    tests.test("digests have 32 bytes, advice 384, a memory layout twenty fields") {
        for (size in listOf(0, 1, 31, 33, 1 shl 20)) {
            val digest = ByteArray(size)
            tests.throws<IllegalArgumentException> { ProgramKey.open(parts.key, digest) }
            tests.throws<IllegalArgumentException> { DorySetup.open(parts.setup, digest) }
            tests.throws<IllegalArgumentException> { Mote.verifyBundle(tests.full, digest) }
            tests.throws<IllegalArgumentException> { Mote.verifyBundle(tests.full, null, digest) }
        }
        val verifier = Verifier(key(), setup())
        for (size in listOf(0, 383, 385)) {
            tests.throws<IllegalArgumentException> {
                verifier.verify(io, parts.proof, ByteArray(size))
            }
            tests.throws<IllegalArgumentException> { MemoryLayout(LongArray(size)) }
        }
        tests.check(verifier.verify(io, parts.proof).accepted)
    }
    tests.test("no bytes are malformed") {
        val none = ByteArray(0)
        val digest = ByteArray(32)
        tests.throws<MalformedException> { Mote.verifyBundle(none) }
        tests.throws<MalformedException> { ProofBundle.open(none) }
        tests.throws<MalformedException> { ProgramKey.open(none, digest) }
        tests.throws<MoteException> { DorySetup.open(none, digest) }
        tests.throws<MalformedException> { Verifier(key(), setup()).verify(io, none) }
    }
    tests.test("one part is not another") {
        tests.throws<MoteException> { ProgramKey.open(parts.setup, parts.keyDigest) }
        tests.throws<MoteException> { DorySetup.open(parts.key, parts.setupDigest) }
        tests.throws<MoteException> {
            Verifier(key(), setup()).verify(io, parts.key).requireAccepted()
        }
    }
    tests.test("a closed handle says so, and closes again") {
        val key = key()
        val setup = setup()
        val verifier = Verifier(key, setup)
        key.close()
        key.close()
        tests.throws<IllegalStateException> { key.describe() }
        tests.throws<IllegalStateException> { Verifier(key, setup) }
        setup.close()
        tests.throws<IllegalStateException> { Verifier(key(), setup) }
        System.gc()
        tests.check(verifier.verify(io, parts.proof).accepted)
        verifier.close()
        verifier.close()
        tests.throws<IllegalStateException> { verifier.verify(io, parts.proof) }
    }
    tests.test("what onStage throws comes out, and the verifier is as before") {
        val verifier = Verifier(key(), setup())
        val thrown = listOf(
            IllegalStateException("mine"),
            IOException("checked"),
            OutOfMemoryError("not really"),
            AssertionError("mine"),
            object : Throwable("neither") {},
        )
        for (exception in thrown) {
            for (at in listOf(0, 3, 9)) {
                var stages = 0
                val found = tests.throws<Throwable> {
                    verifier.verify(io, parts.proof) {
                        if (stages++ == at) {
                            throw exception
                        }
                    }
                }
                tests.check(found === exception)
                tests.equal(stages, at + 1)
                tests.check(verifier.verify(io, parts.proof).accepted)
            }
        }
    }
    tests.test("an answer that onStage throws is not taken for ours") {
        val rejected = tests.throws<RejectedException> {
            ProgramKey.open(parts.key, ByteArray(32))
        }
        val found = tests.throws<RejectedException> {
            Mote.verifyBundle(tests.full) { throw rejected }
        }
        tests.check(found === rejected)
    }
    tests.test("onStage cannot use the verifier that calls it, and can use another") {
        val verifier = Verifier(key(), setup())
        val other = Verifier(key(), setup())
        val again = tests.throws<IllegalStateException> {
            verifier.verify(io, parts.proof) { verifier.verify(io, parts.proof) }
        }
        tests.check(again.message!!.contains("onStage"))
        var inner: Verdict? = null
        val outer = verifier.verify(io, parts.proof) {
            inner = inner ?: other.verify(io, parts.proof)
        }
        tests.check(outer.accepted && inner!!.accepted)
    }
    tests.test("onStage may close everything; the call ends well") {
        val key = key()
        val setup = setup()
        val verifier = Verifier(key, setup)
        val closing = OnStage {
            verifier.close()
            key.close()
            setup.close()
            System.gc()
        }
        tests.check(verifier.verify(io, parts.proof, null, closing).accepted)
        tests.throws<IllegalStateException> { verifier.verify(io, parts.proof) }
    }
    tests.test("a deep stack below onStage is a StackOverflowError") {
        val verifier = Verifier(key(), setup())
        fun forever(n: Int): Int = forever(n + 1) + 1
        tests.throws<StackOverflowError> { verifier.verify(io, parts.proof) { forever(0) } }
        tests.check(verifier.verify(io, parts.proof).accepted)
    }
    tests.test("large arrays are answered") {
        val large = ByteArray(200 shl 20)
        tests.throws<MoteException> { ProofBundle.open(large) }
        tests.throws<MoteException> { ProgramKey.open(large, ByteArray(32)) }
        tests.throws<MoteException> { DorySetup.open(large, ByteArray(32)) }
        Verifier(key(), setup()).use { verifier ->
            tests.throws<MoteException> { verifier.verify(io, large).requireAccepted() }
            val inputs = PublicIo(large, large)
            tests.check(!verifier.verify(inputs, parts.proof).accepted)
        }
        parts.key.copyInto(large)
        tests.throws<MoteException> { ProgramKey.open(large, parts.keyDigest) }
    }
    tests.finish()
}
