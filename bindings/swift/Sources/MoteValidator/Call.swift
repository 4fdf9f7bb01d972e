import CMote

/// A verdict for the core to fill.
func emptyVerdict() -> mote_verdict {
    var raw = mote_verdict()
    raw.struct_size = UInt32(MemoryLayout<mote_verdict>.size)
    return raw
}

/// The verdict of a call with this status, or the error that it stands for.
func answer(_ status: mote_status, _ raw: mote_verdict, base: Int) throws -> Verdict {
    if status == MOTE_OK {
        return Verdict(raw, malformed: false, base: base)
    }
    if status == MOTE_MALFORMED {
        throw MoteError.malformed(Verdict(raw, malformed: true, base: base))
    }
    if status == MOTE_LIMIT_EXCEEDED {
        throw MoteError.limitExceeded
    }
    if status == MOTE_UNSUPPORTED {
        throw MoteError.unsupported
    }
    throw MoteError.invalidArgument(String(cString: mote_status_text(status)))
}

/// Goes on if library and header are of the same version.
func checkVersion() throws {
    let library = mote_abi_version()
    if library != MOTE_ABI_VERSION {
        throw MoteError.versionMismatch(library: library, header: MOTE_ABI_VERSION)
    }
}

/// Goes on if `bytes` are as many as they must be.
func checkCount(_ bytes: [UInt8], _ count: Int, _ name: String) throws {
    if bytes.count != count {
        throw MoteError.invalidArgument("\(name) has \(bytes.count) bytes, not \(count)")
    }
}

let digestBytes = 32

/// A part of somebody's bytes; offsets of verdicts count from its beginning.
struct Part {
    let whole: [UInt8]
    let range: Range<Int>

    init(_ bytes: [UInt8]) {
        whole = bytes
        range = 0..<bytes.count
    }

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        whole = bytes
        self.range = range
    }

    var bytes: [UInt8] {
        return Array(whole[range])
    }

    /// Calls `body` with the part's bytes, which do not move meanwhile.
    func withPointer<R>(
        _ body: (UnsafePointer<UInt8>?, Int) throws -> R
    ) rethrows -> R {
        return try whole.withUnsafeBufferPointer { buffer -> R in
            guard let first = buffer.baseAddress else {
                return try body(nil, 0)
            }
            return try body(first + range.lowerBound, range.count)
        }
    }
}

/// Calls `body` with a pointer to the value, or with nil.
func withOptionalPointer<Value, R>(
    _ value: Value?, _ body: (UnsafePointer<Value>?) throws -> R
) rethrows -> R {
    guard let present = value else {
        return try body(nil)
    }
    return try withUnsafePointer(to: present) { pointer -> R in
        return try body(pointer)
    }
}
