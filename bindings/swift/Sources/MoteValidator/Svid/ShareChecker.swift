import CMote
import Foundation

extension Svid {
    /// What the receiver knows before a byte arrives.
    public struct Expected: Equatable, Sendable {
        /// Which chain: 32 bytes.
        public var chainID: [UInt8]
        /// Of the block.
        public var zone: UInt32
        /// Of the block.
        public var height: UInt64
        /// Of the block.
        public var epoch: UInt64
        /// The root asked for: 32 bytes.
        public var svidRoot: [UInt8]
        /// The chain's limit; 0 allows only the empty block.
        public var blockBytesMax: UInt64

        /// What is known before a byte arrives.
        public init(
            chainID: [UInt8], zone: UInt32, height: UInt64, epoch: UInt64, svidRoot: [UInt8],
            blockBytesMax: UInt64 = Svid.blockBytesMax
        ) {
            self.chainID = chainID
            self.zone = zone
            self.height = height
            self.epoch = epoch
            self.svidRoot = svidRoot
            self.blockBytesMax = blockBytesMax
        }
    }

    /// Which rows are asked for.
    public enum Request: Equatable, Sendable {
        /// Those assigned to a validator, a position in the list of the epoch.
        case validator(UInt32)
        /// Those a sampler drew: ascending, below N.
        case rows([UInt32])
    }

    /// Rows as one message has them.
    public struct Rows: Equatable, Sendable {
        /// Number of the first row.
        public var first: UInt32
        /// How many.
        public var count: UInt32
        /// One after the other.
        public var rows: [UInt8]
        /// Of the data rows among them.
        public var dataPath: [UInt8]
        /// Of the parity rows among them.
        public var parityPath: [UInt8]

        /// Rows as one message has them.
        public init(
            first: UInt32, count: UInt32, rows: [UInt8], dataPath: [UInt8] = [],
            parityPath: [UInt8] = []
        ) {
            self.first = first
            self.count = count
            self.rows = rows
            self.dataPath = dataPath
            self.parityPath = parityPath
        }
    }

    /// The check of one share, in pieces of any size and in any order. It does not need its epoch
    /// after init. Calls of several threads take turns.
    ///
    /// What takes something answers with what is wrong with it, or nil; `verdict()` has the answer at
    /// any time. A header that fails is an answer too.
    public final class ShareChecker: @unchecked Sendable {
        // Both nil if the header was refused.
        private let memory: Memory?
        private let pointer: OpaquePointer?
        private let refused: ShareVerdict
        // Guards what `pointer` points to.
        private let lock = NSLock()

        /// Makes the first three steps. The announce signature is the caller's to check.
        ///
        /// - Throws: `MoteError.invalidArgument` for a request that cannot be: no such validator or no
        ///   public keys, rows out of range or out of order.
        public init(
            _ epoch: Epoch, _ expected: Expected, _ request: Request, header: [UInt8]
        ) throws {
            try checkCount(expected.chainID, digestBytes, "chainID")
            try checkCount(expected.svidRoot, digestBytes, "svidRoot")
            var rawExpected = mote_svid_expected()
            rawExpected.struct_size = structSize(mote_svid_expected.self)
            rawExpected.zone = expected.zone
            rawExpected.height = expected.height
            rawExpected.epoch = expected.epoch
            rawExpected.block_bytes_max = expected.blockBytesMax
            fill(&rawExpected.chain_id, expected.chainID)
            fill(&rawExpected.svid_root, expected.svidRoot)
            var rawRequest = mote_svid_request()
            rawRequest.struct_size = structSize(mote_svid_request.self)
            var numbers: [UInt32] = []
            switch request {
            case .validator(let position):
                // A position that no list has must not turn into a request for samples.
                if position == MOTE_SVID_NO_VALIDATOR {
                    throw MoteError.invalidArgument("no list has so many validators")
                }
                rawRequest.validator = position
            case .rows(let rows):
                rawRequest.validator = MOTE_SVID_NO_VALIDATOR
                rawRequest.row_count = rows.count
                numbers = rows
            }

            var rawVerdict = ShareVerdict.empty()
            var taken: Memory?
            var opened: OpaquePointer?
            try withExtendedLifetime(epoch) { () -> Void in
                try numbers.withUnsafeBufferPointer { list -> Void in
                    if rawRequest.row_count != 0 {
                        rawRequest.rows = list.baseAddress
                    }
                    var size = 0
                    try demand(
                        mote_svid_share_size(
                            &size, &rawVerdict, epoch.pointer, &rawExpected, &rawRequest, header,
                            header.count))
                    if size == 0 {
                        return
                    }
                    let room = try Memory(byteCount: size)
                    try demand(
                        mote_svid_share_open(
                            &opened, &rawVerdict, room.pointer, room.byteCount, epoch.pointer,
                            &rawExpected, &rawRequest, header, header.count))
                    taken = room
                }
            }
            memory = taken
            pointer = opened
            refused = ShareVerdict(rawVerdict)
        }

        /// Another peer begins: what its predecessors got wrong in steps 4 to 6 counts no longer, what
        /// they left unfinished is dropped, and what they proved stays.
        public func beginSource() throws {
            lock.lock()
            defer { lock.unlock() }
            if let share = pointer {
                try demand(mote_svid_share_begin_source(share))
            }
        }

        /// Takes the next bytes of Z.
        @discardableResult
        public func appendZ(_ part: [UInt8]) throws -> Fault? {
            return try take { fault, share in
                mote_svid_share_append_z(&fault, share, part, part.count)
            }
        }

        /// No more of Z comes from this source: one that is too short is wrong.
        @discardableResult
        public func endZ() throws -> Fault? {
            return try take { fault, share in
                mote_svid_share_end_z(&fault, share)
            }
        }

        /// Announces rows first, first + 1, ... and that their bytes, `byteCount` in all, follow.
        /// After a fault `appendRows` ignores what comes. The paths are copied.
        @discardableResult
        public func beginRows(
            first: UInt32, count: UInt32, byteCount: UInt64, dataPath: [UInt8] = [],
            parityPath: [UInt8] = []
        ) throws -> Fault? {
            return try take { fault, share in
                mote_svid_share_begin_rows(
                    &fault, share, first, count, byteCount, dataPath, dataPath.count, parityPath,
                    parityPath.count)
            }
        }

        /// Takes the next bytes of the announced rows; the last one checks the paths.
        @discardableResult
        public func appendRows(_ part: [UInt8]) throws -> Fault? {
            return try take { fault, share in
                mote_svid_share_append_rows(&fault, share, part, part.count)
            }
        }

        /// The announced rows end here; if some are missing, all of this message is dropped.
        @discardableResult
        public func endRows() throws -> Fault? {
            return try take { fault, share in
                mote_svid_share_end_rows(&fault, share)
            }
        }

        /// What is known so far.
        public func verdict() throws -> ShareVerdict {
            lock.lock()
            defer { lock.unlock() }
            guard let share = pointer else {
                return refused
            }
            var rawVerdict = ShareVerdict.empty()
            try demand(mote_svid_share_verdict(&rawVerdict, share))
            return ShareVerdict(rawVerdict)
        }

        /// Whether a row passed steps 5 to 7: what `Svid.reconstruct` may be given.
        public func holds(_ row: UInt32) throws -> Bool {
            lock.lock()
            defer { lock.unlock() }
            guard let share = pointer else {
                return false
            }
            var holds: UInt32 = 0
            try demand(mote_svid_share_holds(&holds, share, row))
            return holds == 1
        }

        private func take(
            _ call: (inout UInt32, OpaquePointer) -> mote_status
        ) throws -> Fault? {
            lock.lock()
            defer { lock.unlock() }
            guard let share = pointer else {
                return refused.fault
            }
            var fault: UInt32 = 0
            try demand(call(&fault, share))
            return Fault.some(fault)
        }
    }
}
