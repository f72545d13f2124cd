"""Tasks of modules beside the script and of packages with relative imports; the script has a main function."""
import sys

from pycompss.api.api import compss_wait_on

import shapes
from bundle import pipeline
from bundle.steps import clean


def main():
    print(compss_wait_on(shapes.area(3, 4)))
    print(compss_wait_on(pipeline.run("  Some Words ")))
    print(compss_wait_on(clean(" x ")), compss_wait_on(pipeline.count(["a", "b"])))
    print(len(sys.argv), __name__)


if __name__ == "__main__":
    main()
