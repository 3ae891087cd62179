/// What became of trying the storage.
package enum StorageAnswer: Sendable, Equatable {
    /// Nothing outlives the process.
    case memory
    /// There is no SQLite file yet; `isPossible`: whether one can be made there.
    case absent(path: String, isPossible: Bool)
    case unreachable(reason: String)
    /// Tables of another version; `version` 0: there are none.
    case otherVersion(engine: String, version: Int, known: Int)
    case halfCopied
    /// It answers, but a row can not be written and read.
    case notWritable(reason: String)
    /// - `isShared`: whether several replicas may use it.
    /// - `note`: what is not wrong, but will be.
    /// - `isReadableByOthers`: whether the file's permissions let other users of the machine read it.
    case sound(engine: String, version: Int, isShared: Bool, note: String?, isReadableByOthers: Bool)
}
