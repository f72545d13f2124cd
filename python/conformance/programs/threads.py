"""Calls and waits from several threads of the program."""
import threading
from concurrent.futures import ThreadPoolExecutor

from pycompss.api.api import compss_wait_on
from pycompss.api.parameter import INOUT
from pycompss.api.task import task


@task(returns=int)
def square(x):
    return x * x


@task(values=INOUT)
def append(values, value):
    values.append(value)


def chain(start):
    values = [start]
    for step in range(20):
        append(values, step)
    return sum(compss_wait_on(values)) + compss_wait_on(square(start))


with ThreadPoolExecutor(4) as pool:
    print(list(pool.map(chain, range(8))))
results = {}
threads = [threading.Thread(target=lambda n=n: results.update({n: compss_wait_on(square(n))})) for n in range(5)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sorted(results.items()))
