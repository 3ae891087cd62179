"""A container image without an engine: its files unpacked, its program run as an engine would run it."""
import dataclasses
import json
import pathlib
import subprocess
import tarfile

USER = 65532


@dataclasses.dataclass(frozen=True)
class Image:
    """What `docker load` would make of an archive. `root` has its files."""

    tags: list[str]
    configuration: dict
    root: pathlib.Path

    @classmethod
    def unpacked(cls, archive: pathlib.Path, root: pathlib.Path) -> "Image":
        root.chmod(0o755)
        with tarfile.open(archive) as outer:
            [manifest] = json.load(outer.extractfile("manifest.json"))
            for layer in manifest["Layers"]:
                with tarfile.open(fileobj=outer.extractfile(layer)) as inner:
                    inner.extractall(root, numeric_owner=True)
            configuration = json.load(outer.extractfile(manifest["Config"]))
        for place in ("dev", "proc"):
            (root / place).mkdir()
        return cls(manifest["RepoTags"], configuration["config"], root)

    def paths(self) -> list[pathlib.Path]:
        return list(self.root.rglob("*"))

    def command(self, arguments: list[str], **mounts: pathlib.Path) -> list[str]:
        """Its entry point in a mount namespace: the files read-only, no rights, no shell on the way. `mounts` are folders that may be
        written, by their place with `_` for `/`."""
        script = [f'mount --bind "{self.root}" "{self.root}"', f'mount -o remount,ro,bind "{self.root}"',
                  f'mount -t proc proc "{self.root}/proc"', f'mount -t tmpfs tmpfs "{self.root}/tmp"',
                  f'mount -t tmpfs tmpfs "{self.root}/dev"']
        script += [f'touch "{self.root}/dev/{device}" && mount --bind /dev/{device} "{self.root}/dev/{device}"'
                   for device in ("null", "urandom")]
        script += [f'mount --bind "{folder}" "{self.root}/{place.replace("_", "/")}"' for place, folder in mounts.items()]
        started = ["/usr/sbin/chroot", f"--userspec={USER}:{USER}", "--groups=", self.root, *self.configuration["Entrypoint"], *arguments]
        script.append("exec setpriv --no-new-privs " + " ".join(f"'{part}'" for part in started))
        return ["unshare", "--mount", "bash", "-euc", "\n".join(script)]

    def run(self, arguments: list[str], **mounts: pathlib.Path) -> subprocess.CompletedProcess:
        return subprocess.run(
            self.command(arguments, **mounts), capture_output=True, text=True, timeout=60, check=False, env={})
