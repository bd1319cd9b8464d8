"""Reads an export from standard input with the library of its format, and prints what that library made of it."""

import json
import sys

import stix2
import yaml
from sigma.backends.elasticsearch import LuceneBackend
from sigma.collection import SigmaCollection
from sigma.rule import SigmaDetection
from sigma.types import SigmaString
from sigma.validation import SigmaValidator
from sigma.validators.core import validators


def read_stix(text):
    bundle = stix2.parse(text, allow_custom=False)
    return [{"type": one.type, "id": one.id, "name": one.get("name")} for one in bundle.objects]


def values_of(detection):
    for item in detection.detection_items:
        if isinstance(item, SigmaDetection):
            yield from values_of(item)
        else:
            for value in item.value:
                # A text comes apart at its wildcards, which are null.
                parts = [p if isinstance(p, str) else None for p in value.s] if isinstance(value, SigmaString) else str(value)
                yield {"field": item.field, "parts": parts}


# These load lists from the network: the tags are compared in the test.
OFFLINE = [validator for name, validator in validators.items() if name not in ("attacktag", "d3_fendtag")]


def read_sigma(text):
    rules = SigmaCollection.from_yaml(text)
    issues = SigmaValidator(OFFLINE).validate_rules(iter(rules.rules))
    return {
        "issues": sorted({f"{type(issue).__name__}: {issue}" for issue in issues}),
        "rules": [
            {
                "title": rule.title,
                "level": rule.level.name.lower(),
                "tags": [str(tag) for tag in rule.tags],
                "values": [value for one in rule.detection.detections.values() for value in values_of(one)],
                "queries": LuceneBackend().convert(SigmaCollection([rule])),
            }
            for rule in rules.rules
        ],
    }


READERS = {"stix": read_stix, "sigma": read_sigma, "yaml": yaml.safe_load}
json.dump(READERS[sys.argv[1]](sys.stdin.read()), sys.stdout)
