import Foundation
import MoteValidator
import XCTest

/// Replays tests/vectors/bindings/cases.json.
final class CasesTests: XCTestCase {
    private struct Case {
        let name: String
        let bytes: [UInt8]
        let program: [UInt8]?
        let setup: [UInt8]?
        let answer: String
    }

    private func cases() throws -> [Case] {
        let file = vectors.appendingPathComponent("bindings/cases.json")
        let json = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
        let rows = try XCTUnwrap(json as? [[String: Any]])
        return try rows.map { row in try read(row) }
    }

    /// The bytes of a case: cut to `size`, patched, extended.
    private func read(_ row: [String: Any]) throws -> Case {
        let bundle = try XCTUnwrap(row["bundle"] as? String)
        var bytes: [UInt8] = try bundle.isEmpty ? [] : bundleBytes(bundle)
        if let size = row["size"] as? Int {
            bytes = Array(bytes.prefix(size))
        }
        for patch in row["patches"] as? [[Any]] ?? [] {
            let at = try XCTUnwrap(patch[0] as? Int)
            let change = fromHex(try XCTUnwrap(patch[1] as? String))
            bytes.replaceSubrange(at..<(at + change.count), with: change)
        }
        if let more = row["append"] as? String {
            bytes += fromHex(more)
        }
        let answer = try XCTUnwrap(row["answer"] as? [String: Any])
        let texts = try ["verdict", "stage", "reason", "field"].map { name in
            try XCTUnwrap(answer[name] as? String)
        }
        let name = try XCTUnwrap(row["name"] as? String)
        let offset = try XCTUnwrap(answer["offset"] as? Int)
        return Case(
            name: name, bytes: bytes,
            program: (row["expect_program"] as? String).map { text in fromHex(text) },
            setup: (row["expect_setup"] as? String).map { text in fromHex(text) },
            answer: (texts + [String(offset)]).joined(separator: "|"))
    }

    func testEveryCaseHasItsAnswer() throws {
        let all = try cases()
        XCTAssertGreaterThanOrEqual(all.count, 246)
        for one in all {
            let found = try line {
                try Mote.verifyBundle(
                    one.bytes, expectProgram: one.program, expectSetup: one.setup)
            }
            XCTAssertEqual(found, one.answer, one.name)
        }
    }
}
