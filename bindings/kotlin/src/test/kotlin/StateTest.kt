import dev.mote.validator.LimitExceededException
import dev.mote.validator.MalformedException
import dev.mote.validator.MoteException
import dev.mote.validator.RejectedException
import dev.mote.validator.Verdict
import dev.mote.validator.state.Operation
import dev.mote.validator.state.Proof
import dev.mote.validator.state.Witness
import java.io.File
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread
import org.json.JSONArray
import org.json.JSONObject

private fun JSONObject.bytes(name: String) = fromHex(getString(name))
private fun JSONObject.height(name: String) =
    if (isNull(name)) null else getString(name).toULong().toLong()
private fun JSONArray.objects() = map { it as JSONObject }
private fun toHex(bytes: ByteArray?) = bytes?.joinToString("") { "%02x".format(it) }

private fun isWitness(case: JSONObject) = case.getString("kind") == "witness"

private fun witness(case: JSONObject) =
    Witness.open(case.bytes("root"), case.bytes("bytes"), case.height("height"))

private fun proof(case: JSONObject) = if (isWitness(case)) {
    witness(case).before
} else {
    Proof.open(case.bytes("root"), case.bytes("bytes"), case.height("height"))
}

private fun operations(case: JSONObject) = case.getJSONArray("operations").map {
    val pair = it as JSONArray
    val key = fromHex(pair.getString(0))
    if (pair.isNull(1)) Operation.delete(key) else Operation.put(key, fromHex(pair.getString(1)))
}

/** Kind, fault, offset and index of what a call said. */
private fun spelled(body: () -> Unit): List<Any> = try {
    body()
    listOf("accepted", "", 0L, 0L)
} catch (e: RejectedException) {
    spelled("rejected", e.verdict)
} catch (e: MalformedException) {
    spelled("malformed", e.verdict)
} catch (e: IllegalArgumentException) {
    listOf("invalid_argument", "", 0L, 0L)
}

private fun spelled(kind: String, v: Verdict) = listOf(kind, v.reason, v.offset, v.index)

/** Kind, fault, operation and root of a block. */
private fun applied(witness: Witness, case: JSONObject): List<Any?> {
    var root: String? = null
    var fault: String? = null
    val said = spelled {
        val verdict = witness.apply(case.height("height")!!, operations(case))
        root = toHex(verdict.root)
        fault = verdict.fault?.name?.lowercase()
        check(verdict.accepted == (root != null))
    }
    return listOf(if (fault != null) "rejected" else said[0], fault ?: said[1], said[3], root)
}

fun main(arguments: Array<String>) {
    val tests = Tests(arguments)
    val cases = JSONObject(File(tests.vectors, "bindings/state.json").readText())
    val proofs = cases.getJSONArray("proofs").objects()
    val blocks = cases.getJSONArray("blocks").objects()
    val present = proofs[0]
    val key = present.getJSONArray("questions").getJSONObject(0).bytes("key")

    tests.test("proofs and their questions") {
        tests.check(proofs.size > 250)
        for (case in proofs) {
            val answer = case.getJSONObject("answer")
            val wanted = listOf(
                answer.getString("verdict"),
                answer.getString("fault"),
                answer.getLong("offset"),
                0L,
            )
            tests.equal(spelled { proof(case).close() }, wanted)
            for (question in case.getJSONArray("questions").objects()) {
                proof(case).use { proof ->
                    val asked = question.bytes("key")
                    val after = question.height("after")
                    val found = try {
                        val said =
                            if (after == null) proof.lookup(asked) else proof.lookupAfter(asked, after)
                        listOf(said.answer.name.lowercase(), toHex(said.value))
                    } catch (e: IllegalArgumentException) {
                        listOf("invalid_argument", null)
                    }
                    val value = if (question.isNull("value")) null else question.getString("value")
                    tests.equal(found, listOf(question.getString("answer"), value))
                }
            }
        }
    }

    tests.test("blocks") {
        tests.check(blocks.size >= 18)
        for (case in blocks) {
            witness(proofs[case.getInt("witness")]).use { witness ->
                val answer = case.getJSONObject("answer")
                val root = if (answer.isNull("root")) null else answer.getString("root")
                val wanted = listOf(
                    answer.getString("verdict"),
                    answer.getString("fault"),
                    answer.getLong("operation"),
                    root,
                )
                repeat(2) { tests.equal(applied(witness, case), wanted) }
            }
        }
    }

    tests.test("errors say why and where") {
        val bytes = present.bytes("bytes")
        val rejected = tests.throws<RejectedException> { Proof.open(ByteArray(32), bytes) }
        tests.equal(rejected.message, "rejected, proof: root")
        tests.equal(rejected.verdict.reasonCode, 32)
        val longer = bytes + ByteArray(1)
        val malformed =
            tests.throws<MalformedException> { Proof.open(present.bytes("root"), longer) }
        tests.equal(malformed.message, "malformed, proof: trailing, offset ${bytes.size}")
    }

    tests.test("misuse") {
        val root = present.bytes("root")
        val bytes = present.bytes("bytes")
        tests.throws<IllegalArgumentException> { Proof.open(ByteArray(31), bytes) }
        tests.throws<IllegalArgumentException> { Proof.open(root, bytes, -1) }
        tests.throws<LimitExceededException> { Proof.open(root, ByteArray((1 shl 27) + 1)) }
        val proof = proof(present)
        tests.throws<IllegalArgumentException> { proof.lookup(ByteArray(0)) }
        tests.throws<IllegalArgumentException> { proof.lookup(ByteArray(256)) }
        tests.throws<IllegalArgumentException> { proof.lookupAfter(key, 201) }
        tests.throws<IllegalArgumentException> { proof.lookupAfter(key, -1) }
        proof.close()
        proof.close()
        tests.throws<IllegalStateException> { proof.lookup(key) }
        val block = blocks[0]
        val witness = witness(proofs[block.getInt("witness")])
        tests.throws<IllegalArgumentException> { witness.apply(-1, listOf()) }
        witness.close()
        tests.throws<IllegalStateException> { witness.apply(1, listOf()) }
        tests.throws<IllegalStateException> { witness.before.lookup(key) }
    }

    tests.test("the README's functions") {
        val question = present.getJSONArray("questions").getJSONObject(0)
        val root = present.bytes("root")
        tests.equal(
            toHex(balance(root, 200, present.bytes("bytes"), key)),
            question.getString("value"),
        )
        tests.equal(balance(root, 200, present.bytes("bytes"), ByteArray(3)), null)
        val block = blocks[0]
        val before = proofs[block.getInt("witness")]
        val new = block.getJSONObject("answer").bytes("root")
        val height = block.height("height")!!
        val old = before.bytes("root")
        tests.check(follows(old, height, operations(block), before.bytes("bytes"), new))
        tests.check(!follows(old, height, operations(block), before.bytes("bytes"), old))
    }

    tests.test("threads share a proof and a witness") {
        val block = blocks[0]
        val proof = proof(present)
        val witness = witness(proofs[block.getInt("witness")])
        val root = block.getJSONObject("answer").getString("root")
        val wrong = AtomicInteger()
        val value = toHex(proof.lookup(key).value)
        List(4) {
            thread {
                try {
                    repeat(30) {
                        if (toHex(proof.lookup(key).value) != value || applied(witness, block)[3] != root) {
                            wrong.incrementAndGet()
                        }
                    }
                } catch (e: MoteException) {
                    wrong.incrementAndGet()
                }
            }
        }.forEach { it.join() }
        tests.equal(wrong.get(), 0)
    }

    tests.finish()
}
