import CMote

/// The twenty fields of the guest's memory map, in the order the proof system hashes them.
public struct GuestMemoryLayout: Equatable, Sendable {
    /// Bytes of the program.
    public var programSize: UInt64
    /// Most bytes of trusted advice.
    public var maxTrustedAdviceSize: UInt64
    /// First address of trusted advice.
    public var trustedAdviceStart: UInt64
    /// First address behind trusted advice.
    public var trustedAdviceEnd: UInt64
    /// Most bytes of untrusted advice.
    public var maxUntrustedAdviceSize: UInt64
    /// First address of untrusted advice.
    public var untrustedAdviceStart: UInt64
    /// First address behind untrusted advice.
    public var untrustedAdviceEnd: UInt64
    /// Most bytes of input.
    public var maxInputSize: UInt64
    /// Most bytes of output.
    public var maxOutputSize: UInt64
    /// First address of the inputs.
    public var inputStart: UInt64
    /// First address behind the inputs.
    public var inputEnd: UInt64
    /// First address of the outputs.
    public var outputStart: UInt64
    /// First address behind the outputs.
    public var outputEnd: UInt64
    /// Bytes of the stack.
    public var stackSize: UInt64
    /// Address at which the stack ends.
    public var stackEnd: UInt64
    /// Bytes of the heap.
    public var heapSize: UInt64
    /// First address behind the heap.
    public var heapEnd: UInt64
    /// Address that says that the program panicked.
    public var panic: UInt64
    /// Address that says that the program ended.
    public var termination: UInt64
    /// First address behind inputs and outputs.
    public var ioEnd: UInt64

    init(_ raw: mote_memory_layout) {
        programSize = raw.program_size
        maxTrustedAdviceSize = raw.max_trusted_advice_size
        trustedAdviceStart = raw.trusted_advice_start
        trustedAdviceEnd = raw.trusted_advice_end
        maxUntrustedAdviceSize = raw.max_untrusted_advice_size
        untrustedAdviceStart = raw.untrusted_advice_start
        untrustedAdviceEnd = raw.untrusted_advice_end
        maxInputSize = raw.max_input_size
        maxOutputSize = raw.max_output_size
        inputStart = raw.input_start
        inputEnd = raw.input_end
        outputStart = raw.output_start
        outputEnd = raw.output_end
        stackSize = raw.stack_size
        stackEnd = raw.stack_end
        heapSize = raw.heap_size
        heapEnd = raw.heap_end
        panic = raw.panic
        termination = raw.termination
        ioEnd = raw.io_end
    }

    var raw: mote_memory_layout {
        var raw = mote_memory_layout()
        raw.program_size = programSize
        raw.max_trusted_advice_size = maxTrustedAdviceSize
        raw.trusted_advice_start = trustedAdviceStart
        raw.trusted_advice_end = trustedAdviceEnd
        raw.max_untrusted_advice_size = maxUntrustedAdviceSize
        raw.untrusted_advice_start = untrustedAdviceStart
        raw.untrusted_advice_end = untrustedAdviceEnd
        raw.max_input_size = maxInputSize
        raw.max_output_size = maxOutputSize
        raw.input_start = inputStart
        raw.input_end = inputEnd
        raw.output_start = outputStart
        raw.output_end = outputEnd
        raw.stack_size = stackSize
        raw.stack_end = stackEnd
        raw.heap_size = heapSize
        raw.heap_end = heapEnd
        raw.panic = panic
        raw.termination = termination
        raw.io_end = ioEnd
        return raw
    }
}
