"""Arguments: defaults, keywords, *args, **kwargs, keyword-only, and futures in all of these places."""
from pycompss.api.api import compss_wait_on
from pycompss.api.parameter import IN, INOUT
from pycompss.api.task import task


@task(returns=str)
def defaults(a, b=2, c="see", d=None):
    return f"{a} {b} {c} {d}"


@task(returns=str)
def positional(*args):
    return f"{len(args)}: {list(args)}"


@task(returns=str)
def named(**kwargs):
    return str(sorted(kwargs.items()))


@task(returns=str)
def everything(a, b=1, *args, c, d=4, **kwargs):
    return f"{a} {b} {args} {c} {d} {sorted(kwargs.items())}"


@task(varargs_type=IN, returns=int)
def add(*numbers):
    return sum(numbers)


@task(target=INOUT, returns=int)
def extend(target, *values, times=1):
    target.extend(values * times)
    return len(target)


print(compss_wait_on(defaults(1)))
print(compss_wait_on(defaults(1, 3)))
print(compss_wait_on(defaults(1, d="dee")))
print(compss_wait_on(defaults(b=5, a=4)))
print(compss_wait_on(defaults(1, 2, 3, 4)))
print(compss_wait_on(positional()))
print(compss_wait_on(positional(1, "two", [3])))
print(compss_wait_on(named()))
print(compss_wait_on(named(x=1, y="two")))
print(compss_wait_on(everything(0, c=3)))
print(compss_wait_on(everything(0, 1, 2, 3, c=4, d=5, e=6)))

three = add(1, 2)
print(compss_wait_on(add(three, three, 4)))
print(compss_wait_on(named(later=three)))
print(compss_wait_on(defaults(three, c=three)))
print(compss_wait_on(everything(three, three, three, c=three, f=three)))

numbers = [0]
length = extend(numbers, 1, 2, times=2)
print(compss_wait_on(length), compss_wait_on(numbers))

try:
    defaults()
except TypeError as error:
    print("TypeError:", "a" in str(error))
try:
    defaults(1, nonsense=2)
except TypeError as error:
    print("TypeError:", "nonsense" in str(error))
