"""How much work a text makes, counted in steps instead of timed: calls that Python makes, and moves of its patterns.

Python's own engine for patterns tells no steps, so a plain backtracking matcher walks the parsed pattern and counts.
It takes no shortcuts: it may count more than the real engine does, and grows wherever that grows.
"""

import importlib
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import language

# Python's parser of patterns; it has no public name and no types.
op: Any = importlib.import_module("re._constants")
parser: Any = importlib.import_module("re._parser")

Then = Callable[[int], bool]
Step = Callable[[int, Then], bool]


def calls(run: Callable[[], object]) -> int:
    """How many functions are called, ours and Python's own."""
    counted = 0

    def count(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        run()
    finally:
        sys.setprofile(None)
    return counted


def patterns() -> dict[str, re.Pattern[str]]:
    """Every pattern that stands in a module of `language/`, by the name it has there."""
    found: dict[str, re.Pattern[str]] = {}
    for module in pkgutil.walk_packages(language.__path__, "language."):
        for name, value in vars(importlib.import_module(module.name)).items():
            every = list(_within(value))
            for index, pattern in enumerate(every):
                found[f"{module.name}.{name}" + (f"[{index}]" if len(every) > 1 else "")] = pattern
    return found


def _within(value: Any) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
        return
    kinds: Any = value.values() if isinstance(value, dict) else value if isinstance(value, tuple | list) else ()
    for part in kinds:
        yield from _within(part)


def moves(pattern: re.Pattern[str], text: str) -> int:
    """Steps of looking for every place where a pattern fits."""
    walker = _walked(pattern, text)
    return walker.count


def finds(pattern: re.Pattern[str], text: str) -> list[int]:
    """Where what was found ends, to be compared with what Python finds."""
    return _walked(pattern, text).ends


def has_no_bound(pattern: re.Pattern[str]) -> bool:
    """Whether something in it may repeat for ever. A pattern without such cannot do more than so much at a place."""
    return _has_no_bound(parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE))


def _has_no_bound(items: Any) -> bool:
    for kind, argument in items:
        match kind:
            case op.MAX_REPEAT | op.MIN_REPEAT | op.POSSESSIVE_REPEAT:
                if argument[1] is op.MAXREPEAT or _has_no_bound(argument[2]):
                    return True
            case op.BRANCH:
                if any(map(_has_no_bound, argument[1])):
                    return True
            case op.SUBPATTERN:
                if _has_no_bound(argument[3]):
                    return True
            case op.ASSERT | op.ASSERT_NOT:
                if _has_no_bound(argument[1]):
                    return True
            case _:
                pass
    return False


def _walked(pattern: re.Pattern[str], text: str) -> "_Walker":
    walker = _Walker(text, bool(pattern.flags & re.MULTILINE), bool(pattern.flags & re.IGNORECASE))
    step = walker.sequence(parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE))
    at = 0
    while at <= len(text):
        if not step(at, walker.note):
            at += 1
            continue
        walker.ends.append(walker.end)
        at = walker.end if walker.end > at else at + 1
    return walker


class _Walker:
    """A backtracking matcher made of closures; `count` goes up with every item that is tried."""

    def __init__(self, text: str, is_multiline: bool, ignores_case: bool) -> None:
        self.text = text.lower() if ignores_case else text
        self.is_multiline = is_multiline
        self.count = 0
        self.end = -1
        self.ends: list[int] = []
        self.groups: dict[int, tuple[int, int]] = {}

    def note(self, at: int) -> bool:
        self.end = at
        return True

    def sequence(self, items: Any) -> Step:
        steps = [self.item(kind, argument) for kind, argument in items]

        def run(at: int, then: Then, index: int = 0) -> bool:
            if index == len(steps):
                return then(at)
            return steps[index](at, lambda after: run(after, then, index + 1))

        return run

    def item(self, kind: Any, argument: Any) -> Step:
        if kind in (op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN):
            return self._one(self._test(kind, argument))
        if kind is op.BRANCH:
            ways = [self.sequence(way) for way in argument[1]]
            return lambda at, then: any(way(at, then) for way in ways)
        if kind is op.SUBPATTERN:
            return self._group(argument[0], self.sequence(argument[3]))
        if kind is op.AT:
            return lambda at, then: self._at(argument, at) and then(at)
        if kind in (op.ASSERT, op.ASSERT_NOT):
            return self._look(argument, is_wanted=kind is op.ASSERT)
        if kind is op.GROUPREF:
            return lambda at, then: self._again(argument, at, then)
        if kind is op.ATOMIC_GROUP:
            return self._atomic(self.sequence(argument))
        least, most, inner = argument
        repeat = self._repeat(least, most, inner, is_greedy=kind is not op.MIN_REPEAT)
        return self._atomic(repeat) if kind is op.POSSESSIVE_REPEAT else repeat

    def _test(self, kind: Any, argument: Any) -> Callable[[str], bool]:
        if kind is op.LITERAL:
            return lambda letter: ord(letter) == argument
        if kind is op.NOT_LITERAL:
            return lambda letter: ord(letter) != argument
        if kind is op.ANY:
            return lambda letter: letter != "\n"
        body = [part for part in argument if part[0] is not op.NEGATE]
        is_negated = len(body) < len(argument)
        letters = {code for part, code in body if part is op.LITERAL}
        ranges = [code for part, code in body if part is op.RANGE]
        classes = [code for part, code in body if part is op.CATEGORY]

        def test(letter: str) -> bool:
            code = ord(letter)
            found = code in letters or any(low <= code <= high for low, high in ranges)
            return (found or any(_category(one, letter) for one in classes)) is not is_negated

        return test

    def _one(self, test: Callable[[str], bool]) -> Step:
        def run(at: int, then: Then) -> bool:
            self.count += 1
            return at < len(self.text) and test(self.text[at]) and then(at + 1)

        return run

    def _group(self, number: int | None, inner: Step) -> Step:
        if number is None:
            return inner

        def run(at: int, then: Then) -> bool:
            before = self.groups.get(number)

            def keep(after: int) -> bool:
                self.groups[number] = (at, after)
                return then(after)

            if inner(at, keep):
                return True
            if before is not None:
                self.groups[number] = before
            return False

        return run

    def _at(self, where: Any, at: int) -> bool:
        self.count += 1
        text = self.text
        if where in (op.AT_BEGINNING, op.AT_BEGINNING_STRING):
            return at == 0 or (self.is_multiline and where is op.AT_BEGINNING and text[at - 1] == "\n")
        if where in (op.AT_END, op.AT_END_STRING):
            is_last = at == len(text) - 1 and text[at] == "\n" and where is op.AT_END
            return at == len(text) or is_last or (self.is_multiline and text[at] == "\n")
        before = at > 0 and _category(op.CATEGORY_WORD, text[at - 1])
        after = at < len(text) and _category(op.CATEGORY_WORD, text[at])
        return (before is not after) is (where is op.AT_BOUNDARY)

    def _look(self, argument: Any, *, is_wanted: bool) -> Step:
        direction, items = argument
        inner = self.sequence(items)
        width = items.getwidth()[0] if direction < 0 else 0

        def run(at: int, then: Then) -> bool:
            self.count += 1
            found = at - width >= 0 and inner(at - width, lambda _: True)
            return found is is_wanted and then(at)

        return run

    def _again(self, number: int, at: int, then: Then) -> bool:
        start, end = self.groups.get(number, (0, -1))
        self.count += max(1, end - start)
        return end >= start and self.text.startswith(self.text[start:end], at) and then(at + end - start)

    def _atomic(self, inner: Step) -> Step:
        def run(at: int, then: Then) -> bool:
            ends: list[int] = []
            return inner(at, lambda after: ends.append(after) is None) and then(ends[0])

        return run

    def _repeat(self, least: Any, most: Any, inner: Any, *, is_greedy: bool) -> Step:
        highest = len(self.text) + 1 if most is op.MAXREPEAT else int(most)
        if len(inner) == 1 and inner[0][0] in (op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN):
            return self._run_of(self._test(*inner[0]), int(least), highest, is_greedy=is_greedy)
        step = self.sequence(inner)

        def run(at: int, then: Then, done: int = 0, before: int = -1) -> bool:
            def once_more() -> bool:
                is_stuck = at == before and done >= least
                return done < highest and not is_stuck and step(at, lambda after: run(after, then, done + 1, at))

            if done < least:
                return once_more()
            return once_more() or then(at) if is_greedy else then(at) or once_more()

        return run

    def _run_of(self, test: Callable[[str], bool], least: int, most: int, *, is_greedy: bool) -> Step:
        def run(at: int, then: Then) -> bool:
            end = at
            if is_greedy:
                while end < len(self.text) and end - at < most and test(self.text[end]):
                    end += 1
                self.count += end - at + 1
                return any(self._tried(then, stop) for stop in range(end, at + least - 1, -1))
            while True:
                if end - at >= least and self._tried(then, end):
                    return True
                self.count += 1
                if end - at >= most or end >= len(self.text) or not test(self.text[end]):
                    return False
                end += 1

        return run

    def _tried(self, then: Then, at: int) -> bool:
        self.count += 1
        return then(at)


def _category(kind: Any, letter: str) -> bool:
    name = str(kind).removeprefix("CATEGORY_").removeprefix("UNI_")
    is_not = name.startswith("NOT_")
    match name.removeprefix("NOT_"):
        case "DIGIT":
            found = letter.isdecimal()
        case "SPACE":
            found = letter.isspace()
        case _:
            found = letter.isalnum() or letter == "_"
    return found is not is_not
