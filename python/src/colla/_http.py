"""Tasks that ask a web service."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from ._commands import fill
from ._definition import Definition, decorate
from ._errors import TaskFailedError, UsageError
from ._keywords import canonical, expand, number
from ._signature import Signature

__all__ = ["http", "HttpRequest"]


class HttpRequest(NamedTuple):
    """A request: what is asked of which service, and what of the answer is the result.

    ``service`` is the address that ``resource`` is added to. ``produces`` is a pattern of the JSON answer in which ``{{name}}`` marks
    what is wanted: ``{{return_0}}`` is the first result. ``updates`` (``a.b = {{name}}``) puts such a value into a parameter.
    ``timeout`` is in seconds.
    """

    service: str
    resource: str
    method: str
    payload: Any = None
    payload_type: str = "application/json"
    produces: Any = None
    updates: str | None = None
    timeout: float = 60.0

    def run_here(self, definition: Definition, function: Callable, args: tuple, kwargs: dict) -> Any:
        bound = Signature(function).bind(args, kwargs)
        return self.perform({**bound.named, **bound.keywords}, getattr(function, "__qualname__", "http"))

    def perform(self, values: Mapping[str, Any], task: str) -> Any:
        """Asks with these parameters and returns the result: the text of the answer, or what ``produces`` picks from it.

        Raises ``TaskFailedError`` when the service cannot be reached or refuses.
        """
        text = self._ask(values, task)
        if self.produces is None:
            return _json_or_text(text)
        found: dict[str, Any] = {}
        _pick(_pattern(self.produces), _json_or_text(text), found, task)
        self._update(values, found, task)
        results = [found[name] for name in sorted(name for name in found if name.startswith("return_"))]
        return results[0] if len(results) == 1 else tuple(results) if results else None

    def _ask(self, values: Mapping[str, Any], task: str) -> str:
        from urllib.error import HTTPError, URLError
        from urllib.request import Request, urlopen

        escaped = {name: quote(str(value), safe="") for name, value in values.items()}
        address = self.service.rstrip("/") + "/" + fill("resource of @http", self.resource, escaped)[0].lstrip("/")
        body = None if self.payload is None else self._body(values)
        headers = {} if body is None else {"Content-Type": self.payload_type}
        try:
            with urlopen(Request(address, body, headers, method=self.method), timeout=self.timeout) as answer:  # noqa: S310
                return answer.read().decode("utf-8", "replace")
        except HTTPError as error:
            raise TaskFailedError(f"{task}: {self.method} {address} was refused with status {error.code} ({error.reason})", task) from None
        except (URLError, OSError) as error:
            raise TaskFailedError(f"{task}: {self.method} {address} failed: {getattr(error, 'reason', error)}", task) from None

    def _body(self, values: Mapping[str, Any]) -> bytes:
        if not isinstance(self.payload, str):
            return json.dumps(_substituted(self.payload, values)).encode()
        if "json" in self.payload_type:
            values = {name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items()}
        text = {name: value if isinstance(value, str) else str(value) for name, value in values.items()}
        return "".join(fill("payload of @http", self.payload, text)).encode()

    def _update(self, values: Mapping[str, Any], found: Mapping[str, Any], task: str) -> None:
        if not self.updates:
            return
        place, _, source = (part.strip() for part in self.updates.partition("="))
        name, *keys = (part.strip("{} ") for part in place.split("."))
        wanted = source.strip("{} ")
        if name not in values or not keys or wanted not in found:
            raise UsageError(f"updates of @http on {task} is {self.updates!r}; give parameter.key = {{{{name}}}} with a name that produces has")
        target = values[name]
        for key in keys[:-1]:
            target = target[key]
        target[keys[-1]] = found[wanted]


def _json_or_text(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _pattern(produces: Any) -> Any:
    if not isinstance(produces, str):
        return produces
    import re

    quoted = re.sub(r'(?<!["\'])\{\{\s*(\w+)\s*\}\}(?!["\'])', r'"{{\1}}"', produces)
    for read in (json.loads, ast.literal_eval):  # programs write it as JSON or as Python writes a dict
        try:
            return read(quoted)
        except (ValueError, SyntaxError):
            continue
    return quoted.strip('"')


def _pick(pattern: Any, answer: Any, found: dict[str, Any], task: str) -> None:
    if isinstance(pattern, str):
        name = pattern.strip()
        if name.startswith("{{") and name.endswith("}}"):
            found[name.strip("{} ")] = answer
    elif isinstance(pattern, Mapping):
        for key, inner in pattern.items():
            if not isinstance(answer, Mapping) or key not in answer:
                raise TaskFailedError(f"{task}: the answer has no {key!r}, which produces of @http names", task)
            _pick(inner, answer[key], found, task)
    elif isinstance(pattern, list):
        for inner, each in zip(pattern, answer if isinstance(answer, list) else ()):
            _pick(inner, each, found, task)


def _substituted(payload: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(payload, str):
        name = payload.strip()
        if name.startswith("{{") and name.endswith("}}") and name.strip("{} ") in values:
            return values[name.strip("{} ")]
        return fill("payload of @http", payload, values)[0]
    if isinstance(payload, Mapping):
        return {key: _substituted(value, values) for key, value in payload.items()}
    if isinstance(payload, (list, tuple)):
        return [_substituted(value, values) for value in payload]
    return payload


def http(**keywords: Any) -> Callable[[Any], Any]:
    """The task is a request to a web service; the function's body is not run.

    Keywords: ``service_name`` (the service's address, as ``http://host:port``, or ``$NAME`` of the environment; needed), ``resource``
    (its path; ``{{name}}`` stands for a parameter), ``request`` (GET, POST …), ``payload``, ``payload_type``, ``produces`` (a pattern
    of the JSON answer, in which ``{{return_0}}`` marks the result), ``updates`` (``param.key = {{name}}``), ``timeout`` (seconds).
    """
    names = ("service_name", "resource", "request", "payload", "payload_type", "produces", "updates", "timeout")
    given = canonical("http", keywords, names)
    if not given.get("service_name"):
        raise UsageError("@http needs the keyword 'service_name'")
    service = expand(str(given["service_name"]), "service_name of @http")
    if "://" not in service:
        service = "http://" + service
    described = HttpRequest(
        service,
        str(given.get("resource") or ""),
        str(given.get("request") or "GET").upper(),
        given.get("payload"),
        str(given.get("payload_type") or "application/json"),
        given.get("produces"),
        given.get("updates"),
        number("timeout of @http", given.get("timeout", 60), float, 0.001),
    )
    return decorate(lambda definition: definition._replace(execution=described))
