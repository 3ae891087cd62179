/// Whether the storage answers, has tables that this program knows, and takes a row.
package enum StorageCheck {
    @Sendable static func judge(_ seen: Observations) -> [Finding] { findings(seen.storage) }

    /// One at least.
    package static func findings(_ answer: StorageAnswer) -> [Finding] {
        let subject = "storage"
        switch answer {
        case .memory:
            return [
                .warning(
                    subject, "`memory` ends with the process: everybody is signed out by a restart, and replicas share nothing",
                    mend: "use `sqlite`, `postgres` or `redis`")
            ]
        case .absent(let path, true): return [.ok(subject, "\(path) is not there yet, and is made at the start")]
        case .absent(let path, false):
            return [
                .failure(
                    subject, "\(path) is not there, and cannot be made", mend: "make its folder, writable for Gatehouse's user")
            ]
        case .unreachable(let reason): return [unreachable(reason)]
        case .otherVersion(let engine, let version, let known): return [otherVersion(engine, version, known)]
        case .halfCopied:
            return [
                .failure(
                    subject, "a copy into it was never finished", mend: "run `gatehouse store migrate` once more")
            ]
        case .notWritable(let reason):
            return [
                .failure(
                    subject, "it answers, but nothing can be written: \(reason)",
                    mend: "look for a full disk, missing rights or a replica that is read-only")
            ]
        case .sound(let engine, let version, let isShared, let note, let isReadableByOthers):
            let replicas = isShared ? "any number of replicas may share it" : "it is for one replica"
            return [.ok(subject, "\(engine), tables of version \(version), a row was written and read; \(replicas)")]
                + (note.map { [.warning(subject, $0, mend: "change the server's setting")] } ?? [])
                + (isReadableByOthers
                    ? [.warning(subject, "others on this machine can read its file", mend: "run `chmod 600` on it")] : [])
        }
    }

    private static func unreachable(_ reason: String) -> Finding {
        let mend =
            reason.contains("clock")
            ? "set this machine's clock or the server's, such as by chrony or systemd-timesyncd"
            : "start it, or correct its address, password and `rootCA` in `storage`"
        return .failure("storage", "it cannot be used: \(reason)", mend: mend)
    }

    private static func otherVersion(_ engine: String, _ version: Int, _ known: Int) -> Finding {
        if version == 0 { return .ok("storage", "\(engine), without tables yet; they are made at the start") }
        if version < known {
            return .ok("storage", "\(engine), tables of version \(version), which the start brings to \(known)")
        }
        return .failure(
            "storage", "\(engine), tables of version \(version): a newer Gatehouse made them, this one knows \(known)",
            mend: "run the newer version, or restore a backup of before")
    }
}
