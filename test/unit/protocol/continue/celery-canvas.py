"""
What Celery makes of signatures that came as JSON: prints, for each sample, the signature and the messages that
`apply_async((result,))` sends, in celery-canvas.json's form. Nothing is sent: publishing is replaced.

    python3 test/unit/protocol/continue/celery-canvas.py > test/unit/protocol/continue/celery-canvas.json
"""
import json
import sys

import celery
from celery import Celery, Signature, chain, chord, chunks, group

app = Celery("samples", broker="memory://", backend="cache+memory://")
app.conf.task_protocol = 2


def task(name):
    @app.task(name=name)
    def body(*args, **kwargs):
        return args

    return body


a, b, c, d, e = (task(name) for name in "abcde")

samples = {
    "a task": a.s(1),
    "an immutable task": a.si(1),
    "a chain": chain(a.s(1), b.s(2), c.si(3)),
    "a chain with callbacks": chain(a.s(), b.s()).on_error(e.si(0)),
    "a group": group(a.s(1), b.s(2), c.si(3)),
    "a group of chains": group(chain(a.s(), b.s()), c.s()),
    "a group with options": group(a.s(), b.s()).set(queue="other", priority=3),
    "a chord": chord([a.s(1), b.si(2)], c.s(3)),
    "a chord of a chain": chord([chain(a.s(), b.s()), c.s()], d.s()),
    "a chord whose body is a chain": chord([a.s(), b.s()], chain(c.s(), d.s(9))),
    "a chord without members": chord([], c.s(3)),
    "a chord in a chain": chain(a.s(), chord([b.s(), c.s()], d.s())),
    "a chord with an error callback": chord([a.s(), b.s()], c.s().on_error(e.si(0))),
    "a chord with a callback": chord([a.s(), b.s()], c.s().set(link=[e.s()])),
    "a group in a chain": chain(a.s(), group(b.s(), c.s()), d.s()),
    "a group at a chain's start": chain(group(a.s(), b.s()), c.s(), d.s()),
    "a group at a chain's end": chain(a.s(), group(b.s(), c.s())),
    "a group of one in a chain": chain(a.s(), group(b.s()), c.s()),
    "a chord in a chord's header": chord([chord([a.s(), b.s()], c.s()), d.s()], e.s()),
    "a chord as a chord's body": chord([a.s(), b.s()], chord([c.s(), d.s()], e.s())),
    "a group in a group": group(a.s(), group(b.s(), c.s())),
    "a chord of a chain that ends in a group": chord([chain(a.s(), group(b.s(), c.s()))], d.s()),
    # No groups inside of a header: Celery 5.2.6 splices them in in reverse order.
    "a chain with a link": chain(a.s(), b.s(), task_id="whole").set(link=[c.s()]),
    "a chord with options": chord([a.s(), b.s()], c.s()).set(queue="other", priority=4),
    "a chord with arguments": chord([a.s(), b.si()], c.s(), args=(7,)),
    "a chain of chains": chain(chain(a.s(), b.s()), chain(c.s(), group(d.s(), e.s()))),
    "a chain of two chords": chain(chord([a.s(), b.s()], c.s()), chord([c.s(), d.s()], e.s())),
    "a chain of two groups": chain(group(a.s(), b.s()), group(c.s(), d.s())),
    "a map": a.map([1, 2, 3]),
    "a starmap": a.starmap([(1, 2), (3, 4)]),
    "chunks": chunks(a.s(), [(1, 2), (3, 4), (5, 6)], 2),
    "a raw chain of chord and task": Signature(
        "celery.chain",
        kwargs={"tasks": [dict(chord([a.s(), b.s()], c.s())), dict(d.s())]},
        subtask_type="chain",
    ),
    "a frozen chord": chord([a.s(), b.s()], c.s()),
}
samples["a frozen chord"].freeze()

sent = []



def record(_producer, name, message, **options):
    headers, _properties, (args, kwargs, embed), _event = message
    sent.append({
        "task": name,
        "args": args,
        "kwargs": kwargs,
        "embed": embed,
        "id": headers["id"],
        "group": headers["group"],
        "group_index": headers["group_index"],
        "priority": options.get("priority"),
        "queue": getattr(options.get("queue"), "name", options.get("queue")),
    })


app.amqp.send_task_message = record
app.backend.ensure_chords_allowed = lambda: None
sizes = []
app.backend.set_chord_size = lambda _group, size: sizes.append(size)
app.backend.apply_chord = lambda *_args, **_kwargs: None

result = []
for name, signature in samples.items():
    text = json.dumps(signature)
    sent.clear()
    sizes.clear()
    Signature.from_dict(json.loads(text), app=app).apply_async(("result",), parent_id="parent", root_id="root")
    result.append({"name": name, "signature": json.loads(text), "sent": json.loads(json.dumps(sent)), "sizes": list(sizes)})
# A sample a line.
lines = ",\n".join(json.dumps(sample) for sample in result)
print(f"""{{
"celery": {json.dumps(celery.__version__)},
"samples": [
{lines}
]
}}""")
sys.stderr.write(f"{len(result)} samples\n")
