/// An answer other than a verdict.
public enum MoteError: Error {
    /// The bytes do not parse; the verdict names the field and the offset.
    case malformed(Verdict)
    /// The bytes parse, and the subject is not good: another program, another setup, a wrong proof.
    case rejected(Verdict)
    /// A mistake of the calling program, such as a digest that is not 32 bytes.
    case invalidArgument(String)
    /// More than the documented limits of this build allow.
    case limitExceeded
    /// The library was built for a processor that this one is not.
    case unsupported
    /// There is no memory for it.
    case outOfMemory
    /// The verifier is at work for another call, or was called from its own `onStage`.
    case busy
    /// Library and header are of different versions, so nothing was called.
    case versionMismatch(library: UInt32, header: UInt32)
}
