/** Bodies of a function that has an app, the contracts, a datetime `now` and a value `rich`. */
export const rightUses: readonly string[] = [
  "total: float = lab.add.delay(1, 2.5).get(timeout=1)",
  'lab.greet.delay("ann", times=2, options={"loud": True})',
  'lab.greet.delay(name="ann", options=None)',
  "lab.echo.si(rich).link(lab.echo.s()).delay()",
  'lab.record_rich.si(rich, "key", now)\nlab.record_rich.si(rich, "key", rich["when"])',
  "chain = lab.add.si(1, 2) | lab.double.s() | remote.add.s(3)\nvalue: float = chain.delay().get()",
  'callback: Signature[float, None] = lab.record.s("key")',
  'error: ImmutableSignature[None] = lab.record_failure.si("key")',
  'lab.add.si(1, 2).apply_async(link=lab.record.s("a"), link_error=[lab.record_failure.si("b")], countdown=5, expires=60)',
  'lab.add.si(1, 2).link(lab.record_failure.si("runs whatever the result is"))',
  "Service().register(app, acks_late=False)",
  'raise legacy.Refused({"reason": "full", "since": ligature.date_time(now)})',
  'error = OutOfStock({"item": "pen", "since": rich["when"]})\nitem: str = error.data["item"]',
];

interface WrongUse {
  readonly what: string;
  readonly code: string;
  /** What mypy says of it; where its versions differ in the rest, the beginning. */
  readonly message: string;
}

const service = (body: string): string => `class Mine(Service):\n${body}`;

export const wrongUses: readonly WrongUse[] = [
  {
    what: "an argument of another type",
    code: 'lab.add.delay(1, "2")',
    message: 'Argument 2 to "delay" of "AddTask" has incompatible type "str"; expected "float"  [arg-type]',
  },
  {
    what: "a missing argument",
    code: "lab.add.delay(1)",
    message: 'Missing positional argument "b" in call to "delay" of "AddTask"  [call-arg]',
  },
  { what: "an argument too many", code: "lab.add.si(1, 2, 3)", message: 'Too many arguments for "si" of "AddTask"  [call-arg]' },
  {
    what: "an argument that there isn't",
    code: "lab.add.delay(1, c=2)",
    message: 'Unexpected keyword argument "c" for "delay" of "AddTask"  [call-arg]',
  },
  {
    what: "a task that there isn't",
    code: "lab.ad.delay(1, 2)",
    message: '"Lab" has no attribute "ad"; maybe "add"?  [attr-defined]',
  },
  {
    what: "a key that there isn't",
    code: 'lab.greet.delay("ann", {"lowd": True})',
    message: 'Argument 2 to "delay" of "GreetTask" has incompatible type',
  },
  {
    what: "a string for a date",
    code: 'remote.tomorrow.delay("2026-01-01")',
    message: 'Argument 1 to "delay" of "TomorrowTask" has incompatible type "str"; expected',
  },
  {
    what: "a date inside of an object that isn't in its JSON form",
    code: 'rich["when"] = now',
    message: 'Value of "when" has incompatible type "datetime"; expected "DateTime"  [typeddict-item]',
  },
  {
    what: "a result used as another type",
    code: "text: str = lab.add.delay(1, 2).get()",
    message: 'Incompatible types in assignment (expression has type "float", variable has type "str")  [assignment]',
  },
  {
    what: ".s() of a task without parameters",
    code: "lab.origin.s()",
    message: '"OriginTask" has no attribute "s"  [attr-defined]',
  },
  {
    what: ".s() with the first argument",
    code: 'lab.record.s(1, "key")',
    message: 'Too many arguments for "s" of "RecordTask"  [call-arg]',
  },
  {
    what: "a mutable signature sent",
    code: 'lab.record.s("key").delay()',
    message: '"Signature[float, None]" has no attribute "delay"  [attr-defined]',
  },
  {
    what: "a mutable signature as an error callback",
    code: "lab.add.si(1, 2).apply_async(link_error=lab.record_failure.s())",
    message:
      'Argument "link_error" to "apply_async" of "ImmutableSignature" has incompatible type "Signature[str, None]"; expected',
  },
  {
    what: "a mutable signature in link_error()",
    code: 'lab.add.si(1, 2).link_error(lab.record.s("key"))',
    message:
      'Argument 1 to "link_error" of "ImmutableSignature" has incompatible type "Signature[float, None]"; expected "ImmutableSignature[object]"  [arg-type]',
  },
  {
    what: "a callback whose first parameter doesn't fit",
    code: 'lab.describe.si(1, "m").link(lab.record.s("key"))',
    message:
      'Argument 1 to "link" of "ImmutableSignature" has incompatible type "Signature[float, None]"; expected "Signature[str, object]"  [arg-type]',
  },
  {
    what: "the same in apply_async()",
    code: 'lab.describe.si(1, "m").apply_async(link=lab.record.s("key"))',
    message: 'Argument "link" to "apply_async" of "ImmutableSignature" has incompatible type "Signature[float, None]"; expected',
  },
  {
    what: "a step of a chain that doesn't fit",
    code: 'lab.describe.si(1, "m") | lab.double.s()',
    message: 'Unsupported operand types for | ("ImmutableSignature[str]" and "Signature[float, float]")  [operator]',
  },
  {
    what: "data of a declared error that doesn't fit",
    code: 'raise legacy.Refused({"reason": "full"})',
    message: 'Missing key "since" for TypedDict "RefusedData"  [typeddict-item]',
  },
  {
    what: "a service without a handler",
    code: "class Mine(legacy.LegacyHandlers):\n    def add(self, a: float, b: float) -> float:\n        return a + b\nMine()",
    message: 'Cannot instantiate abstract class "Mine" with abstract attributes "fail", "refuse", ... and "total"',
  },
  {
    what: "a handler with another parameter",
    code: service("    def renamed(self, text: int) -> str:\n        return str(text)"),
    message:
      'Argument 1 of "renamed" is incompatible with supertype "LegacyHandlers"; supertype defines the argument type as "str"  [override]',
  },
  {
    what: "a handler that wants more",
    code: service("    def renamed(self, text: str, more: str) -> str:\n        return text"),
    message: 'Signature of "renamed" incompatible with supertype "LegacyHandlers"',
  },
  {
    what: "a handler that returns something else",
    code: service("    def renamed(self, text: str) -> int:\n        return 1"),
    message: 'Return type "int" of "renamed" incompatible with return type "str" in supertype "LegacyHandlers"',
  },
  {
    what: "a result with a missing key",
    code: service(
      "    def schedule(self, at: datetime, count: int, label: str, until: Optional[datetime]) -> legacy.ScheduleResult:\n" +
        '        return {"at": ligature.date_time(at), "count": ligature.big_int(count), "label": label}',
    ),
    message: 'Missing key "until" for TypedDict "ScheduleResult"  [typeddict-item]',
  },
];
