"""The contenders of the Python benchmarks: each can call a function as a task, and wait for results.

A result that is not there yet may be an argument of a later call, as far as the contender allows that; where it does not, the call waits for it,
as its users must.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

import functions


class Way:
    """How one contender runs tasks."""

    def __init__(self, threads: int) -> None:
        self.threads = threads

    def call(self, function: Callable, *arguments: Any) -> Any:
        raise NotImplementedError

    def values(self, results: Sequence[Any]) -> list:
        raise NotImplementedError

    def shared(self, value: Any) -> Any:
        """Makes a value known once that several tasks will get."""
        return value

    def run_and_forget(self, function: Callable, tasks: int) -> None:
        """Runs so many tasks whose results nobody wants."""
        self.values([self.call(function) for _ in range(tasks)])

    def multiply_add(self, c: Any, a: Any, b: Any) -> Any:
        return self.call(functions.multiply_add, c, a, b)

    def close(self) -> None:
        pass


class Plain(Way):
    """No tasks at all: the calls are made one after the other."""

    def call(self, function, *arguments):
        return function(*arguments)

    def values(self, results):
        return list(results)

    def multiply_add(self, c, a, b):
        c += a @ b
        return c


class Colla(Way):
    """As a PyCOMPSs program does it."""

    def __init__(self, threads: int) -> None:
        super().__init__(threads)
        from pycompss.api.api import compss_barrier, compss_wait_on
        from pycompss.api.parameter import INOUT
        from pycompss.api.task import task

        self.barrier, self.wait_on = compss_barrier, compss_wait_on
        self.tasks = {function: task(returns=1)(function) for function in vars(functions).values() if callable(function)}

        @task(c=INOUT)
        def multiply_in_place(c, a, b):
            c += a @ b

        @task()
        def forgotten():
            pass

        self.multiply_in_place, self.forgotten = multiply_in_place, forgotten

    def call(self, function, *arguments):
        return self.tasks[function](*arguments)

    def values(self, results):
        return self.wait_on(list(results))

    def run_and_forget(self, function, tasks):
        forgotten = self.forgotten
        for _ in range(tasks):
            forgotten()
        self.barrier()

    def multiply_add(self, c, a, b):
        self.multiply_in_place(c, a, b)
        return c


class Executor(Way):
    """Pools with the interface of concurrent.futures; results cannot be arguments, so the program waits for them."""

    pool: Any

    def call(self, function, *arguments):
        arguments = tuple(each.result() if hasattr(each, "add_done_callback") else each for each in arguments)
        return self.pool.submit(function, *arguments)

    def values(self, results):
        return [result.result() for result in results]

    def run_and_forget(self, function, tasks):
        # Not all at once: a program that holds a million futures would mostly measure its memory.
        for begin in range(0, tasks, 10_000):
            self.values([self.pool.submit(function) for _ in range(min(10_000, tasks - begin))])

    def close(self):
        self.pool.shutdown()


class ProcessPool(Executor):
    def __init__(self, threads: int) -> None:
        super().__init__(threads)
        from concurrent.futures import ProcessPoolExecutor

        self.pool = ProcessPoolExecutor(threads)


class Loky(Executor):
    def __init__(self, threads: int) -> None:
        super().__init__(threads)
        from joblib.externals.loky import get_reusable_executor

        self.pool = get_reusable_executor(threads)


class Ray(Way):
    def __init__(self, threads: int) -> None:
        super().__init__(threads)
        import ray

        os.environ.setdefault("RAY_DEDUP_LOGS", "0")
        ray.init(num_cpus=threads, include_dashboard=False, configure_logging=False, log_to_driver=False)
        self.ray = ray
        self.tasks = {function: ray.remote(function) for function in vars(functions).values() if callable(function)}

    def call(self, function, *arguments):
        return self.tasks[function].remote(*arguments)

    def values(self, results):
        return self.ray.get(list(results))

    def shared(self, value):
        return self.ray.put(value)

    def close(self):
        self.ray.shutdown()


class Dask(Way):
    def __init__(self, threads: int) -> None:
        super().__init__(threads)
        import dask
        from distributed import Client

        dask.config.set({"distributed.worker.daemon": True})
        self.client = Client(n_workers=threads, threads_per_worker=1, dashboard_address=None)

    def call(self, function, *arguments):
        return self.client.submit(function, *arguments, pure=False)

    def values(self, results):
        return self.client.gather(list(results))

    def shared(self, value):
        return self.client.scatter(value, broadcast=True)

    def close(self):
        self.client.close()


class Parsl(Way):
    def __init__(self, threads: int) -> None:
        super().__init__(threads)
        # Its own programs, and for its workers the module of our functions.
        os.environ["PATH"] = os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]
        os.environ["PYTHONPATH"] = os.path.dirname(os.path.abspath(functions.__file__))
        import parsl
        from parsl.config import Config
        from parsl.executors import HighThroughputExecutor
        from parsl.providers import LocalProvider

        executor = HighThroughputExecutor(label="here", address="127.0.0.1", max_workers_per_node=threads, provider=LocalProvider(init_blocks=1, max_blocks=1))
        parsl.load(Config(executors=[executor], usage_tracking=0, initialize_logging=False))
        self.parsl = parsl
        self.tasks = {function: parsl.python_app(function) for function in vars(functions).values() if callable(function)}

    def call(self, function, *arguments):
        return self.tasks[function](*arguments)

    def values(self, results):
        return [result.result() for result in results]

    def close(self):
        self.parsl.dfk().cleanup()


WAYS: dict[str, type[Way]] = {"plain": Plain, "colla": Colla, "pool": ProcessPool, "loky": Loky, "ray": Ray, "dask": Dask, "parsl": Parsl}
