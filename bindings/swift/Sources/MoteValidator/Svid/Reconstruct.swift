import CMote

extension Svid {
    /// What rows lead to.
    public enum Reconstruction: Equatable, Sendable {
        /// The block, whose BLAKE3 is the header's data root.
        case rebuilt([UInt8])
        /// Fewer than k rows.
        case insufficient
        /// They do not lead to the header's data root, nor do they without any one of them.
        case mismatch
    }

    /// Rebuilds a block from rows that a `ShareChecker` holds.
    ///
    /// - Parameters:
    ///   - header: one that a share was checked with.
    ///   - rows: bytes by row number.
    /// - Throws: `MoteError.malformed` if `header` is none, `MoteError.invalidArgument` if a row is
    ///   out of range or has another length.
    public static func reconstruct(
        header: [UInt8], rows: [UInt32: [UInt8]]
    ) throws -> Reconstruction {
        let blockBytes = Int(try describeHeader(header).blockBytes)
        var size = 0
        try demand(mote_svid_reconstruct_size(&size, header, header.count))
        let memory = try Memory(byteCount: size)
        // One array for all rows, so that their bytes do not move during the call.
        var whole: [UInt8] = []
        whole.reserveCapacity(rows.values.reduce(0) { sum, row in sum + row.count })
        var places: [(number: UInt32, range: Range<Int>)] = []
        for (number, row) in rows {
            places.append((number, whole.count..<(whole.count + row.count)))
            whole += row
        }
        let all = whole
        var result = MOTE_SVID_INSUFFICIENT
        // The last byte is there so that an empty block has an address.
        var block = [UInt8](repeating: 0, count: blockBytes + 1)
        let status = all.withUnsafeBufferPointer { buffer -> mote_status in
            let list = places.map { place -> mote_svid_row in
                let data = buffer.baseAddress.map { first in first + place.range.lowerBound }
                return mote_svid_row(
                    number: place.number, data: mote_span(data: data, bytes: place.range.count))
            }
            return mote_svid_reconstruct(
                &result, &block, blockBytes, memory.pointer, memory.byteCount, header,
                header.count, list, list.count)
        }
        try withExtendedLifetime(memory) {
            try demand(status)
        }
        if result == MOTE_SVID_REBUILT {
            block.removeLast()
            return .rebuilt(block)
        }
        return result == MOTE_SVID_INSUFFICIENT ? .insufficient : .mismatch
    }
}
