import Foundation
import MoteValidator
import XCTest

/// The parts one by one, misuse, and threads.
final class ApiTests: XCTestCase {
    private struct Mine: Error {}

    private var parts: ProofBundle!
    private var key: ProgramKey!
    private var setup: DorySetup!

    override func setUpWithError() throws {
        parts = try ProofBundle(try bundleBytes("muldiv-bundle.bin"))
        key = try ProgramKey(parts.key, digest: parts.keyDigest)
        setup = try DorySetup(parts.setup, sha256: parts.setupDigest)
    }

    func testAGoodProofIsAccepted() throws {
        let verifier = try Verifier(key: key, setup: setup)
        let verdict = try verifier.verify(parts.publicIO, proof: parts.proof)
        XCTAssertTrue(verdict.accepted)
        XCTAssertEqual(verdict.stage + verdict.reason + verdict.field, "")
        XCTAssertNoThrow(try verdict.requireAccepted())
        XCTAssertEqual(parts.publicIO.outputs, [15])
        XCTAssertNil(parts.trustedAdvice)
    }

    func testAnotherOutputIsRejected() throws {
        let verifier = try Verifier(key: key, setup: setup)
        let io = PublicIO(inputs: parts.publicIO.inputs, outputs: [16])
        let verdict = try verifier.verify(io, proof: parts.proof)
        XCTAssertFalse(verdict.accepted)
        XCTAssertFalse(verdict.reason.isEmpty)
        XCTAssertThrowsError(try verdict.requireAccepted())
    }

    func testAKeySaysWhatItIs() throws {
        let info = try key.describe()
        XCTAssertFalse(info.committed)
        XCTAssertEqual(info.digest, parts.keyDigest)
        XCTAssertEqual(info.memoryLayout, parts.publicIO.memoryLayout)
        XCTAssertEqual(info.entryAddress, 0x8000_0000)
    }

    func testRevisions() throws {
        _ = try ProgramKey(parts.key, digest: parts.keyDigest, revision: "jolt-69eea119")
        for name in ["jolt-0", "", "jolt-69eea119\u{0}x"] {
            XCTAssertThrowsError(
                try ProgramKey(parts.key, digest: parts.keyDigest, revision: name))
        }
    }

    func testDigestsHave32Bytes() throws {
        for count in [0, 31, 33] {
            let digest = [UInt8](repeating: 0, count: count)
            XCTAssertThrowsError(try ProgramKey(parts.key, digest: digest))
            XCTAssertThrowsError(try DorySetup(parts.setup, sha256: digest))
        }
        let verifier = try Verifier(key: key, setup: setup)
        XCTAssertThrowsError(
            try verifier.verify(parts.publicIO, proof: parts.proof, trustedAdvice: [1]))
    }

    func testNoBytesAreAnswered() throws {
        let digest = [UInt8](repeating: 0, count: 32)
        XCTAssertThrowsError(try ProofBundle([]))
        XCTAssertThrowsError(try ProgramKey([], digest: digest))
        XCTAssertThrowsError(try DorySetup([], sha256: digest))
        let verifier = try Verifier(key: key, setup: setup)
        XCTAssertThrowsError(try verifier.verify(parts.publicIO, proof: []))
    }

    func testAnErrorOfOnStageComesOut() throws {
        let verifier = try Verifier(key: key, setup: setup)
        var stages: [String] = []
        XCTAssertThrowsError(
            try verifier.verify(parts.publicIO, proof: parts.proof) { name in
                stages.append(name)
                if stages.count == 3 {
                    throw Mine()
                }
            }
        ) { error in
            XCTAssertTrue(error is Mine)
        }
        XCTAssertEqual(stages.count, 3)
        XCTAssertTrue(try verifier.verify(parts.publicIO, proof: parts.proof).accepted)
    }

    func testAVerifierAtWorkIsBusy() throws {
        let verifier = try Verifier(key: key, setup: setup)
        let io = parts.publicIO
        let proof = parts.proof
        var refused = 0
        let verdict = try verifier.verify(io, proof: proof) { _ in
            do {
                _ = try verifier.verify(io, proof: proof)
            } catch MoteError.busy {
                refused += 1
            }
        }
        XCTAssertTrue(verdict.accepted)
        XCTAssertGreaterThan(refused, 0)
    }

    func testVerifiersSideBySideShareKeyAndSetup() throws {
        let key: ProgramKey = self.key
        let setup: DorySetup = self.setup
        let parts: ProofBundle = self.parts
        let lock = NSLock()
        var accepted = 0
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            let verdict = try? Verifier(key: key, setup: setup)
                .verify(parts.publicIO, proof: parts.proof)
            lock.lock()
            accepted += verdict?.accepted == true ? 1 : 0
            lock.unlock()
        }
        XCTAssertEqual(accepted, 8)
    }
}
