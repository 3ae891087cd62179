"""The way to a server, which can be cut and made slow."""
import asyncio
import threading

from support.ports import free_ports


class Network:
    """Listens on `port` and hands everything on to `target`, both on loopback. Connections stay open while the way is cut, as
    through a router that drops what it gets; those that were open then never carry anything again."""

    def __init__(self, target: int):
        self.target = target
        (self.port,) = free_ports(1)
        # Seconds by which every answer is late.
        self.delay = 0.0
        self._loop = asyncio.new_event_loop()
        self._is_whole = asyncio.Event()
        self._is_whole.set()
        self._age = 0
        # The loop itself does not hold on to them.
        self._tasks: set[asyncio.Task] = set()
        self._server = self._loop.run_until_complete(asyncio.start_server(self._connect, "127.0.0.1", self.port))
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def cut(self) -> None:
        self._call(self._cut)

    def mend(self) -> None:
        self._call(self._is_whole.set)

    def _cut(self) -> None:
        self._is_whole.clear()
        self._age += 1

    def _call(self, what) -> None:
        done = threading.Event()
        self._loop.call_soon_threadsafe(lambda: (what(), done.set()))
        assert done.wait(5)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        await self._is_whole.wait()
        age = self._age
        try:
            onward, backward = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.close()
            return
        await asyncio.gather(
            self._pump(reader, backward, age, lambda: 0), self._pump(onward, writer, age, lambda: self.delay))

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, age: int, delay) -> None:
        """In order, each piece as late as it is when it comes; several are on the way at once."""
        pieces: asyncio.Queue = asyncio.Queue()
        sender = asyncio.ensure_future(self._send(pieces, target, age))
        data = b"-"
        while data:
            try:
                data = await source.read(65536)
            except OSError:
                data = b""
            pieces.put_nowait((self._loop.time() + delay(), data))
        await sender

    async def _send(self, pieces: asyncio.Queue, target: asyncio.StreamWriter, age: int) -> None:
        while True:
            moment, data = await pieces.get()
            if (wait := moment - self._loop.time()) > 0:
                await asyncio.sleep(wait)
            try:
                if age == self._age and data:
                    target.write(data)
                    await target.drain()
            except OSError:
                pass
            if not data:
                # Who hangs up is let go; the other end of a dead connection hears nothing of it.
                if age == self._age:
                    target.close()
                return

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    async def _end(self) -> None:
        self._server.close()
        tasks = asyncio.all_tasks(self._loop) - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
