/// One HTTP response of a page or endpoint of ours. `content-length` is the listener's to add.
package struct WebResponse: Sendable {
    package var status: Int
    package var headers: HeaderList
    package var body: [UInt8]

    package init(status: Int, headers: HeaderList = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
