import CMote

/// The short way: a bundle file in, a verdict out.
///
///     let verdict = try Mote.verifyBundle(bytes, expectProgram: program, expectSetup: setup)
///     if verdict.accepted { ... }
///
/// To verify many proofs of one program, open `ProgramKey` and `DorySetup` once and use a
/// `Verifier`.
public enum Mote {
    /// The arithmetic this machine gets, such as "portable".
    public static var archName: String {
        return String(cString: mote_arch_name())
    }

    /// Opens a bundle, its key and its setup, and verifies its proof. Call it off the main thread.
    ///
    /// Without expectations the digests that the bundle states are used: whoever made the bundle
    /// chose them, so the verdict is about their program and their setup.
    ///
    /// - Parameters:
    ///   - bundle: a file as upstream's prover writes it.
    ///   - expectProgram: the digest (32 bytes) the program must have; nil takes the bundle's.
    ///   - expectSetup: the SHA-256 (32 bytes) the setup must have; nil takes the bundle's.
    ///   - onStage: is told when a stage begins. What it throws comes out of this call.
    /// - Returns: the verdict, with offsets that count from the beginning of the bundle. That
    ///   program or setup is another one than expected is a verdict too.
    /// - Throws: `MoteError.malformed` if the bytes do not parse.
    public static func verifyBundle(
        _ bundle: [UInt8], expectProgram: [UInt8]? = nil, expectSetup: [UInt8]? = nil,
        onStage: ((String) throws -> Void)? = nil
    ) throws -> Verdict {
        if let digest = expectProgram {
            try checkCount(digest, digestBytes, "expectProgram")
        }
        if let digest = expectSetup {
            try checkCount(digest, digestBytes, "expectSetup")
        }
        let parts: ProofBundle
        let verifier: Verifier
        do {
            parts = try ProofBundle(bundle)
            let key = try ProgramKey(
                part: parts.keyPart, digest: expectProgram ?? parts.keyDigest, revision: nil)
            let setup = try DorySetup(
                part: parts.setupPart, sha256: expectSetup ?? parts.setupDigest)
            verifier = try Verifier(key: key, setup: setup)
        } catch MoteError.rejected(let verdict) {
            return verdict
        }
        return try verifier.verify(
            parts.publicIO, proof: parts.proofPart, advice: parts.advicePart, onStage: onStage)
    }
}
