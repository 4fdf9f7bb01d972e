import CMote

extension Svid {
    /// What came of the claim that a row of a dispersal is not the code's.
    public enum Finding: Equatable, Sendable {
        /// The producer is convicted, if its signature of the announce digest holds.
        case convicts
        /// Whoever reported the row is wrong.
        case rowIsCorrect
        /// One of steps 1 to 6 failed.
        case notShown(Fault?)
    }

    /// The answer about a claim.
    public struct BadRow: Equatable, Sendable {
        /// What came of it.
        public let finding: Finding
        /// Of the header.
        public let svidRoot: [UInt8]
        /// What the scheduled producer must have signed.
        public let announceDigest: [UInt8]
    }

    /// Checks the claim that a row of a dispersal is not the code's. Zone, height and epoch are those
    /// of the header, which only has to be of our chain.
    ///
    /// - Parameters:
    ///   - epoch: the one that the header names.
    ///   - chainID: 32 bytes.
    ///   - header: of the dispersal.
    ///   - row: one row.
    ///   - z: all of Z.
    /// - Throws: `MoteError.invalidArgument` if `row` has another count than 1.
    public static func checkBadRow(
        _ epoch: Epoch, chainID: [UInt8], header: [UInt8], row: Rows, z: [UInt8]
    ) throws -> BadRow {
        try checkCount(chainID, digestBytes, "chainID")
        var size = 0
        try demand(mote_svid_bad_row_size(&size))
        let memory = try Memory(byteCount: size)
        var raw = mote_svid_finding()
        raw.struct_size = structSize(mote_svid_finding.self)
        try withExtendedLifetime((epoch, memory)) {
            try row.withRaw { message in
                try demand(
                    mote_svid_check_bad_row(
                        &raw, memory.pointer, memory.byteCount, epoch.pointer, chainID, header,
                        header.count, message, z, z.count))
            }
        }
        var finding = Finding.notShown(Fault.some(raw.fault))
        if raw.finding == MOTE_SVID_CONVICTS {
            finding = .convicts
        } else if raw.finding == MOTE_SVID_ROW_IS_CORRECT {
            finding = .rowIsCorrect
        }
        return BadRow(
            finding: finding, svidRoot: bytes(of: raw.svid_root),
            announceDigest: bytes(of: raw.announce_digest))
    }

    /// The two digests that one producer must have signed, if two headers are of one place in the
    /// chain and name different dispersals; otherwise nil.
    public static func equivocates(
        chainID: [UInt8], _ first: [UInt8], _ second: [UInt8]
    ) throws -> [[UInt8]]? {
        try checkVersion()
        try checkCount(chainID, digestBytes, "chainID")
        var answer: UInt32 = 0
        var announces = [UInt8](repeating: 0, count: 2 * digestBytes)
        try demand(
            mote_svid_equivocates(
                &answer, &announces, chainID, first, first.count, second, second.count))
        if answer == 0 {
            return nil
        }
        return [Array(announces.prefix(digestBytes)), Array(announces.suffix(digestBytes))]
    }
}

extension Svid.Rows {
    /// Calls `body` with the message, whose bytes do not move meanwhile.
    func withRaw(_ body: (UnsafePointer<mote_svid_rows>) throws -> Void) rethrows {
        try Part(rows).withPointer { rowBytes, rowCount -> Void in
            try Part(dataPath).withPointer { dataBytes, dataCount -> Void in
                try Part(parityPath).withPointer { parityBytes, parityCount -> Void in
                    var raw = mote_svid_rows()
                    raw.first = first
                    raw.count = count
                    raw.rows = mote_span(data: rowBytes, bytes: rowCount)
                    raw.data_path = mote_span(data: dataBytes, bytes: dataCount)
                    raw.parity_path = mote_span(data: parityBytes, bytes: parityCount)
                    try withUnsafePointer(to: raw) { message in try body(message) }
                }
            }
        }
    }
}
