"""Classes that the main script defines are arguments, task objects and results; what comes back is the script's own class."""
import functools
from dataclasses import dataclass, field

from pycompss.api.api import compss_wait_on
from pycompss.api.parameter import INOUT
from pycompss.api.task import task


@dataclass
class Particle:
    x: float
    trail: list = field(default_factory=list)

    @task()
    def move(self, by):
        self.trail.append(self.x)
        self.x += by


class Slotted:
    __slots__ = ("value",)

    def __init__(self, value):
        self.value = value

    def __eq__(self, other):
        return isinstance(other, Slotted) and self.value == other.value

    @task()
    def double(self):
        self.value *= 2


class Base:
    registry = {}

    def name(self):
        return "base"


class Derived(Base):
    def name(self):
        return "derived of " + super().name()


class Node:
    """A structure with a cycle."""

    def __init__(self, value):
        self.value = value
        self.next = self


class Custom:
    """Says itself how it is pickled."""

    def __init__(self, handle):
        self.handle = handle
        self.cache = {"lock": None}

    def __getstate__(self):
        return self.handle

    def __setstate__(self, state):
        self.handle = state
        self.cache = {"restored": True}


@task(returns=object)
def same(value):
    return value


@task(returns=bool)
def is_slotted(value):
    return isinstance(value, Slotted) and type(value) is Slotted


@task(returns=object)
def make(number):
    return Slotted(number)


@task(node=INOUT)
def push(node, value):
    new = Node(value)
    new.next = node.next
    node.next = new


@task(returns=str)
def call(function, *args):
    return str(function(*args))


particle = Particle(1.0)
for step in (1, 2, 3):
    particle.move(step)
particle = compss_wait_on(particle)
print(particle)
assert type(particle) is Particle

slotted = Slotted(4)
slotted.double()
print(compss_wait_on(slotted).value, compss_wait_on(is_slotted(Slotted(1))))
made = compss_wait_on(make(5))
assert type(made) is Slotted and made == Slotted(5)
print(compss_wait_on(same(Derived())).name(), isinstance(compss_wait_on(same(Derived())), Base))
assert compss_wait_on(same(Derived)) is Derived

node = Node(0)
push(node, 1)
push(node, 2)
node = compss_wait_on(node)
print(node.value, node.next.value, node.next.next.value, node.next.next.next is node)
print(compss_wait_on(same(Custom("h"))).handle)

factor = 3
print(compss_wait_on(call(lambda x: x * factor, 14)))
print(compss_wait_on(call(functools.partial(pow, 2), 10)), compss_wait_on(call(Derived().name)), compss_wait_on(call(str.upper, "up")))
