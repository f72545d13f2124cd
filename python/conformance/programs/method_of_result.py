"""Methods that are tasks, called on an object that another task makes: no wait in between."""
from pycompss.api.api import compss_wait_on
from pycompss.api.parameter import IN, INOUT
from pycompss.api.task import task


class Tree:
    def __init__(self, rings=0):
        self.rings = rings

    @task()
    def grow(self, years):
        self.rings += years

    @task(returns=int, target_direction=IN)
    def age(self):
        return self.rings


@task(returns=Tree)
def plant(rings):
    return Tree(rings)


@task(tree=INOUT)
def prune(tree):
    tree.rings -= 1


@task(tree=IN, returns=int)
def count(tree):
    return tree.rings


tree = plant(3)
tree.grow(10)
age = tree.age()
prune(tree)
tree.grow(1)
print(compss_wait_on(age), compss_wait_on(count(tree)), compss_wait_on(tree).rings)

forest = [plant(rings) for rings in range(4)]
for tree in forest:
    tree.grow(5)
print([tree.rings for tree in compss_wait_on(forest)], compss_wait_on([tree.age() for tree in compss_wait_on(forest)]))
