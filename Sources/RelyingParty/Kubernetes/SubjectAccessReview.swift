package import JOSE

/// Whom a question to the API server is about (SubjectAccessReviewSpec of authorization.k8s.io/v1).
package struct AccessSubject: Sendable, Hashable {
    package var user: String
    package var groups: [String]
    /// Names in lower case; in the order in which they are sent.
    package var extra: [Extra]

    package struct Extra: Sendable, Hashable {
        package var name: String
        package var values: [String]

        package init(name: String, values: [String]) {
            self.name = name
            self.values = values
        }
    }

    package init(user: String, groups: [String] = [], extra: [Extra] = []) {
        self.user = user
        self.groups = groups
        self.extra = extra
    }
}

extension AccessSubject: CustomStringConvertible {
    /// `ada@example.com (groups staff, system:authenticated)`
    package var description: String {
        groups.isEmpty ? user : "\(user) (groups \(groups.joined(separator: ", ")))"
    }
}

/// One question: may this subject do that?
package struct SubjectAccessReview: Sendable, Hashable {
    package let subject: AccessSubject
    package let attributes: AccessAttributes

    package init(subject: AccessSubject, attributes: AccessAttributes) {
        self.subject = subject
        self.attributes = attributes
    }

    package var spec: JSONValue {
        var members = JSONObject([("user", .string(subject.user))])
        if !subject.groups.isEmpty { members["groups"] = .strings(subject.groups) }
        if !subject.extra.isEmpty {
            members["extra"] = .object(JSONObject(subject.extra.map { (name: $0.name, value: .strings($0.values)) }))
        }
        let (name, value) = attributes.spec
        members[name] = value
        return .object(members)
    }
}

extension KubernetesAPI {
    /// Whether the cluster's authorisers allow it: what is neither allowed nor denied is not allowed.
    package func allows(_ review: SubjectAccessReview) async throws(UpstreamFailure) -> Bool {
        let status = try await status(
            ofReview: "SubjectAccessReview", in: "authorization.k8s.io", resource: "subjectaccessreviews", spec: review.spec)
        guard let isAllowed = status["allowed"]?.bool else {
            throw UpstreamFailure(.malformed, "the API server's SubjectAccessReview does not say whether it is allowed")
        }
        return isAllowed && status["denied"] != true
    }
}
