"""YAML by its core schema (1.2), each value with its line: a list of mappings, as record files are, or one mapping."""

import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from ruamel.yaml.reader import ReaderError

from ledger.reading.faults import Fault, Misfit, RecordFaults, shown, whole
from ledger.reading.written import DEEPEST, TOO_DEEP, Steps, Written, path

_TAGS = "tag:yaml.org,2002:"
_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WHOLE = re.compile(r"[-+]?[0-9]+")
_NUMBER = re.compile(
    r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)|0o[0-7]+|0x[0-9a-fA-F]+"
)


def written(file: str, lines: Iterator[str]) -> Iterator[Written | Fault]:
    """The facts of a file as they are written. Raises RecordFaults where the text is no YAML any more."""
    events = _events(file, "".join(lines))
    next(events)  # the stream begins
    if isinstance(next(events), StreamEndEvent):
        return
    root = next(events)
    if not isinstance(root, SequenceStartEvent):
        value = _Item(file, root).value(events, root)
        if value is not None:
            yield Fault(file, _line(root), "", shown(value), "a list of facts, each after a hyphen: `- event: …`")
        return
    while not isinstance(event := next(events), SequenceEndEvent):
        yield _Item(file, event).fact(events, event)
    yield from _second_document(file, events, "one list of facts a file")


def written_alone(file: str, lines: Iterator[str]) -> Written | None:
    """The mapping that a file consists of; None where it is no mapping. Raises RecordFaults as `written` does."""
    events = _events(file, "".join(lines))
    next(events)  # the stream begins
    if isinstance(next(events), StreamEndEvent) or not isinstance(root := next(events), MappingStartEvent):
        return None
    item = _Item(file, root)
    data = item.mapping(events, ())
    faults = (*item.faults, *_second_document(file, events, "one mapping a file"))
    return Written(file, _line(root), data, item.lines, faults)


def _second_document(file: str, events: Iterator[Event], allowed: str) -> Iterator[Fault]:
    """What stands behind the end of the document, if anything does."""
    next(events)  # the document ends
    if not isinstance(event := next(events), StreamEndEvent):
        yield Fault(file, _line(event), "", "a second document", allowed)


def _events(file: str, text: str) -> Iterator[Event]:
    line = 1
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            line = _line(event)
            yield event
    except YAMLError as error:
        raise RecordFaults([_not_yaml(file, text, error)]) from None
    except (ValueError, OverflowError):  # ruamel lets these of chr() through
        raise RecordFaults([Fault(file, line, "", "an escape that stands for no character", "one that does")]) from None


class _Item:
    """One item of the list, built from the parser's events: its data, the lines of its values, its faults."""

    def __init__(self, file: str, event: Event) -> None:
        self.file = file
        self.lines: dict[Steps, int] = {(): _line(event)}
        self.faults: list[Fault] = []

    def fact(self, events: Iterator[Event], event: Event) -> Written | Fault:
        data = self.value(events, event)
        if isinstance(data, dict):
            return Written(self.file, _line(event), data, self.lines, tuple(self.faults))
        self.refuse(event, (), shown(data), "a mapping that names its `event`")
        return self.faults[0]

    def value(self, events: Iterator[Event], event: Event, steps: Steps = ()) -> Any:
        self.lines.setdefault(steps, _line(event))
        if len(steps) > DEEPEST:
            raise RecordFaults([Fault(self.file, _line(event), "", *TOO_DEEP)])
        tag = getattr(event, "tag", None)
        if tag is not None:
            self.refuse(event, steps, f"the tag {tag.replace(_TAGS, '!!')}", "a value without a tag")
        match event:
            case MappingStartEvent():
                return self.mapping(events, steps)
            case SequenceStartEvent():
                items: list[Any] = []
                while not isinstance(each := next(events), SequenceEndEvent):
                    items.append(self.value(events, each, (*steps, len(items))))
                return items
            case ScalarEvent():
                return _scalar(event.value) if event.implicit[0] else event.value
            case _:
                self.refuse(event, steps, "a reference to another value", "the value itself, written out")
                return None

    def mapping(self, events: Iterator[Event], steps: Steps) -> dict[str, Any]:
        data: dict[str, Any] = {}
        while not isinstance(key := next(events), MappingEndEvent):
            if not isinstance(key, ScalarEvent):
                found = shown(self.value(events, key, (*steps, "?")))
                self.refuse(key, steps, f"{found} as the name of a field", "a word")
                self.value(events, next(events), (*steps, "?"))
                continue
            name = str(key.value)
            here = (*steps, name)
            first = self.lines.setdefault(here, _line(key))
            if name in data:
                self.refuse(key, here, f"a second `{name}` (the first is on line {first})", "each field once")
            data.setdefault(name, self.value(events, next(events), here))
        return data

    def refuse(self, event: Event, steps: Steps, found: str, allowed: str) -> None:
        self.faults.append(Fault(self.file, _line(event), path(steps), found, allowed))


def _line(event: Event) -> int:
    line: int = event.start_mark.line
    return line + 1


def _scalar(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return whole(text)
    return Misfit(text) if _NUMBER.fullmatch(text) else text


def _not_yaml(file: str, text: str, error: YAMLError) -> Fault:
    if isinstance(error, ReaderError):
        line = text.count("\n", 0, error.position) + 1
        return Fault(
            file, line, "", f"the control character U+{error.character:04X}", "text without control characters"
        )
    assert isinstance(error, MarkedYAMLError)
    mark = error.problem_mark
    line = mark.line + 1
    if not text[mark.index :].strip():
        began = error.context_mark.line + 1 if error.context_mark else line
        found = f"the end of the file within what begins on line {began}"
        return Fault(file, line, "", found, "a file that is whole, with every quotation mark and bracket closed")
    if text[mark.index] == "\t":
        return Fault(file, line, "", "a tab", "spaces")
    return Fault(
        file,
        line,
        "",
        f"what is no YAML ({error.problem})",
        "a list of facts in YAML, the fields of each indented alike, text with special characters in quotation marks",
    )
