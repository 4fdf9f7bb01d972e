import Foundation
import MoteValidator

/// The folder tests/vectors of the repository.
let vectors = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("tests/vectors")

func bundleBytes(_ name: String) throws -> [UInt8] {
    let file = vectors.appendingPathComponent("jolt").appendingPathComponent(name)
    return try [UInt8](Data(contentsOf: file))
}

func fromHex(_ text: String) -> [UInt8] {
    let digits = Array(text)
    var bytes: [UInt8] = []
    var at = 0
    while at + 1 < digits.count {
        bytes.append(UInt8(String(digits[at...(at + 1)]), radix: 16)!)
        at += 2
    }
    return bytes
}

/// "verdict|stage|reason|field|offset" of what `verify` says.
func line(_ verify: () throws -> Verdict) throws -> String {
    func text(_ kind: String, _ verdict: Verdict) -> String {
        return "\(kind)|\(verdict.stage)|\(verdict.reason)|\(verdict.field)|\(verdict.offset)"
    }
    do {
        let verdict = try verify()
        return text(verdict.accepted ? "accepted" : "rejected", verdict)
    } catch MoteError.malformed(let verdict) {
        return text("malformed", verdict)
    }
}
