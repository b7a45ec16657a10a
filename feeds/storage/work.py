"""Work of a storage that is done beside the publisher's own: compressing, syncing, sending."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import BoundedSemaphore

from feeds.errors import StorageError

_BACKLOG = 4  # jobs for each worker that may wait: some megabytes of documents, however many there are


class Work:
    """Runs jobs in threads, one job at a time for a path, and remembers which failed with a StorageError."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._room = BoundedSemaphore(workers * (1 + _BACKLOG))
        self._pool: ThreadPoolExecutor | None = None
        self._jobs: dict[str, Future[None]] = {}

    def start(self, path: str, job: Callable[[], None]) -> None:
        """Run a job for this path, after its earlier one, of which nothing more is told. Waits while too many are waiting."""
        self.wait(path)
        self._pool = self._pool or ThreadPoolExecutor(self._workers, "feeds-storage")
        self._room.acquire()
        self._jobs[path] = future = self._pool.submit(job)
        future.add_done_callback(lambda _: self._room.release())

    def wait(self, path: str) -> None:
        """Wait until nothing is under way for this path."""
        if path in self._jobs:
            wait([self._jobs[path]])

    def settle(self) -> None:
        """Wait until nothing is under way at all."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None

    def finish(self) -> dict[str, str]:
        """Wait for all jobs; what failed since the last time, by path, with its reason."""
        self.settle()
        jobs, self._jobs = self._jobs, {}
        failed = {}
        for path, job in jobs.items():
            try:
                job.result()
            except StorageError as error:
                failed[path] = str(error)
        return failed


def summary(failed: Mapping[str, str]) -> str:
    """One line on what failed: how much, and the first reason."""
    reason = next(iter(failed.values()))
    return reason if len(failed) == 1 else f"{len(failed)} files were not published; the first: {reason}"
