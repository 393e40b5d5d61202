"""A layer of an expression: its code, its twin on the meta device, its weights when needed.

Promise: building a `Layer` allocates no weight, however large it is. The meta twin answers every
question about structure; `real` materialises seeded weights once per device, the same ones every
time. Both are in eval mode. Must not know which layers exist.
"""

from __future__ import annotations

import functools
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, NamedTuple

import torch
from torch import nn

from engine import limits
from engine.refusal import over_limit

Assemble = Callable[[Sequence[nn.Module]], nn.Module]
"""Builds a module from the modules of its parts (none for a leaf)."""


class Salted(NamedTuple):
    """A seed that follows from another; worked out when weights are made, which few layers' are."""

    seed: int | Salted
    salt: object


Seed = int | Salted


def number_of(seed: Seed) -> int:
    """The number a generator is seeded with."""
    return derived(number_of(seed.seed), seed.salt) if isinstance(seed, Salted) else seed


@dataclass(eq=False, repr=False)
class Layer:
    """One layer or model.

    `code` is PyTorch text that builds it again. `parts` are the layers it was given, `seed`
    decides its own weights, `most` bounds its modules. `alike` marks an elementwise layer without
    weights: its output has its input's shape, so the twin need not ask torch. `kind` names leaves
    that are built alike, so that one twin serves as the mould of all. `inner` marks a part of a
    larger network that adds no weight to its parts': the whole is checked, not every part of it.
    """

    code: str
    assemble: Assemble
    seed: Seed = 0
    parts: tuple[Layer, ...] = ()
    alike: bool = False
    dtype: torch.dtype | None = None
    most: int = limits.MODULES
    kind: str = ""
    inner: bool = False
    twin: nn.Module = field(init=False, repr=False)
    surveys: dict[object, object] = field(default_factory=dict, repr=False)
    _real: dict[torch.device, nn.Module] = field(default_factory=dict, repr=False)

    def __repr__(self) -> str:
        """What a person wrote, also where a refusal shows a sequence that holds it."""
        return self.code

    def __post_init__(self) -> None:
        if self.alike:
            self.twin = _ALIKE.cast()
        elif self.kind:
            self.twin = _cast_from(self.kind, self.assemble)
            if self.dtype is not None:
                self.twin.to(self.dtype)
        elif self.inner:
            self.twin = self.assemble([part.twin for part in self.parts])
            vars(self.twin)["training"] = False
        else:
            with torch.device("meta"):
                twin = self.assemble([part.twin for part in self.parts])
            self.twin = twin if self.dtype is None else twin.to(self.dtype)
        # Past torch's own __setattr__, which looks for weights in all that a module is given.
        vars(self.twin)[_CODE] = self.code
        if self.alike or self.kind or self.inner:
            return
        modules = modules_of(self.twin)
        for module in modules:
            vars(module)["training"] = False
        if self.parts:
            _check_modules(len(modules), self.most)
        _check_parameters(self.parameters)

    def real(self, device: torch.device) -> nn.Module:
        """The same model with seeded weights on `device`; initialised on the CPU, so that every
        device gets the same numbers."""
        if device not in self._real:
            modules = [part.real(device) for part in self.parts]
            with torch.random.fork_rng(devices=[]):
                # torch.manual_seed takes milliseconds: it notes its caller for CUDA's sake.
                torch.default_generator.manual_seed(number_of(self.seed))
                module = self.assemble(modules)
            self._real[device] = module.eval().to(device=device, dtype=self.dtype)
        return self._real[device]

    def again(self, salt: object, copies: dict[int, Layer] | None = None) -> Layer:
        """An independent copy: own weights, decided by `salt`; shared parts stay shared in it."""
        made: dict[int, Layer] = {} if copies is None else copies
        if id(self) not in made:
            parts = tuple(part.again(salt, made) for part in self.parts)
            seed = Salted(self.seed, salt)
            made[id(self)] = Layer(self.code, self.assemble, seed, parts, self.alike, self.dtype,
                                   self.most, self.kind, self.inner)  # fmt: skip
        return made[id(self)]

    def cast(self, dtype: torch.dtype) -> Layer:
        """The same layer, same weights, with another dtype."""
        parts = tuple(part.cast(dtype) for part in self.parts)
        return Layer(self.code, self.assemble, self.seed, parts, self.alike, dtype, self.most,
                     self.kind, self.inner)  # fmt: skip

    def with_weights(self, module: nn.Module, parts: tuple[Layer, ...]) -> Layer:
        """The same layer with the weights of a real module built as its own is."""
        state = {name: value.detach().clone() for name, value in module.state_dict().items()}

        def assemble(modules: Sequence[nn.Module]) -> nn.Module:
            made = self.assemble(modules)
            if not any(weight.is_meta for weight in made.state_dict().values()):
                made.load_state_dict(state)
            return made

        module.eval()
        layer = Layer(self.code, assemble, self.seed, parts, self.alike, self.dtype, self.most,
                      self.kind, self.inner)  # fmt: skip
        layer._real.update({p.device: module for p in module.parameters()})
        return layer

    @functools.cached_property
    def parameters(self) -> int:
        """Numbers in its parameters, shared ones once."""
        return _numbers(self.twin)


def modules_of(module: nn.Module) -> list[nn.Module]:
    """The module and all inside it, each once: `Module.modules` in a fifth of its time, for it
    neither names them nor goes through a generator per level."""
    found: dict[nn.Module, None] = {}
    waiting = [module]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found[one] = None
            waiting += [inner for inner in reversed(one._modules.values()) if inner is not None]
    return list(found)


def weights_of(module: nn.Module) -> list[nn.Parameter]:
    """The parameters of a module and of all inside it, each once, in the order of
    `Module.parameters`."""
    found: dict[int, nn.Parameter] = {}
    for one in modules_of(module) if module._modules else (module,):
        for weight in one._parameters.values():
            if weight is not None:
                found[id(weight)] = weight
    return list(found.values())


def _numbers(module: nn.Module) -> int:
    return sum(p.numel() for p in weights_of(module))


_CODE: Final = "gradus_code"
_MOULD: Final = "gradus_mould"


class Alike(nn.Module):
    """The twin of an elementwise layer without weights: on the meta device it changes nothing."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x


_FILLED: Final = ("_parameters", "_buffers", "_modules")
"""Containers that a twin may still be given something for."""
_EMPTY: Final[dict[type, object]] = {
    dict: MappingProxyType({}), OrderedDict: MappingProxyType({}), set: frozenset(),
}  # fmt: skip
"""What stands for torch's ten containers of hooks, which no twin ever has."""


@dataclass(frozen=True)
class _Mould:
    """A module taken apart, so that it can be put together again many times.

    With a kind it is a leaf's twin; without, torch may be given hooks for the copies.
    """

    kind: type[nn.Module]
    plain: dict[str, object]
    """Attributes that copies share; containers among them are empty and cannot be written to."""
    own: tuple[tuple[str, dict[object, object] | set[object]], ...]
    """Containers of which every copy has its own."""
    weights: tuple[tuple[str, torch.Tensor, bool], ...]
    buffers: tuple[tuple[str, torch.Tensor], ...]

    @classmethod
    def of(cls, kind: str, module: nn.Module) -> _Mould:
        inside = vars(module)
        sealed = {k: _EMPTY[type(v)] for k, v in inside.items()
                  if kind and type(v) in _EMPTY and not v and k not in _FILLED}  # fmt: skip
        own = {k: v for k, v in inside.items() if isinstance(v, (dict, set)) and k not in sealed}
        return cls(
            kind=type(module),
            plain={**inside, **sealed, _MOULD: kind},
            own=tuple(own.items()),
            weights=tuple(
                (name, weight.detach(), weight.requires_grad)
                for name, weight in module._parameters.items()
                if weight is not None
            ),
            buffers=tuple(
                (name, buffer) for name, buffer in module._buffers.items() if buffer is not None
            ),
        )

    def cast(self) -> nn.Module:
        """A module of its own."""
        copy = self.kind.__new__(self.kind)
        inside = vars(copy)
        inside.update(self.plain)
        for name, container in self.own:
            inside[name] = container.copy()
        weights, buffers = inside["_parameters"], inside["_buffers"]
        for name, weight, trained in self.weights:
            weights[name] = nn.Parameter(weight, trained)
        for name, buffer in self.buffers:  # shared, two layers would count as one
            buffers[name] = buffer.detach()
        return copy


_MOULDS: Final[dict[str, _Mould]] = {}
_MOST_MOULDS: Final = 2_000


def _cast_from(kind: str, assemble: Assemble) -> nn.Module:
    """A new twin of a leaf: torch takes twenty times as long to build one as to copy it."""
    mould = _MOULDS.get(kind)
    if mould is None:
        with torch.device("meta"):
            module = assemble(()).eval()
        _check_parameters(_numbers(module))
        if module._modules or isinstance(module, nn.RNNBase):  # these hold what a copy would share
            return module
        if len(_MOULDS) >= _MOST_MOULDS:
            _MOULDS.clear()
        mould = _MOULDS[kind] = _Mould.of(kind, module)
    return mould.cast()


_ALIKE: Final = _Mould.of("alike", Alike().eval())
_SEQUENCE: Final = _Mould.of("", nn.Sequential().eval())


def in_sequence(modules: Sequence[nn.Module]) -> nn.Sequential:
    """`nn.Sequential(*modules)` in a fifth of its time: torch looks at every name it gives."""
    made = _SEQUENCE.cast()
    assert isinstance(made, nn.Sequential)
    made._modules.update((str(place), module) for place, module in enumerate(modules))
    return made


def code_of(module: nn.Module) -> str:
    """The code of the layer whose twin `module` is, or torch's own name for an inner module."""
    code = getattr(module, _CODE, None)
    return code if isinstance(code, str) else f"nn.{type(module).__name__}({module.extra_repr()})"


def mould_of(module: nn.Module) -> str:
    """The kind of leaf whose mould a twin was cast from; "" where there was none."""
    kind = getattr(module, _MOULD, "")
    return kind if isinstance(kind, str) else ""


def derived(seed: int, salt: object) -> int:
    """A seed that differs for every `salt`."""
    digest = hashlib.sha256(f"{seed}:{salt}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def _check_modules(count: int, most: int) -> None:
    if count > most:
        raise over_limit("too-many-modules", got=count, high=most)


def _check_parameters(count: int) -> None:
    if count > limits.PARAMETERS:
        raise over_limit("too-many-parameters", got=count, high=limits.PARAMETERS)


_INITIALISERS: Final = tuple(
    name for name in vars(nn.init) if name.endswith("_") and not name.startswith("_")
)


def _idle_on_meta(initialise: Callable[..., torch.Tensor]) -> Callable[..., torch.Tensor]:
    """Initialising a meta tensor changes nothing and costs a millisecond per layer."""

    @functools.wraps(initialise)
    def call(tensor: torch.Tensor, *args: object, **kwargs: object) -> torch.Tensor:
        return tensor if tensor.is_meta else initialise(tensor, *args, **kwargs)

    return call


for _name in _INITIALISERS:
    setattr(nn.init, _name, _idle_on_meta(getattr(nn.init, _name)))
