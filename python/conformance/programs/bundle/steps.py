from pycompss.api.task import task


@task(returns=str)
def clean(text):
    return text.strip().lower()


@task(returns=list)
def split(text):
    return text.split()
