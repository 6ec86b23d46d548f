"""What the modules of Ligature contracts in this package share.

Needs nothing but Celery, from whose app everything starts. Values are what JSON
makes of them: a date is a string of type ``DateTime``, a bigint one of type
``BigInt``; the functions beside the types convert them.
"""

from __future__ import annotations

import base64
import copy
import functools
import operator
from abc import ABC
from datetime import datetime, timedelta, timezone
from typing import (
    Any,
    Callable,
    ClassVar,
    Dict,
    Generic,
    Iterable,
    List,
    Mapping,
    NamedTuple,
    NewType,
    Optional,
    Protocol,
    Sequence,
    Tuple,
    Type,
    TypedDict,
    TypeVar,
    Union,
    cast,
)

__all__ = [
    "AsyncResult",
    "Base64",
    "BigInt",
    "Bytes",
    "CeleryApp",
    "DateTime",
    "DeclaredError",
    "Handlers",
    "ImmutableSignature",
    "JsonMap",
    "Parameter",
    "ServedTask",
    "Signature",
    "Task",
    "big_int",
    "date_time",
    "from_bytes",
    "json_map",
    "to_bytes",
    "to_datetime",
    "to_dict",
    "to_int",
]

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T")
Data = TypeVar("Data")
In = TypeVar("In", contravariant=True)
Out = TypeVar("Out", covariant=True)


# --- Values ---------------------------------------------------------------------


DateTime = NewType("DateTime", str)
"""A date as JavaScript writes it: ``2026-01-31T09:30:00.000Z``."""

BigInt = NewType("BigInt", str)
"""A bigint: a string of digits."""

Base64 = TypedDict("Base64", {"__type__": str, "__value__": str})
"""Bytes as kombu before 5.3 leaves them."""

Bytes = Union[bytes, Base64]
"""A Uint8Array: bytes, from kombu 5.3 on."""


class JsonMap(List[List[object]], Generic[K, V]):
    """A Map: what arrives is a list of pairs, each a list of key and value.

    For type checkers, like a NewType; ``to_dict`` and ``json_map`` convert.
    """


def date_time(value: Union[datetime, DateTime]) -> DateTime:
    """The moment as JSON has it.

    Raises ValueError for a datetime without a time zone, which means another
    moment on every machine.
    """
    if not isinstance(value, datetime):
        return value
    if value.utcoffset() is None:
        raise ValueError(f"{value!r} has no time zone; use datetime.now(timezone.utc).")
    text = value.astimezone(timezone.utc).isoformat(timespec="milliseconds")
    return DateTime(text.replace("+00:00", "Z"))


def to_datetime(value: Union[DateTime, datetime]) -> datetime:
    """The moment as Python has it, with its time zone."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise TypeError(f"a date is an ISO string, not {value!r}")
    # Python before 3.11 doesn't read the Z.
    return datetime.fromisoformat(value.replace("Z", "+00:00"))


def big_int(value: Union[int, BigInt]) -> BigInt:
    """The integer as JSON has it: JavaScript reads numbers beyond 2**53 wrongly."""
    return BigInt(str(value))


def to_int(value: Union[BigInt, int]) -> int:
    """The integer as Python has it."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise TypeError(f"a bigint is a string of digits, not {value!r}")
    return int(value)


def json_map(values: Union[Mapping[K, V], Iterable[Tuple[K, V]]]) -> JsonMap[K, V]:
    """A Map, of a dict or of pairs."""
    pairs = values.items() if isinstance(values, Mapping) else values
    return cast("JsonMap[K, V]", [[key, value] for key, value in pairs])


def to_dict(entries: JsonMap[K, V]) -> Dict[K, V]:
    """A Map as a dict; its keys must be hashable."""
    return cast("Dict[K, V]", {key: value for key, value in entries})


def from_bytes(value: Bytes) -> Base64:
    """Bytes as every version of kombu can send them."""
    if not isinstance(value, bytes):
        return value
    text = base64.b64encode(value).decode("ascii")
    return {"__type__": "base64", "__value__": text}


def to_bytes(value: Bytes) -> bytes:
    """Bytes, whatever version of kombu received them."""
    if isinstance(value, bytes):
        return value
    if not isinstance(value, dict) or "__value__" not in value:
        raise TypeError(f"bytes come as base64, not as {value!r}")
    return base64.b64decode(value["__value__"])


# --- Errors ---------------------------------------------------------------------


class DeclaredError(Exception, Generic[Data]):
    """An error that a contract declares; its data is typed.

    Raised by a handler, it arrives in TypeScript as the contract's error of that
    name. Raised by a task in TypeScript, it comes out of ``AsyncResult.get``.
    """

    contract: ClassVar[str]
    data: Data

    def __init__(self, data: Data) -> None:
        # The only argument: what Celery writes, and what reads it relies on that.
        super().__init__(data)
        self.data = data

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        _declared[cls.contract, cls.__name__] = cls


_declared: Dict[Tuple[str, str], Type[DeclaredError[Any]]] = {}


class _ExceptionReader:
    """Makes declared errors of what Celery would make an empty class for."""

    def __init__(self, otherwise: Callable[[Any], Any]) -> None:
        self._otherwise = otherwise

    def __call__(self, exc: Any) -> Any:
        if isinstance(exc, dict):
            key = (str(exc.get("exc_module")), str(exc.get("exc_type")))
            error = _declared.get(key)
            own = exc.get("ligature")
            if error is not None and isinstance(own, dict) and "data" in own:
                return error(own["data"])
        return self._otherwise(exc)


def _teach(backend: Any) -> Any:
    """Lets a result backend, which Celery makes one of per thread, read our errors."""
    if not isinstance(backend.exception_to_python, _ExceptionReader):
        backend.exception_to_python = _ExceptionReader(backend.exception_to_python)
    return backend


# --- Calling --------------------------------------------------------------------


class CeleryApp(Protocol):
    """A ``celery.Celery``, which has no types of its own: what is used of it."""

    @property
    def signature(self) -> Callable[..., Any]:
        """Makes a signature of its dictionary."""

    @property
    def task(self) -> Callable[..., Any]:
        """Makes a task of a function."""

    @property
    def backend(self) -> Any:
        """The result backend, of this thread."""


class AsyncResult(Generic[Out]):
    """What will come of a task that was sent."""

    def __init__(self, celery: Any) -> None:
        self.celery = celery
        """Celery's own object, for whatever isn't here."""

    @property
    def id(self) -> str:
        return str(self.celery.id)

    @property
    def state(self) -> str:
        """``PENDING``, ``PROGRESS``, ``RETRY``, ``SUCCESS``, ``FAILURE``, ``REVOKED``."""
        return str(self.celery.state)

    def ready(self) -> bool:
        return bool(self.celery.ready())

    def get(self, timeout: Optional[float] = None) -> Out:
        """Waits for the result, for so many seconds.

        Raises the task's error: a ``DeclaredError`` where the contract declares it,
        else an exception that Celery makes. Raises ``celery.exceptions.TimeoutError``;
        the task may still be running then.
        """
        _teach(self.celery.backend)
        return cast(Out, self.celery.get(timeout=timeout))

    def revoke(self, *, terminate: bool = False) -> None:
        """Asks workers not to start it, or with ``terminate`` to stop it."""
        self.celery.revoke(terminate=terminate)

    def forget(self) -> None:
        self.celery.forget()


class _Step(NamedTuple):
    """One task of a signature."""

    task: str
    args: Tuple[object, ...]
    immutable: bool
    options: Mapping[str, Any]
    expires: Optional[float]


class Signature(Generic[In, Out]):
    """A task that waits for its parent's result, which becomes its first argument.

    Made by ``.s(...)`` of a task. Never changes; what changes it returns another.
    """

    def __init__(self, app: CeleryApp, steps: Sequence[_Step]) -> None:
        self._app = app
        self._steps = tuple(steps)

    def link(self, callback: Signature[Out, object]) -> Signature[In, Out]:
        """Also sends ``callback`` with the result."""
        return Signature(self._app, self._linked(callback))

    def link_error(self, callback: ImmutableSignature[object]) -> Signature[In, Out]:
        """Also sends ``callback`` when this fails."""
        return Signature(self._app, self._linked_error(callback))

    def set(
        self,
        *,
        countdown: Optional[float] = None,
        eta: Optional[datetime] = None,
        priority: Optional[int] = None,
        headers: Optional[Mapping[str, str]] = None,
        task_id: Optional[str] = None,
    ) -> Signature[In, Out]:
        """With these options; of a chain, its first step has them."""
        options = _options(countdown, eta, priority, headers, task_id)
        return Signature(self._app, self._with(options))

    def __or__(self, other: Signature[Out, T]) -> Signature[In, T]:
        """A chain: ``other`` gets the result, and its result is the chain's."""
        return Signature(self._app, self._steps + other._steps)

    def to_celery(self) -> Any:
        """The same as Celery's own signature, or chain."""
        signatures = [
            self._app.signature(
                {
                    "task": step.task,
                    "args": list(step.args),
                    "kwargs": {},
                    "options": _delayed_by_headers(step.options),
                    "subtask_type": None,
                    "immutable": step.immutable,
                }
            )
            for step in self._steps
        ]
        return functools.reduce(operator.or_, signatures)

    def _linked(self, callback: Signature[Out, object]) -> Sequence[_Step]:
        return (*self._steps[:-1], _appended(self._steps[-1], "link", callback))

    def _linked_error(self, callback: ImmutableSignature[object]) -> Sequence[_Step]:
        return [_appended(step, "link_error", callback) for step in self._steps]

    def _with(self, options: Mapping[str, Any]) -> Sequence[_Step]:
        first, *others = self._steps
        headers = {**first.options.get("headers", {}), **options.get("headers", {})}
        merged = {**first.options, **options, "headers": headers}
        return (first._replace(options=merged), *others)


class ImmutableSignature(Signature[object, Out]):
    """A task with all its arguments: ignores its parent's result, if there is one.

    Made by ``.si(...)`` of a task. Only these can be sent, or be error callbacks.
    """

    def link(self, callback: Signature[Out, object]) -> ImmutableSignature[Out]:
        return ImmutableSignature(self._app, self._linked(callback))

    def link_error(
        self, callback: ImmutableSignature[object]
    ) -> ImmutableSignature[Out]:
        return ImmutableSignature(self._app, self._linked_error(callback))

    def set(
        self,
        *,
        countdown: Optional[float] = None,
        eta: Optional[datetime] = None,
        priority: Optional[int] = None,
        headers: Optional[Mapping[str, str]] = None,
        task_id: Optional[str] = None,
    ) -> ImmutableSignature[Out]:
        options = _options(countdown, eta, priority, headers, task_id)
        return ImmutableSignature(self._app, self._with(options))

    def __or__(self, other: Signature[Out, T]) -> ImmutableSignature[T]:
        return ImmutableSignature(self._app, self._steps + other._steps)

    def delay(self) -> AsyncResult[Out]:
        """Sends it."""
        return self.apply_async()

    def apply_async(
        self,
        *,
        link: Union[Signature[Out, object], Sequence[Signature[Out, object]]] = (),
        link_error: Union[
            ImmutableSignature[object], Sequence[ImmutableSignature[object]]
        ] = (),
        countdown: Optional[float] = None,
        eta: Optional[datetime] = None,
        expires: Optional[float] = None,
        priority: Optional[int] = None,
        headers: Optional[Mapping[str, str]] = None,
        task_id: Optional[str] = None,
    ) -> AsyncResult[Out]:
        """Sends it, with these callbacks and options.

        ``expires`` is the number of seconds after which no worker starts it any
        more, by default the contract's; its caller is told. Celery doesn't ask the broker whether a message
        was delivered: the task's queue must exist, which it does once its service
        has been started.
        """
        sent = self
        for each in [link] if isinstance(link, Signature) else link:
            sent = sent.link(each)
        for error in [link_error] if isinstance(link_error, Signature) else link_error:
            sent = sent.link_error(error)
        if countdown is not None and eta is None:
            # From now on, and not from when a worker sees it.
            eta, countdown = datetime.now(timezone.utc) + timedelta(seconds=countdown), None
        options = _options(countdown, eta, priority, headers, task_id)
        lifetime = self._steps[0].expires if expires is None else expires
        if lifetime is not None:
            # As Celery's own option the broker would drop it, and nobody would hear.
            at = datetime.now(timezone.utc) + timedelta(seconds=lifetime)
            options.setdefault("headers", {})["expires"] = at.isoformat()
        _teach(self._app.backend)
        signature = Signature._with(sent, options)
        return AsyncResult(Signature(self._app, signature).to_celery().apply_async())


def _appended(step: _Step, key: str, callback: Signature[Any, object]) -> _Step:
    callbacks = [*step.options.get(key, []), callback.to_celery()]
    return step._replace(options={**step.options, key: callbacks})


def _options(
    countdown: Optional[float],
    eta: Optional[datetime],
    priority: Optional[int],
    headers: Optional[Mapping[str, str]],
    task_id: Optional[str],
) -> Dict[str, Any]:
    """Celery's options, without those that aren't given."""
    options: Dict[str, Any] = {}
    if countdown is not None:
        options["countdown"] = countdown
    if eta is not None:
        options["eta"] = to_datetime(date_time(eta)).isoformat()
    if priority is not None:
        options["priority"] = priority
    if headers is not None:
        options["headers"] = dict(headers)
    if task_id is not None:
        options["task_id"] = task_id
    return options


def _delayed_by_headers(options: Mapping[str, Any]) -> Dict[str, Any]:
    """The same, so that the queue's workers see to the delay.

    A Celery 5.5 app with quorum queues would send what has a countdown or an eta
    through exchanges of its own, to a queue of its own.
    """
    if options.get("exchange") != "ligature":
        return dict(options)
    rest = {name: value for name, value in options.items() if name not in ("countdown", "eta")}
    headers = dict(options.get("headers", {}))
    if "countdown" in options:
        headers["ligature-countdown"] = str(max(0, round(options["countdown"] * 1000)))
    if "eta" in options:
        headers["eta"] = options["eta"]
    return {**rest, "headers": headers}


class Task:
    """What a generated task is made of: where it goes, and how its arguments do."""

    name: ClassVar[str]
    """On the wire."""
    queue: ClassVar[str]
    runtime: ClassVar[str] = "ligature"
    """Who serves it: ``ligature`` or ``celery``."""
    fingerprint: ClassVar[str]
    required: ClassVar[int] = 0
    """How many arguments can't be left out."""
    priority: ClassVar[Optional[int]] = None
    expires: ClassVar[Optional[float]] = None
    """In seconds."""

    def __init__(self, app: CeleryApp, queue: Optional[str] = None) -> None:
        self._app = app
        self._queue = self.queue if queue is None else queue

    def _mutable(self, *args: object) -> Signature[Any, Any]:
        return Signature(self._app, [self._step(args, self.required - 1, False)])

    def _immutable(self, *args: object) -> ImmutableSignature[Any]:
        return ImmutableSignature(self._app, [self._step(args, self.required, True)])

    def _step(self, args: Tuple[object, ...], required: int, immutable: bool) -> _Step:
        while args and len(args) > required and args[-1] is None:
            args = args[:-1]
        options = dict(self._route())
        if self.priority is not None:
            options["priority"] = self.priority
        return _Step(self.name, args, immutable, options, self.expires)

    def _route(self) -> Mapping[str, Any]:
        if self.runtime == "celery":
            return {"queue": self._queue}
        # Given a queue, Celery would declare it with properties of its own.
        return {
            "exchange": "ligature",
            "routing_key": self._queue,
            "headers": {"ligature-fingerprint": self.fingerprint},
        }


# --- Serving --------------------------------------------------------------------


class Parameter(NamedTuple):
    """A parameter of a served task, by its name on the wire."""

    name: str
    read: Optional[Callable[[Any], object]] = None
    """What makes of its JSON what the handler gets."""
    optional: bool = False
    default: object = None


class ServedTask(NamedTuple):
    """A task that Python serves, and the handler's method that does."""

    name: str
    method: str
    parameters: Tuple[Parameter, ...] = ()
    write: Optional[Callable[[Any], object]] = None
    """What makes JSON of the handler's result."""
    options: Mapping[str, object] = {}

    def arguments(
        self, args: Sequence[object], kwargs: Mapping[str, object]
    ) -> List[object]:
        """The handler's arguments, of those of a message.

        Raises TypeError or ValueError for a message that doesn't fit.
        """
        if len(args) > len(self.parameters):
            count = len(self.parameters)
            raise TypeError(f"{self.name} takes {count} argument(s), got {len(args)}")
        given = dict(zip((parameter.name for parameter in self.parameters), args))
        for name, value in kwargs.items():
            if name in given or all(name != known.name for known in self.parameters):
                raise TypeError(f"{self.name} has no parameter {name!r}, or got it twice")
            given[name] = value
        return [self._read(parameter, given) for parameter in self.parameters]

    def _read(self, parameter: Parameter, given: Mapping[str, object]) -> object:
        value = given.get(parameter.name)
        if parameter.optional and value is None:
            # The handler may change what it gets.
            return copy.deepcopy(parameter.default)
        if parameter.name not in given:
            raise TypeError(f"{self.name} needs the argument {parameter.name!r}")
        if parameter.read is None or value is None:
            return value
        try:
            return parameter.read(value)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{self.name}: {parameter.name}: {error}") from error


class Handlers(ABC):
    """What a generated base class for a service's tasks is made of."""

    served: ClassVar[Tuple[ServedTask, ...]]

    def register(self, app: CeleryApp, **options: object) -> None:
        """Makes tasks of a Celery app of the handlers, under their names on the wire.

        ``options`` are Celery's, for all of them; they win over the contract's.
        """
        for task in self.served:
            # Bound: Celery calls other error callbacks in the failing worker itself,
            # with arguments that depend on how many they take.
            run = _runner(task, getattr(self, task.method))
            app.task(name=task.name, bind=True, **{**task.options, **options})(run)


def _runner(task: ServedTask, handler: Callable[..., object]) -> Callable[..., object]:
    def run(self: object, *args: object, **kwargs: object) -> object:
        result = handler(*task.arguments(args, kwargs))
        return result if task.write is None or result is None else task.write(result)

    run.__name__ = task.method
    run.__doc__ = handler.__doc__
    run.__module__ = handler.__module__
    return run
