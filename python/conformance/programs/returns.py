"""Results in every form that `returns` knows: types, numbers, lists, names, annotations, and none given."""
from pycompss.api.api import compss_wait_on
from pycompss.api.task import task

three = 3


@task(returns=int)
def by_type(x):
    return x + 1


@task(returns=1)
def by_number(x):
    return [x, x]


@task(returns=2)
def two(x):
    return x, -x


@task(returns=(int, str))
def by_tuple(x):
    return x, str(x)


@task(returns=[int, [float], {}])
def by_list(x):
    return x, [x / 2], {"x": x}


@task(returns="three")
def by_global(x):
    return x, x * x, x * x * x


@task(returns=list)
def one_list(x):
    return [x] * 3


@task(returns=tuple)
def one_tuple(x):
    return (x, x)


@task(returns=dict)
def one_dict(x):
    return {x: x}


@task(returns=object)
def nothing_in_it():
    return None


@task(returns="n")
def by_argument(n):
    return [n] * n


@task()
def annotated(x) -> int:
    return x * 10


@task()
def inferred_one(x):
    return x * 100


@task()
def inferred_two(x):
    if x < 0:
        return 0, x
    return x, 0


@task
def bare(x):
    return x + 0.5


@task()
def no_result(x):
    x + 1


@task(returns=3)
def of_a_list(x):
    return [x, x + 1, x + 2]


@task(returns=2)
def from_a_generator(x):
    return (x * n for n in range(2))


print("type", compss_wait_on(by_type(1)))
print("number", compss_wait_on(by_number(2)))
plus, minus = two(3)
print("two", compss_wait_on(plus), compss_wait_on(minus))
print("tuple", compss_wait_on(list(by_tuple(4))))
print("list", compss_wait_on(list(by_list(5))))
a, b, c = by_global(6)
print("global", compss_wait_on(a, b, c))
print("argument", compss_wait_on(by_argument(2)))
print("one list", compss_wait_on(one_list(7)), compss_wait_on(one_tuple(8)), compss_wait_on(one_dict(9)))
print("none", compss_wait_on(nothing_in_it()))
print("annotated", compss_wait_on(annotated(10)))
print("inferred", compss_wait_on(inferred_one(11)))
left, right = inferred_two(12)
print("inferred two", compss_wait_on(left), compss_wait_on(right))
print("bare", compss_wait_on(bare(13)))
assert no_result(14) is None
print("of a list", compss_wait_on(list(of_a_list(15))))
first, second = from_a_generator(21)
print("generator", compss_wait_on(first), compss_wait_on(second))
assert compss_wait_on(by_type(by_type(by_type(0)))) == 3
