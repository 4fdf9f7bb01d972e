import CMote
import Foundation

/// Verifies proofs of one program. It has working memory of its own, about half a megabyte, and
/// does one call at a time: a second one at once throws `MoteError.busy`, so make one verifier for
/// each thread, or put one into an actor.
public final class Verifier: @unchecked Sendable {
    private let key: ProgramKey
    private let setup: DorySetup
    private let memory: Memory
    // Guards `working`; whoever set it owns `memory`.
    private let lock = NSLock()
    private var working = false

    /// Takes working memory for proofs under this key and setup, and keeps the two.
    ///
    /// - Throws: `MoteError.outOfMemory` if there is none.
    public init(key: ProgramKey, setup: DorySetup) throws {
        var size = 0
        let status = withExtendedLifetime((key, setup)) { () -> mote_status in
            return mote_jolt_verify_size(&size, key.pointer, setup.pointer)
        }
        if status != MOTE_OK {
            throw MoteError.invalidArgument(String(cString: mote_status_text(status)))
        }
        memory = try Memory(byteCount: size)
        self.key = key
        self.setup = setup
    }

    /// Decides whether `proof` shows that the program does what `io` says. Time and memory are
    /// bounded for every input; call it off the main thread.
    ///
    /// - Parameters:
    ///   - io: what the caller believes the program read and wrote.
    ///   - proof: anything anyone sent.
    ///   - trustedAdvice: commitment (384 bytes) to advice that the caller vouches for, or nil.
    ///   - onStage: is told when a stage begins. What it throws comes out of this call.
    /// - Returns: the verdict; look at `accepted`.
    /// - Throws: `MoteError.malformed` if the bytes are not a proof, `MoteError.busy` if the
    ///   verifier is at work.
    public func verify(
        _ io: PublicIO, proof: [UInt8], trustedAdvice: [UInt8]? = nil,
        onStage: ((String) throws -> Void)? = nil
    ) throws -> Verdict {
        var advice: Part?
        if let bytes = trustedAdvice {
            advice = Part(bytes)
        }
        return try verify(io, proof: Part(proof), advice: advice, onStage: onStage)
    }

    func verify(
        _ io: PublicIO, proof: Part, advice: Part?, onStage: ((String) throws -> Void)?
    ) throws -> Verdict {
        if let part = advice {
            try checkCount(part.bytes, Int(MOTE_GT_BYTES), "trustedAdvice")
        }
        try begin()
        defer { end() }

        var rawVerdict = emptyVerdict()
        let watcher = Watcher(onStage)
        let status = withExtendedLifetime(self) { () -> mote_status in
            return call(&rawVerdict, io, proof, advice, watcher)
        }
        if let error = watcher.error {
            throw error
        }
        // The advice commitment is a span of its own, behind the proof.
        var base = proof.range.lowerBound
        if let part = advice {
            if String(cString: mote_field_text(rawVerdict.field)) == "trusted_advice_commitment" {
                base = part.range.lowerBound
            }
        }
        return try answer(status, rawVerdict, base: base)
    }

    private func begin() throws {
        lock.lock()
        defer { lock.unlock() }
        if working {
            throw MoteError.busy
        }
        working = true
    }

    private func end() {
        lock.lock()
        defer { lock.unlock() }
        working = false
    }

    /// The call itself: every pointer in it is good until it returns.
    private func call(
        _ rawVerdict: inout mote_verdict, _ io: PublicIO, _ proof: Part, _ advice: Part?,
        _ watcher: Watcher
    ) -> mote_status {
        let inputs = Part(io.inputs)
        let outputs = Part(io.outputs)
        return inputs.withPointer { inputBytes, inputCount -> mote_status in
            return outputs.withPointer { outputBytes, outputCount -> mote_status in
                return proof.withPointer { proofBytes, proofCount -> mote_status in
                    return withOptionalPart(advice) { adviceBytes -> mote_status in
                        return withOptionalPointer(io.memoryLayout?.raw) { layout -> mote_status in
                            var rawIO = mote_public_io()
                            rawIO.struct_size = UInt32(MemoryLayout<mote_public_io>.size)
                            rawIO.panic = io.panic ? 1 : 0
                            rawIO.inputs = inputBytes
                            rawIO.inputs_bytes = inputCount
                            rawIO.outputs = outputBytes
                            rawIO.outputs_bytes = outputCount
                            rawIO.memory_layout = layout
                            return watcher.withObserver { observer -> mote_status in
                                return mote_jolt_verify(
                                    &rawVerdict, memory.pointer, memory.byteCount,
                                    key.pointer, setup.pointer, &rawIO, proofBytes, proofCount,
                                    adviceBytes, observer)
                            }
                        }
                    }
                }
            }
        }
    }
}

private func withOptionalPart(
    _ part: Part?, _ body: (UnsafePointer<UInt8>?) -> mote_status
) -> mote_status {
    guard let present = part else {
        return body(nil)
    }
    return present.withPointer { bytes, _ -> mote_status in
        return body(bytes)
    }
}
