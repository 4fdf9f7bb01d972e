import Foundation
import MoteValidator
import XCTest

/// Replays tests/vectors/bindings/state.json.
final class ChainStateTests: XCTestCase {
    private typealias Object = [String: Any]

    private var cases: Object = [:]

    override func setUpWithError() throws {
        let file = vectors.appendingPathComponent("bindings/state.json")
        let json = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
        cases = try XCTUnwrap(json as? Object)
    }

    private func list(_ name: String) throws -> [Object] {
        return try XCTUnwrap(cases[name] as? [Object])
    }

    private func text(_ object: Object, _ name: String) throws -> String {
        return try XCTUnwrap(object[name] as? String, name)
    }

    private func bytes(_ object: Object, _ name: String) throws -> [UInt8] {
        return fromHex(try text(object, name))
    }

    private func height(_ object: Object, _ name: String) throws -> UInt64? {
        guard let digits = object[name] as? String else {
            return nil
        }
        return try XCTUnwrap(UInt64(digits))
    }

    private func number(_ object: Object, _ name: String) throws -> UInt64 {
        return try XCTUnwrap(object[name] as? NSNumber, name).uint64Value
    }

    private func witness(_ object: Object) throws -> ChainState.Witness {
        return try ChainState.Witness(
            root: bytes(object, "root"), height: height(object, "height"), bytes(object, "bytes"))
    }

    private func proof(_ object: Object) throws -> ChainState.Proof {
        if try text(object, "kind") == "witness" {
            return try witness(object).before
        }
        return try ChainState.Proof(
            root: bytes(object, "root"), height: height(object, "height"), bytes(object, "bytes"))
    }

    /// Kind, fault, offset and index of what a call said.
    private func spelled(_ body: () throws -> Void) throws -> String {
        do {
            try body()
            return "accepted||0|0"
        } catch MoteError.rejected(let v) {
            return "rejected|\(v.reason)|\(v.offset)|\(v.index)"
        } catch MoteError.malformed(let v) {
            return "malformed|\(v.reason)|\(v.offset)|\(v.index)"
        } catch MoteError.invalidArgument {
            return "invalid_argument||0|0"
        }
    }

    func testProofsAndQuestions() throws {
        let proofs = try list("proofs")
        XCTAssertGreaterThan(proofs.count, 250)
        for test in proofs {
            let name = try text(test, "name")
            let answer = try XCTUnwrap(test["answer"] as? Object)
            let wanted =
                try "\(text(answer, "verdict"))|\(text(answer, "fault"))|\(number(answer, "offset"))|0"
            XCTAssertEqual(try spelled { _ = try proof(test) }, wanted, name)
            for question in try XCTUnwrap(test["questions"] as? [Object]) {
                let opened = try proof(test)
                let key = try bytes(question, "key")
                let after = try height(question, "after")
                var found = ""
                do {
                    let said = try after.map { past in try opened.lookup(key, after: past) }
                        ?? opened.lookup(key)
                    switch said {
                    case .present(let value):
                        XCTAssertEqual(value, try bytes(question, "value"), name)
                        found = "present"
                    case .absent:
                        found = "absent"
                    case .unproven:
                        found = "unproven"
                    }
                } catch MoteError.invalidArgument {
                    found = "invalid_argument"
                }
                XCTAssertEqual(found, try text(question, "answer"), name)
            }
        }
    }

    func testBlocks() throws {
        let proofs = try list("proofs")
        for test in try list("blocks") {
            let name = try text(test, "name")
            let opened = try witness(proofs[Int(try number(test, "witness"))])
            let pairs = try XCTUnwrap(test["operations"] as? [[Any]])
            let operations = try pairs.map { pair -> ChainState.Operation in
                let key = fromHex(try XCTUnwrap(pair[0] as? String))
                guard let value = pair[1] as? String else {
                    return .delete(key)
                }
                return .put(key, fromHex(value))
            }
            let at = try XCTUnwrap(try height(test, "height"))
            let answer = try XCTUnwrap(test["answer"] as? Object)
            let verdict = try text(answer, "verdict")
            let fault = try text(answer, "fault")
            let blamed = try number(answer, "operation")
            var outcome: ChainState.BlockOutcome?
            let said = try spelled { outcome = try opened.apply(height: at, operations) }
            switch outcome {
            case .root(let root):
                XCTAssertEqual(verdict, "accepted", name)
                XCTAssertEqual(root, try bytes(answer, "root"), name)
            case .missing:
                XCTAssertEqual("\(verdict) \(fault)", "rejected missing", name)
            case nil:
                XCTAssertEqual(said, "\(verdict)|\(fault)|0|\(blamed)", name)
            default:
                XCTFail(name)
            }
        }
    }

    func testMisuse() throws {
        let test = try XCTUnwrap(try list("proofs").first)
        let root = try bytes(test, "root")
        let data = try bytes(test, "bytes")
        XCTAssertThrowsError(try ChainState.Proof(root: [1], height: nil, data))
        XCTAssertThrowsError(try ChainState.Proof(root: root, height: UInt64.max, data))
        let opened = try ChainState.Proof(root: root, height: nil, data)
        XCTAssertThrowsError(try opened.lookup([]))
        XCTAssertThrowsError(try opened.lookup([1], after: 0))
        XCTAssertNil(try balance(root, 200, data, of: [1, 2, 3]))
    }
}
