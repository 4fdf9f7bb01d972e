import CMote

extension Svid {
    /// The validators of an epoch, put in order once. Read-only; any number of threads may use it.
    /// Its memory is given back with the last reference.
    public final class Epoch: @unchecked Sendable {
        // Nothing is written after init, which is what makes sharing safe.
        private let memory: Memory
        let pointer: OpaquePointer

        /// Copies the stakes and puts the validators in order.
        ///
        /// - Parameters:
        ///   - seed: the 32 bytes of the order.
        ///   - stakes: of the validators that have stake, in the order of the epoch's list: 4 to
        ///     40,960 of them, none zero, their sum below 2^64.
        ///   - publicKeys: 48 bytes each, one after the other; nil: nobody's rows are asked for, only
        ///     samples.
        /// - Throws: `MoteError.invalidArgument` for any other list.
        public init(seed: [UInt8], stakes: [UInt64], publicKeys: [UInt8]? = nil) throws {
            try checkVersion()
            try checkCount(seed, digestBytes, "seed")
            if let keys = publicKeys {
                try checkCount(
                    keys, stakes.count * Int(MOTE_SVID_PUBLIC_KEY_BYTES), "publicKeys")
            }
            var size = 0
            try demand(mote_svid_epoch_size(&size, stakes.count))
            let taken = try Memory(byteCount: size)
            var opened: OpaquePointer?
            let keys = publicKeys ?? []
            let status = stakes.withUnsafeBufferPointer { amounts -> mote_status in
                return keys.withUnsafeBufferPointer { keyBytes -> mote_status in
                    var raw = mote_svid_validators()
                    raw.struct_size = structSize(mote_svid_validators.self)
                    raw.count = UInt32(amounts.count)
                    raw.stakes = amounts.baseAddress
                    raw.public_keys = publicKeys == nil ? nil : keyBytes.baseAddress
                    raw.public_keys_bytes = keyBytes.count
                    fill(&raw.seed, seed)
                    return mote_svid_epoch_open(&opened, taken.pointer, taken.byteCount, &raw)
                }
            }
            try demand(status)
            guard let epoch = opened else {
                throw MoteError.invalidArgument("no epoch")
            }
            memory = taken
            pointer = epoch
        }

        /// The only parameters a block of so many bytes may have.
        ///
        /// - Throws: `MoteError.limitExceeded` if it may have none.
        public func params(blockBytes: UInt64) throws -> Params {
            var raw = mote_svid_params()
            raw.struct_size = structSize(mote_svid_params.self)
            try withExtendedLifetime(self) {
                try demand(mote_svid_params_of(&raw, pointer, blockBytes))
            }
            return Params(
                blockBytes: raw.block_bytes, rowBytes: raw.row_bytes, dataRows: raw.data_rows,
                codeRows: raw.code_rows, rows: raw.rows, zBytes: raw.z_bytes)
        }

        /// The rows of one validator, a position in the list.
        ///
        /// - Throws: `MoteError.invalidArgument` if the epoch has no public keys, or no such
        ///   validator.
        public func assignedRows(
            blockBytes: UInt64, zone: UInt32, height: UInt64, validator: UInt32
        ) throws -> RowRange {
            var raw = mote_svid_range()
            raw.struct_size = structSize(mote_svid_range.self)
            try withExtendedLifetime(self) {
                try demand(
                    mote_svid_assigned_rows(&raw, pointer, blockBytes, zone, height, validator))
            }
            return RowRange(first: raw.first, count: raw.count)
        }
    }

    /// The shape of one dispersal. An empty block has no rows.
    public struct Params: Equatable, Sendable {
        /// B.
        public let blockBytes: UInt64
        /// L.
        public let rowBytes: UInt32
        /// k: so many rows rebuild the block.
        public let dataRows: UInt32
        /// K, the power of two above.
        public let codeRows: UInt32
        /// N.
        public let rows: UInt32
        /// 16 k.
        public let zBytes: UInt32
    }

    /// Rows first, first + 1, ... modulo N.
    public struct RowRange: Equatable, Sendable {
        /// Number of the first row.
        public let first: UInt32
        /// How many.
        public let count: UInt32
    }
}
