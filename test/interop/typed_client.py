"""A Python service that calls tasks through their generated modules.

Run as a program:  python3 typed_client.py <command> <json>   prints one line of JSON
(CELERY_BROKER and a PYTHONPATH with ``contracts`` in the environment)
"""

import json
import os
import sys
from datetime import datetime, timezone
from typing import Any, Callable, Dict

from celery import Celery  # type: ignore[import]
from contracts.lab import Lab, OutOfStock, Rich
from contracts.legacy import Legacy, Refused
from contracts.ligature import (
    big_int,
    date_time,
    json_map,
    to_datetime,
    to_dict,
    to_int,
)

app = Celery("shop", broker=os.environ["CELERY_BROKER"], backend="rpc://")
app.conf.task_default_queue = "shop"

NOON = datetime(2026, 1, 31, 12, 0, tzinfo=timezone.utc)


def results(lab: Lab) -> Dict[str, Any]:
    """Positional and named arguments, those left out, and values with no JSON form."""
    rich: Rich = {
        "when": date_time(NOON),
        "tags": ["a", "b"],
        "counts": json_map({"x": 1.5}),
        "big": big_int(2**70),
    }
    echoed = lab.echo.delay(rich).get(timeout=60)
    return {
        "add": lab.add.delay(2, 3).get(timeout=60),
        "greet": lab.greet.delay("ann").get(timeout=60),
        "loud": lab.greet.delay(name="ann", options={"loud": True}).get(timeout=60),
        "twice": lab.greet.delay("ann", times=2).get(timeout=60),
        "when": to_datetime(echoed["when"]) == NOON,
        "tags": echoed["tags"],
        "counts": to_dict(echoed["counts"]),
        "big": to_int(echoed["big"]) == 2**70,
    }


def errors(lab: Lab) -> Dict[str, Any]:
    result = lab.order.delay("pen")
    try:
        result.get(timeout=60)
    except OutOfStock as error:
        since = to_datetime(error.data["since"])
        declared = {"item": error.data["item"], "year": since.year, "text": str(error)}
    try:
        lab.explode.delay("no").get(timeout=60)
    except TypeError as error:
        other = str(error)
    return {"declared": declared, "other": other, "state": result.state}


def links(lab: Lab, key: str) -> Dict[str, Any]:
    """Both kinds of callbacks, given in both ways."""
    lab.add.si(4, 4).apply_async(
        link=[lab.record.s(f"{key} linked"), lab.record.s(f"{key} also")],
        link_error=lab.record_failure.si(f"{key} not this"),
    )
    lab.explode.si("x").link_error(lab.record_failure.si(f"{key} failed")).delay()
    rich = lab.echo.si(
        {
            "when": date_time(NOON),
            "tags": [],
            "counts": json_map({}),
            "big": big_int(1),
        }
    )
    rich.link(lab.record_rich.s(f"{key} rich", NOON)).delay()
    return {}


def chains(lab: Lab, legacy: Legacy, key: str) -> Dict[str, Any]:
    """Through both languages and back; a chain as a callback; one that fails."""
    chain = lab.add.si(1, 2) | lab.double.s() | legacy.add.s(100) | lab.describe.s("m")
    lab.add.si(5, 5).link(lab.double.s() | lab.record.s(f"{key} chained")).delay()
    failing = lab.explode.si("x") | lab.double.s()
    failing.link_error(lab.record_failure.si(f"{key} step failed")).delay()
    python = legacy.fail.si("in python")
    python.link_error(lab.record_failure.si(f"{key} python failed")).delay()
    # Of the worker that fails: called in there, it would get other arguments.
    own = legacy.add.si(40, 2).link(lab.record.s(f"{key} own callback"))
    legacy.fail.si("again").link_error(own).delay()
    return {"value": chain.delay().get(timeout=60)}


def options(lab: Lab, legacy: Legacy, key: str) -> Dict[str, Any]:
    """Delays and expiry; and a task that Python serves, called from Python."""
    lab.add.si(1, 1).link(lab.record.s(f"{key} late").set(countdown=0.5)).delay()
    eta = datetime.now(timezone.utc)
    planned = lab.add.si(2, 2).apply_async(eta=eta, expires=60, headers={"trace": "1"})
    try:
        lab.add.si(3, 3).apply_async(expires=-1).get(timeout=60)
    except Exception as error:  # noqa: BLE001 - Celery's class for it is its own matter
        expired = type(error).__name__
    scheduled = legacy.schedule.delay(NOON, count=2**60, until=NOON).get(timeout=60)
    try:
        legacy.refuse.delay("full").get(timeout=60)
    except Refused as error:
        refused = error.data["reason"]
    return {
        "planned": planned.get(timeout=60),
        "expired": expired,
        "scheduled": scheduled,
        "refused": refused,
    }


def untyped(queue: str, given: Dict[str, Any]) -> Dict[str, Any]:
    """As a service without generated modules would call a task that Python serves."""
    args, kwargs = given.get("args", ()), given.get("kwargs", {})
    result = app.send_task(given["task"], args, kwargs, queue=queue)
    try:
        return {"value": result.get(timeout=60)}
    except Exception as error:  # noqa: BLE001 - the test wants to see whatever it is
        return {"error": type(error).__name__, "message": str(error)}


def main() -> None:
    command, given = sys.argv[1], json.loads(sys.argv[2])
    lab = Lab(app, queue=given["queue"])
    legacy = Legacy(app, queue=given.get("legacy"))
    commands: Dict[str, Callable[[], Dict[str, Any]]] = {
        "results": lambda: results(lab),
        "errors": lambda: errors(lab),
        "links": lambda: links(lab, given["key"]),
        "chains": lambda: chains(lab, legacy, given["key"]),
        "untyped": lambda: untyped(given["queue"], given),
        "options": lambda: options(lab, legacy, given["key"]),
    }
    print(json.dumps(commands[command]()))


if __name__ == "__main__":
    main()
