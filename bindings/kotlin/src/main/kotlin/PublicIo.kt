package dev.mote.validator

/**
 * What the caller believes the program read and wrote.
 *
 * Trailing zero bytes of outputs mean nothing: "0f" and "0f00" are the same output. The arrays are
 * copied, on the way in and on the way out.
 *
 * @param inputs what the program read
 * @param outputs what it wrote
 * @param panic whether it panicked
 * @param memoryLayout its memory map, which must be the key's; null takes the key's
 */
public class PublicIo @JvmOverloads constructor(
    inputs: ByteArray,
    outputs: ByteArray,
    /** Whether the program panicked. */
    @get:JvmName("isPanic") public val panic: Boolean = false,
    /** The memory map; null stands for the key's. */
    public val memoryLayout: MemoryLayout? = null,
) {
    internal val ownInputs: ByteArray = inputs.clone()
    internal val ownOutputs: ByteArray = outputs.clone()

    /** What the program read. */
    public val inputs: ByteArray get() = ownInputs.clone()

    /** What the program wrote. */
    public val outputs: ByteArray get() = ownOutputs.clone()
}
