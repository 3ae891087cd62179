/// The members of a JSON object, in order, each name once. Names compare by their UTF-8 bytes.
package struct JSONObject: Sendable, Equatable {
    package struct Member: Sendable, Equatable {
        package let name: String
        package var value: JSONValue

        package init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    package private(set) var members: [Member] = []

    package init() {}

    /// A name that comes twice keeps its last value.
    package init(_ members: [(name: String, value: JSONValue)]) {
        for member in members { self[member.name] = member.value }
    }

    /// - Parameter members: of which no two have the same name, as those of another object.
    package init(unique members: [Member]) { self.members = members }

    package subscript(name: String) -> JSONValue? {
        get { index(of: name).map { members[$0].value } }
        set {
            let index = index(of: name)
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(name: name, value: value))
            case (nil, nil): break
            }
        }
    }

    /// Those members whose names are wanted.
    package func filter(_ isWanted: (String) -> Bool) -> JSONObject {
        var kept = JSONObject()
        kept.members = members.filter { isWanted($0.name) }
        return kept
    }

    private func index(of name: String) -> Int? {
        let length = name.utf8.count
        return members.firstIndex { $0.name.utf8.count == length && $0.name.utf8.elementsEqual(name.utf8) }
    }

    /// Appends a member without looking for its name: only for a caller that has made sure it is new.
    mutating func appendNew(_ name: String, _ value: JSONValue) {
        members.append(Member(name: name, value: value))
    }
}
