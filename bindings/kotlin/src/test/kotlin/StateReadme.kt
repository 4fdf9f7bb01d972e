import dev.mote.validator.state.Answer
import dev.mote.validator.state.Operation
import dev.mote.validator.state.Proof
import dev.mote.validator.state.Witness

// README.md has all that follows.

/** A balance, if the proof shows it; null: ask for another proof. */
fun balance(root: ByteArray, height: Long, bytes: ByteArray, account: ByteArray): ByteArray? =
    Proof.open(root, bytes, height).use { proof -> // RejectedException: it is of another state
        val found = proof.lookup(account)
        if (found.answer == Answer.ABSENT) ByteArray(0) else found.value
    }

/** Whether a block leads from one root to the next, without the state. */
fun follows(old: ByteArray, height: Long, block: List<Operation>, bytes: ByteArray, new: ByteArray) =
    Witness.open(old, bytes, height - 1).use { it.apply(height, block).root }.contentEquals(new)
