import CMote

/// SVID: checks shares of blocks, draws samples, judges evidence, rebuilds blocks.
///
///     let epoch = try Svid.Epoch(seed: seed, stakes: stakes, publicKeys: keys)
///     let verdict = try Svid.checkShare(
///         epoch, expected, .validator(7), header: header, z: z, messages: rows)
///     if verdict.outcome == .provisional { ... }
///
/// What arrives in pieces goes to a `ShareChecker`. What is wrong with a share is an answer, never an
/// error; errors are for calls that cannot be done, and for headers that do not parse where nothing
/// is checked.
public enum Svid {
    /// Most bytes of a block, of every chain; one may have less.
    public static let blockBytesMax = UInt64(MOTE_SVID_BLOCK_BYTES_MAX)

    /// How many rows to sample.
    public static let samplesDefault = MOTE_SVID_SAMPLES_DEFAULT

    /// Checks a share that is complete.
    ///
    /// - Parameters:
    ///   - epoch: the validators.
    ///   - expected: what is known before a byte arrives.
    ///   - request: which rows are asked for.
    ///   - header: as it was received.
    ///   - z: nil: none was received.
    ///   - messages: the rows, as they were received.
    /// - Throws: as `ShareChecker`.
    public static func checkShare(
        _ epoch: Epoch, _ expected: Expected, _ request: Request, header: [UInt8], z: [UInt8]?,
        messages: [Rows]
    ) throws -> ShareVerdict {
        let checker = try ShareChecker(epoch, expected, request, header: header)
        if let bytes = z {
            try checker.appendZ(bytes)
            try checker.endZ()
        }
        for message in messages {
            try checker.beginRows(
                first: message.first, count: message.count, byteCount: UInt64(message.rows.count),
                dataPath: message.dataPath, parityPath: message.parityPath)
            try checker.appendRows(message.rows)
            try checker.endRows()
        }
        return try checker.verdict()
    }

    /// Draws distinct rows of `totalRows`, ascending; all of them if `count` is more. Draw after the
    /// header is known, for each attempt anew.
    ///
    /// - Parameters:
    ///   - totalRows: N.
    ///   - count: how many.
    ///   - entropy: 32 bytes nobody can guess; nil, as it should be outside of tests, takes them from
    ///     the system.
    public static func sampleRows(
        of totalRows: UInt32, count: UInt32 = Svid.samplesDefault, entropy: [UInt8]? = nil
    ) throws -> [UInt32] {
        try checkVersion()
        var random = entropy ?? []
        if entropy == nil {
            var generator = SystemRandomNumberGenerator()
            random = (0..<MOTE_SVID_ENTROPY_BYTES).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
        }
        try checkCount(random, Int(MOTE_SVID_ENTROPY_BYTES), "entropy")
        var rows = [UInt32](repeating: 0, count: Int(min(totalRows, count)))
        let rowCount = rows.count
        try demand(mote_svid_sample_rows(&rows, rowCount, totalRows, random, random.count))
        return rows
    }

    /// Probability, at most, that all samples were served although the block cannot be rebuilt.
    /// Several attempts multiply it.
    ///
    /// - Parameters:
    ///   - dataRows: k.
    ///   - rows: N, at least k.
    ///   - samples: more than N are N.
    public static func failureBound(
        dataRows: UInt32, rows: UInt32, samples: UInt32
    ) throws -> Double {
        try checkVersion()
        var bound = 1.0
        try demand(mote_svid_sample_bound(&bound, dataRows, rows, samples))
        return bound
    }
}

/// Goes on if a call was done; only headers are malformed, and no verdict comes with them.
func demand(_ status: mote_status) throws {
    if status == MOTE_MALFORMED {
        throw MoteError.malformed(
            Verdict(stage: "header", reason: "not the header of a dispersal"))
    }
    if status != MOTE_OK {
        _ = try answer(status, emptyVerdict(), base: 0)
    }
}

/// The size of a struct of C, padding at its end included.
func structSize<Struct>(_ type: Struct.Type) -> UInt32 {
    return UInt32(MemoryLayout<Struct>.stride)
}

/// The bytes of an array of C, which Swift sees as a tuple.
func bytes<Tuple>(of tuple: Tuple) -> [UInt8] {
    return withUnsafeBytes(of: tuple) { buffer in Array(buffer) }
}

/// Fills an array of C, which has as many bytes.
func fill<Tuple>(_ tuple: inout Tuple, _ bytes: [UInt8]) {
    withUnsafeMutableBytes(of: &tuple) { buffer in buffer.copyBytes(from: bytes) }
}
