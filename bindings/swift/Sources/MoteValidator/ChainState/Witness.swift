import CMote

extension ChainState {
    /// What a block needs of the state before it. Read-only; any number of threads may use it.
    public final class Witness: Sendable {
        /// The state before the block, as far as the witness opens it.
        public let before: Proof

        /// Opens a witness against the root before its block, with the height of that root.
        ///
        /// - Throws: as `Proof`.
        public init(root: [UInt8], height: UInt64?, _ bytes: [UInt8]) throws {
            before = try Proof("witness", root, height, bytes)
        }

        /// Computes the state root after a block.
        ///
        /// - Parameters:
        ///   - height: of the block, above that of the root.
        ///   - operations: what it writes.
        /// - Throws: `MoteError.malformed` if the block is void: its verdict's `index` is the operation
        ///   to blame. `MoteError.invalidArgument` for another height.
        public func apply(height: UInt64, _ operations: [Operation]) throws -> BlockOutcome {
            // One array for all bytes, so that they do not move during the call.
            var whole: [UInt8] = []
            var places: [(key: Range<Int>, value: Range<Int>, erase: UInt32)] = []
            func append(_ bytes: [UInt8]) -> Range<Int> {
                let start = whole.count
                whole += bytes
                return start..<whole.count
            }
            for operation in operations {
                switch operation {
                case .put(let key, let value):
                    places.append((append(key), append(value), 0))
                case .delete(let key):
                    places.append((append(key), 0..<0, 1))
                }
            }
            let all = whole
            var verdict = ChainState.emptyVerdict()
            var root = [UInt8](repeating: 0, count: digestBytes)
            let status = try withExtendedLifetime(before) { () -> mote_status in
                var size = 0
                try ChainState.demandDone(
                    mote_state_apply_size(&size, before.pointer, operations.count), verdict, "block")
                let work = try Memory(byteCount: size)
                return all.withUnsafeBufferPointer { buffer -> mote_status in
                    func span(_ range: Range<Int>) -> mote_span {
                        let data = buffer.baseAddress.map { first in first + range.lowerBound }
                        return mote_span(data: range.isEmpty ? nil : data, bytes: range.count)
                    }
                    let list = places.map { place -> mote_state_operation in
                        return mote_state_operation(
                            key: span(place.key), value: span(place.value), erase: place.erase)
                    }
                    return withExtendedLifetime(work) { () -> mote_status in
                        return mote_state_apply(
                            &root, &verdict, work.pointer, work.byteCount, before.pointer, height,
                            list, list.count)
                    }
                }
            }
            try ChainState.demandDone(status, verdict, "block")
            if verdict.accepted == 1 {
                return .root(root)
            }
            if verdict.fault == MOTE_STATE_F_MISSING {
                return .missing
            }
            return verdict.fault == MOTE_STATE_F_SN_SPACE ? .snSpace : .other(verdict.fault)
        }
    }
}
