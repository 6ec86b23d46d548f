"""
Reads signatures as JSON, a list of them, and prints what Celery would send to start each, as JSON. Nothing is sent.
"""
import json
import sys

from celery import Celery, Signature

app = Celery("reader", broker="memory://", backend="cache+memory://")
sent = []


def record(_producer, name, message, **options):
    headers, properties, (args, kwargs, embed), _event = message
    sent.append({
        "task": name,
        "args": args,
        "kwargs": kwargs,
        "embed": embed,
        "id": headers["id"],
        "root": headers["root_id"],
        "group": headers["group"],
        "index": headers["group_index"],
        "replyTo": properties["reply_to"],
        "exchange": options.get("exchange"),
        "routingKey": options.get("routing_key"),
        "headers": options.get("headers"),
    })


app.amqp.send_task_message = record
app.backend.ensure_chords_allowed = lambda: None
app.backend.set_chord_size = lambda _group, _size: None
app.backend.apply_chord = lambda *_args, **_kwargs: None

answers = []
for given in json.load(sys.stdin):
    sent.clear()
    Signature.from_dict(given, app=app).apply_async(("result",), parent_id="parent", root_id="root")
    answers.append(json.loads(json.dumps(sent)))
json.dump(answers, sys.stdout)
