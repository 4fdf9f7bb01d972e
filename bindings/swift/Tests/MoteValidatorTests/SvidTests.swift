import Foundation
import MoteValidator
import XCTest

/// Replays tests/vectors/bindings/svid.json, and the evidence of tests/vectors/svid.
final class SvidTests: XCTestCase {
    private typealias Object = [String: Any]

    private var cases: Object = [:]

    override func setUpWithError() throws {
        cases = try read("bindings/svid.json")
    }

    private func read(_ name: String) throws -> Object {
        let file = vectors.appendingPathComponent(name)
        let json = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
        return try XCTUnwrap(json as? Object)
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

    private func number(_ object: Object, _ name: String) throws -> UInt32 {
        return try XCTUnwrap(object[name] as? NSNumber, name).uint32Value
    }

    private func long(_ object: Object, _ name: String) throws -> UInt64 {
        return try XCTUnwrap(UInt64(try text(object, name)), name)
    }

    private func numbers(_ object: Object, _ name: String) throws -> [UInt32] {
        let all = try XCTUnwrap(object[name] as? [NSNumber], name)
        return all.map { one in one.uint32Value }
    }

    private func epoch(_ object: Object, keys: Bool = true) throws -> Svid.Epoch {
        let given = try list("epochs")[Int(try number(object, "epoch"))]
        let stakes = try XCTUnwrap(given["stakes"] as? [String])
        return try Svid.Epoch(
            seed: bytes(given, "seed"),
            stakes: stakes.map { stake in try XCTUnwrap(UInt64(stake)) },
            publicKeys: keys ? bytes(given, "public_keys") : nil)
    }

    private struct Share {
        var name: String
        var expected: Svid.Expected
        var request: Svid.Request
        var header: [UInt8]
        var z: [UInt8]?
        var messages: [Svid.Rows]
        var answer: String
    }

    private func message(_ object: Object, first: String) throws -> Svid.Rows {
        return Svid.Rows(
            first: try number(object, first), count: try number(object, "count"),
            rows: try bytes(object, "rows"),
            dataPath: fromHex(object["data_path"] as? String ?? ""),
            parityPath: fromHex(object["parity_path"] as? String ?? ""))
    }

    private func share(_ object: Object) throws -> Share {
        let e = try XCTUnwrap(object["expected"] as? Object)
        let answer = try XCTUnwrap(object["answer"] as? Object)
        let messages = try XCTUnwrap(object["messages"] as? [Object])
        let row = (answer["row"] as? NSNumber).map { row in String(row.uint32Value) } ?? ""
        return Share(
            name: try text(object, "name"),
            expected: Svid.Expected(
                chainID: try bytes(e, "chain_id"), zone: try number(e, "zone"),
                height: try long(e, "height"), epoch: try long(e, "epoch"),
                svidRoot: try bytes(e, "svid_root"),
                blockBytesMax: try long(e, "block_bytes_max")),
            request: object["rows"] is NSNull
                ? .validator(try number(object, "validator")) : .rows(try numbers(object, "rows")),
            header: try bytes(object, "header"),
            z: (object["z"] as? String).map { z in fromHex(z) },
            messages: try messages.map { one in try message(one, first: "first") },
            answer: try "\(text(answer, "outcome"))|\(number(answer, "step"))|"
                + "\(text(answer, "fault"))|\(row)")
    }

    private func honest() throws -> (Share, Svid.Epoch) {
        let found = try list("shares").first { one in
            one["name"] as? String == "honest unequal, validator 3"
        }
        let object = try XCTUnwrap(found)
        return (try share(object), try epoch(object))
    }

    private func spelled(_ v: Svid.ShareVerdict) -> String {
        let row = v.row.map { row in String(row) } ?? ""
        return "\(v.outcome.name)|\(v.step)|\(v.fault?.description ?? "")|\(row)"
    }

    private func pieces(
        _ bytes: [UInt8], _ piece: Int, _ take: ([UInt8]) throws -> Svid.Fault?
    ) throws {
        for at in stride(from: 0, to: bytes.count, by: piece) {
            _ = try take(Array(bytes[at..<min(at + piece, bytes.count)]))
        }
    }

    private func inPieces(
        _ share: Share, _ epoch: Svid.Epoch, _ piece: Int
    ) throws -> Svid.ShareVerdict {
        let checker = try Svid.ShareChecker(
            epoch, share.expected, share.request, header: share.header)
        for one in share.messages {
            try checker.beginRows(
                first: one.first, count: one.count, byteCount: UInt64(one.rows.count),
                dataPath: one.dataPath, parityPath: one.parityPath)
            try pieces(one.rows, piece) { part in try checker.appendRows(part) }
            try checker.endRows()
        }
        if let z = share.z {
            try pieces(z, piece) { part in try checker.appendZ(part) }
            try checker.endZ()
        }
        return try checker.verdict()
    }

    func testShares() throws {
        XCTAssertGreaterThanOrEqual(try list("shares").count, 98)
        for object in try list("shares") {
            let one = try share(object)
            let opened = try epoch(object)
            let atOnce = try Svid.checkShare(
                opened, one.expected, one.request, header: one.header, z: one.z,
                messages: one.messages)
            XCTAssertEqual(spelled(atOnce), one.answer, one.name)
            for piece in [1000, 13] {
                let verdict = try inPieces(one, opened, piece)
                XCTAssertEqual(spelled(verdict), one.answer, "\(one.name), \(piece)")
            }
        }
    }

    func testDispersals() throws {
        XCTAssertGreaterThanOrEqual(try list("dispersals").count, 10)
        for object in try list("dispersals") {
            let opened = try epoch(object)
            let size = UInt64(try number(object, "block_bytes"))
            let zone = try number(object, "zone")
            let height = try long(object, "height")
            let params = try opened.params(blockBytes: size)
            XCTAssertEqual(params.blockBytes, size)
            XCTAssertEqual(params.rowBytes, try number(object, "row_bytes"))
            XCTAssertEqual(params.dataRows, try number(object, "data_rows"))
            XCTAssertEqual(params.codeRows, try number(object, "code_rows"))
            XCTAssertEqual(params.rows, try number(object, "rows"))
            XCTAssertEqual(params.zBytes, 16 * params.dataRows)
            let ranges = try XCTUnwrap(object["ranges"] as? [[NSNumber]])
            for (validator, range) in ranges.enumerated() {
                let found = try opened.assignedRows(
                    blockBytes: size, zone: zone, height: height, validator: UInt32(validator))
                XCTAssertEqual(
                    [found.first, found.count], range.map { one in one.uint32Value })
            }
            let header = try Svid.describeHeader(try bytes(object, "header"))
            XCTAssertEqual(header.zone, zone)
            XCTAssertEqual(header.height, height)
            XCTAssertEqual(header.epoch, try long(object, "number"))
            XCTAssertEqual(header.blockBytes, size)
            XCTAssertEqual(header.dataRows, params.dataRows)
            XCTAssertEqual(header.rows, params.rows)
            XCTAssertEqual(header.rowBytes, params.rowBytes)
            XCTAssertEqual(header.chainID, try bytes(object, "chain_id"))
            XCTAssertEqual(header.dataRoot, try bytes(object, "data_root"))
            XCTAssertEqual(header.parityRoot, try bytes(object, "parity_root"))
            XCTAssertEqual(header.zDigest, try bytes(object, "z_digest"))
            XCTAssertEqual(header.svidRoot, try bytes(object, "svid_root"))
            XCTAssertEqual(header.announceDigest, try bytes(object, "announce_digest"))
        }
    }

    func testSamplesAndBounds() throws {
        for object in try list("samples") {
            let rows = try Svid.sampleRows(
                of: number(object, "total"), count: number(object, "count"),
                entropy: bytes(object, "entropy"))
            XCTAssertEqual(rows, try numbers(object, "rows"))
        }
        for object in try list("bounds") {
            let bound = try Svid.failureBound(
                dataRows: number(object, "data_rows"), rows: number(object, "rows"),
                samples: number(object, "samples"))
            XCTAssertEqual(bound, try XCTUnwrap(object["bound"] as? NSNumber).doubleValue)
        }
        let draws = try Set((0..<20).map { _ in try Svid.sampleRows(of: 13000) })
        XCTAssertEqual(draws.count, 20)
        for rows in draws {
            XCTAssertEqual(rows, Array(Set(rows)).sorted())
            XCTAssertEqual(rows.count, 16)
        }
    }

    func testReconstructions() throws {
        XCTAssertGreaterThanOrEqual(try list("reconstructions").count, 21)
        for object in try list("reconstructions") {
            var rows: [UInt32: [UInt8]] = [:]
            for row in try XCTUnwrap(object["rows"] as? [Object]) {
                rows[try number(row, "number")] = try bytes(row, "bytes")
            }
            var answer = ""
            do {
                switch try Svid.reconstruct(header: bytes(object, "header"), rows: rows) {
                case .rebuilt(let block):
                    answer = "rebuilt"
                    XCTAssertEqual(block, try bytes(object, "block"))
                case .insufficient:
                    answer = "insufficient"
                case .mismatch:
                    answer = "mismatch"
                }
            } catch MoteError.malformed(let verdict) {
                answer = "malformed"
                XCTAssertEqual("\(verdict)", "header: not the header of a dispersal")
            } catch MoteError.invalidArgument {
                answer = "invalid_argument"
            }
            XCTAssertEqual(answer, try text(object, "answer"), try text(object, "name"))
        }
    }

    func testEvidence() throws {
        let all = try XCTUnwrap(try read("svid/misc.json")["evidence"] as? [Object])
        XCTAssertGreaterThanOrEqual(all.count, 4)
        for object in all {
            let input = try XCTUnwrap(object["input"] as? Object)
            let stakes = try numbers(try XCTUnwrap(input["stakes"] as? Object), "list")
            let opened = try Svid.Epoch(
                seed: bytes(input, "seed"),
                stakes: stakes.filter { stake in stake != 0 }.map { stake in UInt64(stake) })
            let chain = try bytes(input, "chain_id")
            let header = try bytes(object, "header")
            let z = try bytes(object, "z")
            var row = try message(try XCTUnwrap(object["row"] as? Object), first: "first_row")
            let found = try Svid.checkBadRow(
                opened, chainID: chain, header: header, row: row, z: z)
            var said = ""
            switch found.finding {
            case .convicts:
                said = "valid"
            case .rowIsCorrect:
                said = "row is correct"
            case .notShown(let fault):
                said = fault?.description ?? ""
            }
            XCTAssertEqual(said, try text(object, "result"))
            row.count = 2
            XCTAssertThrowsError(
                try Svid.checkBadRow(opened, chainID: chain, header: header, row: row, z: z))
            XCTAssertNil(try Svid.equivocates(chainID: chain, header, header))
            var other = header
            other[80] ^= 1
            let both = try XCTUnwrap(try Svid.equivocates(chainID: chain, header, other))
            XCTAssertEqual(both[0], try Svid.describeHeader(header).announceDigest)
            XCTAssertEqual(both[1], try Svid.describeHeader(other).announceDigest)
        }
    }

    func testAnotherSource() throws {
        let (one, opened) = try honest()
        let checker = try Svid.ShareChecker(
            opened, one.expected, one.request, header: one.header)
        let z = try XCTUnwrap(one.z)
        var wrong = z
        wrong[3] ^= 4
        XCTAssertEqual(try checker.appendZ(wrong), .z)
        XCTAssertEqual(spelled(try checker.verdict()), "rejected|4|E_Z|")
        try checker.beginSource()
        XCTAssertNil(try checker.appendZ(z))
        XCTAssertEqual(spelled(try checker.verdict()), "incomplete|4||")
        let message = one.messages[0]
        XCTAssertFalse(try checker.holds(message.first))
        XCTAssertNil(
            try checker.beginRows(
                first: message.first, count: message.count,
                byteCount: UInt64(message.rows.count), dataPath: message.dataPath,
                parityPath: message.parityPath))
        XCTAssertNil(try checker.appendRows(message.rows))
        XCTAssertTrue(try checker.holds(message.first))
    }

    func testARefusedHeaderStaysTheAnswer() throws {
        let (given, opened) = try honest()
        var one = given
        one.expected.zone = 1
        let checker = try Svid.ShareChecker(
            opened, one.expected, one.request, header: one.header)
        XCTAssertEqual(spelled(try checker.verdict()), "rejected|1|E_HEADER|")
        XCTAssertEqual(try checker.appendZ([1]), .header)
        try checker.beginSource()
        XCTAssertFalse(try checker.holds(0))
        XCTAssertEqual(spelled(try checker.verdict()), "rejected|1|E_HEADER|")
    }

    func testValuesThatCannotBeMeant() throws {
        let (one, opened) = try honest()
        let seed = [UInt8](repeating: 0, count: 32)
        let stakes = [UInt64](repeating: 1, count: 4)
        XCTAssertThrowsError(try Svid.Epoch(seed: [], stakes: stakes))
        XCTAssertThrowsError(try Svid.Epoch(seed: seed, stakes: []))
        XCTAssertThrowsError(try Svid.Epoch(seed: seed, stakes: [1, 1, 1]))
        XCTAssertThrowsError(try Svid.Epoch(seed: seed, stakes: [1, 1, 1, 0]))
        XCTAssertThrowsError(try Svid.Epoch(seed: seed, stakes: [1 << 63, 1 << 63, 1, 1]))
        XCTAssertThrowsError(try Svid.Epoch(seed: seed, stakes: stakes, publicKeys: []))
        let keyless = try Svid.Epoch(seed: seed, stakes: stakes)
        XCTAssertThrowsError(
            try keyless.assignedRows(blockBytes: 5000, zone: 0, height: 0, validator: 0))
        let requests: [Svid.Request] = [
            .validator(7), .validator(UInt32.max), .rows([1, 1]), .rows([2, 1]), .rows([18]),
        ]
        for request in requests {
            XCTAssertThrowsError(
                try Svid.ShareChecker(opened, one.expected, request, header: one.header))
        }
        XCTAssertThrowsError(try Svid.sampleRows(of: 5, count: 2, entropy: [1]))
        XCTAssertThrowsError(try Svid.failureBound(dataRows: 3, rows: 2, samples: 1))
        XCTAssertThrowsError(try Svid.equivocates(chainID: [], one.header, one.header))
        XCTAssertThrowsError(try opened.params(blockBytes: Svid.blockBytesMax + 1)) { error in
            guard case MoteError.limitExceeded = error else {
                return XCTFail("\(error)")
            }
        }
        XCTAssertThrowsError(try Svid.describeHeader([]))
    }

    func testThePageOfThePackage() throws {
        let (one, opened) = try honest()
        let z = try XCTUnwrap(one.z)
        XCTAssertTrue(
            try good(opened, one.expected, header: one.header, z: z, rows: one.messages))
        XCTAssertFalse(try good(opened, one.expected, header: one.header, z: z, rows: []))
        let checker = try sampler(opened, one.expected, header: one.header)
        XCTAssertEqual(spelled(try checker.verdict()), "incomplete|3||")
    }

    func testOneCheckerManyThreads() throws {
        let (one, opened) = try honest()
        let checker = try Svid.ShareChecker(
            opened, one.expected, one.request, header: one.header)
        let z = try XCTUnwrap(one.z)
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            _ = try? checker.beginSource()
            _ = try? checker.appendZ(z)
        }
        try checker.beginSource()
        XCTAssertNotEqual(try checker.verdict().outcome, .rejected)
    }
}
