"""`gradus pack check` on a generated pack of 1,000 exercises: cold, and again with nothing changed.

Every exercise measures a model of its own over its draws, has a named mistake, hints and texts in
both languages, so that nothing found for one helps another.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path

from tests.benchmarks.places import FOLDER, GRADUS, environment
from tests.benchmarks.report import Row, ms

_TOPICS, _PER_TOPIC = 50, 20
_COLD, _WARM = 120.0, 3.0
_EXERCISE = """\
  - id: count-{n}
    kind: number
    level: 2
    seconds: 60
    draw: {{c: [3, 16, 32, 64], k: [3, 5, 7], o: [{a}, {b}]}}
    question:
      en: >-
        Number {n}: how many parameters has
        `Conv2d({{{{ c }}}}, {{{{ o }}}}, {{{{ k }}}}, stride={s}, padding={p})`?
      zh: >-
        第 {n} 题：`Conv2d({{{{ c }}}}, {{{{ o }}}}, {{{{ k }}}}, stride={s}, padding={p})`
        有多少个参数？
    measure: parameters(Conv2d(c, o, k, stride={s}, padding={p}))
    solution: k*k*c*o + o
    figures: {{"{n}": the number of the question}}
    hints:
      - {{en: "Weights of one kernel?", zh: "一个卷积核有多少权重？"}}
    mistakes:
      - id: bias-forgotten
        value: k*k*c*o
        why:
          en: One bias for each of {{{{ o }}}} channels.
          zh: 每个输出通道各有一个偏置，共 {{{{ o }}}} 个。
"""


def run() -> list[Row]:
    """Two rows."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        pack = Path(folder) / "large"
        write(pack)
        cold, warm = (_check(pack, Path(folder)) for _ in range(2))
    count = f"{_TOPICS * _PER_TOPIC:,} exercises"
    return [
        Row(f"pack check, {count}", ms(cold), "cold", None, "< 120 s", cold < _COLD),
        Row(f"pack check, {count}", ms(warm), "unchanged", None, "< 3 s", warm < _WARM),
    ]


def write(pack: Path) -> None:
    """The generated pack."""
    pack.mkdir()
    (pack / "pack.yaml").write_text(
        "id: large\nversion: 1.0.0\ntitle: {en: Large, zh: 大}\nlanguages: [en, zh]\n"
        "mistakes: {bias-forgotten: {title: {en: Bias forgotten, zh: 漏掉偏置}}}\n",
        encoding="utf-8",
    )
    for topic in range(_TOPICS):
        exercises = "".join(_exercise(topic * _PER_TOPIC + n) for n in range(_PER_TOPIC))
        (pack / f"topic-{topic}.yaml").write_text(
            f"topic: counts.t{topic}\ntitle: {{en: Counts {topic}, zh: 计数 {topic}}}\n"
            "cards:\n  - id: rule\n"
            f"    front: {{en: 'Set {topic}: a bias?', zh: '第 {topic} 组：什么是偏置？'}}\n"
            f'    figures: {{"{topic}": the number of the set}}\n'
            "    back: {en: One number for each channel., zh: 每个通道一个数。}\n"
            f"exercises:\n{exercises}",
            encoding="utf-8",
        )


def _exercise(n: int) -> str:
    return _EXERCISE.format(n=n, a=8 + n, b=2000 + n, s=1 + n % 3, p=n % 4)


def _check(pack: Path, folder: Path) -> float:
    begun = time.perf_counter()
    words = [GRADUS, "pack", "check", str(pack)]
    done = subprocess.run(
        words, capture_output=True, text=True, env=environment(folder), check=False
    )
    if done.returncode:
        raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])
    return time.perf_counter() - begun
