"""Jinja, as templates are promised it, and a quicker one that gives the same where it gives anything.

`plain` is Jinja itself: strict about undefined names, with autoescape, `trim_blocks` and `lstrip_blocks`. `quick` runs
the same templates with some of Jinja's longer ways left out (jinja.palletsprojects.com/en/3.1.x/api/: its
`code_generator_class` and `context_class` are there to be replaced):

- `x.name` is Python's attribute. Jinja would also look for an item of that name, and for what is undefined.
- What is printed is escaped without being wrapped as `Markup`, which only adds to what is joined at once.
- A macro called with just the arguments that it names, and any function, is called as it is. Jinja would first look
  for keywords, defaults, a caller, and whether the context is wanted, which nothing in reach of our templates wants.
- A template or a block yields its whole text. Jinja would yield every piece through all blocks that it is nested in.
- What is printed of the site alone is made once, not for each page: a run of statements that name nothing else than
  what is the same on all pages, where these names mean just that.
- A `LongText` that is printed is set aside, and a mark stands for it until the page is in UTF-8 too: bytes are escaped
  and joined much faster than wide characters, which one quotation mark makes of a whole text.

A template that needs more raises an exception. It says nothing about the template: `plain` decides what that means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from functools import cached_property, partial
from itertools import groupby
from keyword import iskeyword
from operator import itemgetter
from threading import local
from types import CodeType, FunctionType
from typing import Any, Never

import markupsafe
from jinja2 import BytecodeCache, Environment, FunctionLoader, StrictUndefined, nodes, runtime
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from jinja2.tests import test_sequence, test_string
from markupsafe import Markup

Sources = Callable[[str], tuple[str, str] | None]
"""From a template's name to its text and the path of its file; None where there is none."""


SETTINGS: dict[str, Any] = {
    "autoescape": True,
    "undefined": StrictUndefined,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "optimized": False,  # folding constants would take longer than the few that templates have
}
"""What is promised in themes/CONTRACT.md, and what decides how templates are compiled."""

SAME_ON_ALL_PAGES = frozenset({"site", "option", "asset"})
"""The global names whose values never change, and which, called, give the same for the same."""


def plain(find: Sources, names: Mapping[str, object]) -> _Plain:
    """Jinja with our settings, and these global names beside its own."""
    return _settled(_Plain, find, names, None)


def quick(find: Sources, names: Mapping[str, object], code: BytecodeCache | None = None) -> _Plain:
    """As `plain`, less what the module's docstring says. What `code` holds is not compiled again."""
    environment = _settled(_Quick, find, names, code)
    environment.tests.update(string=_refusing(test_string), sequence=_refusing(test_sequence))
    return environment


def _settled(kind: type[_Plain], find: Sources, names: Mapping[str, object], code: BytecodeCache | None) -> _Plain:
    def load(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        found = find(name)
        return (*found, lambda: True) if found else None

    environment = kind(
        loader=FunctionLoader(load),
        **SETTINGS,
        auto_reload=False,
        cache_size=-1,
        bytecode_cache=code,
    )
    environment.globals.update(names)
    return environment


class Attributes(dict[str, str]):
    """A dictionary whose items are attributes too, as in Jinja: what dictionaries have anyway goes first."""

    def __getattr__(self, name: str) -> str:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


def rendered(environment: Environment, name: str, page: object) -> tuple[bytes, bytes]:
    """A page in UTF-8, and the same with marks for the texts that were set aside."""
    _aside.texts, _aside.depth = [], 0
    shell = rest = environment.get_template(name).render(page=page).encode()
    pieces: list[bytes] = []
    for text in _aside.texts:
        before, mark, rest = rest.partition(_MARK)
        pieces += before, text
        if not mark:
            raise LongTextError
    if _MARK in rest:  # the template has one of its own, and nobody can tell which
        raise LongTextError
    return b"".join([*pieces, rest]), shell


class _Plain(Environment):
    parsed: Callable[[str, nodes.Template], object] | None = None
    """Told each text that is parsed, with its syntax."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        syntax = super()._parse(source, name, filename)
        if self.parsed is not None:
            self.parsed(source, syntax)
        return syntax

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The same for all templates: none here is given any of its own.

        Jinja lays a `ChainMap` over them, which is walked in Python whenever a template imports another.
        """
        return self.globals if d is None else super().make_globals(d)


class _Aside(local):
    """The long texts that a page has printed, in order, in UTF-8; `_MARK` stands for each in what is joined.

    A text that is taken for a value (by a filter, by a variable, by whoever calls a macro for more than to print it)
    has no marks in it: while one is made, `depth` is not 0.
    """

    def __init__(self) -> None:
        self.texts: list[bytes] = []
        self.depth = 0


_aside = _Aside()
_MARK = b"\0"
"""No text of a page holds it (`words.scrub`)."""


class LongTextError(Exception):
    """A template wants more of a long text than `LongText` gives."""


def _refuse(*_: object) -> Never:
    raise LongTextError


class LongText:
    """A long text, in UTF-8, that templates print and ask whether it is empty. All else with it raises an exception."""

    __slots__ = ("_utf8",)

    def __init__(self, utf8: bytes) -> None:
        self._utf8 = utf8

    def __bool__(self) -> bool:
        return bool(self._utf8)

    __str__ = __repr__ = __hash__ = __eq__ = __len__ = __iter__ = __getitem__ = _refuse

    def _printed(self) -> str:
        """A mark, or the text escaped where it cannot be set aside."""
        if _aside.depth:
            return escaped(self._utf8.decode())
        data = self._utf8
        for sign, reference in _REFERENCES:
            data = data.replace(sign, reference)
        _aside.texts.append(data)
        return _MARK.decode()


class LongMarkup(LongText):
    """As `LongText`, of `Markup`."""

    __slots__ = ()
    __html__ = _refuse

    def _printed(self) -> str:
        if _aside.depth:
            return self._utf8.decode()
        _aside.texts.append(self._utf8)
        return _MARK.decode()


def _refusing(test: Callable[[object], bool]) -> Callable[[object], bool]:
    """A test of Jinja's that would take a refusal for an answer."""

    def refusing(value: object) -> bool:
        if isinstance(value, LongText):
            raise LongTextError
        return test(value)

    return refusing


_REFERENCES = tuple([(sign.encode(), str(markupsafe.escape(sign)).encode()) for sign in "&<>'\""])
"""What `markupsafe.escape` makes of signs, `&` first."""


class Macro(runtime.Macro):
    """A macro whose function can be had, where that is all that there is to it.

    It is named as Jinja's own, for a template can print it.
    """

    def __init__(
        self,
        environment: Environment,
        func: Callable[..., str],
        name: str,
        arguments: list[str],
        catch_kwargs: bool,
        catch_varargs: bool,
        caller: bool,
        default_autoescape: bool | None = None,
    ) -> None:
        super().__init__(environment, func, name, arguments, catch_kwargs, catch_varargs, caller, default_autoescape)
        self.function: Callable[..., str] = func
        takes = -1 if catch_kwargs or catch_varargs else len(arguments)
        self.takes = -1 if caller else takes
        self.takes_around = takes if caller else -1
        """Beside the caller."""


class _Context(Context):
    def call(self, called: Callable[..., object], /, *args: object, **kwargs: object) -> object:
        """What a call gives: of a macro its text, `Markup` where the context escapes."""
        if type(called) is FunctionType:
            return called(*args, **kwargs)
        _aside.depth += 1
        if type(called) is Macro and called.takes == len(args) and not kwargs and self.eval_ctx.autoescape:
            given: object = Markup(called.function(*args))  # noqa: S704 -- a template's text, what stands in it escaped
        else:
            given = super().call(called, *args, **kwargs)
        _aside.depth -= 1
        return given

    def printed(self, called: Callable[..., object], /, *args: object, **kwargs: object) -> str:
        """The HTML that a call prints where the template escapes."""
        if type(called) is Macro and called.takes == len(args) and not kwargs and self.eval_ctx.autoescape:
            return called.function(*args)
        return html_of(self.call(called, *args, **kwargs))

    def around(
        self, called: Callable[..., object], /, *args: object, caller: runtime.Macro, **kwargs: object
    ) -> object:
        """What a `call` block prints."""
        if type(called) is Macro and called.takes_around == len(args) and not kwargs and self.eval_ctx.autoescape:
            return called.function(*args, caller)
        return self.call(called, *args, caller=caller, **kwargs)

    def once(self, part: tuple[str, int], made: Callable[[], str], /, **named: object) -> str:
        """The text of a part of a template that names nothing else than `named`.

        It is kept where these are what they are on all pages, not what a template calls so.
        """
        if not self.eval_ctx.autoescape:
            return made()
        names = self.environment.globals
        for name, value in named.items():
            if value is not names.get(name):
                return made()
        known: dict[tuple[str, int], str] = self.environment.made_once  # type: ignore[attr-defined]
        if part not in known:
            known[part] = made()
        return known[part]


escaped: Callable[[str], str] = getattr(markupsafe, "_escape_inner", markupsafe.escape)
"""A text in HTML: the C function within `markupsafe.escape` where this version has one."""


def html_of(value: object) -> str:
    """A value in HTML: what `markupsafe.escape` makes of it, in characters."""
    if type(value) is str:
        return escaped(value)
    if type(value) is Markup:
        return value
    if type(value) is int:
        return str(value)  # digits and a sign
    if isinstance(value, LongText):
        return value._printed()  # noqa: SLF001 -- a name that templates cannot well have
    return markupsafe.escape(value)


class _Generator(CodeGenerator):
    """Writes a template as Python. Methods and their order are Jinja's; what is left to it is not here."""

    _printed: nodes.Node | None = None
    """The call that is being printed, and nothing else done with it."""
    _page: str | None = None
    """The buffer of the function that is being written, where it is a whole template or a block."""
    _parts = 0
    """How many parts of this template are made once."""

    def write_commons(self) -> None:
        super().write_commons()
        self.writeline("escaped, escape, partial = environment.escaped, environment.html_of, environment.partial")
        self.writeline("Macro = environment.macro_class")

    def blockvisit(self, nodes: Iterable[nodes.Node], frame: Frame) -> None:
        if frame.buffer is not None:
            super().blockvisit(nodes, frame)
            return
        # A whole template or a block. Jinja would let it yield every piece through all that it is nested in.
        self.buffer(frame)
        self._page = frame.buffer
        self._visit_parts(nodes, frame)
        self._flush()
        self._page = None

    def _flush(self) -> None:
        self.writeline(f"if {self._page}: yield concat({self._page})")

    def macro_body(self, node: nodes.Macro | nodes.CallBlock, frame: Frame) -> tuple[Frame, MacroRef]:
        page, self._page = self._page, None
        made = super().macro_body(node, frame)
        self._page = page
        return made

    def visit_Include(self, node: nodes.Include, frame: Frame) -> None:  # noqa: N802 -- Jinja's name
        if not node.with_context and self._page is not None:  # Jinja yields it past all buffers
            self._flush()
            self.writeline(f"{self._page}.clear()")
        super().visit_Include(node, frame)

    def _visit_parts(self, body: Iterable[nodes.Node], frame: Frame) -> None:
        """Statements, of which those that are the same on all pages are made once."""
        if frame.require_output_check or self.name is None:
            super().blockvisit(body, frame)
            return
        for is_kept, part in _parts(body):
            if is_kept:
                self._visit_once(part, frame)
            else:
                super().blockvisit(part, frame)

    def _visit_once(self, part: list[nodes.Node], frame: Frame) -> None:
        function = self.temporary_identifier()
        self.writeline(f"def {function}():")
        self.indent()
        inner = frame.copy()
        self.buffer(inner)
        super().blockvisit(part, inner)
        self.writeline(f"return concat({inner.buffer})")
        self.outdent()
        self._parts += 1
        given = [f"{name}={frame.symbols.find_ref(name) or f'resolve({name!r})'}" for name in _named(part)]
        self.writeline(
            f"{frame.buffer}.append(context.once({(self.name, self._parts)!r}, {', '.join([function, *given])}))"
        )

    def visit_AssignBlock(self, node: nodes.AssignBlock, frame: Frame) -> None:  # noqa: N802
        self._visit_value(super().visit_AssignBlock, node, frame)

    def visit_FilterBlock(self, node: nodes.FilterBlock, frame: Frame) -> None:  # noqa: N802
        self._visit_value(super().visit_FilterBlock, node, frame)

    def visit_Import(self, node: nodes.Import, frame: Frame) -> None:  # noqa: N802
        self._visit_value(super().visit_Import, node, frame)

    def _visit_value(self, visit: Callable[[Any, Frame], None], node: nodes.Node, frame: Frame) -> None:
        """What makes a value of what is printed in it, so that nothing may be set aside."""
        self.writeline("environment.aside.depth += 1")
        visit(node, frame)
        self.writeline("environment.aside.depth -= 1")

    def visit_FromImport(self, node: nodes.FromImport, frame: Frame) -> None:  # noqa: N802
        if node.with_context or not frame.toplevel:
            self._visit_value(super().visit_FromImport, node, frame)
            return
        self.writeline("included_template = ", node)
        self._import_common(node, frame)
        for imported in node.names:
            name, alias = imported if isinstance(imported, tuple) else (imported, imported)
            self.writeline(
                f"context.vars[{alias!r}] = {frame.symbols.ref(alias)} = getattr(included_template, {name!r})"
            )
            self.writeline(f"context.exported_vars.discard({alias!r})")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        # Python brings a name that is not ASCII into its normal form, which is another attribute; and the blocks of
        # `self` are its items.
        of_self = isinstance(node.node, nodes.Name) and node.node.name == "self"
        if iskeyword(node.attr) or not node.attr.isascii() or node.attr.startswith("_") or of_self:
            super().visit_Getattr(node, frame)
            return
        self._visit_used(node.node, frame)
        self.write(f".{node.attr}")

    def _visit_used(self, node: nodes.Expr, frame: Frame) -> None:
        """What has an attribute or is called. A name that nothing has is then an error without being looked at."""
        if isinstance(node, nodes.Name):
            self.write(frame.symbols.ref(node.name))
        elif isinstance(node, nodes.Getattr):
            self.visit(node, frame)
        else:
            self.write("(")
            self.visit(node, frame)
            self.write(")")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        if forward_caller:
            self.write("context.around(")
            self._visit_used(node.node, frame)
            self.signature(node, frame, {"caller": "caller"})
            self.write(")")
            return
        if node is self._printed and not (node.kwargs or node.dyn_args or node.dyn_kwargs):
            self._visit_printed(node, frame)
            return
        self.write("context.printed(" if node is self._printed else "context.call(")
        self._visit_used(node.node, frame)
        self.signature(node, frame)
        self.write(")")

    def _visit_printed(self, node: nodes.Call, frame: Frame) -> None:
        """As `_Context.printed`, which is not called for a macro called with just the arguments that it names."""
        self.write("(it.function if type(it := ")
        self._visit_used(node.node, frame)
        is_enough = f"it.takes == {len(node.args)} and context.eval_ctx.autoescape"
        self.write(f") is Macro and {is_enough} else partial(context.printed, it))(")
        for argument in node.args:
            self.visit(argument, frame)
            self.write(", ")
        self.write(")")

    def _import_common(self, node: nodes.Import | nodes.FromImport, frame: Frame) -> None:
        if node.with_context:
            super()._import_common(node, frame)
            return
        self.write("environment.imported(")
        self.visit(node.template, frame)
        self.write(")")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        escapes = frame.eval_ctx.autoescape and not frame.eval_ctx.volatile
        if isinstance(node, nodes.Call) and escapes:
            self._printed = node
        elif escapes:  # as `html_of`, without a call of a function in Python
            self.write("escaped(it) if type(it := ")
        else:
            super()._output_child_pre(node, frame, finalize)

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if node is self._printed:
            return
        escapes = frame.eval_ctx.autoescape and not frame.eval_ctx.volatile
        if escapes:
            self.write(") is str else escape(it)")
        else:
            super()._output_child_post(node, frame, finalize)


def _parts(body: Iterable[nodes.Node]) -> Iterator[tuple[bool, list[nodes.Node]]]:
    """Statements in their order, as runs of which each is the same on all pages, and worth keeping, or not."""
    pieces = [piece for node in body for piece in _pieces(node)]
    runs = [(is_same, list(run)) for is_same, run in groupby(pieces, lambda piece: _is_same(piece, SAME_ON_ALL_PAGES))]
    kept = ((is_same and sum(map(_weight, run)) >= _WORTH_KEEPING, run) for is_same, run in runs)
    for is_kept, group in groupby(kept, itemgetter(0)):
        yield is_kept, list(_merged(piece for _, run in group for piece in run))


def _pieces(node: nodes.Node) -> list[nodes.Node]:
    """What is printed together piece by piece; any other statement as it is."""
    if not isinstance(node, nodes.Output):
        return [node]
    return [nodes.Output([child], lineno=child.lineno) for child in node.nodes]


def _merged(pieces: Iterable[nodes.Node]) -> Iterator[nodes.Node]:
    """The other way round."""
    for kind, group in groupby(pieces, type):
        if kind is nodes.Output:
            children = [child for piece in group for child in piece.iter_child_nodes()]
            yield nodes.Output(children, lineno=children[0].lineno)
        else:
            yield from group


def _is_same(node: nodes.Node, names: frozenset[str]) -> bool:
    """Whether a statement or expression gives the same wherever these names mean the same."""
    if isinstance(node, nodes.Name):
        return node.name in names
    if isinstance(node, nodes.Call):
        return isinstance(node.node, nodes.Name) and node.node.name in SAME_ON_ALL_PAGES and _are_same(node, names)
    if isinstance(node, nodes.For):
        bound = {name.name for name in (node.target, *node.target.find_all(nodes.Name)) if isinstance(name, nodes.Name)}
        return not bound & SAME_ON_ALL_PAGES and _are_same(node, names | bound | {"loop"})
    return isinstance(node, _SIMPLE) and _are_same(node, names)


def _are_same(node: nodes.Node, names: frozenset[str]) -> bool:
    return all(_is_same(child, names) for child in node.iter_child_nodes())


def _named(part: list[nodes.Node]) -> list[str]:
    """The names on which a part depends."""
    return sorted({name.name for node in part for name in node.find_all(nodes.Name)} & SAME_ON_ALL_PAGES)


def _weight(node: nodes.Node) -> int:
    """How many values are looked up."""
    return sum(1 for _ in node.find_all((nodes.Getattr, nodes.Call)))


_SIMPLE = (
    *(nodes.Output, nodes.TemplateData, nodes.If, nodes.Const, nodes.Tuple, nodes.Getattr, nodes.Keyword),
    *(nodes.And, nodes.Or, nodes.Not, nodes.Compare, nodes.Operand, nodes.CondExpr, nodes.Concat),
)
"""What gives the same for the same parts. Not so are calls, and filters that look at the page or take what comes."""

_WORTH_KEEPING = 4
"""Fewer values are looked up as quickly as what was made of them."""


class _Quick(_Plain):
    code_generator_class = _Generator
    context_class = _Context
    macro_class = Macro
    html_of = staticmethod(html_of)
    escaped = staticmethod(escaped)
    partial = partial
    aside = _aside

    @cached_property
    def made_once(self) -> dict[tuple[str, int], str]:
        """Parts of templates that are the same on all pages: by template and number, their text."""
        return {}

    @cached_property
    def _imported(self) -> dict[str, TemplateModule]:
        return {}

    def imported(self, name: str) -> TemplateModule:
        """A template's macros and variables, the same for all that import it without their context."""
        if name not in self._imported:
            self._imported[name] = self.get_template(name).module
        return self._imported[name]


def _made_of(code: CodeType) -> list[object]:
    """What a function does, without the addresses of those within it."""
    return [
        _made_of(part) if isinstance(part, CodeType) else part
        for part in (code.co_code, code.co_names, *code.co_consts)
    ]


_FUNCTIONS = (it for it in (*globals().values(), *vars(_Generator).values()) if isinstance(it, FunctionType))
WRITER = [_made_of(it.__code__) for it in _FUNCTIONS if it.__module__ == __name__]
"""The generator itself, to tell what it wrote from what another one did."""
