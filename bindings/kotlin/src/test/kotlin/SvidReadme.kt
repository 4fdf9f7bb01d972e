import dev.mote.validator.svid.Epoch
import dev.mote.validator.svid.Expected
import dev.mote.validator.svid.Outcome
import dev.mote.validator.svid.Request
import dev.mote.validator.svid.Rows
import dev.mote.validator.svid.ShareChecker
import dev.mote.validator.svid.Svid

// README.md has all that follows.

/** Whether the rows of a validator hold. */
fun good(epoch: Epoch, expected: Expected, header: ByteArray, z: ByteArray, rows: List<Rows>) =
    Svid.checkShare(epoch, expected, Request.validator(3), header, z, rows).outcome ==
        Outcome.PROVISIONAL

/** A sampler's check as bytes arrive, in pieces of any size and in any order. */
fun sampler(epoch: Epoch, expected: Expected, header: ByteArray): ShareChecker {
    val wanted = Svid.sampleRows(Svid.describeHeader(header).rows)
    val checker = ShareChecker(epoch, expected, Request.rows(wanted), header)
    check(checker.appendZ(ByteArray(0)) == null) // null, or what is wrong, such as Fault.E_Z
    return checker
}
