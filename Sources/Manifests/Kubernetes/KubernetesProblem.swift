/// Why nothing can be written for a cluster, although the configuration is right.
package struct KubernetesProblem: Error, Equatable, CustomStringConvertible {
    package var what: String
    package var mend: String

    package init(_ what: String, _ mend: String) {
        self.what = what
        self.mend = mend
    }

    /// Without the file's name.
    package var description: String { what + "; " + mend }
}
