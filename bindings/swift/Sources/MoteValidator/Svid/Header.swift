import CMote

extension Svid {
    /// What a header says. Nothing in it was checked.
    public struct Header: Equatable, Sendable {
        /// Of the block.
        public let zone: UInt32
        /// Of the block.
        public let height: UInt64
        /// Of the block.
        public let epoch: UInt64
        /// B.
        public let blockBytes: UInt64
        /// k.
        public let dataRows: UInt32
        /// N.
        public let rows: UInt32
        /// L.
        public let rowBytes: UInt32
        /// Which chain.
        public let chainID: [UInt8]
        /// BLAKE3 of the block.
        public let dataRoot: [UInt8]
        /// Of the parity rows.
        public let parityRoot: [UInt8]
        /// BLAKE3 of Z.
        public let zDigest: [UInt8]
        /// What names this dispersal.
        public let svidRoot: [UInt8]
        /// What the scheduled producer signs.
        public let announceDigest: [UInt8]
    }

    /// Reads a header without checking it against anything.
    ///
    /// - Throws: `MoteError.malformed` if it is none, or has a shape no block leads to.
    public static func describeHeader(_ header: [UInt8]) throws -> Header {
        try checkVersion()
        var raw = mote_svid_header_info()
        raw.struct_size = structSize(mote_svid_header_info.self)
        try demand(mote_svid_header_describe(&raw, header, header.count))
        return Header(
            zone: raw.zone, height: raw.height, epoch: raw.epoch, blockBytes: raw.block_bytes,
            dataRows: raw.data_rows, rows: raw.rows, rowBytes: raw.row_bytes,
            chainID: bytes(of: raw.chain_id), dataRoot: bytes(of: raw.data_root),
            parityRoot: bytes(of: raw.parity_root), zDigest: bytes(of: raw.z_digest),
            svidRoot: bytes(of: raw.svid_root), announceDigest: bytes(of: raw.announce_digest))
    }
}
