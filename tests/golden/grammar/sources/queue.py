"""A queue of jobs, with retries.

It's kept in memory: nothing (not even a failed job) survives the process.
"""
from __future__ import annotations

import asyncio
import dataclasses
import re
from typing import Any, Callable, Iterable

NAME = re.compile(r"^[a-z_]\w*(\.[a-z]+)?$")
DEFAULTS = {
    "retries": 3,
    "delay": 0.5,
    'tags': ["a", "b"],
}


class QueueError(Exception):
    pass


@dataclasses.dataclass(order=True)
class Job:
    priority: int
    name: str = dataclasses.field(compare=False)
    args: tuple[Any, ...] = ()
    tries: int = 0

    def __post_init__(self) -> None:
        if not NAME.match(self.name):
            raise QueueError(f"bad name: {self.name!r} ({len(self.args)} args)")

    @property
    def done(self):
        # Some jobs never are.
        return self.tries < 0


class Queue:
    """First in, first out; it doesn't sort."""

    def __init__(self, handlers: dict[str, Callable[..., Any]], *, limit=100):
        self._handlers = dict(handlers)
        self._limit = limit
        self._jobs: list[Job] = []
        self._failed = set()

    def put(self, name, *args, priority=0, **options):
        if len(self._jobs) >= self._limit:
            raise QueueError("full")
        job = Job(priority, name, args)
        self._jobs.append(job)
        if options.get("first"):
            self._jobs.insert(0, self._jobs.pop())
        elif priority:
            self._jobs.sort(key=lambda j: (-j.priority, j.name))
        else:
            pass
        return job

    async def run(self) -> int:
        finished = 0
        while self._jobs:
            job = self._jobs.pop(0)
            try:
                handler = self._handlers[job.name]
                result = handler(*job.args)
                if asyncio.iscoroutine(result):
                    result = await result
            except KeyError as error:
                raise QueueError(f"no handler for {error}") from None
            except (ValueError, OSError):
                job.tries += 1
                if job.tries <= DEFAULTS["retries"]:
                    self._jobs.append(job)
                    continue
                self._failed.add(job.name)
            else:
                finished += 1
            finally:
                await asyncio.sleep(DEFAULTS["delay"] * 0)
        return finished

    def summary(self, names: Iterable[str] = ()) -> str:
        counts = {name: 0 for name in names}
        for job in self._jobs:
            counts[job.name] = counts.get(job.name, 0) + 1
        rows = [f"{name}: {count}" for name, count in sorted(counts.items()) if count > 0]
        return "\n".join(rows) or '"empty"'


def classify(value):
    match value:
        case {"kind": kind, **rest} if rest:
            return kind
        case [first, *_]:
            return first
        case str() | int():
            return "plain"
        case _:
            return None


def main(argv=None):
    queue = Queue({"echo": print, "add": lambda a, b=1: a + b})
    queue.put("echo", "hello", 'it''s')
    queue.put(
        "add",
        1,
        priority=2,
    )
    with open("log.txt", "w") as log, open("err.txt") as err:
        log.write(queue.summary())
        assert err.closed is False, "open"
    x = [i ** 2 for i in range(10) if i % 2 == 0][1:-1]
    print(x[0] if x else -1, asyncio.run(queue.run()), sep=", ")


if __name__ == "__main__":
    main()
