"""A disk that can be filled: a file system in memory of its own where one may be mounted, else a bound on the size of files."""
import pathlib
import resource
import shutil
import subprocess
import tempfile


class SmallDisk:
    """At `folder`, which only the one may enter who starts the tests. Where nothing may be mounted (`is_mounted` is false: a container without rights), being full
    is what a quota is to a program: no file grows beyond `BOUND`, and writing there fails with EFBIG in place of ENOSPC."""

    BOUND = 8192

    def __init__(self, megabytes: int, mount: bool = True):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gatehouse-disk-", dir="/tmp"))
        command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "gatehouse-disk", self.folder]
        self.is_mounted = mount and subprocess.run(command, capture_output=True, check=False).returncode == 0
        self._ballast = self.folder / "ballast"

    def fill(self, processes: list[int]) -> None:
        """`processes` are those that write there."""
        if not self.is_mounted:
            return self._bound(processes, self.BOUND)
        with self._ballast.open("wb", buffering=0) as ballast:
            for size in (1 << 20, 1 << 12):
                try:
                    while ballast.write(bytes(size)) == size:
                        pass
                except OSError:
                    pass

    def make_room(self, processes: list[int]) -> None:
        if self.is_mounted:
            self._ballast.unlink(missing_ok=True)
        else:
            self._bound(processes, None)

    @staticmethod
    def _bound(processes: list[int], bound: int | None) -> None:
        for process in processes:
            try:
                _, most = resource.prlimit(process, resource.RLIMIT_FSIZE)
                resource.prlimit(process, resource.RLIMIT_FSIZE, (most if bound is None else bound, most))
            except ProcessLookupError:
                pass

    def end(self) -> None:
        """Once nobody writes there any more."""
        if self.is_mounted:
            subprocess.run(["umount", "--lazy", self.folder], check=True)
            self.is_mounted = False
        shutil.rmtree(self.folder, ignore_errors=True)
