import MoteValidator

// README.md has all that follows.

/// Whether the rows of a validator hold.
func good(
    _ epoch: Svid.Epoch, _ expected: Svid.Expected, header: [UInt8], z: [UInt8], rows: [Svid.Rows]
) throws -> Bool {
    let verdict = try Svid.checkShare(
        epoch, expected, .validator(3), header: header, z: z, messages: rows)
    return verdict.outcome == .provisional
}

/// A sampler's check as bytes arrive, in pieces of any size and in any order.
func sampler(
    _ epoch: Svid.Epoch, _ expected: Svid.Expected, header: [UInt8]
) throws -> Svid.ShareChecker {
    let wanted = try Svid.sampleRows(of: Svid.describeHeader(header).rows)
    let checker = try Svid.ShareChecker(epoch, expected, .rows(wanted), header: header)
    if let fault = try checker.appendZ([]) {
        print(fault)  // E_Z, for example
    }
    return checker
}
