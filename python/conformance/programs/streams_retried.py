# conformance: modes: run local cluster
"""What a consumer polled before it failed: gone, or given again to its next attempt, as the stream's access mode says."""
import os

from pycompss.api.api import compss_barrier, compss_wait_on
from pycompss.api.parameter import STREAM_IN
from pycompss.api.task import task
from pycompss.streams.distro_stream import AT_LEAST_ONCE, AT_MOST_ONCE, EXACTLY_ONCE, ObjectDistroStream


@task(numbers=STREAM_IN, polled=STREAM_IN, returns=list)
def gather(numbers, polled, way):
    """Fails at its first attempt, when it has polled twice."""
    found = []
    if not os.path.exists(way):
        open(way, "w").close()
        for _ in range(2):
            found += numbers.poll(timeout=None)
            polled.publish(len(found))
        if way.endswith("killed"):
            os.abort()
        raise ValueError("the first attempt")
    while not numbers.is_closed():
        found += numbers.poll(timeout=None)
    return found


def wait_for(stream):
    """Waits for one element; the program takes it."""
    return stream.poll(timeout=None)


for mode in (AT_MOST_ONCE, AT_LEAST_ONCE, EXACTLY_ONCE):
    for way in ("failed", "killed"):
        numbers, polled = ObjectDistroStream(access_mode=mode), ObjectDistroStream()
        found = gather(numbers, polled, os.path.abspath(f"{mode}-{way}"))
        for number in range(2):
            numbers.publish(number)
            wait_for(polled)
        numbers.publish(2)
        numbers.close()
        print(mode, way, compss_wait_on(found))


# A consumer that is cancelled while it waits takes nothing away
@task(numbers=STREAM_IN, started=STREAM_IN, returns=list)
def endless(numbers, started):
    started.publish(True)
    return numbers.poll(timeout=None)


numbers, started = ObjectDistroStream(access_mode=AT_LEAST_ONCE), ObjectDistroStream()
waiting = endless(numbers, started)
wait_for(started)
waiting.cancel()
print(type(waiting.exception()).__name__)
numbers.publish("kept")
print(numbers.poll(timeout=5000))
compss_barrier()
