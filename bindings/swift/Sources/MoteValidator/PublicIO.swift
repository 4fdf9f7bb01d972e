/// What the caller believes the program read and wrote.
///
/// Trailing zero bytes of outputs mean nothing: "0f" and "0f00" are the same output.
public struct PublicIO: Equatable, Sendable {
    /// What the program read.
    public var inputs: [UInt8]
    /// What the program wrote.
    public var outputs: [UInt8]
    /// Whether the program panicked.
    public var panic: Bool
    /// The memory map, which must be the key's; nil stands for the key's.
    public var memoryLayout: GuestMemoryLayout?

    /// What a program read and wrote; without a memory layout the key's is taken.
    public init(
        inputs: [UInt8], outputs: [UInt8], panic: Bool = false,
        memoryLayout: GuestMemoryLayout? = nil
    ) {
        self.inputs = inputs
        self.outputs = outputs
        self.panic = panic
        self.memoryLayout = memoryLayout
    }
}
