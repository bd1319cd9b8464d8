"""Turns Sigma rules into Lucene queries: an array of rules on standard input, an array of queries on standard output.

Each rule is converted several times: with its own field names under `sigma.`, whatever its log source, and through the
pipelines that pySigma's Elasticsearch backend ships for ECS. Each query names the fields it reads.
"""

import copy
import json
import sys

from sigma.backends.elasticsearch import LuceneBackend
from sigma.collection import SigmaCollection
from sigma.pipelines.elasticsearch.windows import ecs_windows
from sigma.pipelines.elasticsearch.zeek import ecs_zeek_beats
from sigma.processing.pipeline import ProcessingItem, ProcessingPipeline
from sigma.processing.transformations import AddFieldnamePrefixTransformation
from sigma.rule import SigmaDetection, SigmaRule

PIPELINES = {
    "own names": lambda: ProcessingPipeline(
        items=[ProcessingItem(AddFieldnamePrefixTransformation("sigma."))]
    ),
    "ecs_windows": ecs_windows,
    "ecs_zeek_beats": ecs_zeek_beats,
}


def fields_of(detection):
    for item in detection.detection_items:
        if isinstance(item, SigmaDetection):
            yield from fields_of(item)
        elif item.field is not None:
            yield item.field


def convert(source, pipeline):
    kept = ("id", "title", "logsource", "detection")
    rule = SigmaRule.from_dict(copy.deepcopy({key: source[key] for key in kept}))
    # Of the queries one stands for all conditions of the rule; the backend changes the rule as the pipeline says.
    queries = LuceneBackend(processing_pipeline=pipeline).convert(SigmaCollection([rule]))
    fields = {field for detection in rule.detection.detections.values() for field in fields_of(detection)}
    return [{"query": query, "fields": sorted(fields)} for query in queries]


def main():
    rules = json.load(sys.stdin)
    converted = [
        {"rule": rule["title"], "mining": rule["core_mining"], "pipeline": name, **query}
        for rule in rules
        for name, pipeline in PIPELINES.items()
        for query in convert(rule, pipeline())
    ]
    json.dump(converted, sys.stdout)


main()
