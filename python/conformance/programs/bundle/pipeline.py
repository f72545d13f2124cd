from pycompss.api.task import task

from .steps import clean, split


@task(returns=int)
def count(words):
    return len(words)


def run(text):
    return count(split(clean(text)))
