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


@pytest.fixture
def running(tmp_path):
    """A running session whose gateway carries out each call at once."""
    from colla import _session, _start
    from executing_gateway import ExecutingGateway

    gateway = ExecutingGateway(tmp_path)
    made = _start.session_at(gateway.path)
    _session.begin(made)
    made.gateway = gateway
    yield made
    made.end(failed=True)
    gateway.close()
