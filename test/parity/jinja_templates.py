"""Renders the templates of test/runner/config/jinja/jinja2.json with real Jinja2 again and writes what it makes of them, null where it refuses.

PEER/bin/python test/parity/jinja_templates.py
"""

import json
from pathlib import Path

from jinja2 import Template

path = Path(__file__).parent.parent / "runner" / "config" / "jinja" / "jinja2.json"
cases = json.loads(path.read_text())
for group in ("same", "strict"):
    for case in cases[group]:
        try:
            case[1] = Template(case[0]).render(cases["variables"])
        except Exception:
            case[1] = None
lines = lambda group: ",\n".join("    " + json.dumps(case, ensure_ascii=False) for case in cases[group])
path.write_text(
    "{\n"
    + f'  "variables": {json.dumps(cases["variables"])},\n'
    + f'  "same": [\n{lines("same")}\n  ],\n  "strict": [\n{lines("strict")}\n  ]\n'
    + "}\n"
)
