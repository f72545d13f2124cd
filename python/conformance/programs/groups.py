"""Task groups: implicit and explicit barriers, groups in groups, results used across groups."""
import pathlib

from pycompss.api.api import TaskGroup, compss_barrier, compss_barrier_group, compss_wait_on
from pycompss.api.task import task

HERE = pathlib.Path.cwd()


@task()
def leave(name):
    (HERE / name).write_text(name)


@task(returns=int)
def square(x):
    return x * x


def there(*names):
    return [(HERE / name).exists() for name in names]


with TaskGroup("first"):
    for index in range(3):
        leave(f"first{index}")
print(there("first0", "first1", "first2"))

with TaskGroup("second", implicit_barrier=False):
    leave("second")
    later = square(7)
with TaskGroup("third", False):
    leave("third")
    later = square(later)
compss_barrier_group("second")
print(there("second"))
compss_barrier_group("third")
print(there("third"), compss_wait_on(later))

with TaskGroup("outer"):
    leave("outer")
    with TaskGroup("inner", False):
        leave("inner")
print(there("outer", "inner"))
for turn in range(3):
    with TaskGroup("again"):
        leave(f"again{turn}")
    print(there(f"again{turn}"))
leave("loose")
compss_barrier()
print(there("loose"))
compss_barrier(no_more_tasks=True)
