"""Names and signs of LaTeX formulas.

Promise: the symbols that deep-learning texts use are here, so that nothing heavy is imported for
them; rarer ones come from pylatexenc's table, loaded when one is met. Must not lay anything out.
"""

from __future__ import annotations

from functools import lru_cache

SUPERSCRIPTS = dict(
    zip(
        "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθ⊤′∗",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵀ′*",
        strict=True,
    )
)
SUBSCRIPTS = dict(
    zip(
        "0123456789+-−=()aehijklmnoprstuvxβγρφχ",
        "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ",
        strict=True,
    )
)
ACCENTS = {
    "hat": "\u0302",
    "widehat": "\u0302",
    "bar": "\u0304",
    "overline": "\u0305",
    "underline": "\u0332",
    "tilde": "\u0303",
    "widetilde": "\u0303",
    "dot": "\u0307",
    "ddot": "\u0308",
    "vec": "\u20d7",
    "check": "\u030c",
}
OPERATORS = {
    "sum": "∑",
    "prod": "∏",
    "int": "∫",
    "iint": "∬",
    "oint": "∮",
    "bigcup": "⋃",
    "bigcap": "⋂",
    "bigoplus": "⨁",
    "bigotimes": "⨂",
    "max": "max",
    "min": "min",
    "lim": "lim",
    "sup": "sup",
    "inf": "inf",
    "argmax": "arg max",
    "argmin": "arg min",
    "limsup": "lim sup",
    "liminf": "lim inf",
}
"""Operators whose scripts stand above and below them."""

_FUNCTIONS_WORDS = """
log ln lg exp sin cos tan cot sec csc sinh cosh tanh arcsin arccos arctan softmax sigmoid
relu det dim deg gcd ker rank tr diag sign sgn arg Pr erf Var Cov
"""
FUNCTIONS = frozenset(_FUNCTIONS_WORDS.split())
WORDS = {"bmod": "mod", "mod": "mod"}
SPACES = {
    ",": " ",
    ":": " ",
    ";": " ",
    ">": " ",
    " ": " ",
    "~": " ",
    "enspace": " ",
    "quad": "  ",
    "qquad": "    ",
    "!": "",
}
_IGNORED_WORDS = """
limits nolimits displaystyle textstyle scriptstyle scriptscriptstyle nonumber notag big Big
bigg Bigg bigl Bigl biggl Biggl bigr Bigr biggr Biggr bigm Bigm left right middle
"""
IGNORED = frozenset(_IGNORED_WORDS.split())
_RAW_TEXT_WORDS = """
text textrm textbf textit texttt textsf textnormal mathrm mathit mathtt mathsf mbox
"""
RAW_TEXT = frozenset(_RAW_TEXT_WORDS.split())
PLAIN_FONTS = frozenset(["mathbf", "boldsymbol", "bm", "pmb", "mathfrak"])
LETTERS = {
    "mathbb": dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ1", "𝔸𝔹ℂ𝔻𝔼𝔽𝔾ℍ𝕀𝕁𝕂𝕃𝕄ℕ𝕆ℙℚℝ𝕊𝕋𝕌𝕍𝕎𝕏𝕐ℤ𝟙", strict=True)),
    "mathcal": dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "𝒜ℬ𝒞𝒟ℰℱ𝒢ℋℐ𝒥𝒦ℒℳ𝒩𝒪𝒫𝒬ℛ𝒮𝒯𝒰𝒱𝒲𝒳𝒴𝒵", strict=True)),
}
LETTERS["mathscr"] = LETTERS["mathcal"]

_GREEK_NAMES = """
alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi
pi varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta
Lambda Xi Pi Sigma Upsilon Phi Psi Omega
"""
_GREEK = dict(zip(_GREEK_NAMES.split(), "αβγδεεζηθϑικλμνξπϖρϱσςτυφφχψωΓΔΘΛΞΠΣΥΦΨΩ", strict=True))
_SIGN_PAIRS = """
le ≤  leq ≤  leqslant ≤  ge ≥  geq ≥  geqslant ≥  ne ≠  neq ≠  ll ≪  gg ≫  approx ≈  sim ∼
simeq ≃  equiv ≡  cong ≅  propto ∝  in ∈  notin ∉  ni ∋  subset ⊂  subseteq ⊆  supset ⊃
supseteq ⊇  to →  rightarrow →  leftarrow ←  gets ←  leftrightarrow ↔  Rightarrow ⇒
Leftarrow ⇐  implies ⇒  iff ⇔  Leftrightarrow ⇔  mapsto ↦  uparrow ↑  downarrow ↓
longrightarrow ⟶  mid ∣  parallel ∥  perp ⊥  coloneqq ≔  triangleq ≜  doteq ≐  pm ±  mp ∓
times ×  div ÷  cdot ·  ast ∗  star ⋆  circ ∘  bullet •  oplus ⊕  ominus ⊖  otimes ⊗  odot ⊙
cup ∪  cap ∩  setminus ∖  land ∧  wedge ∧  lor ∨  vee ∨  ltimes ⋉  partial ∂  nabla ∇
infty ∞  forall ∀  exists ∃  emptyset ∅  varnothing ∅  neg ¬  lnot ¬  ell ℓ  hbar ℏ  Re ℜ
Im ℑ  top ⊤  bot ⊥  prime ′  dagger †  angle ∠  triangle △  square □  ldots …  dots …
dotsc …  cdots ⋯  dotsb ⋯  vdots ⋮  ddots ⋱  colon :  backslash \\  checkmark ✓  lfloor ⌊
rfloor ⌋  lceil ⌈  rceil ⌉  langle ⟨  rangle ⟩  lbrace {  rbrace }  lbrack [  rbrack ]
vert ∣  lvert ∣  rvert ∣  Vert ‖  lVert ‖  rVert ‖  degree °
"""
_NAMES_AND_SIGNS = _SIGN_PAIRS.split()
_SIGNS = dict(zip(_NAMES_AND_SIGNS[::2], _NAMES_AND_SIGNS[1::2], strict=True))
_SIGNS |= {"vert": "|", "lvert": "|", "rvert": "|", "|": "‖"}
_SIGNS |= {sign: sign for sign in "{}#%&_$"}

RELATIONS = frozenset("=<>≤≥≪≫≠≈∼≃≡≅∝∈∉∋⊂⊆⊃⊇→←↔⇒⇐⇔↦⟶∣∥≔≜≐")
BINARY = frozenset("+−±∓×÷·∗⋆∘⊕⊖⊗⊙∪∩∖∧∨⋉")
OPENING = frozenset("([{⌊⌈⟨")
CLOSING = frozenset(")]}⌋⌉⟩!")
PUNCTUATION = frozenset(",;:")


@lru_cache(maxsize=512)
def symbol(name: str) -> str | None:
    """The sign of a command without its backslash, or None if there is none."""
    found = _GREEK.get(name) or _SIGNS.get(name)
    if found is not None:
        return found
    from pylatexenc.latex2text import get_default_latex_context_db

    spec = get_default_latex_context_db().get_macro_spec(name)
    text = getattr(spec, "simplify_repl", None)
    if isinstance(text, str) and 0 < len(text) <= 3 and "%" not in text and text.isprintable():
        return text
    return None
