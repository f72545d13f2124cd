"""@compss: a whole application as a task; its exit code is the result."""
# conformance: modes: run local
import pathlib
import sys

from pycompss.api.api import compss_wait_on
from pycompss.api.compss import compss
from pycompss.api.task import task

HERE = pathlib.Path.cwd()
(HERE / "inner.py").write_text('''
import sys
from pycompss.api.api import compss_wait_on
from pycompss.api.task import task

@task(returns=int)
def square(x):
    return x * x

total = sum(compss_wait_on([square(x) for x in range(5)]))
with open(sys.argv[1], "w") as file:
    file.write(str(total))
sys.exit(0 if total == 30 else 1)
''')


@compss(app_name=str(HERE / "inner.py"), args="{{target}}", computing_nodes="1", working_dir=".")
@task(returns=int)
def inner(target):
    pass


code = compss_wait_on(inner(str(HERE / "total.txt")))
print(code, (HERE / "total.txt").read_text())
