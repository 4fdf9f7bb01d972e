import CMote

extension Svid {
    /// What is wrong with a share; the same numbers as the steps. The first six condemn what was
    /// received: drop it and ask another peer. The seventh condemns the dispersal and can be shown to
    /// anybody.
    public struct Fault: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        /// Its number; 0 is none.
        public let rawValue: UInt32

        /// The fault of a number.
        public init(rawValue: UInt32) {
            self.rawValue = rawValue
        }

        /// E_HEADER, step 1.
        public static let header = Fault(rawValue: MOTE_SVID_E_HEADER)
        /// E_PARAMS, step 2.
        public static let params = Fault(rawValue: MOTE_SVID_E_PARAMS)
        /// E_COMMIT, step 3.
        public static let commit = Fault(rawValue: MOTE_SVID_E_COMMIT)
        /// E_Z, step 4.
        public static let z = Fault(rawValue: MOTE_SVID_E_Z)
        /// E_ROW_SHAPE, step 5.
        public static let rowShape = Fault(rawValue: MOTE_SVID_E_ROW_SHAPE)
        /// E_PATH, step 6.
        public static let path = Fault(rawValue: MOTE_SVID_E_PATH)
        /// E_FINGERPRINT, step 7.
        public static let fingerprint = Fault(rawValue: MOTE_SVID_E_FINGERPRINT)

        /// Its name, such as "E_Z".
        public var description: String {
            return String(cString: mote_svid_fault_text(rawValue))
        }

        static func some(_ code: UInt32) -> Fault? {
            return code == 0 ? nil : Fault(rawValue: code)
        }
    }

    /// How far a share has come.
    public enum Outcome: Sendable {
        /// Nothing wrong, something missing.
        case incomplete
        /// The fault says why.
        case rejected
        /// Every row asked for holds against a Z that no proof has bound to the block yet.
        case provisional

        /// Its name, such as "provisional".
        public var name: String {
            switch self {
            case .incomplete:
                return String(cString: mote_svid_outcome_text(MOTE_SVID_INCOMPLETE))
            case .rejected:
                return String(cString: mote_svid_outcome_text(MOTE_SVID_REJECTED))
            case .provisional:
                return String(cString: mote_svid_outcome_text(MOTE_SVID_PROVISIONAL))
            }
        }
    }

    /// The answer about a share.
    public struct ShareVerdict: Equatable, Sendable {
        /// How far it has come.
        public let outcome: Outcome
        /// The failing step, or the last one finished.
        public let step: UInt32
        /// What is wrong; nil unless rejected.
        public let fault: Fault?
        /// Of `Fault.fingerprint`: the row that is not the code's; otherwise nil.
        public let row: UInt32?

        init(_ raw: mote_svid_verdict) {
            if raw.outcome == MOTE_SVID_INCOMPLETE {
                outcome = .incomplete
            } else if raw.outcome == MOTE_SVID_PROVISIONAL {
                outcome = .provisional
            } else {
                // An outcome that is not known is no reason to keep a share.
                outcome = .rejected
            }
            step = raw.step
            fault = Fault.some(raw.fault)
            row = raw.fault == MOTE_SVID_E_FINGERPRINT ? raw.row : nil
        }

        /// A verdict for the core to fill.
        static func empty() -> mote_svid_verdict {
            var raw = mote_svid_verdict()
            raw.struct_size = structSize(mote_svid_verdict.self)
            return raw
        }
    }
}
