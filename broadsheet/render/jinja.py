"""Jinja, as templates are promised it, and a quicker one that gives the same where it gives anything.

`plain` is Jinja itself: strict about undefined names, with autoescape, `trim_blocks` and `lstrip_blocks`. `quick` runs
the same templates with three of Jinja's longer ways left out (jinja.palletsprojects.com/en/3.1.x/api/: its
`code_generator_class` and `context_class` are there to be replaced):

- `x.name` is Python's attribute. Jinja would also look for an item of that name, and for what is undefined.
- What is printed is escaped without being wrapped as `Markup`, which only adds to what is joined at once.
- A macro called with just the arguments that it names, and any function, is called as it is. Jinja would first look
  for keywords, defaults, a caller, and whether the context is wanted, which nothing in reach of our templates wants.

A template that needs more raises an exception. It says nothing about the template: `plain` decides what that means.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from functools import cached_property
from keyword import iskeyword
from types import FunctionType
from typing import Any

import markupsafe
from jinja2 import BytecodeCache, Environment, FunctionLoader, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro
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


def plain(find: Sources, names: Mapping[str, object]) -> _Plain:
    """Jinja with our settings, and these global names beside its own."""
    return _settled(_Plain, find, names, None)


def quick(find: Sources, names: Mapping[str, object], code: BytecodeCache | None = None) -> _Plain:
    """As `plain`, less what the module's docstring says. What `code` holds is not compiled again."""
    return _settled(_Quick, find, names, code)


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


class _Macro(Macro):
    """A macro whose function can be had, where that is all that there is to it."""

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
        self.takes = -1 if catch_kwargs or catch_varargs or caller else len(arguments)


class _Context(Context):
    def call(self, called: Callable[..., object], /, *args: object, **kwargs: object) -> object:
        """What a call gives: of a macro its text, `Markup` where the context escapes."""
        if type(called) is FunctionType:
            return called(*args, **kwargs)
        if type(called) is _Macro and called.takes == len(args) and not kwargs and self.eval_ctx.autoescape:
            return Markup(called.function(*args))  # noqa: S704 -- a template's text, what stands in it escaped
        return super().call(called, *args, **kwargs)

    def printed(self, called: Callable[..., object], /, *args: object, **kwargs: object) -> str:
        """The HTML that a call prints where the template escapes."""
        if type(called) is _Macro and called.takes == len(args) and not kwargs and self.eval_ctx.autoescape:
            return called.function(*args)
        return html_of(self.call(called, *args, **kwargs))


_escaped: Callable[[str], str] = getattr(markupsafe, "_escape_inner", markupsafe.escape)
"""The C function within `markupsafe.escape` where this version has one."""


def html_of(value: object) -> str:
    """A value in HTML: what `markupsafe.escape` makes of it, in characters."""
    if type(value) is str:
        return _escaped(value)
    return value if type(value) is Markup else markupsafe.escape(value)


class _Generator(CodeGenerator):
    """Writes a template as Python. Methods and their order are Jinja's; what is left to it is not here."""

    _printed: nodes.Node | None = None
    """The call that is being printed, and nothing else done with it."""

    def write_commons(self) -> None:
        super().write_commons()
        self.writeline("escape = environment.html_of")
        self.writeline("Macro = environment.macro_class")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 -- Jinja's name
        # Python brings a name that is not ASCII into its normal form, which is another attribute; and the blocks of
        # `self` are its items.
        of_self = isinstance(node.node, nodes.Name) and node.node.name == "self"
        if iskeyword(node.attr) or not node.attr.isascii() or of_self:
            super().visit_Getattr(node, frame)
            return
        self.write("(")
        self.visit(node.node, frame)
        self.write(f").{node.attr}")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        if forward_caller:
            super().visit_Call(node, frame, forward_caller=True)
            return
        self.write("context.printed(" if node is self._printed else "context.call(")
        self.visit(node.node, frame)
        self.signature(node, frame)
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
        else:
            super()._output_child_pre(node, frame, finalize)

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if node is not self._printed:
            super()._output_child_post(node, frame, finalize)


class _Quick(_Plain):
    code_generator_class = _Generator
    context_class = _Context
    macro_class = _Macro
    html_of = staticmethod(html_of)

    @cached_property
    def _imported(self) -> dict[str, TemplateModule]:
        return {}

    def imported(self, name: str) -> TemplateModule:
        """A template's macros and variables, the same for all that import it without their context."""
        if name not in self._imported:
            self._imported[name] = self.get_template(name).module
        return self._imported[name]


WRITER = [
    (method.__code__.co_code, method.__code__.co_consts, method.__code__.co_names)
    for method in vars(_Generator).values()
    if isinstance(method, FunctionType)
]
"""The generator itself, to tell what it wrote from what another one did."""
