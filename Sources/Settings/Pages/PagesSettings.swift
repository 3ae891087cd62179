/// How the pages of both roles look.
package struct PagesSettings: Sendable {
    /// A directory with what differs from our own design; absolute or from the working directory. nil: nothing does.
    package var theme: String?
}
