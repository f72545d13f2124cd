"""A module beside the programs: not a program itself."""
# conformance: library
from pycompss.api.parameter import IN
from pycompss.api.task import task


class Counter:
    def __init__(self, value=0):
        self.value = value

    @task()
    def increment(self):
        self.value += 1

    @task()
    def add(self, amount):
        self.value += amount

    @task(returns=int, target_direction=IN)
    def get(self):
        return self.value

    @classmethod
    @task(returns=object)
    def zero(cls):
        return cls(0)

    @staticmethod
    @task(returns=str)
    def describe(number):
        return f"counter of {number}"


class LoudCounter(Counter):
    @task()
    def shout(self):
        self.value *= 100


@task(returns=float)
def area(width, height):
    return float(width * height)


def slow_area(width, height):
    total = 0
    for _ in range(height):
        total += width
    return total
