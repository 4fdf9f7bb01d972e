import CMote

/// Hands the stages of a verification to a closure. The core goes on after an error, but the
/// closure is not called again.
final class Watcher {
    private let onStage: ((String) throws -> Void)?
    private(set) var error: Error?

    init(_ onStage: ((String) throws -> Void)?) {
        self.onStage = onStage
    }

    /// Calls `body` with an observer that is good until it returns; with nil if nobody watches.
    func withObserver(_ body: (UnsafePointer<mote_observer>?) -> mote_status) -> mote_status {
        if onStage == nil {
            return body(nil)
        }
        var raw = mote_observer()
        raw.struct_size = UInt32(MemoryLayout<mote_observer>.size)
        raw.context = Unmanaged.passUnretained(self).toOpaque()
        raw.on_stage = { context, stage in
            guard let pointer = context else {
                return
            }
            Unmanaged<Watcher>.fromOpaque(pointer).takeUnretainedValue().begins(stage)
        }
        return withExtendedLifetime(self) { () -> mote_status in
            return withUnsafePointer(to: raw) { pointer -> mote_status in
                return body(pointer)
            }
        }
    }

    private func begins(_ stage: UInt32) {
        guard error == nil, let watching = onStage else {
            return
        }
        do {
            try watching(String(cString: mote_stage_text(stage)))
        } catch let thrown {
            error = thrown
        }
    }
}
