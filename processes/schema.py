"""The published schema of `process.toml`, for editors: made from the vocabulary.

python -m processes.schema > processes/schema.json
"""

import json
import sys

from workflow.core.definition import Definition

__all__ = ["as_text", "schema"]


def schema() -> dict[str, object]:
    """Give the JSON schema of a definition."""
    made = Definition.model_json_schema(by_alias=True)
    made["title"] = "Beredning: en processdefinition (process.toml)"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


def as_text() -> str:
    """Give the schema as it is published, byte for byte."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(as_text())
