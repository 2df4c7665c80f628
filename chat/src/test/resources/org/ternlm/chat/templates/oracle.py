"""What Python's Jinja, set up as Hugging Face sets it up, makes of the templates here: writes expected.json.

Needs jinja2: python3 oracle.py"""
import datetime
import json
import pathlib

import jinja2
from jinja2.ext import Extension
from jinja2.sandbox import ImmutableSandboxedEnvironment

HERE = pathlib.Path(__file__).parent


class Generation(Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("_body"), [], [], body).set_lineno(line)

    def _body(self, caller):
        return caller()


class Refused(Exception):
    pass


def refuse(message):
    raise Refused(message)


def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True,
                                            extensions=[Generation, "jinja2.ext.loopcontrols"])
environment.filters["tojson"] = tojson
environment.globals["raise_exception"] = refuse
environment.globals["strftime_now"] = datetime.datetime(2025, 7, 10, 12, 5).strftime


def render(template, variables):
    try:
        return {"text": environment.from_string(template).render(**variables)}
    except Refused as e:
        return {"refused": str(e)}
    except Exception:
        return {"fails": True}


def read(name):
    return json.loads((HERE / name).read_text())


tools = read("tools.json")
templates = {}
for file in sorted(HERE.glob("*.jinja")):
    for name, conversation in read("conversations.json").items():
        variables = {"messages": conversation["messages"], "add_generation_prompt": True, "bos_token": "<s>",
                     "eos_token": "</s>"}
        if "tools" in conversation:
            variables["tools"] = [{"type": "function", "function": tools[tool]} for tool in conversation["tools"]]
        templates.setdefault(file.stem, {})[name] = render(file.read_text(), variables)
snippets = read("snippets.json")
expected = [{"template": template} | render(template, snippets["variables"]) for template in snippets["templates"]]
(HERE / "expected.json").write_text(json.dumps({"templates": templates, "snippets": expected}, ensure_ascii=False,
                                               indent=1) + "\n")
