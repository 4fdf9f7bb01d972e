import dev.mote.validator.LimitExceededException
import dev.mote.validator.MalformedException
import dev.mote.validator.MoteException
import dev.mote.validator.svid.BadRow
import dev.mote.validator.svid.Epoch
import dev.mote.validator.svid.Expected
import dev.mote.validator.svid.Fault
import dev.mote.validator.svid.Outcome
import dev.mote.validator.svid.Params
import dev.mote.validator.svid.Reconstruction
import dev.mote.validator.svid.Request
import dev.mote.validator.svid.RowRange
import dev.mote.validator.svid.Rows
import dev.mote.validator.svid.ShareChecker
import dev.mote.validator.svid.ShareVerdict
import dev.mote.validator.svid.Svid
import java.io.File
import java.nio.ByteBuffer
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread
import org.json.JSONArray
import org.json.JSONObject

private fun JSONObject.bytes(name: String) = fromHex(optString(name))
private fun JSONObject.unsigned(name: String) = getString(name).toULong().toLong()
private fun JSONObject.row(name: String) = getLong(name).toInt()
private fun JSONArray.objects() = map { it as JSONObject }
private fun JSONArray.ints() = IntArray(length()) { getLong(it).toInt() }

/** The epochs of the cases, opened for each use. */
private class Epochs(private val given: JSONArray) {
    fun open(number: Int, keys: Boolean = true): Epoch {
        val epoch = given.getJSONObject(number)
        val stakes = epoch.getJSONArray("stakes")
        return Epoch.open(
            epoch.bytes("seed"),
            LongArray(stakes.length()) { stakes.getString(it).toULong().toLong() },
            if (keys) epoch.bytes("public_keys") else null,
        )
    }
}

private class Share(case: JSONObject) {
    val name: String = case.getString("name")
    val epoch = case.getInt("epoch")
    val header = case.bytes("header")
    val z = if (case.isNull("z")) null else case.bytes("z")
    val expected = expected(case.getJSONObject("expected"))
    val request = if (case.isNull("rows")) {
        Request.validator(case.getInt("validator"))
    } else {
        Request.rows(case.getJSONArray("rows").ints())
    }
    val messages = case.getJSONArray("messages").objects().map {
        Rows(
            it.row("first"),
            it.row("count"),
            it.bytes("rows"),
            it.bytes("data_path"),
            it.bytes("parity_path"),
        )
    }
    val answer = case.getJSONObject("answer").let {
        listOf(
            it.getString("outcome"),
            it.getInt("step"),
            it.getString("fault"),
            if (it.isNull("row")) null else it.getInt("row"),
        )
    }

    fun checker(epoch: Epoch, expected: Expected = this.expected) =
        ShareChecker(epoch, expected, request, header)

    fun atOnce(epoch: Epoch) =
        Svid.checkShare(epoch, expected, request, header, z, messages)

    /** In pieces, every second one as a buffer. */
    fun inPieces(epoch: Epoch, piece: Int): ShareVerdict = checker(epoch).use { checker ->
        for (m in messages) {
            checker.beginRows(m.first, m.count, m.rows.size.toLong(), m.dataPath, m.parityPath)
            pieces(m.rows, piece, checker::appendRows, checker::appendRows)
            checker.endRows()
        }
        if (z != null) {
            pieces(z, piece, checker::appendZ, checker::appendZ)
            checker.endZ()
        }
        checker.verdict()
    }

    private fun pieces(
        bytes: ByteArray,
        piece: Int,
        array: (ByteArray) -> Fault?,
        buffer: (ByteBuffer) -> Fault?,
    ) {
        for ((index, at) in bytes.indices.step(piece).withIndex()) {
            val count = minOf(piece, bytes.size - at)
            if (index % 2 == 0) {
                array(bytes.copyOfRange(at, at + count))
            } else {
                buffer(ByteBuffer.wrap(bytes, at, count))
            }
        }
    }

    companion object {
        fun expected(e: JSONObject, zone: Long = e.getLong("zone")) = Expected(
            e.bytes("chain_id"),
            zone.toInt(),
            e.unsigned("height"),
            e.unsigned("epoch"),
            e.bytes("svid_root"),
            e.unsigned("block_bytes_max"),
        )
    }
}

private fun spelled(v: ShareVerdict) =
    listOf(v.outcome.name.lowercase(), v.step, v.fault?.name ?: "", v.row)

fun main(arguments: Array<String>) {
    val tests = Tests(arguments)
    val cases = JSONObject(File(tests.vectors, "bindings/svid.json").readText())
    fun list(name: String) = cases.getJSONArray(name).objects()
    val epochs = Epochs(cases.getJSONArray("epochs"))
    val shares = list("shares").map(::Share)
    val honest = shares.first { it.name == "honest unequal, validator 0" }

    tests.test("there are cases") {
        tests.check(shares.size >= 98 && list("dispersals").size >= 10)
        tests.check(list("samples").size >= 7 && list("bounds").size >= 7)
        tests.check(list("reconstructions").size >= 21)
    }
    for (share in shares) {
        tests.test(share.name) {
            epochs.open(share.epoch).use { epoch ->
                tests.equal(spelled(share.atOnce(epoch)), share.answer)
                for (piece in listOf(1000, 13)) {
                    tests.equal(spelled(share.inPieces(epoch, piece)), share.answer)
                }
            }
        }
    }
    tests.test("dispersals") {
        for (case in list("dispersals")) {
            val epoch = epochs.open(case.getInt("epoch"))
            val size = case.getLong("block_bytes")
            val zone = case.getLong("zone").toInt()
            val height = case.unsigned("height")
            val k = case.getInt("data_rows")
            val wanted = Params(
                case.getInt("row_bytes"), size, k, case.getInt("code_rows"),
                case.getInt("rows"), 16 * k,
            )
            tests.equal(epoch.params(size), wanted)
            case.getJSONArray("ranges").forEachIndexed { validator, range ->
                val (first, count) = (range as JSONArray).ints().toList()
                val found = epoch.assignedRows(size, zone, height, validator)
                tests.equal(found, RowRange(first, count))
            }
            val header = Svid.describeHeader(case.bytes("header"))
            tests.equal(
                listOf(header.zone, header.height, header.epoch, header.blockBytes),
                listOf(zone, height, case.unsigned("number"), size),
            )
            tests.equal(
                listOf(header.dataRows, header.rows, header.rowBytes),
                listOf(wanted.dataRows, wanted.rows, wanted.rowBytes),
            )
            val digests = listOf(
                header.chainId to "chain_id",
                header.dataRoot to "data_root",
                header.parityRoot to "parity_root",
                header.zDigest to "z_digest",
                header.svidRoot to "svid_root",
                header.announceDigest to "announce_digest",
            )
            for ((found, name) in digests) {
                tests.equal(found.toList(), case.bytes(name).toList())
            }
        }
    }
    tests.test("samples and bounds") {
        for (case in list("samples")) {
            val entropy = case.bytes("entropy")
            val rows = Svid.sampleRows(case.getInt("total"), case.getInt("count"), entropy)
            tests.equal(rows.toList(), case.getJSONArray("rows").ints().toList())
        }
        for (case in list("bounds")) {
            val k = case.getInt("data_rows")
            val bound = Svid.failureBound(k, case.getInt("rows"), case.getInt("samples"))
            tests.equal(bound, case.getDouble("bound"))
        }
        val draws = List(20) { Svid.sampleRows(13000).toList() }
        tests.equal(draws.toSet().size, 20)
        for (rows in draws) {
            tests.equal(rows, rows.toSortedSet().toList())
            tests.equal(rows.size, 16)
        }
        tests.equal(Svid.sampleRows(5).toList(), listOf(0, 1, 2, 3, 4))
    }
    for (case in list("reconstructions")) {
        tests.test(case.getString("name")) {
            val rows = case.getJSONArray("rows").objects()
                .associate { it.row("number") to it.bytes("bytes") }
            val header = case.bytes("header")
            when (val answer = case.getString("answer")) {
                "malformed" -> {
                    val thrown =
                        tests.throws<MalformedException> { Svid.reconstruct(header, rows) }
                    tests.equal(
                        thrown.message,
                        "malformed, header: not the header of a dispersal",
                    )
                }
                "invalid_argument" -> tests.throws<IllegalArgumentException> {
                    Svid.reconstruct(header, rows)
                }
                else -> {
                    val found = Svid.reconstruct(header, rows)
                    tests.equal(found.result, Reconstruction.Result.valueOf(answer.uppercase()))
                    val block = if (answer == "rebuilt") case.bytes("block").toList() else null
                    tests.equal(found.block?.toList(), block)
                }
            }
        }
    }
    val evidence = JSONObject(File(tests.vectors, "svid/misc.json").readText())
        .getJSONArray("evidence").objects()
    tests.test("evidence") {
        tests.check(evidence.size >= 4)
        for (case in evidence) {
            val input = case.getJSONObject("input")
            val stakes = input.getJSONObject("stakes").getJSONArray("list").map {
                (it as Number).toLong()
            }.filter { it != 0L }
            val epoch = Epoch.open(input.bytes("seed"), stakes.toLongArray())
            val row = case.getJSONObject("row")
            fun message(count: Int) = Rows(
                row.getInt("first_row"), count, row.bytes("rows"), row.bytes("data_path"),
                row.bytes("parity_path"),
            )
            val chain = input.bytes("chain_id")
            val header = case.bytes("header")
            val z = case.bytes("z")
            val found = Svid.checkBadRow(epoch, chain, header, message(1), z)
            val said = when (found.finding) {
                BadRow.Finding.CONVICTS -> "valid"
                BadRow.Finding.ROW_IS_CORRECT -> "row is correct"
                BadRow.Finding.NOT_SHOWN -> found.fault!!.name
            }
            tests.equal(said, case.getString("result"))
            val about = Svid.describeHeader(header)
            if (found.finding == BadRow.Finding.CONVICTS) {
                tests.equal(found.svidRoot.toList(), about.svidRoot.toList())
                tests.equal(found.announceDigest.toList(), about.announceDigest.toList())
            }
            tests.throws<IllegalArgumentException> {
                Svid.checkBadRow(epoch, chain, header, message(2), z)
            }
            tests.equal(Svid.equivocates(chain, header, header), null)
            val other = header.clone()
            other[80] = (other[80].toInt() xor 1).toByte()
            val both = Svid.equivocates(chain, header, other)!!
            tests.equal(both.first.toList(), about.announceDigest.toList())
            tests.equal(
                both.second.toList(),
                Svid.describeHeader(other).announceDigest.toList(),
            )
            epoch.close()
            tests.throws<IllegalStateException> {
                Svid.checkBadRow(epoch, chain, header, message(1), z)
            }
        }
    }
    tests.test("another source") {
        val z = honest.z!!
        val wrong = z.clone()
        wrong[3] = (wrong[3].toInt() xor 4).toByte()
        val checker = epochs.open(honest.epoch).use(honest::checker)
        System.gc() // the epoch is gone, the check goes on
        tests.equal(checker.appendZ(wrong), Fault.E_Z)
        tests.equal(spelled(checker.verdict()), listOf("rejected", 4, "E_Z", null))
        checker.beginSource()
        tests.equal(checker.appendZ(z), null)
        tests.equal(spelled(checker.verdict()), listOf("incomplete", 4, "", null))
        val m = honest.messages[0]
        tests.check(!checker.holds(m.first))
        val bytes = m.rows.size.toLong()
        tests.equal(checker.beginRows(m.first, m.count, bytes, m.dataPath, m.parityPath), null)
        tests.equal(checker.appendRows(m.rows), null)
        tests.check(checker.holds(m.first) && !checker.holds(-1))
    }
    tests.test("a refused header stays the answer") {
        val e = list("shares").first { it.getString("name") == honest.name }
        val expected = Share.expected(e.getJSONObject("expected"), zone = 1)
        val checker = honest.checker(epochs.open(honest.epoch), expected)
        val answer = listOf("rejected", 1, "E_HEADER", null)
        tests.equal(spelled(checker.verdict()), answer)
        tests.equal(checker.appendZ(byteArrayOf(1)), Fault.E_HEADER)
        tests.equal(checker.beginRows(0, 1, 1), Fault.E_HEADER)
        checker.beginSource()
        tests.check(!checker.holds(0))
        tests.equal(spelled(checker.verdict()), answer)
        checker.close()
        tests.throws<IllegalStateException> { checker.verdict() }
    }
    tests.test("the page of the package") {
        val share = shares.first { it.name == "honest unequal, validator 3" }
        val epoch = epochs.open(share.epoch)
        tests.check(good(epoch, share.expected, share.header, share.z!!, share.messages))
        tests.check(!good(epoch, share.expected, share.header, share.z, emptyList()))
        val checker = sampler(epoch, share.expected, share.header)
        tests.equal(spelled(checker.verdict()), listOf("incomplete", 3, "", null))
    }
    tests.test("values that cannot be meant") {
        val seed = ByteArray(32)
        val epoch = epochs.open(honest.epoch)
        val keyless = epochs.open(honest.epoch, keys = false)
        val e = honest.expected
        val h = honest.header
        val half = 1L shl 63
        val digest = ByteArray(32)
        val calls = listOf(
            { Epoch.open(ByteArray(31), LongArray(4) { 1 }) },
            { Epoch.open(seed, LongArray(0)) },
            { Epoch.open(seed, LongArray(3) { 1 }) },
            { Epoch.open(seed, LongArray(40961) { 1 }) },
            { Epoch.open(seed, longArrayOf(1, 1, 1, 0)) },
            { Epoch.open(seed, longArrayOf(half, half, 1, 1)) },
            { Epoch.open(seed, LongArray(4) { 1 }, ByteArray(0)) },
            { Epoch.open(seed, LongArray(4) { 1 }, ByteArray(191)) },
            { Epoch.open(seed, LongArray(4) { 1 }, ByteArray(193)) },
            { epoch.assignedRows(5000, 0, 0, 7) },
            { epoch.assignedRows(5000, 0, 0, -1) },
            { keyless.assignedRows(5000, 0, 0, 0) },
            { ShareChecker(keyless, e, Request.validator(0), h) },
            { ShareChecker(epoch, e, Request.validator(7), h) },
            { ShareChecker(epoch, e, Request.validator(-1), h) },
            { ShareChecker(epoch, e, Request.rows(intArrayOf(1, 1)), h) },
            { ShareChecker(epoch, e, Request.rows(intArrayOf(2, 1)), h) },
            { ShareChecker(epoch, e, Request.rows(intArrayOf(18)), h) },
            { ShareChecker(epoch, e, Request.rows(intArrayOf(-1)), h) },
            { ShareChecker(epoch, e, Request.rows(IntArray(19) { it }), h) },
            { Expected(ByteArray(0), 0, 0, 0, digest) },
            { Expected(digest, 0, 0, 0, ByteArray(33)) },
            { Svid.sampleRows(-1) },
            { Svid.sampleRows(5, -1) },
            { Svid.sampleRows(5, 2, ByteArray(33)) },
            { Svid.failureBound(3, 2, 1) },
            { Svid.equivocates(ByteArray(0), h, h) },
        )
        for (call in calls) {
            tests.throws<IllegalArgumentException>(call)
        }
        tests.throws<LimitExceededException> { epoch.params(Svid.BLOCK_BYTES_MAX + 1) }
        tests.throws<LimitExceededException> { epoch.params(-1) }
        tests.throws<MalformedException> { Svid.describeHeader(h.copyOf(175)) }
        tests.throws<MalformedException> { Svid.describeHeader(ByteArray(0)) }
        Epoch.open(seed, LongArray(40960) { 1 }).close()
    }
    tests.test("large arrays are answered") {
        val large = ByteArray(100 shl 20)
        val checker = honest.checker(epochs.open(honest.epoch))
        tests.equal(checker.appendZ(large), Fault.E_Z)
        tests.equal(checker.appendRows(large), null) // not announced, so not looked at
        tests.equal(checker.beginRows(-1, -1, -1, large, large), Fault.E_ROW_SHAPE)
        tests.throws<MoteException> { Svid.describeHeader(large) }
    }
    tests.test("a closed handle says so, and closes again") {
        val epoch = epochs.open(honest.epoch)
        val checker = honest.checker(epoch)
        epoch.close()
        epoch.close()
        tests.throws<IllegalStateException> { epoch.params(1) }
        tests.throws<IllegalStateException> { epoch.assignedRows(1, 0, 0, 0) }
        tests.throws<IllegalStateException> { honest.checker(epoch) }
        checker.close()
        checker.close()
        val none = ByteArray(0)
        val calls = listOf(
            { checker.beginSource() },
            { checker.appendZ(none) },
            { checker.endZ() },
            { checker.beginRows(0, 1, 1) },
            { checker.appendRows(none) },
            { checker.endRows() },
            { checker.verdict() },
            { checker.holds(0) },
        )
        for (call in calls) {
            tests.throws<IllegalStateException>(call)
        }
    }
    tests.test("one checker, one epoch, many threads, closed meanwhile") {
        val epoch = epochs.open(honest.epoch)
        val checker = honest.checker(epoch)
        val refused = AtomicInteger()
        val failed = AtomicInteger()
        val threads = List(4) { index ->
            thread {
                repeat(50) {
                    try {
                        if (index == 3 && it == 40) {
                            checker.close()
                            System.gc()
                        }
                        checker.beginSource()
                        checker.appendZ(honest.z!!)
                        checker.verdict()
                    } catch (e: IllegalStateException) {
                        refused.incrementAndGet()
                    } catch (e: Throwable) {
                        failed.incrementAndGet()
                    }
                    if (honest.atOnce(epoch).outcome != Outcome.PROVISIONAL) {
                        failed.incrementAndGet()
                    }
                }
            }
        }
        threads.forEach { it.join() }
        tests.equal(failed.get(), 0)
        tests.check(refused.get() >= 10) { "$refused" }
    }
    tests.test("checkers that nobody closes do not use memory up") {
        val epoch = epochs.open(honest.epoch)
        repeat(2000) { honest.checker(epoch).appendZ(honest.z!!) }
    }
    tests.finish()
}
