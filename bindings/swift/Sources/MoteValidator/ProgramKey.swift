import CMote

/// An opened program key: what the guest program is. Read-only; any number of threads may use it.
/// Its memory is given back with the last reference.
public final class ProgramKey: @unchecked Sendable {
    // Nothing is written after init, which is what makes sharing safe.
    private let memory: Memory
    let pointer: OpaquePointer

    /// Checks a program key and keeps what verification needs of it.
    ///
    /// - Parameters:
    ///   - key: as it stands in a bundle; not needed any more after the call.
    ///   - digest: the 32 bytes that identify the program the caller wants. It is always recomputed
    ///     from the content.
    ///   - revision: name of the Jolt revision; nil is the newest.
    /// - Throws: `MoteError.malformed` if the bytes are not a key, `MoteError.rejected` if it is
    ///   the key of another program, or not a good one.
    public convenience init(_ key: [UInt8], digest: [UInt8], revision: String? = nil) throws {
        try self.init(part: Part(key), digest: digest, revision: revision)
    }

    init(part: Part, digest: [UInt8], revision: String?) throws {
        try checkVersion()
        try checkCount(digest, digestBytes, "digest")
        // What is behind a zero would not be looked at.
        if let name = revision, name.utf8.contains(0) {
            throw MoteError.invalidArgument("a revision has no zero in it")
        }
        var rawVerdict = emptyVerdict()
        var size = 0
        let sized = part.withPointer { bytes, count -> mote_status in
            return mote_jolt_key_size(&size, &rawVerdict, bytes, count)
        }
        try answer(sized, rawVerdict, base: part.range.lowerBound).requireAccepted()

        let taken = try Memory(byteCount: size)
        var opened: OpaquePointer?
        let status = part.withPointer { bytes, count -> mote_status in
            if let name = revision {
                return name.withCString { text -> mote_status in
                    return mote_jolt_key_open(
                        &opened, &rawVerdict, taken.pointer, taken.byteCount, text, bytes, count,
                        digest)
                }
            }
            return mote_jolt_key_open(
                &opened, &rawVerdict, taken.pointer, taken.byteCount, nil, bytes, count, digest)
        }
        try answer(status, rawVerdict, base: part.range.lowerBound).requireAccepted()
        guard let key = opened else {
            throw MoteError.invalidArgument("no key")
        }
        memory = taken
        pointer = key
    }

    /// Facts about the key.
    public func describe() throws -> Info {
        var raw = mote_jolt_key_info()
        raw.struct_size = UInt32(MemoryLayout<mote_jolt_key_info>.size)
        let status = withExtendedLifetime(self) { () -> mote_status in
            return mote_jolt_key_describe(&raw, pointer)
        }
        if status != MOTE_OK {
            throw MoteError.invalidArgument(String(cString: mote_status_text(status)))
        }
        return Info(raw)
    }

    /// Facts about a key.
    public struct Info: Equatable, Sendable {
        /// Whether the key commits to the program instead of containing it.
        public let committed: Bool
        /// The 32 bytes that identify the program.
        public let digest: [UInt8]
        /// Most cycles of a trace, padding included.
        public let maxTraceLength: UInt64
        /// Rows of bytecode, padding included.
        public let bytecodeLength: UInt64
        /// 64-bit words of initial memory.
        public let imageWords: UInt64
        /// Where the program begins.
        public let entryAddress: UInt64
        /// The memory map of the program.
        public let memoryLayout: GuestMemoryLayout

        init(_ raw: mote_jolt_key_info) {
            committed = raw.committed != 0
            digest = withUnsafeBytes(of: raw.digest) { bytes in Array(bytes) }
            maxTraceLength = raw.max_trace_length
            bytecodeLength = raw.bytecode_length
            imageWords = raw.image_words
            entryAddress = raw.entry_address
            memoryLayout = GuestMemoryLayout(raw.memory_layout)
        }
    }
}
