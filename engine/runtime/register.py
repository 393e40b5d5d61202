"""The registers in which listed functions are entered, one decorator per kind.

Promise: a listed function is called with arguments its annotations allow and with nothing else;
what torch raises inside it leaves as `Refused`. Entering a name twice is an error. Must not
know any particular function.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, TypeVar, get_args, get_origin, get_type_hints

import torch
from torch import nn

from engine import limits
from engine.documentation import joined
from engine.library import Function, Group, Library, Site
from engine.refusal import Refused
from engine.runtime.arguments import Check
from engine.runtime.layer import Layer
from engine.runtime.torch_errors import translated
from engine.values import DtypeValue

_CUT: Final = "…"
_UNNAMED: Final = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.VAR_POSITIONAL,
                   inspect.Parameter.VAR_KEYWORD)  # fmt: skip
_Args = tuple[object, ...]
_Kwargs = Mapping[str, object]
F = TypeVar("F", bound=Callable[..., object])
_TORCH: Final = (ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError,
                 NotImplementedError, RuntimeError, TypeError, ValueError)  # fmt: skip


@dataclass
class Register:
    """The functions of one subject, in the order in which they were entered."""

    functions: dict[str, Function] = field(default_factory=dict)

    def function(
        self,
        group: Group = Group.FUNCTION,
        *,
        name: str | None = None,
        also: tuple[str, ...] = (),
        method: bool = True,
        sited: bool = False,
    ) -> Callable[[F], F]:
        """Enter a function under its own name (or `name`) and under the names in `also`."""

        def enter(function: F) -> F:
            call = guarded(function, name or function.__name__)
            for listed in (name or function.__name__, *also):
                self._enter(
                    Function(listed, call, group, _doc(function), sited=sited, method=method)
                )
            return function

        return enter

    def lazy(self, group: Group = Group.MEASURE) -> Callable[[F], F]:
        """Enter a function that gets the evaluator and its own call unevaluated."""

        def enter(function: F) -> F:
            call = _translating(function, function.__name__)
            self._enter(Function(function.__name__, call, group, _doc(function), lazy=True))
            return function

        return enter

    def layer(self, name: str, *, alike: bool = False, prefix: str = "nn.") -> Callable[[F], F]:
        """Enter a function that builds a module as the layer `name`.

        It is called twice: under the meta device for the twin, and again where weights are
        needed; so it must build the same module every time.
        """

        def enter(function: F) -> F:
            bind = _binder(function)

            @functools.wraps(function)
            def build(*args: object, site: Site, **kwargs: object) -> Layer:
                call = functools.partial(function, **bind(args, kwargs))

                def assemble(_: object) -> nn.Module:
                    module = call()
                    assert isinstance(module, nn.Module)
                    return module

                code = call_code(prefix + name, args, kwargs)
                kind = "" if code.endswith(_CUT) else code
                return Layer(code, assemble, site.seed, alike=alike, kind=kind)

            call = _translating(build, name)
            self._enter(Function(name, call, Group.LAYER, _doc(function), sited=True))
            return function

        return enter

    def combinator(
        self, name: str, *, prefix: str = "", group: Group = Group.LAYER
    ) -> Callable[[F], F]:
        """Enter a function that makes a layer of layers: it gets them, and its keyword `site`
        and `code`, and returns a `Layer`."""

        def enter(function: F) -> F:
            checked = guarded(function, name)

            @functools.wraps(function)
            def build(*args: object, site: Site, **kwargs: object) -> object:
                code = call_code(prefix + name, args, kwargs)
                return checked(*args, **kwargs, site=site, code=code)

            signature = inspect.signature(function)
            build.__signature__ = signature.replace(  # type: ignore[attr-defined]
                parameters=[p for p in signature.parameters.values() if p.name != "code"]
            )
            self._enter(Function(name, build, group, _doc(function), sited=True))
            return function

        return enter

    def _enter(self, function: Function) -> None:
        if function.name in self.functions:
            raise ValueError(f"{function.name} is entered twice")
        self.functions[function.name] = function


def together(*libraries: Library) -> dict[str, Function]:
    """All entries of several libraries; a name in two of them is an error."""
    merged: dict[str, Function] = {}
    for library in libraries:
        for name, function in library.items():
            if name in merged:
                raise ValueError(f"{name} is entered twice")
            merged[name] = function
    return merged


def either(scalar: Function, tensor: Function) -> Function:
    """One entry for plain numbers and tensors alike; PyTorch's parameters are shown for it."""

    @functools.wraps(tensor.call)
    def call(*args: object, **kwargs: object) -> object:
        chosen = tensor if kwargs or any(_has_tensor(x) for x in args) else scalar
        return chosen.call(*args, **kwargs)

    doc = joined(tensor.doc, scalar.doc)
    return Function(tensor.name, call, tensor.group, doc, method=tensor.method)


def _has_tensor(value: object) -> bool:
    if isinstance(value, (tuple, list)):
        return any(_has_tensor(x) for x in value)
    return isinstance(value, torch.Tensor)


def guarded(function: Callable[..., object], name: str) -> Callable[..., object]:
    """`function` with its arguments checked by their annotations and torch's errors translated."""
    if any(p.kind in _UNNAMED for p in inspect.signature(function).parameters.values()):
        call = _checking(function)
    else:
        bind = _binder(function)

        @functools.wraps(function)
        def call(*args: object, **kwargs: object) -> object:
            return function(**bind(args, kwargs))

    return _translating(call, name)


def _checking(function: Callable[..., object]) -> Callable[..., object]:
    """Arguments checked one by one, some of which have no name."""
    checks = _checks(function)
    signature = inspect.signature(function)

    @functools.wraps(function)
    def call(*args: object, **kwargs: object) -> object:
        bound = signature.bind(*args, **kwargs)
        _apply_checks(checks, bound)
        return function(*bound.args, **bound.kwargs)

    return call


def _binder(function: Callable[..., object]) -> Callable[[_Args, _Kwargs], dict[str, object]]:
    """The checked arguments by name, in a tenth of the time `inspect` takes to bind them. Only
    for functions all of whose parameters have names; what does not fit is a TypeError."""
    checks = _checks(function)
    signature = inspect.signature(function)
    parameters = signature.parameters.values()
    names = tuple(p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD)
    known = frozenset(signature.parameters)
    needed = tuple(p.name for p in parameters if p.default is p.empty)
    without = frozenset(p.name for p in parameters if p.default is None)

    def bind(args: _Args, kwargs: _Kwargs) -> dict[str, object]:
        found = dict(zip(names, args, strict=False))
        fits = len(args) <= len(names) and known.issuperset(kwargs)
        if not fits or not found.keys().isdisjoint(kwargs):
            signature.bind(*args, **kwargs)  # says what does not fit
        found.update(kwargs)
        for name in needed:
            if name not in found:
                signature.bind(*args, **kwargs)
        for name, value in found.items():
            check = checks.get(name)
            if check is not None and (value is not None or name not in without):
                found[name] = check(value, name)
        return found

    return bind


def _translating(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    signature = inspect.signature(function)

    @functools.wraps(function)
    def call(*args: object, **kwargs: object) -> object:
        try:
            return function(*args, **kwargs)
        except Refused:
            raise
        except _TORCH as error:
            if isinstance(error, TypeError) and not _fits(signature, args, kwargs):
                raise
            raise translated(error, name) from error

    return call


def _fits(
    signature: inspect.Signature, args: tuple[object, ...], kwargs: Mapping[str, object]
) -> bool:
    """Whether the arguments fit the parameters; if not, the evaluator says why."""
    if not any(p.kind is p.VAR_KEYWORD for p in signature.parameters.values()):
        kwargs = {k: v for k, v in kwargs.items() if k != "site" or k in signature.parameters}
    try:
        signature.bind(*args, **kwargs)
    except TypeError:
        return False
    return True


def _checks(function: Callable[..., object]) -> dict[str, Check]:
    hints = get_type_hints(function, include_extras=True)
    found = {name: _check_of(hint) for name, hint in hints.items() if name != "return"}
    return {name: check for name, check in found.items() if check is not None}


def _check_of(hint: object) -> Check | None:
    """The check in `Annotated[T, check]`, also where None is allowed beside it."""
    if get_origin(hint) is Annotated:
        check: Check = get_args(hint)[1]
        return check
    for option in get_args(hint):
        if get_origin(option) is Annotated:
            return get_args(option)[1]  # type: ignore[no-any-return]
    return None


def _apply_checks(checks: Mapping[str, Check], bound: inspect.BoundArguments) -> None:
    for name, value in bound.arguments.items():
        check = checks.get(name)
        if check is None:
            continue
        parameter = bound.signature.parameters[name]
        if parameter.kind is parameter.VAR_POSITIONAL:
            bound.arguments[name] = tuple(check(part, name) for part in value)
        elif value is not None or parameter.default is not None:
            bound.arguments[name] = check(value, name)


def call_code(name: str, args: tuple[object, ...], kwargs: Mapping[str, object]) -> str:
    """PyTorch text of a call: `nn.Conv2d(3, 64, 3, padding=1)`."""
    parts = [text_of(value) for value in args]
    parts += [f"{key}={text_of(value)}" for key, value in kwargs.items() if key != "site"]
    code = f"{name}({', '.join(parts)})"
    if len(code) > limits.SOURCE_BYTES * 4:
        return code[: limits.SOURCE_BYTES * 4] + _CUT
    return code


def text_of(value: object) -> str:
    """A value as PyTorch text."""
    if isinstance(value, Layer):
        return value.code
    if isinstance(value, DtypeValue):
        return f"torch.{value.name}"
    if isinstance(value, (tuple, list)):
        inner = ", ".join(text_of(part) for part in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, torch.Tensor):
        return f"tensor({value.tolist()})" if value.numel() <= 64 else "tensor(…)"
    return repr(value)


def _doc(function: Callable[..., object]) -> str:
    return inspect.getdoc(function) or ""
