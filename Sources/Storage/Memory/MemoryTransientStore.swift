package import JOSE
package import OpenIDProvider

/// What the provider keeps for minutes, in memory. Gone with the process.
package actor MemoryTransientStore: TransientStore {
    private var devices: [SecretDigest: DeviceRecord] = [:]
    private var deviceKeys: [SecretDigest: SecretDigest] = [:]
    private var pushed: [SecretDigest: PushedRequestRecord] = [:]
    private var names: [SecretDigest: UnixTime] = [:]

    package init() {}

    package func create(_ device: DeviceRecord, limit: Int) async throws(ProviderStoreFailure) -> Bool {
        try RecordLimit.checkProvider(DeviceRow.values(device))
        guard devices.count < limit, devices[device.key] == nil, deviceKeys[device.userCode] == nil else { return false }
        devices[device.key] = device
        deviceKeys[device.userCode] = device.key
        return true
    }

    package func device(_ key: SecretDigest) async throws(ProviderStoreFailure) -> DeviceRecord? { devices[key] }

    package func device(userCode: SecretDigest) async throws(ProviderStoreFailure) -> DeviceRecord? {
        deviceKeys[userCode].flatMap { devices[$0] }
    }

    package func replace(_ device: DeviceRecord) async throws(ProviderStoreFailure) -> Bool {
        try RecordLimit.checkProvider(DeviceRow.values(device))
        guard let stored = devices[device.key], stored.version == device.version - 1 else { return false }
        devices[device.key] = device
        return true
    }

    package func push(_ request: PushedRequestRecord, limit: Int) async throws(ProviderStoreFailure) -> Bool {
        try RecordLimit.checkProvider(PushedRequestRow.values(request))
        guard pushed.count < limit, pushed[request.key] == nil else { return false }
        pushed[request.key] = request
        return true
    }

    package func takePushedRequest(_ key: SecretDigest) async throws(ProviderStoreFailure) -> PushedRequestRecord? {
        pushed.removeValue(forKey: key)
    }

    package func takeOnce(_ name: SecretDigest, until: UnixTime) async throws(ProviderStoreFailure) -> Bool {
        guard names[name] == nil else { return false }
        names[name] = until
        return true
    }

    package func isTaken(_ name: SecretDigest) async throws(ProviderStoreFailure) -> Bool { names[name] != nil }

    package func sweep(expiredAt: UnixTime, limit: Int) async throws(ProviderStoreFailure) -> Int {
        let oldDevices = devices.values.filter { $0.expiresAt <= expiredAt }.prefix(limit)
        for device in oldDevices {
            devices[device.key] = nil
            deviceKeys[device.userCode] = nil
        }
        let oldRequests = pushed.values.filter { $0.expiresAt <= expiredAt }.prefix(limit)
        for request in oldRequests { pushed[request.key] = nil }
        let oldNames = names.filter { $0.value <= expiredAt }.keys.prefix(limit)
        for name in oldNames { names[name] = nil }
        return oldDevices.count + oldRequests.count + oldNames.count
    }
}
