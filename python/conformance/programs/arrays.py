"""numpy arrays: layouts, kinds, updates in place, views, blocks of a matrix."""
# conformance: needs: numpy
import numpy as np

from pycompss.api.api import compss_wait_on
from pycompss.api.parameter import COLLECTION_IN, COMMUTATIVE, Depth, INOUT, Type
from pycompss.api.task import task


@task(returns=object)
def same(array):
    return array


@task(array=INOUT)
def add(array, number):
    array += number


@task(c=INOUT)
def multiply(a, b, c):
    c += a @ b


@task(total=COMMUTATIVE)
def accumulate(total, part):
    total += part


@task(returns=np.array)
def block(i, j, n):
    return np.fromfunction(lambda r, c: (i * n + r) * 0.5 + (j * n + c), (n, n))


@task(blocks={Type: COLLECTION_IN, Depth: 2}, returns=np.ndarray)
def assemble(blocks):
    return np.block(blocks)


@task(returns=float)
def trace(array):
    array[0, 0] = 1e9  # only here
    return float(np.trace(array))


rng = np.random.default_rng(1)
big = rng.random((300, 400))
for name, array in {
    "c": big, "fortran": np.asfortranarray(big), "strided": big[::2, ::3], "transposed": big.T, "zero-d": np.array(5.0), "empty": np.empty((0, 3)),
    "bool": big > 0.5, "complex": big + 1j, "text": np.array(["a", "bcd"]), "objects": np.array([1, "x", None], dtype=object),
    "structured": np.array([(1, 2.0)], dtype=[("i", int), ("f", float)]), "dates": np.array(["2026-11-26"], dtype="datetime64[D]"),
    "masked": np.ma.masked_greater(big, 0.5), "scalar": np.float32(1.5), "big-endian": np.arange(5, dtype=">i4"), "read-only": np.broadcast_to(3, (4,)),
}.items():
    back = compss_wait_on(same(array))
    assert type(back) is type(array) and back.dtype == array.dtype and back.shape == array.shape, name
    assert np.array_equal(np.ma.filled(back, -1) if name == "masked" else back, np.ma.filled(array, -1) if name == "masked" else array), name
print("all layouts")

array = np.zeros(100_000)
for number in range(1, 11):
    add(array, number)
waited = compss_wait_on(array)
print("in place", waited.min(), waited.max(), len(waited))
waited[0] = -1  # what was waited for belongs to the program
add(waited, 1)
print("again", compss_wait_on(waited)[:2])

total = np.zeros(50_000)
for part in range(8):
    accumulate(total, np.full(50_000, part))
print("commutative", compss_wait_on(total)[0])

n, size = 3, 40
a = [[block(i, j, size) for j in range(n)] for i in range(n)]
b = [[block(j, i, size) for j in range(n)] for i in range(n)]
c = [[np.zeros((size, size)) for _ in range(n)] for _ in range(n)]
for i in range(n):
    for j in range(n):
        for k in range(n):
            multiply(a[i][k], b[k][j], c[i][j])
whole_a, whole_b, whole_c = (compss_wait_on(assemble(x)) for x in (a, b, c))
assert np.allclose(whole_a @ whole_b, whole_c)
print("matrix product", whole_c.shape, compss_wait_on(trace(a[0][0].copy() if isinstance(a[0][0], np.ndarray) else a[0][0])) > 1e8, compss_wait_on(a[0][0])[0, 0])
