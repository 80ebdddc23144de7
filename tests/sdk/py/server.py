"""Answers the questions on standard input with the Python SDK, one evaluation each."""

import json
import sys

from openfeature import api
from openfeature.contrib.provider.ofrep import OFREPProvider
from openfeature.evaluation_context import EvaluationContext

asked = json.load(sys.stdin)
headers = {"Authorization": f"Bearer {asked['token']}"}
api.set_provider(OFREPProvider(asked["address"], headers_factory=lambda: headers))
client = api.get_client()
ask = {
    "boolean": client.get_boolean_details,
    "string": client.get_string_details,
    "integer": client.get_integer_details,
    "float": client.get_float_details,
    "object": client.get_object_details,
}
answers = []
for question in asked["questions"]:
    attributes = dict(question["context"])
    context = EvaluationContext(attributes.pop("targetingKey", None), attributes)
    details = ask[question["type"]](question["flag"], question["default"], context)
    answers.append({
        "value": details.value,
        "reason": details.reason,
        "variant": details.variant,
        "error": details.error_code,
        "metadata": dict(details.flag_metadata),
    })
print(json.dumps(answers))
api.shutdown()
