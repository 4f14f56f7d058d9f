"""Reads a topic with kafka-python and checks that its records are CloudEvents 1.0 in binary mode.

Input is one line of JSON: {"broker", "topic", "type", "subjects": [...]}; output is one line of what was seen.
"""

import json
import sys
from datetime import datetime

from kafka import KafkaConsumer

QUIET_MS = 10_000
REQUIRED = ["ce_specversion", "ce_id", "ce_source", "ce_type", "ce_subject", "ce_time", "content-type"]


def check(record, wanted_type):
    headers = {name: value.decode() for name, value in record.headers}
    missing = [name for name in REQUIRED if not headers.get(name)]
    assert not missing, f"a record lacks {', '.join(missing)}"
    assert headers["ce_specversion"] == "1.0", f"specversion is {headers['ce_specversion']}"
    assert headers["ce_type"] == wanted_type, f"type is {headers['ce_type']}"
    assert headers["content-type"] == "application/json", f"content type is {headers['content-type']}"
    assert record.key.decode() == headers["ce_subject"], "the key is not the subject"
    assert datetime.fromisoformat(headers["ce_time"]).tzinfo, "the time has no offset"
    assert isinstance(json.loads(record.value), dict), "the value is no JSON object"
    return headers["ce_subject"]


asked = json.loads(sys.stdin.readline())
consumer = KafkaConsumer(
    asked["topic"],
    bootstrap_servers=asked["broker"],
    auto_offset_reset="earliest",
    enable_auto_commit=False,
    consumer_timeout_ms=QUIET_MS,
)
awaited, count = set(asked["subjects"]), 0
for record in consumer:
    awaited.discard(check(record, asked["type"]))
    count += 1
    if not awaited:
        break
consumer.close()
assert not awaited, f"no record about {', '.join(awaited)}"
print(f"{count} records are CloudEvents 1.0 with key, type, source and time")
