"""The machine with a package installed, as only those see it who look from inside."""
import pathlib
import shlex
import subprocess

COVERED = ("etc", "usr", "var")


class InstalledPackage:
    """A mount namespace whose system folders are laid over with ones of our own: the package is installed there, and the machine
    stays as it is."""

    def __init__(self, package: pathlib.Path, folder: pathlib.Path):
        self.layers = folder
        steps = [f"mount -t tmpfs -o mode=0755 layers {folder}"]
        for name in COVERED:
            upper, work = folder / name, folder / f"{name}.work"
            steps += [f"mkdir {upper} {work}", f"mount -t overlay overlay -o lowerdir=/{name},upperdir={upper},workdir={work} /{name}"]
        steps += ["echo ready", "exec sleep infinity"]
        self.holder = subprocess.Popen(
            ["unshare", "--mount", "bash", "-euc", "\n".join(steps)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            first = self.holder.stdout.readline()
            assert first == "ready\n", first
            # There is no systemd that could be told of the unit, whatever machine this is.
            self.output = self.run(f"mount -t tmpfs run /run && dpkg --install {package} 2>&1")
        except BaseException:
            self.leave()
            raise

    def run(self, script: str, check: bool = True) -> str:
        """What bash prints there."""
        done = subprocess.run(self.command("bash", "-euc", script), capture_output=True, text=True, timeout=120, check=False)
        assert not check or done.returncode == 0, f"{script}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def command(self, *words: str) -> list[str]:
        return ["nsenter", "--mount", f"--target={self.holder.pid}", *map(str, words)]

    def as_user(self, user: str, *words: str) -> list[str]:
        """With no other rights than that user's own."""
        return self.command(
            "setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "--no-new-privs", "--bounding-set=-all", *words)

    def exists(self, path: str) -> bool:
        return self.run(f"[[ -e {shlex.quote(path)} ]] && echo yes || echo no") == "yes\n"

    def leave(self) -> None:
        self.holder.kill()
        self.holder.wait()
