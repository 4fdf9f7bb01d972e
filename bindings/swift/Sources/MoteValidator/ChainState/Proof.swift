import CMote

extension ChainState {
    /// Entries of the state under a root. Read-only; any number of threads may use it. Its memory is
    /// given back with the last reference.
    public final class Proof: @unchecked Sendable {
        // Nothing is written after init, which is what makes sharing safe.
        private let memory: Memory
        let pointer: OpaquePointer

        /// Checks that everything in a proof is under a root, and keeps a copy of it.
        ///
        /// - Parameters:
        ///   - root: the 32 bytes of a header the caller trusts.
        ///   - height: of that header's block; nil: nothing can be asked about the past.
        ///   - bytes: from anybody.
        /// - Throws: `MoteError.malformed` if the bytes do not parse, with the reason and the offset;
        ///   `MoteError.rejected` if they lead to another root.
        public convenience init(root: [UInt8], height: UInt64?, _ bytes: [UInt8]) throws {
            try self.init("proof", root, height, bytes)
        }

        init(_ kind: String, _ root: [UInt8], _ height: UInt64?, _ bytes: [UInt8]) throws {
            try checkVersion()
            try checkCount(root, digestBytes, "root")
            if height == UInt64.max {
                throw MoteError.invalidArgument("no block has this height")
            }
            var verdict = ChainState.emptyVerdict()
            var size = 0
            try ChainState.demandDone(mote_state_proof_size(&size, bytes.count), verdict, kind)
            let taken = try Memory(byteCount: size)
            var opened: OpaquePointer?
            let known = height ?? UInt64.max
            let status =
                kind == "proof"
                ? mote_state_proof_open(
                    &opened, &verdict, taken.pointer, taken.byteCount, root, known, bytes,
                    bytes.count)
                : mote_state_witness_open(
                    &opened, &verdict, taken.pointer, taken.byteCount, root, known, bytes,
                    bytes.count)
            try ChainState.demandDone(status, verdict, kind)
            guard let proof = opened else {
                throw MoteError.rejected(ChainState.told(verdict, kind))
            }
            memory = taken
            pointer = proof
        }

        /// What the proof shows about a key of 1 to 255 bytes, in the state of the root.
        ///
        /// - Throws: `MoteError.invalidArgument` for a key that no state can have.
        public func lookup(_ key: [UInt8]) throws -> Answer {
            var answer = MOTE_STATE_UNPROVEN
            var value = mote_span()
            return try withExtendedLifetime(self) {
                try demand(mote_state_lookup(&answer, &value, pointer, key, key.count))
                return said(answer, value)
            }
        }

        /// The same for the state after the block of a height up to the root's.
        ///
        /// - Throws: `MoteError.invalidArgument` also for a height above the root's, or if that is not
        ///   known.
        public func lookup(_ key: [UInt8], after height: UInt64) throws -> Answer {
            var answer = MOTE_STATE_UNPROVEN
            var value = mote_span()
            return try withExtendedLifetime(self) {
                try demand(
                    mote_state_lookup_after(&answer, &value, pointer, key, key.count, height))
                return said(answer, value)
            }
        }

        private func said(_ answer: UInt32, _ value: mote_span) -> Answer {
            if answer == MOTE_STATE_PRESENT {
                return .present(
                    Array(UnsafeBufferPointer(start: value.data, count: Int(value.bytes))))
            }
            return answer == MOTE_STATE_ABSENT ? .absent : .unproven
        }
    }
}
