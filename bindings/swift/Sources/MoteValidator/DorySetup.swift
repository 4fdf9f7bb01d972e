import CMote

/// An opened Dory setup: the parameters of the commitment scheme. Read-only; any number of threads
/// may use it. Opening takes about 10 ms; do it once. Its memory is given back with the last
/// reference.
public final class DorySetup: @unchecked Sendable {
    // Nothing is written after init, which is what makes sharing safe.
    private let memory: Memory
    let pointer: OpaquePointer

    /// Checks a setup: its SHA-256, every element, and the relations between them.
    ///
    /// - Parameters:
    ///   - setup: as it stands in a bundle; not needed any more after the call.
    ///   - sha256: the 32 bytes that it must have.
    /// - Throws: `MoteError.malformed` if the bytes are not a setup, `MoteError.rejected` if it is
    ///   another setup, or not a good one.
    public convenience init(_ setup: [UInt8], sha256: [UInt8]) throws {
        try self.init(part: Part(setup), sha256: sha256)
    }

    init(part: Part, sha256: [UInt8]) throws {
        try checkVersion()
        try checkCount(sha256, digestBytes, "sha256")
        var rawVerdict = emptyVerdict()
        var size = 0
        let sized = part.withPointer { bytes, count -> mote_status in
            return mote_dory_setup_size(&size, &rawVerdict, bytes, count)
        }
        try answer(sized, rawVerdict, base: part.range.lowerBound).requireAccepted()

        let taken = try Memory(byteCount: size)
        var opened: OpaquePointer?
        let status = part.withPointer { bytes, count -> mote_status in
            return mote_dory_setup_open(
                &opened, &rawVerdict, taken.pointer, taken.byteCount, bytes, count, sha256)
        }
        try answer(status, rawVerdict, base: part.range.lowerBound).requireAccepted()
        guard let setup = opened else {
            throw MoteError.invalidArgument("no setup")
        }
        memory = taken
        pointer = setup
    }
}
