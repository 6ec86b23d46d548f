"""A Celery service that serves the contract ``legacy`` through its generated base.

Run as a worker:  python3 -m celery -A typed_service worker
(CELERY_BROKER, LEGACY_QUEUE and a PYTHONPATH with ``contracts`` in the environment)
"""

import os
from datetime import datetime, timedelta
from typing import Dict, List, Optional

from celery import Celery  # type: ignore[import]
from contracts import legacy
from contracts.ligature import big_int, date_time

app = Celery("legacy", broker=os.environ["CELERY_BROKER"], backend="rpc://")
app.conf.task_default_queue = os.environ.get("LEGACY_QUEUE", legacy.QUEUE)
app.conf.worker_hijack_root_logger = False


class Service(legacy.LegacyHandlers):
    def __init__(self) -> None:
        self._kept: Dict[str, List[float]] = {}

    def add(self, a: float, b: float) -> float:
        return a + b

    def fail(self, message: str) -> float:
        raise ValueError(message)

    def tomorrow(self, today: datetime) -> datetime:
        return today + timedelta(days=1)

    def store(self, value: float, key: str) -> str:
        self._kept.setdefault(key, []).append(value)
        return key

    def stored(self, key: str) -> List[float]:
        return self._kept.get(key, [])

    def schedule(
        self, at: datetime, count: int, label: str, until: Optional[datetime]
    ) -> legacy.ScheduleResult:
        return {
            "at": date_time(at + timedelta(hours=1)),
            "count": big_int(count + 1),
            "label": f"{label}!",
            "until": None if until is None else date_time(until),
        }

    def refuse(self, reason: str) -> float:
        since = date_time(datetime.fromisoformat("2026-01-02T03:04:05+00:00"))
        raise legacy.Refused({"reason": reason, "since": since})

    def total(self, values: List[float]) -> float:
        return sum(values)

    def renamed(self, text: str) -> str:
        return text.upper()


Service().register(app)
