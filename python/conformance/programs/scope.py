"""Where tasks are defined: in functions, loops, classes in functions; and names that shadow others."""
from pycompss.api.api import compss_wait_on
from pycompss.api.task import task


def in_a_function():
    offset = 10

    @task(returns=int)
    def shifted(x):
        return x + offset

    class Local:
        def __init__(self, value):
            self.value = value

        @task()
        def add(self, x):
            self.value += x

    local = Local(1)
    local.add(5)
    return compss_wait_on(shifted(1)), compss_wait_on(local).value


def loop():
    tasks = []
    for index in range(3):

        @task(returns=int)
        def numbered(x, index=index):
            return 10 * index + x

        tasks.append(numbered)
    return compss_wait_on([function(1) for function in tasks])


@task(returns=str)
def versioned():
    return "old"


old = versioned()


@task(returns=str)
def versioned():
    return "new"


print(in_a_function(), loop())
print(compss_wait_on(old), compss_wait_on(versioned()))
