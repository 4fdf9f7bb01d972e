import dev.mote.validator.DorySetup
import dev.mote.validator.MalformedException
import dev.mote.validator.MemoryLayout
import dev.mote.validator.Mote
import dev.mote.validator.ProgramKey
import dev.mote.validator.ProofBundle
import dev.mote.validator.PublicIo
import dev.mote.validator.RejectedException
import dev.mote.validator.Verifier
import java.nio.ByteBuffer

/** Where the outputs of muldiv-bundle.bin stand, and a round of stage 3. */
private const val OUTPUT_AT = 123526
private const val ROUND_AT = 143602

fun main(arguments: Array<String>) {
    val tests = Tests(arguments)
    val parts = tests.parts
    val io = parts.publicIo
    val key = ProgramKey.open(parts.key, parts.keyDigest)
    val setup = DorySetup.open(parts.setup, parts.setupDigest)
    val verifier = Verifier(key, setup)

    tests.test("a good proof is accepted, and the verdict has nothing else to say") {
        val verdict = verifier.verify(io, parts.proof)
        tests.check(verdict.accepted)
        tests.check(verdict.requireAccepted() === verdict)
        tests.equal(
            listOf(verdict.stage, verdict.reason, verdict.field, verdict.index, verdict.offset),
            listOf("", "", "", 0L, 0L),
        )
        tests.equal(
            listOf(verdict.stageCode, verdict.reasonCode, verdict.fieldCode, "$verdict"),
            listOf(0, 0, 0, "accepted"),
        )
    }
    tests.test("the bundle says 9 * 5 / 3 = 15") {
        tests.check(!io.panic)
        tests.equal(io.outputs.toList(), listOf<Byte>(15))
        tests.check(io.inputs.isNotEmpty())
        tests.equal(parts.trustedAdvice, null)
    }
    tests.test("another output is rejected with stage and reason") {
        val verdict = verifier.verify(PublicIo(io.inputs, byteArrayOf(16)), parts.proof)
        tests.check(!verdict.accepted && verdict.stageCode != 0 && verdict.reasonCode != 0)
        val thrown = tests.throws<RejectedException> { verdict.requireAccepted() }
        tests.check(thrown.verdict === verdict)
        tests.check(thrown.message!!.contains(verdict.reason))
    }
    tests.test("zeros behind the output, and the key's memory layout, change nothing") {
        val same = PublicIo(io.inputs, byteArrayOf(15, 0, 0), false, null)
        tests.check(verifier.verify(same, parts.proof).accepted)
    }
    tests.test("another memory layout, and a panic, are rejected") {
        val fields = io.memoryLayout!!.toLongArray()
        fields[7] += 8L
        val layout = PublicIo(io.inputs, io.outputs, false, MemoryLayout(fields))
        tests.check(!verifier.verify(layout, parts.proof).accepted)
        tests.check(!verifier.verify(PublicIo(io.inputs, io.outputs, true), parts.proof).accepted)
    }
    tests.test("offsets count from what was passed") {
        val base = String(tests.full, Charsets.ISO_8859_1)
            .indexOf(String(parts.proof, Charsets.ISO_8859_1))
        tests.check(base > 0)
        val cut = parts.proof.copyOf(1000)
        val ofProof = tests.throws<MalformedException> { verifier.verify(io, cut) }
        val ofBundle = tests.throws<MalformedException> {
            Mote.verifyBundle(tests.full.copyOf(base + 1000))
        }
        tests.equal(ofBundle.verdict.offset, ofProof.verdict.offset + base)
    }
    tests.test("buffers of every kind are read from position to limit and left alone") {
        val proof = parts.proof
        val padded = byteArrayOf(1, 2, 3) + proof + byteArrayOf(4, 5)
        val heap = ByteBuffer.wrap(padded, 3, proof.size)
        val direct = ByteBuffer.allocateDirect(padded.size)
        direct.put(padded).position(3).limit(3 + proof.size)
        val readOnly = heap.asReadOnlyBuffer()
        for (buffer in listOf(heap, direct, readOnly, heap.slice(), direct.slice())) {
            val position = buffer.position()
            tests.check(verifier.verify(io, buffer).accepted)
            tests.equal(buffer.position(), position)
            tests.equal(buffer.remaining(), proof.size)
        }
        val whole = ByteBuffer.wrap(tests.full)
        tests.equal(ProofBundle.open(whole).keyDigest.toList(), parts.keyDigest.toList())
        ProgramKey.open(ByteBuffer.wrap(parts.key), parts.keyDigest).close()
        DorySetup.open(ByteBuffer.wrap(parts.setup), parts.setupDigest).close()
    }
    tests.test("stages are told in order, up to the one it ends in") {
        val all = mutableListOf<String>()
        verifier.verify(io, parts.proof) { all += it }
        tests.check(all.containsAll(listOf("stage 1", "stage 3", "stage 8"))) { "$all" }
        tests.check(all.indexOf("stage 1") < all.indexOf("stage 8"))
        val changed = tests.full.clone()
        changed[ROUND_AT] = 0x73
        val some = mutableListOf<String>()
        val verdict = Mote.verifyBundle(changed) { some += it }
        tests.equal(verdict.stage, "stage 3")
        tests.equal(some.last(), "stage 3")
    }
    tests.test("a key says what it is") {
        val info = key.describe()
        tests.check(!info.committed)
        tests.equal(info.digest.toList(), parts.keyDigest.toList())
        tests.equal(info.memoryLayout, io.memoryLayout)
        tests.check(info.maxTraceLength > 0 && info.bytecodeLength > 0 && info.imageWords > 0)
        tests.equal(info.entryAddress, 0x80000000L)
        val committed = ProofBundle.open(tests.bundle("committed-muldiv-bundle.bin"))
        ProgramKey.open(committed.key, committed.keyDigest).use {
            tests.check(it.describe().committed)
        }
    }
    tests.test("a key is opened for the revision that is named, if it is known") {
        ProgramKey.open(parts.key, parts.keyDigest, "jolt-69eea119").close()
        val unknown = tests.throws<RejectedException> {
            ProgramKey.open(parts.key, parts.keyDigest, "jolt-0")
        }
        tests.equal(unknown.verdict.stage, "key")
        tests.throws<RejectedException> {
            ProgramKey.open(parts.key, parts.keyDigest, "x".repeat(100000))
        }
        tests.throws<RejectedException> { ProgramKey.open(parts.key, parts.keyDigest, "") }
        tests.throws<IllegalArgumentException> {
            ProgramKey.open(parts.key, parts.keyDigest, "jolt-69eea119\u0000x")
        }
    }
    tests.test("another program, another setup") {
        val other = ByteArray(32)
        val program = tests.throws<RejectedException> { ProgramKey.open(parts.key, other) }
        tests.equal(program.verdict.reason, "program digest is not the expected one")
        val sha256 = tests.throws<RejectedException> { DorySetup.open(parts.setup, other) }
        tests.equal(sha256.verdict.reason, "setup digest is not the expected one")
        tests.check(!Mote.verifyBundle(tests.full, other).accepted)
        tests.check(!Mote.verifyBundle(tests.full, null, other).accepted)
        tests.check(
            Mote.verifyBundle(tests.full, parts.keyDigest, parts.setupDigest).accepted,
        )
    }
    tests.test("what is handed out or in is a copy") {
        parts.key.fill(0)
        parts.keyDigest.fill(0)
        io.outputs.fill(0)
        io.memoryLayout!!.toLongArray().fill(0)
        val outputs = byteArrayOf(15)
        val own = PublicIo(io.inputs, outputs)
        outputs[0] = 16
        tests.check(verifier.verify(own, parts.proof).accepted)
        val bytes = tests.full.clone()
        val opened = ProofBundle.open(bytes)
        bytes.fill(0)
        tests.equal(opened.proof.toList(), parts.proof.toList())
    }
    tests.test("a changed output in a bundle is a rejection") {
        val changed = tests.full.clone()
        tests.equal(changed[OUTPUT_AT].toInt(), 15)
        changed[OUTPUT_AT] = 16
        tests.check(!Mote.verifyBundle(changed).accepted)
    }
    tests.test("advice that the proof does not know is no reason to accept it") {
        for (fill in listOf(0, 1, 255)) {
            val advice = ByteArray(384) { fill.toByte() }
            val accepted = try {
                verifier.verify(io, parts.proof, advice).accepted
            } catch (e: MalformedException) {
                false
            }
            tests.check(!accepted)
        }
    }
    tests.test("the machine has a name") { tests.check(Mote.archName.isNotEmpty()) }
    tests.finish()
}
