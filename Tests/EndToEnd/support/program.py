"""A program that runs during tests, with its output in a file."""
import os
import pathlib
import signal
import subprocess
import time
from collections.abc import Callable


class Program:
    """One running process. `log` holds all that it wrote, over restarts too."""

    def __init__(self, name: str, command: list, folder: pathlib.Path, environment: dict | None = None):
        self.name = name
        self.command = [str(part) for part in command]
        self.folder = folder
        self.environment = environment
        self.log = folder / f"{name}.log"
        # Python ignores that signal itself, and can leave it so for those that it starts.
        self.ignores_file_size_signal = False
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, start_new_session=True, restore_signals=not self.ignores_file_size_signal)

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self, timeout: float = 10) -> float:
        """Sends SIGTERM and waits; returns the seconds that it took."""
        began = time.monotonic()
        if self.running:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise AssertionError(f"{self.name} was still there {timeout} s after SIGTERM\n{self.tail()}") from None
        return time.monotonic() - began

    def kill(self) -> None:
        """Ends the program and whatever it has started (nginx's workers outlive a master that is killed)."""
        if self.running:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def text(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def tail(self) -> str:
        return f"--- the end of {self.log}\n" + "\n".join(self.text().splitlines()[-30:])

    def wait_until(self, ready: Callable[[], bool], what: str, timeout: float = 20) -> None:
        """Waits for something that the program is to bring about; fails at once when it has ended."""
        deadline = time.monotonic() + timeout
        while True:
            try:
                if ready():
                    return
            except OSError:
                pass
            assert self.running, f"{self.name} ended with {self.process.returncode} before {what}\n{self.tail()}"
            assert time.monotonic() < deadline, f"{self.name}: no {what} after {timeout} s\n{self.tail()}"
            time.sleep(0.02)
