"""Optimizers by PyTorch's names and arguments, as values of the language.

Promise: what is not asked for otherwise is torch.optim's own class with torch's own defaults; an
argument that PyTorch does not have asks for a textbook's form and takes the prefix off the shown
code. Must not step anything.
"""

from __future__ import annotations

import inspect
from typing import Annotated, Any, Final

import torch

from engine.refusal import refused
from engine.runtime.arguments import Flag, words
from engine.runtime.optimizers.specs import (
    Amount,
    Betas,
    Optimizer,
    Rate,
    Share,
    Signed,
    shown,
)
from engine.runtime.optimizers.textbook import (
    AveragingSGD,
    DecoupledSGD,
    InsideAdagrad,
    InsideRMSprop,
    TextbookAdam,
    VelocitySGD,
)
from engine.runtime.register import Register

OPTIMIZERS: Final = Register()
_TORCH = torch.optim
_FORMS: Final = {"velocity": VelocitySGD, "average": AveragingSGD}
Convention = Annotated[str, words("torch", *_FORMS)]


def _torch(kind: type[torch.optim.Optimizer], **options: Any) -> Optimizer:
    """torch's own class; one loop over parameters gives every device the same numbers."""
    parameters = inspect.signature(kind).parameters
    code = shown(options, {name: p.default for name, p in parameters.items()})
    return Optimizer(f"optim.{kind.__name__}({code})", kind,
                     (*options.items(), ("foreach", False)))  # fmt: skip


def _own(
    name: str, kind: type[torch.optim.Optimizer], given: dict[str, Any], options: dict[str, Any]
) -> Optimizer:
    """A textbook's form; `given` is what the person may have written, `options` what is used."""
    parameters = inspect.signature(getattr(_TORCH, name)).parameters
    defaults = {key: p.default for key, p in parameters.items()} | _OUR_DEFAULTS.get(name, {})
    return Optimizer(f"{name}({shown(given, defaults)})", kind, tuple(options.items()))


_OUR_DEFAULTS: Final[dict[str, dict[str, Any]]] = {
    "SGD": {"convention": "torch", "decoupled_weight_decay": False},
    "Adagrad": {"eps_inside": False},
    "RMSprop": {"eps_inside": False},
    "Adam": {"bias_correction": True, "eps_hat": False},
    "AdamW": {"bias_correction": True, "eps_hat": False},
}


def _without(argument: str, asked: object) -> None:
    if asked:
        raise refused("argument-unsupported", argument=argument)


@OPTIMIZERS.function(method=False, name="SGD")
def sgd(
    lr: Rate = 1e-3,
    momentum: Amount = 0.0,
    dampening: Signed = 0.0,
    weight_decay: Amount = 0.0,
    nesterov: Flag = False,
    *,
    maximize: Flag = False,
    convention: Convention = "torch",
    decoupled_weight_decay: Flag = False,
) -> Optimizer:
    """Gradient descent, with momentum, Nesterov's momentum and weight decay if asked for.

    Torch: b ← μ b + (1 - dampening) g, but b = g in the first step; θ ← θ - lr b. With nesterov
    θ ← θ - lr (g + μ b), g taken at θ. weight_decay λ adds λ θ to g (L2);
    decoupled_weight_decay=True takes lr λ θ off θ instead. maximize=True climbs.

    convention="velocity" is the textbook's v ← μ v - lr g; θ ← θ + v: the same path as torch's
    while lr stays the same. With nesterov `trajectory` then takes g at θ + μ v, as first
    published: torch's θ is that point. convention="average" is v ← μ v + (1 - μ) g;
    θ ← θ - lr v, with steps 1 - μ times as long.

    Source: torch.optim.SGD; Sutskever, Martens, Dahl, Hinton 2013 (velocity, Nesterov)
    Source: Loshchilov and Hutter 2019, arXiv:1711.05101 (decoupled weight decay)
    Example: SGD(lr=0.1, momentum=0.9) -> optim.SGD(lr=0.1, momentum=0.9)
    Example: SGD(lr=0.1, momentum=0.9, convention="average")
    -> SGD(lr=0.1, momentum=0.9, convention='average')
    """
    options = {"lr": lr, "momentum": momentum, "dampening": dampening,
               "weight_decay": weight_decay, "nesterov": nesterov,
               "maximize": maximize}  # fmt: skip
    if nesterov and (convention == "average" or momentum == 0 or dampening != 0):
        raise refused("nesterov-needs-momentum", argument="nesterov")
    ours = {"convention": convention, "decoupled_weight_decay": decoupled_weight_decay}
    if convention != "torch":
        _without("dampening", dampening)
        return _own("SGD", _FORMS[convention], options | ours, options | ours)
    if decoupled_weight_decay and weight_decay:
        used = options | {"weight_decay": 0.0, "decoupled": weight_decay, "foreach": False}
        return _own("SGD", DecoupledSGD, options | ours, used)
    return _torch(_TORCH.SGD, **options)


@OPTIMIZERS.function(method=False, name="Adagrad")
def adagrad(
    lr: Rate = 1e-2,
    lr_decay: Amount = 0.0,
    weight_decay: Amount = 0.0,
    initial_accumulator_value: Amount = 0.0,
    eps: Amount = 1e-10,
    *,
    maximize: Flag = False,
    eps_inside: Flag = False,
) -> Optimizer:
    """Rates that shrink with the sum of all squared gradients.

    Torch: s ← s + g²; θ ← θ - lr / (1 + (t - 1) lr_decay) · g / (√s + ε), t = 1 in the first
    step. eps_inside=True is the textbook's g / √(s + ε), often with eps=1e-8.

    Source: Duchi, Hazan, Singer 2011; torch.optim.Adagrad
    Example: round(step(1.0, 2.0, Adagrad(lr=0.1)), 9) -> 0.9
    """
    options = {"lr": lr, "lr_decay": lr_decay, "weight_decay": weight_decay,
               "initial_accumulator_value": initial_accumulator_value, "eps": eps,
               "maximize": maximize}  # fmt: skip
    if eps_inside:
        return _own("Adagrad", InsideAdagrad, options | {"eps_inside": True}, options)
    return _torch(_TORCH.Adagrad, **options)


@OPTIMIZERS.function(method=False, name="Adadelta")
def adadelta(
    lr: Rate = 1.0,
    rho: Share = 0.9,
    eps: Amount = 1e-6,
    weight_decay: Amount = 0.0,
    *,
    maximize: Flag = False,
) -> Optimizer:
    """Steps as long as recent steps, relative to recent gradients; no rate to be tuned.

    s ← ρ s + (1 - ρ) g²; Δ = √(u + ε) / √(s + ε) · g; u ← ρ u + (1 - ρ) Δ²; θ ← θ - lr Δ.
    The paper has no lr: torch's default 1 is the paper's form.

    Source: Zeiler 2012, arXiv:1212.5701; torch.optim.Adadelta
    Example: Adadelta() -> optim.Adadelta(lr=1.0)
    """
    return _torch(_TORCH.Adadelta, lr=lr, rho=rho, eps=eps, weight_decay=weight_decay,
                  maximize=maximize)  # fmt: skip


@OPTIMIZERS.function(method=False, name="RMSprop")
def rmsprop(
    lr: Rate = 1e-2,
    alpha: Share | None = None,
    eps: Amount = 1e-8,
    weight_decay: Amount = 0.0,
    momentum: Amount = 0.0,
    centered: Flag = False,
    *,
    maximize: Flag = False,
    rho: Share | None = None,
    eps_inside: Flag = False,
) -> Optimizer:
    """Rates that follow the moving average of squared gradients.

    Torch: s ← α s + (1 - α) g²; θ ← θ - lr g / (√s + ε), α = 0.99 unless told. centered=True
    takes the squared mean gradient off s; momentum μ makes b ← μ b + g / (√s + ε);
    θ ← θ - lr b. rho is α by its other name. eps_inside=True is g / √(s + ε), as Keras has it:
    its defaults are lr=0.001, rho=0.9, eps=1e-7, eps_inside=True. The first step is
    lr / √(1 - α) long.

    Source: Tieleman and Hinton 2012, Coursera lecture 6e; torch.optim.RMSprop
    Example: round(step(1.0, 2.0, RMSprop()), 6) -> 0.9
    Example: round(step(1.0, 2.0, RMSprop(lr=0.001, rho=0.9, eps=1e-7, eps_inside=True)), 6)
    -> 0.996838
    """
    if alpha is not None and rho is not None:
        raise refused("one-of-two", argument="rho", a="alpha", b="rho")
    options = {"lr": lr, "alpha": _first(alpha, rho, 0.99), "eps": eps,
               "weight_decay": weight_decay, "momentum": momentum, "centered": centered,
               "maximize": maximize}  # fmt: skip
    if eps_inside:
        return _own("RMSprop", InsideRMSprop, options | {"eps_inside": True}, options)
    return _torch(_TORCH.RMSprop, **options)


def _first(a: float | None, b: float | None, otherwise: float) -> float:
    return a if a is not None else b if b is not None else otherwise


def _adam(
    name: str, options: dict[str, Any], decoupled: bool, bias_correction: bool, eps_hat: bool
) -> Optimizer:
    """Adam or AdamW in a textbook's form."""
    if eps_hat and not bias_correction:
        raise refused("one-of-two", argument="eps_hat", a="eps_hat", b="bias_correction=False")
    _without("amsgrad", options["amsgrad"])
    used = {key: value for key, value in options.items() if key != "amsgrad"}
    used |= {"decoupled_weight_decay": decoupled, "eps_hat": eps_hat}
    given = options | {"bias_correction": bias_correction, "eps_hat": eps_hat}
    return _own(name, TextbookAdam, given, used)


@OPTIMIZERS.function(method=False, name="Adam")
def adam(
    lr: Rate = 1e-3,
    betas: Betas = (0.9, 0.999),
    eps: Amount = 1e-8,
    weight_decay: Amount = 0.0,
    amsgrad: Flag = False,
    *,
    maximize: Flag = False,
    decoupled_weight_decay: Flag = False,
    bias_correction: Flag = True,
    eps_hat: Flag = False,
) -> Optimizer:
    """Moving averages of the gradient and of its square, corrected for their start at 0.

    m ← β1 m + (1 - β1) g; v ← β2 v + (1 - β2) g²; m̂ = m / (1 - β1^t); v̂ = v / (1 - β2^t);
    θ ← θ - lr m̂ / (√v̂ + ε). weight_decay λ adds λ θ to g (L2); decoupled_weight_decay=True
    takes lr λ θ off θ instead, as AdamW. amsgrad=True keeps the largest v.

    bias_correction=False steps by lr m / (√v + ε). eps_hat=True adds ε to √v before the
    correction: θ ← θ - lr √(1 - β2^t) / (1 - β1^t) · m / (√v + ε), as TensorFlow does.

    Source: Kingma and Ba 2015, arXiv:1412.6980; torch.optim.Adam
    Example: round(step(0.0, 2.0, Adam(lr=0.001)), 9) -> -0.001
    Example: round(step(0.0, 2.0, Adam(lr=0.001, bias_correction=False)), 6) -> -0.003162
    """
    options = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay,
               "amsgrad": amsgrad, "maximize": maximize,
               "decoupled_weight_decay": decoupled_weight_decay}  # fmt: skip
    if eps_hat or not bias_correction:
        return _adam("Adam", options, decoupled_weight_decay, bias_correction, eps_hat)
    return _torch(_TORCH.Adam, **options)


@OPTIMIZERS.function(method=False, name="AdamW")
def adamw(
    lr: Rate = 1e-3,
    betas: Betas = (0.9, 0.999),
    eps: Amount = 1e-8,
    weight_decay: Amount = 1e-2,
    amsgrad: Flag = False,
    *,
    maximize: Flag = False,
    bias_correction: Flag = True,
    eps_hat: Flag = False,
) -> Optimizer:
    """Adam whose weight decay is decoupled: lr λ θ is taken off θ and never enters m and v.

    θ ← (1 - lr λ) θ, then Adam's step. The paper has λ without lr; torch multiplies it by lr.
    bias_correction and eps_hat as in Adam.

    Source: Loshchilov and Hutter 2019, arXiv:1711.05101; torch.optim.AdamW
    Example: step(1.0, 0.0, AdamW(lr=0.1, weight_decay=0.5)) -> 0.95
    """
    options = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay,
               "amsgrad": amsgrad, "maximize": maximize}  # fmt: skip
    if eps_hat or not bias_correction:
        return _adam("AdamW", options, True, bias_correction, eps_hat)
    return _torch(_TORCH.AdamW, **options)


@OPTIMIZERS.function(method=False, name="Adamax")
def adamax(
    lr: Rate = 2e-3,
    betas: Betas = (0.9, 0.999),
    eps: Amount = 1e-8,
    weight_decay: Amount = 0.0,
    *,
    maximize: Flag = False,
) -> Optimizer:
    """Adam with the largest recent gradient in the place of its mean square.

    m ← β1 m + (1 - β1) g; u ← max(β2 u, |g| + ε); θ ← θ - lr / (1 - β1^t) · m / u.
    The paper has no ε; eps=0 is its form.

    Source: Kingma and Ba 2015, arXiv:1412.6980, section 7.1; torch.optim.Adamax
    Example: round(step(1.0, 2.0, Adamax(lr=0.1)), 6) -> 0.9
    """
    return _torch(_TORCH.Adamax, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay,
                  maximize=maximize)  # fmt: skip


@OPTIMIZERS.function(method=False, name="NAdam")
def nadam(
    lr: Rate = 2e-3,
    betas: Betas = (0.9, 0.999),
    eps: Amount = 1e-8,
    weight_decay: Amount = 0.0,
    momentum_decay: Amount = 4e-3,
    decoupled_weight_decay: Flag = False,
    *,
    maximize: Flag = False,
) -> Optimizer:
    """Adam with Nesterov's momentum.

    μ_t = β1 (1 - ½ · 0.96^(t ψ)), ψ = momentum_decay;
    m̂ = μ_{t+1} m / (1 - Π μ_{1..t+1}) + (1 - μ_t) g / (1 - Π μ_{1..t});
    θ ← θ - lr m̂ / (√v̂ + ε), with m, v and v̂ as in Adam.

    Source: Dozat 2016, Incorporating Nesterov Momentum into Adam; torch.optim.NAdam
    Example: NAdam(lr=0.1) -> optim.NAdam(lr=0.1)
    """
    return _torch(_TORCH.NAdam, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay,
                  momentum_decay=momentum_decay,
                  decoupled_weight_decay=decoupled_weight_decay, maximize=maximize)  # fmt: skip
