"""The Python side of the interoperability tests: a Celery app as a team might have it.

Run as a worker:  python3 -m celery -A legacy worker   (CELERY_BROKER, LEGACY_QUEUE in the environment)
Run as a client:  python3 legacy.py <command> <json>    prints one line of JSON
"""

import datetime
import json
import os
import sys

from celery import Celery, chain, signature

app = Celery("legacy", broker=os.environ["CELERY_BROKER"], backend="rpc://")
app.conf.task_default_queue = os.environ.get("LEGACY_QUEUE", "legacy")
app.conf.worker_hijack_root_logger = False

kept = {}


@app.task(name="legacy.add")
def add(a, b):
    return a + b


@app.task(name="legacy.fail")
def fail(message):
    raise ValueError(message)


@app.task(name="legacy.tomorrow")
def tomorrow(today):
    return datetime.datetime.fromisoformat(today.replace("Z", "+00:00")) + datetime.timedelta(days=1)


@app.task(name="legacy.store")
def store(value, key):
    kept.setdefault(key, []).append(value)
    return key


@app.task(name="legacy.stored")
def stored(key):
    return kept.get(key, [])


@app.task(name="tasks.old_name")
def renamed(text):
    return text.upper()


def remote(name, args, queue, **options):
    """A task of a Ligature contract: addressed by exchange and routing key, never declared from here."""
    return signature(name, args=args, options={"exchange": "ligature", "routing_key": queue, **options}, app=app)


def error_callback(args, queue):
    return signature("lab.recordFailure", args=args, immutable=True, options={"exchange": "ligature", "routing_key": queue}, app=app)


def command(name, given):
    queue = given["queue"]
    if name == "call":
        result = remote(given["task"], given["args"], queue).apply_async()
        try:
            return {"value": result.get(timeout=10)}
        except Exception as error:  # noqa: BLE001 - the test wants to see whatever it is
            return {"error": type(error).__name__, "message": str(error), "state": result.state}
    if name == "link":
        remote(given["task"], given["args"], queue).apply_async(
            link=remote("lab.record", [given["key"]], queue),
            link_error=error_callback([given["key"]], queue),
        )
        return {}
    if name == "chain":
        # A worker sends what names no queue to its own default queue, so a step of another app has to name its own.
        last = add.s(100).set(queue=app.conf.task_default_queue)
        return {"value": chain(remote("lab.add", [1, 2], queue), remote("lab.double", [], queue), last).apply_async().get(timeout=10)}
    if name == "python_link":
        add.apply_async([1, 2], link=remote("lab.record", [given["key"]], queue))
        fail.apply_async(["in python"], link_error=error_callback([given["key"] + " failed"], queue))
        return {}
    if name == "big_header":
        # 2**40 is written as a 64-bit integer that amqplib by itself can't read.
        result = remote(given["task"], given["args"], queue, headers={"when": 2**40}).apply_async()
        return {"value": result.get(timeout=10)}
    raise SystemExit(f"unknown command {name}")


if __name__ == "__main__":
    print(json.dumps(command(sys.argv[1], json.loads(sys.argv[2]))))
