import CMote

/// State: checks proofs about keys of a chain's state, and blocks without the state.
///
///     let proof = try ChainState.Proof(root: root, height: height, bytes)
///     switch try proof.lookup(key) {
///     case .present(let value): ...
///     case .absent: ...
///     case .unproven: ...  // this proof does not say; another one may
///     }
///
/// The root is that of a header the caller trusts; proofs come from anybody.
public enum ChainState {
    /// Most bytes of a key; it has at least one.
    public static let keyBytesMax = Int(MOTE_STATE_KEY_BYTES_MAX)

    /// Most bytes of a value.
    public static let valueBytesMax = Int(MOTE_STATE_VALUE_BYTES_MAX)

    /// What a proof says about a key.
    public enum Answer: Equatable, Sendable {
        /// The key has this value.
        case present([UInt8])
        /// The key is not in the state.
        case absent
        /// This proof does not say; another one may. It is not a kind of absent.
        case unproven
    }

    /// A write of a block. Of several to one key the last counts.
    public enum Operation: Equatable, Sendable {
        /// The key gets the value.
        case put([UInt8], [UInt8])
        /// The key is deleted, absent or not.
        case delete([UInt8])
    }

    /// What a witness says about a block.
    public enum BlockOutcome: Equatable, Sendable {
        /// The state root after the block, 32 bytes.
        case root([UInt8])
        /// The witness leaves out what the block needs.
        case missing
        /// A shard runs out of serial numbers.
        case snSpace
        /// A fault that this package does not know.
        case other(UInt32)
    }

    static func emptyVerdict() -> mote_state_verdict {
        var raw = mote_state_verdict()
        raw.struct_size = structSize(mote_state_verdict.self)
        return raw
    }

    static func told(_ raw: mote_state_verdict, _ stage: String) -> Verdict {
        return Verdict(
            stage: stage, reason: String(cString: mote_state_fault_text(raw.fault)),
            reasonCode: raw.fault, index: raw.operation, offset: raw.offset)
    }

    /// Goes on if a call was done.
    static func demandDone(
        _ status: mote_status, _ raw: mote_state_verdict, _ stage: String
    ) throws {
        if status == MOTE_MALFORMED {
            throw MoteError.malformed(told(raw, stage))
        }
        try demand(status)
    }
}
