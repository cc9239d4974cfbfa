"""Jinja for templates that somebody else wrote: no way out of the sandbox, an end to the work and to the text, nothing undefined.

Jinja's own sandbox bars Python's inner attributes and nothing else: `9**(9**9)`, `x ~ x` in a loop, or loops inside loops would keep the
service busy for ever or fill the machine. So what a template says, loops over and joins is counted, and a short list says what it may use.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from time import thread_time
from types import GeneratorType
from typing import Any, Final

from jinja2 import BaseLoader, StrictUndefined, nodes, pass_context
from jinja2.exceptions import SecurityError, TemplateSyntaxError
from jinja2.runtime import BlockReference, Context, LoopContext, Macro, Undefined
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import Namespace
from markupsafe import Markup

TEXT_LIMIT: Final = 10_000_000  # characters that the files of one mail may make in all; a mail of a thousand rows makes two million
STEP: Final = 50  # what one turn of a loop or one call costs besides its text, in characters
SECONDS: Final = 5.0  # of processor time for one mail
SOURCE_LIMIT: Final = 200_000  # characters of one file
VALUE_LIMIT: Final = 100_000  # characters or items that an operator may make
BITS_LIMIT: Final = 4096
RANGE_LIMIT: Final = 1000

# Linear in what they are given. Left out: what pads, repeats, replaces or formats, what shows Python's own view of a value, chance.
FILTERS: Final = re.findall(
    "[a-z]+",
    "abs capitalize count d default dictsort e escape first float forceescape groupby int items join last length list lower map max min"
    " reject rejectattr select selectattr sort string striptags sum title trim truncate unique upper urlencode wordcount",
)
METHODS: Final = re.findall(
    "[a-z]+",
    "capitalize casefold count endswith get index isdigit isoformat isoweekday items keys lower lstrip partition removeprefix removesuffix"
    " rpartition rsplit rstrip split startswith strip title upper values weekday",
)
_HOLDERS: Final = (str, dict, tuple, list)


class Budget:
    """What one mail may still cost."""

    def __init__(self) -> None:
        self.left = TEXT_LIMIT
        self.end = thread_time() + SECONDS

    def spend(self, cost: int) -> None:
        """Raises SecurityError when it is used up."""
        self.left -= cost
        if self.left < 0 or thread_time() > self.end:
            raise SecurityError("It says or does too much; see its loops.")


_budget: ContextVar[Budget | None] = ContextVar("budget", default=None)


@contextmanager
def bounded() -> Iterator[None]:
    """Everything that is rendered inside counts together. Without it nothing is counted (a template's constants when it is read)."""
    token = _budget.set(Budget())
    try:
        yield
    finally:
        _budget.reset(token)


class Sandbox(SandboxedEnvironment):
    """Templates that know `filters` and `known` (their globals) and the harmless part of Jinja's own."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(
        self, loader: BaseLoader, filters: Mapping[str, Callable[..., Any]], known: Mapping[str, Callable[..., Any]], *, autoescape: bool
    ) -> None:
        super().__init__(
            loader=loader,
            undefined=StrictUndefined,
            autoescape=autoescape,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            finalize=_counted,
        )
        self.filters = {name: _filter(one) for name, one in self.filters.items() if name in FILTERS}
        self.filters |= {name: _filter(one) for name, one in filters.items()}
        self.filters |= {"_spend": _spend, "_joined": _filter(_joined)}
        self.globals = {**known, "range": _range, "namespace": Namespace}
        self.known = frozenset(known.values())

    def is_safe_callable(self, obj: Any) -> bool:
        """Our own functions, the template's macros and blocks, and a few methods of plain values; each call counts."""
        _charge(STEP)
        if isinstance(obj, Macro | BlockReference) or obj is _range or obj is Namespace:
            return True
        if isinstance(obj, Undefined):
            return True  # calling it tells its name
        holder = getattr(obj, "__self__", None)
        if holder is None or isinstance(holder, type):
            return getattr(obj, "__hash__", None) is not None and obj in self.known
        name = getattr(obj, "__name__", "")
        if isinstance(holder, LoopContext):
            return name in ("cycle", "changed")
        return name in METHODS and (isinstance(holder, _HOLDERS) or hasattr(holder, "isoformat"))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Refuses what would make a value of any size."""
        sizes = [_bits(value) if isinstance(value, int) else _items(value) for value in (left, right)]
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        match operator:
            case "%":
                fits = numbers  # of a text it is formatting
            case "**":
                fits = numbers and (isinstance(right, float) or sizes[0] * abs(right) <= BITS_LIMIT)
            case "*" if not numbers:
                many = max(0, *(value for value in (left, right) if isinstance(value, int))) if _one_number(left, right) else VALUE_LIMIT
                fits = many * max(_items(left), _items(right)) <= VALUE_LIMIT
            case _:
                fits = sum(sizes) <= (BITS_LIMIT if numbers else VALUE_LIMIT)
        if not fits:
            raise SecurityError("It makes a value that is too large.")
        return super().call_binop(context, operator, left, right)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        if len(source) > SOURCE_LIMIT:
            raise TemplateSyntaxError("the file is too long", 1, name, filename)
        tree = super()._parse(source, name, filename)
        for loop in tree.find_all(nodes.For):
            if loop.recursive:  # its calls of itself would not be counted
                raise TemplateSyntaxError("a loop may not be recursive", loop.lineno, name, filename)
        _join_counted(tree)
        bodies: list[Any] = list(tree.find_all((nodes.For, nodes.Macro, nodes.CallBlock, nodes.Block)))
        for node in bodies:
            node.body.insert(0, _meter(node, node.lineno))
        tree.body.insert(0, _meter(tree, 1))
        return tree


def _meter(node: nodes.Node, line: int) -> nodes.Node:
    """What counts one turn of a body: it writes nothing."""
    cost = STEP + sum(len(part.data) for part in node.find_all(nodes.TemplateData))
    spent = nodes.Filter(nodes.Const(cost), "_spend", [], [], None, None)
    return nodes.Output([spent]).set_lineno(line)


def _join_counted(node: nodes.Node) -> None:
    """Makes each `a ~ b` of a tree a filter that counts before it joins."""
    for field, value in node.iter_fields():
        if isinstance(value, list):
            setattr(node, field, [_replaced(one) for one in value])
        elif isinstance(value, nodes.Node):
            setattr(node, field, _replaced(value))


def _replaced(value: Any) -> Any:
    if not isinstance(value, nodes.Node):
        return value
    _join_counted(value)
    if not isinstance(value, nodes.Concat):
        return value
    return nodes.Filter(nodes.List(value.nodes), "_joined", [], [], None, None).set_lineno(value.lineno)


def _joined(values: list[Any]) -> str:
    """As `~` joins: Markup escapes the others."""
    if any(hasattr(value, "__html__") for value in values):
        return Markup("").join(values)
    return "".join(map(str, values))


@pass_context  # so that it is not worked out when the template is read
def _spend(_context: Context, cost: Any) -> str:
    if type(cost) is not int or cost < STEP:
        raise SecurityError("It uses a name of the program's own.")
    _charge(cost)
    return ""


def _counted(value: Any) -> Any:
    """Of every value that is written."""
    _charge(_items(value) + 1)
    return value


def _filter(one: Callable[..., Any]) -> Callable[..., Any]:
    """The same filter, counted by what it is given, which stands for what it makes."""

    @wraps(one)
    def counted(*given: Any, **named: Any) -> Any:
        whole = [list(value) if isinstance(value, GeneratorType) else value for value in given]
        _charge(sum(_weight(value) for value in (*whole, *named.values())))
        return one(*whole, **named)

    return counted


def _charge(cost: int) -> None:
    budget = _budget.get()
    if budget is not None:
        budget.spend(cost)


def _weight(value: Any) -> int:
    """How much there is to read in a value: a text's length, of a list its items' too."""
    if isinstance(value, list | tuple):
        return sum(_items(one) + 1 for one in value)
    return _items(value) + 1


def _items(value: Any) -> int:
    return len(value) if isinstance(value, _HOLDERS) else _bits(value) // 3 if isinstance(value, int) else 1


def _bits(value: int) -> int:
    return value.bit_length() + 1


def _one_number(left: Any, right: Any) -> bool:
    return isinstance(left, int) is not isinstance(right, int)


def _range(*given: int) -> range:
    """Python's, of at most a thousand numbers."""
    found = range(*given)
    if len(found) > RANGE_LIMIT:
        raise SecurityError("Its range is too long.")
    return found
