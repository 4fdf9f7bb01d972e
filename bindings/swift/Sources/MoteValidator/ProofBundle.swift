import CMote

/// A bundle file taken apart. What is inside key, setup and proof is not checked beyond finding
/// where they end. (Foundation has a `Bundle` already.)
///
/// A bundle brings its own key and setup, so whoever made the bundle chose them: pin `keyDigest`
/// and `setupDigest` to values that you trust.
public struct ProofBundle: Sendable {
    let keyPart: Part
    let setupPart: Part
    let proofPart: Part
    let advicePart: Part?

    /// What the bundle says that the program read and wrote.
    public let publicIO: PublicIO
    /// The program digest as the bundle states it; `ProgramKey` recomputes it.
    public let keyDigest: [UInt8]
    /// The SHA-256 of the setup.
    public let setupDigest: [UInt8]

    /// The program key.
    public var key: [UInt8] { return keyPart.bytes }
    /// The setup.
    public var setup: [UInt8] { return setupPart.bytes }
    /// The proof.
    public var proof: [UInt8] { return proofPart.bytes }
    /// The commitment to trusted advice; nil if there is none.
    public var trustedAdvice: [UInt8]? { return advicePart?.bytes }

    /// Takes a bundle apart.
    ///
    /// - Throws: `MoteError.malformed` if the bytes are not a bundle, `MoteError.rejected` if it is
    ///   one of a kind that is not supported.
    public init(_ bytes: [UInt8]) throws {
        try checkVersion()
        let found = try ProofBundle.open(bytes)
        let raw = found.raw
        keyPart = Part(bytes, found.key)
        setupPart = Part(bytes, found.setup)
        proofPart = Part(bytes, found.proof)
        advicePart = found.advice.isEmpty ? nil : Part(bytes, found.advice)
        publicIO = PublicIO(
            inputs: Array(bytes[found.inputs]), outputs: Array(bytes[found.outputs]),
            panic: raw.panic != 0, memoryLayout: GuestMemoryLayout(raw.memory_layout))
        keyDigest = withUnsafeBytes(of: raw.key_digest) { digest in Array(digest) }
        setupDigest = withUnsafeBytes(of: raw.setup_digest) { digest in Array(digest) }
    }

    /// What the core found, and its spans as ranges: their pointers end with the call.
    private struct Found {
        let raw: mote_jolt_bundle
        let key, setup, proof, advice, inputs, outputs: Range<Int>
    }

    private static func open(_ bytes: [UInt8]) throws -> Found {
        var raw = mote_jolt_bundle()
        raw.struct_size = UInt32(MemoryLayout<mote_jolt_bundle>.size)
        var rawVerdict = emptyVerdict()
        return try bytes.withUnsafeBufferPointer { buffer -> Found in
            let status = mote_jolt_bundle_open(&raw, &rawVerdict, buffer.baseAddress, buffer.count)
            try answer(status, rawVerdict, base: 0).requireAccepted()
            func range(_ span: mote_span) -> Range<Int> {
                guard let first = buffer.baseAddress, let data = span.data else {
                    return 0..<0
                }
                let from = data - first
                return from..<(from + span.bytes)
            }
            return Found(
                raw: raw, key: range(raw.key), setup: range(raw.setup), proof: range(raw.proof),
                advice: range(raw.trusted_advice), inputs: range(raw.inputs),
                outputs: range(raw.outputs))
        }
    }
}
