package dev.mote.validator

/**
 * The twenty fields of the guest's memory map. Numbers are unsigned 64-bit values.
 *
 * @param fields in the order of `mote_memory_layout`, which is that of the properties here
 * @throws IllegalArgumentException if they are not twenty
 */
public class MemoryLayout(fields: LongArray) {
    private val fields: LongArray = fields.clone()

    init {
        require(fields.size == COUNT) { "a memory layout has $COUNT fields, not ${fields.size}" }
    }

    /** Bytes of the program. */
    public val programSize: Long get() = fields[0]

    /** Most bytes of trusted advice. */
    public val maxTrustedAdviceSize: Long get() = fields[1]

    /** First address of trusted advice. */
    public val trustedAdviceStart: Long get() = fields[2]

    /** First address behind trusted advice. */
    public val trustedAdviceEnd: Long get() = fields[3]

    /** Most bytes of untrusted advice. */
    public val maxUntrustedAdviceSize: Long get() = fields[4]

    /** First address of untrusted advice. */
    public val untrustedAdviceStart: Long get() = fields[5]

    /** First address behind untrusted advice. */
    public val untrustedAdviceEnd: Long get() = fields[6]

    /** Most bytes of input. */
    public val maxInputSize: Long get() = fields[7]

    /** Most bytes of output. */
    public val maxOutputSize: Long get() = fields[8]

    /** First address of the inputs. */
    public val inputStart: Long get() = fields[9]

    /** First address behind the inputs. */
    public val inputEnd: Long get() = fields[10]

    /** First address of the outputs. */
    public val outputStart: Long get() = fields[11]

    /** First address behind the outputs. */
    public val outputEnd: Long get() = fields[12]

    /** Bytes of the stack. */
    public val stackSize: Long get() = fields[13]

    /** Address at which the stack ends. */
    public val stackEnd: Long get() = fields[14]

    /** Bytes of the heap. */
    public val heapSize: Long get() = fields[15]

    /** First address behind the heap. */
    public val heapEnd: Long get() = fields[16]

    /** Address that says that the program panicked. */
    public val panic: Long get() = fields[17]

    /** Address that says that the program ended. */
    public val termination: Long get() = fields[18]

    /** First address behind inputs and outputs. */
    public val ioEnd: Long get() = fields[19]

    /** A copy of the twenty fields. */
    public fun toLongArray(): LongArray = fields.clone()

    /** True of a layout with the same fields. */
    override fun equals(other: Any?): Boolean =
        other is MemoryLayout && fields.contentEquals(other.fields)

    /** Goes with [equals]. */
    override fun hashCode(): Int = fields.contentHashCode()

    internal companion object {
        const val COUNT: Int = 20
    }
}
