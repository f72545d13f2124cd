"""A stream whose producers are called before its consumers works without Colla, too."""
from pycompss.api.api import compss_wait_on
from pycompss.api.parameter import STREAM_IN, STREAM_OUT
from pycompss.api.task import task
from pycompss.streams.distro_stream import ObjectDistroStream


@task(numbers=STREAM_OUT)
def produce(numbers):
    numbers.publish_list(range(5))
    numbers.close()


@task(numbers=STREAM_IN, returns=int)
def consume(numbers):
    found = 0
    while not numbers.is_closed():
        found += sum(numbers.poll())
    return found


stream = ObjectDistroStream()
produce(stream)
print(compss_wait_on(consume(stream)), stream.is_closed())
