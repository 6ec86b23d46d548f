"""The Python side of the interoperability tests: a Celery app as a team might have it.

Run as a worker:  python3 -m celery -A legacy worker   (CELERY_BROKER, LEGACY_QUEUE in the environment)
Run as a client:  python3 legacy.py <command> <json>    prints one line of JSON
"""

import datetime
import json
import os
import sys
import uuid

from celery import Celery, chain, chord, chunks, group, signature, xmap, xstarmap

app = Celery("legacy", broker=os.environ["CELERY_BROKER"], backend=os.environ.get("CELERY_BACKEND", "rpc://"))
app.conf.task_default_queue = os.environ.get("LEGACY_QUEUE", "legacy")
app.conf.worker_hijack_root_logger = False
if os.environ.get("CELERY_QUEUES") == "quorum":
    # Both are of Celery 5.5: its own queues are quorum queues, on topic exchanges, and delays go through exchanges of its own.
    app.conf.task_default_queue_type = "quorum"
    app.conf.worker_detect_quorum_queues = True

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


@app.task(name="legacy.total")
def total(values):
    return sum(values)


@app.task(name="legacy.same")
def same(*values):
    return values


@app.task(name="legacy.shown", bind=True)
def shown(self, value):
    return {"value": value, "stamps": self.request.stamps, "stamped": self.request.stamped_headers}


@app.task(name="legacy.progress", bind=True)
def progress(self, done):
    self.update_state(state="PROGRESS", meta={"step": done})
    return done


@app.task(name="tasks.old_name")
def renamed(text):
    # kombu 5.3 and later write a UUID as a typed value, earlier ones as text.
    return uuid.UUID(text) if len(text) == 36 else text.upper()


def remote(name, args, queue, **options):
    """A task of a Ligature contract: addressed by exchange and routing key, never declared from here."""
    return signature(name, args=args, options={"exchange": "ligature", "routing_key": queue, **options}, app=app)


def outcome(result, timeout=60):
    try:
        return {"value": result.get(timeout=timeout), "state": result.state}
    except Exception as error:  # noqa: BLE001 - the test wants to see whatever it is
        return {"error": type(error).__name__, "message": str(error), "state": result.state}


def header_member(kind, queue):
    """A member of a chord's header: of a TypeScript worker, or of this app's own."""
    own = {"queue": app.conf.task_default_queue}
    members = {
        "ts": remote("lab.add", [1, 2], queue),
        "python": add.s(10, 20).set(**own),
        "ts fails": remote("lab.explode", ["in ts"], queue),
        "python fails": fail.s("in python").set(**own),
        "group": group(remote("lab.add", [1, 1], queue), add.s(2, 2).set(**own)),
    }
    return members[kind]


def error_callback(args, queue):
    return signature("lab.recordFailure", args=args, immutable=True, options={"exchange": "ligature", "routing_key": queue}, app=app)


def command(name, given):
    queue = given["queue"]
    if name == "call":
        result = remote(given["task"], given["args"], queue).apply_async()
        try:
            return {"value": result.get(timeout=60)}
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
        return {"value": chain(remote("lab.add", [1, 2], queue), remote("lab.double", [], queue), last).apply_async().get(timeout=60)}
    if name == "python_link":
        add.apply_async([1, 2], link=remote("lab.record", [given["key"]], queue))
        fail.apply_async(["in python"], link_error=error_callback([given["key"] + " failed"], queue))
        return {}
    if name == "maps":
        options = {"exchange": "ligature", "routing_key": queue}
        double, addition, unknown = (remote(task, [], queue) for task in ("lab.double", "lab.add", "elsewhere.task"))
        return {
            "map": xmap(double, [1, 2, 3], app=app).apply_async(**options).get(timeout=60),
            "starmap": xstarmap(addition, [(1, 2), (3, 4)], app=app).apply_async(**options).get(timeout=60),
            "chunks": chunks(addition, zip(range(5), range(5)), 2, app=app).apply_async(**options).get(timeout=60),
            "unknown": outcome(xmap(unknown, [1], app=app).apply_async(**options)),
        }
    if name == "chord":
        header = [header_member(kind, queue) for kind in given["header"]]
        body = total.s().set(**{"queue": app.conf.task_default_queue}) if given["body"] == "python" else remote("lab.sum", [], queue)
        if given["body"] == "nested":
            body = remote("lab.gather", [given["key"]], queue)
        if "key" in given:
            body.link_error(error_callback([given["key"]], queue))
        result = chord(header)(body)
        # Without its parent: get() would raise a failing member's own error in place of the body's.
        return {**outcome(app.AsyncResult(result.id)), "group": result.parent.id}
    if name == "read":
        return outcome(app.AsyncResult(given["id"]))
    if name == "state":
        result = app.AsyncResult(given["id"])
        return {"state": result.state, "info": result.info}
    if name == "meta":
        return app.backend.get_task_meta(given["id"])
    if name == "read_group":
        from celery.result import GroupResult

        return {"value": GroupResult.restore(given["id"], app=app).get(timeout=60)}
    if name == "save_group":
        result = group(add.s(1, 2), add.s(3, 4)).apply_async()
        result.save()
        return {"id": result.id, "members": [member.as_tuple() for member in result.results]}
    if name == "send":
        return {"id": app.tasks[given["task"]].apply_async(given["args"]).id}
    if name == "typed":
        now = datetime.datetime.now(datetime.timezone.utc)
        soon, later = now + datetime.timedelta(seconds=1), now + datetime.timedelta(hours=1)
        first = remote("lab.add", [1, 2], queue)
        steps = chain(first, remote("lab.describe", [uuid.UUID(given["id"])], queue).set(eta=soon, expires=later))
        return {"value": steps.apply_async().get(timeout=60)}
    if name == "exact":
        step = signature("legacy.same", args=given["args"], immutable=True, options={"queue": app.conf.task_default_queue}, app=app)
        value = chain(remote("lab.add", [1, 2], queue), remote("lab.double", [], queue), step).apply_async().get(timeout=60)
        return {"value": [repr(each) for each in value]}
    if name == "stamped":
        steps = chain(remote("lab.add", [1, 2], queue), remote("lab.double", [], queue), shown.s().set(queue=app.conf.task_default_queue))
        steps.stamp(tenant="acme")
        value = steps.apply_async(shadow="first").get(timeout=60)
        app.control.revoke_by_stamped_headers({"tenant": ["acme"]})
        return {"value": value}
    if name == "stamped later":
        sent = remote("lab.add", [1, 2], queue)
        sent.stamp(tenant=given["tenant"])
        return outcome(sent.apply_async())
    if name == "big_header":
        # 2**40 is written as a 64-bit integer that amqplib by itself can't read.
        result = remote(given["task"], given["args"], queue, headers={"when": 2**40}).apply_async()
        return {"value": result.get(timeout=60)}
    raise SystemExit(f"unknown command {name}")


if __name__ == "__main__":
    print(json.dumps(command(sys.argv[1], json.loads(sys.argv[2]))))
