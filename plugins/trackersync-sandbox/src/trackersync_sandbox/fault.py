"""One fault: on which requests it strikes, and what it does to them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

import msgspec
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt, StrictStr, ValidationInfo
from waitress.channel import ClientDisconnected
from werkzeug import Response

from trackersync_sandbox.human import DEEDS, Deed

GREEDY = frozenset({"name"})
"""Names of the one part of a path that may hold slashes: those of labels do."""
_TAKEN = frozenset({
    "connection", "content-length", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailers",
    "transfer-encoding", "upgrade",
})  # fmt: skip
_NO_BODY = (204, 304)


class DroppedError(ClientDisconnected):
    """Raised through the server, which then closes the connection without an answer."""


@dataclass(frozen=True, slots=True)
class Route:
    """Requests by method, path and a word of their body; empty means any."""

    method: str = ""
    path: str = ""
    word: str = ""
    _pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_pattern", path_pattern(self.path))

    def meets(self, method: str, path: str, body: bytes) -> bool:
        """Whether a request is one of these."""
        if self.path and (method != self.method or not self._pattern.fullmatch(path)):
            return False
        return not self.word or re.search(rf"\b{re.escape(self.word)}\b", body.decode("utf-8", "replace")) is not None

    def is_one_of(self, operations: Iterable[tuple[str, str]]) -> bool:
        """Whether any of these operations, (method, template), can be meant."""
        return not self.path or any(
            self.method == method
            and bool(self._pattern.fullmatch(template) or path_pattern(template).fullmatch(self.path))
            for method, template in operations
        )


@dataclass(frozen=True, slots=True)
class Calls:
    """Which of the requests on a route, counted from 1."""

    first: int = 1
    last: int | None = None

    def __contains__(self, number: int) -> bool:
        return self.first <= number and (self.last is None or number <= self.last)


def path_pattern(template: str) -> re.Pattern[str]:
    """`/repos/{owner}/{repo}` as the paths it stands for."""
    parts = re.split(r"\{(\w+)\}", template)
    names = (".+" if name in GREEDY else "[^/]+" for name in parts[1::2])
    literal = map(re.escape, parts[::2])
    return re.compile("".join(part for pair in zip(literal, [*names, ""], strict=True) for part in pair))


def _route(text: Any) -> Route:
    if text == "*":
        return Route()
    words = text.split() if isinstance(text, str) else []
    if len(words) not in (2, 3) or not words[1].startswith("/"):
        raise ValueError(f"{text!r} is no route; one looks like GET /user, POST /graphql addLabelsToLabelable, or *")
    return Route(words[0].upper(), *words[1:])


def _calls(given: Any) -> Calls:
    found = re.fullmatch(r"([1-9]\d*)(?:-([1-9]\d*))?", str(given))
    if given == "all":
        return Calls()
    calls = Calls(int(found[1]), int(found[2] or found[1])) if found else None
    if calls is None or calls.first not in calls:
        raise ValueError(f"{given!r} is no call; one is 2, 2-4 or all")
    return calls


def _headers(given: Any) -> Any:
    """Numbers as text; what the server would not send is refused."""
    if not isinstance(given, dict):
        return given
    taken = sorted(str(name) for name in given if str(name).lower() in _TAKEN)
    if taken:
        raise ValueError(f"{', '.join(taken)}: the server's own affair; `cut` and `drop` break connections")
    broken = [name for name, value in given.items() if not f"{name}{value}".isprintable()]
    if broken or not all(isinstance(name, str) and name.isascii() for name in given):
        raise ValueError("names and values of headers are one line of text each")
    return {name: str(value) if isinstance(value, int) else value for name, value in given.items()}


def _deed(given: Any, info: ValidationInfo) -> Deed:
    try:
        return msgspec.convert(given, DEEDS[info.field_name or ""])
    except msgspec.ValidationError as exc:
        raise ValueError(str(exc)) from exc


class Fault(BaseModel):
    """A fault as its file tells it; exactly one of `ACTIONS` is given."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    ACTIONS: ClassVar = ("status", "cut", "delay_ms", "drop", "refuse", *DEEDS)

    route: Annotated[Any, BeforeValidator(_route)]
    call: Annotated[Any, BeforeValidator(_calls)] = Calls()
    status: Annotated[StrictInt, Field(ge=200, le=599)] | None = None
    headers: Annotated[dict[str, str], BeforeValidator(_headers)] = {}
    body: Any = ""
    cut: Annotated[StrictInt, Field(ge=0)] | None = None
    delay_ms: Annotated[StrictInt, Field(ge=0, le=3_600_000)] | None = None
    drop: StrictBool = False
    after: StrictBool = False
    refuse: Annotated[StrictStr, Field(min_length=1)] | None = None
    edit: Annotated[Any, BeforeValidator(_deed)] = None
    delete: Annotated[Any, BeforeValidator(_deed)] = None
    hide: Annotated[Any, BeforeValidator(_deed)] = None
    move: Annotated[Any, BeforeValidator(_deed)] = None

    @property
    def deed(self) -> Deed | None:
        """What a human does before the request is carried out."""
        return next((deed for name in DEEDS if (deed := getattr(self, name))), None)

    @property
    def breaks(self) -> bool:
        """Whether it takes the answer's place, or part of the answer."""
        return self.drop or self.status is not None or self.cut is not None

    @property
    def carries_out(self) -> bool:
        """Whether the request takes effect before."""
        return self.after or self.cut is not None

    def answer(self, own: Response | None) -> Response:
        """What is sent in place of the tracker's `own` answer. Raises DroppedError where nothing is."""
        if self.drop:
            raise DroppedError
        if self.cut is not None:
            assert own is not None
            return _cut(own, self.cut)
        body = self.body if isinstance(self.body, str) else msgspec.json.encode(self.body)
        return Response(body, self.status, self.headers, content_type=self._content_type)

    @property
    def _content_type(self) -> str | None:
        told = any(name.lower() == "content-type" for name in self.headers)
        return None if told else "application/json; charset=utf-8"


def misused(given: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the keys of a fault taken together."""
    actions = [name for name in Fault.ACTIONS if given.get(name) is not None and given[name] is not False]
    if len(actions) != 1:
        said = f"there are {', '.join(actions)}" if actions else "there is none"
        yield f"a fault does exactly one of {', '.join(Fault.ACTIONS)}; {said}"
    for name, needed in (("headers", ("status",)), ("body", ("status",)), ("after", ("status", "drop"))):
        if name in given and actions and not set(actions) & set(needed):
            yield f"{name}: goes with {' or '.join(needed)} alone"
    if given.get("refuse") is not None and len(str(given.get("route")).split()) != len(("POST", "/graphql", "name")):
        yield "refuse: the route has to name a mutation, as in POST /graphql addComment"


def _cut(own: Response, size: int) -> Response:
    """The first bytes of an answer that promised more."""
    body = own.get_data()
    if own.status_code not in _NO_BODY:
        own.headers["Content-Length"] = str(len(body))
        own.response = [body[:size]]
    return own
