extension ComposeManifest {
    /// A service with what all have: no privileges, nothing to write to but what is mounted.
    func service(_ image: String, _ own: YAMLValue) -> YAMLValue {
        let common: YAMLValue = [
            "image": .string(composed(image)),
            "user": .noted(
                "Secrets are files that only their owner may read, so whoever owns them is the user here.",
                "${GATEHOUSE_USER:?export GATEHOUSE_USER=UID:GID of the owner of the secrets}"),
            "read_only": true,
            "cap_drop": ["ALL"],
            "security_opt": ["no-new-privileges:true"],
            "pids_limit": 512,
            "restart": "unless-stopped",
            "logging": ["driver": "local"],
        ]
        return common.adding(own)
    }

    func secret(_ mount: ComposeFolder.Mount) -> YAMLValue {
        ["source": .string(mount.name), "target": .string(mount.target)]
    }

    func bind(_ mount: ComposeFolder.Mount, readOnly: Bool) -> YAMLValue {
        [
            "type": "bind", "source": .string(mount.source), "target": .string(mount.target), "read_only": .boolean(readOnly),
            "bind": .noted("Otherwise a missing folder would be made, as root's.", ["create_host_path": false]),
        ]
    }

    func health(_ command: [String]) -> YAMLValue {
        [
            "test": .strings(["CMD"] + command), "interval": "10s", "timeout": "5s", "retries": 3, "start_period": "60s",
            "start_interval": "1s",
        ]
    }

    func dependsOn(_ service: String) -> YAMLValue {
        ["depends_on": .map([YAMLEntry(service, ["condition": "service_healthy"])])]
    }
}
