import CMote

/// What was found out about a proof, a key, a setup or a bundle.
///
/// The texts are in English and for people; programs compare the codes, which are those of `mote.h`
/// and never change meaning.
public struct Verdict: Equatable, Sendable, CustomStringConvertible {
    /// True only if every check was made and every check held.
    public let accepted: Bool
    /// Code of the stage it ended in; 0 if accepted.
    public let stageCode: UInt32
    /// Code of the reason; 0 if accepted.
    public let reasonCode: UInt32
    /// Code of the part it is about; 0 if none.
    public let fieldCode: UInt32
    /// Which element of that part, or which round.
    public let index: UInt32
    /// Byte position in what was passed; 0 if the answer has no place in it.
    public let offset: UInt64
    /// In place of the codes, of what has none.
    private let words: [String]?

    /// A verdict about a part that begins at `base`; an answer without a place keeps 0.
    init(_ raw: mote_verdict, malformed: Bool, base: Int) {
        accepted = !malformed && raw.accepted == 1
        stageCode = raw.stage
        reasonCode = raw.reason
        fieldCode = raw.field
        index = raw.index
        let placed = malformed || raw.offset != 0
        offset = placed ? raw.offset &+ UInt64(base) : 0
        words = nil
    }

    /// A verdict that has words in place of codes; not accepted.
    init(stage: String, reason: String) {
        accepted = false
        stageCode = 0
        reasonCode = 0
        fieldCode = 0
        index = 0
        offset = 0
        words = [stage, reason]
    }

    /// The same with a number for the reason, and a place.
    init(stage: String, reason: String, reasonCode: UInt32, index: UInt32, offset: UInt64) {
        accepted = false
        stageCode = 0
        self.reasonCode = reasonCode
        fieldCode = 0
        self.index = index
        self.offset = offset
        words = [stage, reason]
    }

    /// Where it ended, such as "stage 3"; empty if accepted.
    public var stage: String {
        return accepted ? "" : words?[0] ?? String(cString: mote_stage_text(stageCode))
    }

    /// Why, such as "program digest is not the expected one"; empty if accepted.
    public var reason: String {
        return accepted ? "" : words?[1] ?? String(cString: mote_reason_text(reasonCode))
    }

    /// Which part, with the index filled in, such as "setup.delta_1l[3]"; empty if none.
    public var field: String {
        if accepted {
            return ""
        }
        // An index stands for the first "[]".
        var text = ""
        var filled = false
        for character in String(cString: mote_field_text(fieldCode)) {
            if character == "]" && !filled && text.last == "[" {
                text += String(index)
                filled = true
            }
            text.append(character)
        }
        return text
    }

    /// Does nothing if the subject is good.
    ///
    /// - Throws: `MoteError.rejected` if it is not.
    public func requireAccepted() throws {
        if !accepted {
            throw MoteError.rejected(self)
        }
    }

    /// One line for people.
    public var description: String {
        if accepted {
            return "accepted"
        }
        if words != nil && offset != 0 {
            return "\(stage): \(reason), offset \(offset)"
        }
        let place = field.isEmpty ? "" : " (\(field), offset \(offset))"
        return "\(stage): \(reason)\(place)"
    }
}
