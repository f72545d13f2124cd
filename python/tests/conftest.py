import pytest
from fake_gateway import FakeGateway


@pytest.fixture
def gateway(tmp_path):
    """A gateway that only the test's own session talks with."""
    made = FakeGateway(tmp_path)
    yield made
    made.close()


@pytest.fixture
def session(gateway):
    """A session with the fake gateway; it is not the current one."""
    from colla import _start

    made = _start.session_at(gateway.path)
    yield made
    if not made.ended and made._connection.dead is None:
        made.end(failed=True)
