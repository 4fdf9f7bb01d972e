import Foundation

/// Memory aligned as the core wants it, given back when nobody refers to it any more.
final class Memory {
    let pointer: UnsafeMutableRawPointer
    let byteCount: Int

    init(byteCount: Int) throws {
        var memory: UnsafeMutableRawPointer?
        guard posix_memalign(&memory, 16, max(byteCount, 16)) == 0, let taken = memory else {
            throw MoteError.outOfMemory
        }
        pointer = taken
        self.byteCount = byteCount
    }

    deinit {
        free(pointer)
    }
}
