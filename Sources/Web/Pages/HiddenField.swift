/// A value that a form sends along unseen.
package struct HiddenField: Sendable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    var values: [String: Any] { ["name": name, "value": value] }
}
