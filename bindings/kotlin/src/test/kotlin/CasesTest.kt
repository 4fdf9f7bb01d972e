import dev.mote.validator.MalformedException
import dev.mote.validator.Mote
import dev.mote.validator.Verdict
import java.io.File
import java.nio.ByteBuffer
import org.json.JSONArray
import org.json.JSONObject

/** The bytes of a case: cut to `size`, patched, extended. */
private fun bytesOf(case: JSONObject, tests: Tests): ByteArray {
    val name = case.getString("bundle")
    var bytes = if (name.isEmpty()) ByteArray(0) else tests.bundle(name)
    if (case.has("size")) {
        bytes = bytes.copyOf(minOf(bytes.size, case.getInt("size")))
    }
    case.optJSONArray("patches")?.forEach {
        val patch = it as JSONArray
        fromHex(patch.getString(1)).copyInto(bytes, patch.getInt(0))
    }
    return bytes + fromHex(case.optString("append"))
}

private fun digest(case: JSONObject, name: String): ByteArray? =
    if (case.has(name)) fromHex(case.getString(name)) else null

/** "verdict|stage|reason|field|offset" */
private fun line(kind: String, v: Verdict) =
    "$kind|${v.stage}|${v.reason}|${v.field}|${v.offset}"

private fun answerOf(verify: () -> Verdict): String = try {
    val verdict = verify()
    line(if (verdict.accepted) "accepted" else "rejected", verdict)
} catch (e: MalformedException) {
    line("malformed", e.verdict)
}

fun main(arguments: Array<String>) {
    val tests = Tests(arguments)
    val cases = JSONArray(File(tests.vectors, "bindings/cases.json").readText())
    tests.test("there are cases") { tests.check(cases.length() >= 246) }
    for (case in cases) {
        case as JSONObject
        tests.test(case.getString("name")) {
            val bytes = bytesOf(case, tests)
            val program = digest(case, "expect_program")
            val setup = digest(case, "expect_setup")
            val answer = case.getJSONObject("answer")
            val wanted = listOf("verdict", "stage", "reason", "field", "offset")
                .joinToString("|") { answer.get(it).toString() }
            tests.equal(answerOf { Mote.verifyBundle(bytes, program, setup) }, wanted)
            val direct = ByteBuffer.allocateDirect(bytes.size)
            direct.put(bytes).flip()
            tests.equal(answerOf { Mote.verifyBundle(direct, program, setup) }, wanted)
        }
    }
    tests.finish()
}
