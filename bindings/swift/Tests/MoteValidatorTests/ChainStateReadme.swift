import MoteValidator

// README.md has all that follows.

/// A balance, if the proof shows it; nil: ask for another proof.
func balance(
    _ root: [UInt8], _ height: UInt64, _ bytes: [UInt8], of account: [UInt8]
) throws -> [UInt8]? {
    // MoteError.rejected: it is of another state.
    let proof = try ChainState.Proof(root: root, height: height, bytes)
    switch try proof.lookup(account) {
    case .present(let value): return value
    case .absent: return []
    case .unproven: return nil
    }
}

/// Whether a block leads from one root to the next, without the state.
func follows(
    _ old: [UInt8], _ height: UInt64, _ block: [ChainState.Operation], _ bytes: [UInt8],
    to new: [UInt8]
) throws -> Bool {
    let witness = try ChainState.Witness(root: old, height: height - 1, bytes)
    return try witness.apply(height: height, block) == .root(new)
}
