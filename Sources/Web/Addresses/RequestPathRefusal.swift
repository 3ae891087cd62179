/// Why a path is refused. Callers answer 400.
package enum RequestPathRefusal: String, Error, Sendable, CaseIterable {
    case tooLong = "the path is longer than 8 KiB"
    case notAbsolute = "the path does not start with a slash"
    case encodedSlash = "the path holds an encoded slash"
    case backslash = "the path holds a backslash"
    case controlCharacter = "the path holds a blank or a control character"
    case fragment = "the path holds a number sign"
    case invalidEscape = "the path holds a percent sign without two hexadecimal digits"
    case overlongEscape = "the path holds an overlong UTF-8 sequence"
    case notASCII = "the path holds a byte outside ASCII"
    case disguisedDotSegment = "the path holds a dot segment that servers read differently"
    case aboveRoot = "the path leads above the root"
}
