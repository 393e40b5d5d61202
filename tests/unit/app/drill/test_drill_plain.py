"""A drill line by line: what is printed, what ends a question, what ends the round."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from study_desk import HandClock

from app.drill.choosing import Chooser
from app.drill.report import report
from app.drill.setup import Setup
from app.drill.styles import Style
from app.plain.drill import PlainDrill
from app.study.session import Study
from content.prepare import draw_item

Home = Callable[..., Study]
SETUP = Setup(questions=4, minutes=10, seed=6, kinds=("number", "choice", "self"))


class _Stopping(io.StringIO):
    def readline(self, *_: object) -> str:
        raise KeyboardInterrupt


def run(study: Study, typed: str, language: str = "en", setup: Setup = SETUP) -> str:
    sink = io.StringIO()
    player = PlainDrill(study, language, io.StringIO(typed), sink, io.StringIO())
    assert player.begin(setup) == 0
    return sink.getvalue()


def without_times(said: str) -> list[str]:
    return [line for line in said.splitlines() if not re.match(r"(Took|Time:|Pace:)", line)]


@pytest.mark.parametrize(
    ("language", "question"), [("en", "Question {} of 4"), ("zh", "第 {} 题，共 4 题")]
)
def test_each_question_is_announced_and_the_end_of_input_ends_the_round(
    home: Home, language: str, question: str
) -> None:
    study = home()
    said = run(study, "1 !\n:s\n", language)
    for number in (1, 2, 3):
        assert question.format(number) in said.splitlines()
    assert question.format(4) not in said
    found = report(study, 1)
    assert found.ended
    assert [one.outcome for one in found.results][1:] == ["left", "left"]
    assert found.calibration.sure == 1
    if language == "zh":
        assert not re.search(r"[一-鿿][,;!?]|[,;!?][一-鿿]", said)


def test_three_answers_that_cannot_be_read_skip_a_question(home: Home) -> None:
    numbers = Setup(questions=2, minutes=10, seed=6, kinds=("number",))
    said = run(home(), "what\never\nthis\n" * 4, setup=numbers)
    assert [line for line in said.splitlines() if line.startswith("Question ")] == [
        "Question 1 of 2",
        "Question 2 of 2",
        "Question 1 of 2",
        "Question 2 of 2",
    ]
    assert said.count("Three answers could not be read.") == 4
    assert "0 of 2 right" in said


def test_one_seed_and_the_same_answers_give_the_same_lines(home: Home, clock: HandClock) -> None:
    typed = "5\nb\nbecause\n1\n12 ?\n"
    study = home()
    first = run(study, typed)
    clock.forward(days=2, seconds=17)
    assert without_times(run(study, typed)) == without_times(first)


def test_a_spoken_answer_is_compared_with_its_points(home: Home) -> None:
    study = home()
    tell = Setup(questions=1, minutes=10, items=("small:main/tell",), seed=1)
    said = run(study, "it shifts the line\nnonsense\n1 2\n", setup=tell)
    assert said.index("It shifts.") > said.index("Say it aloud")
    found = report(study, 1).results[0]
    assert (found.outcome, found.said, found.typed) == ("right", "it shifts the line", "1 2")


def test_a_mock_interview_tells_at_the_end(home: Home) -> None:
    study = home()
    mock = Setup(questions=1, minutes=10, items=("small:main/count",), seed=1, style=Style.MOCK)
    asked = Chooser(study.library, mock, 1).next(())
    assert asked is not None
    drawn = dict(draw_item(asked.name, study.library.item(asked.name)[1], asked.seed))
    said = run(study, f"{drawn['a'] * 3}\n", setup=mock)  # the biases left out
    before, _, after = said.partition("Drill report")
    assert before.count("Noted.") == 1
    assert "Bias forgotten" not in before
    assert str(drawn["a"] * 3 + 3) not in before
    assert "Bias forgotten" in after
    assert str(drawn["a"] * 3 + 3) in after
    assert "Solution" in after


def test_commands_flag_pause_return_and_switch_the_language(home: Home) -> None:
    study = home()
    said = run(study, ":f\n:p\n\n:s\n:g 1\n:l\n:g 7\n:x\n:q\n")
    assert "flagged" in said
    assert ":g N go to 1" in said
    assert "你的答案" in said or "口头回答" in said
    assert "没有跳过的第 7 题" in said
    found = report(study, 1)
    assert found.results[0].flagged
    assert found.interruptions == 1


def test_ctrl_c_leaves_the_round_standing(home: Home) -> None:
    study = home()
    aside = io.StringIO()
    assert PlainDrill(study, "en", _Stopping(), io.StringIO(), aside).begin(SETUP) == 0
    assert "--resume 1" in aside.getvalue()
    sink = io.StringIO()
    assert PlainDrill(study, "en", io.StringIO(""), sink, aside).resume(1) == 0
    assert "Question 1 of 4" in sink.getvalue()
    assert report(study, 1).ended


def test_a_changed_pack_is_told_before_the_round_goes_on(home: Home) -> None:
    study = home()
    items = Setup(questions=1, minutes=10, items=("small:main/count",), seed=1)
    player = PlainDrill(study, "en", _Stopping(), io.StringIO(), io.StringIO())
    player.begin(items)
    study = home(version="1.2.0", a=40, b=80)
    sink = io.StringIO()
    PlainDrill(study, "en", io.StringIO("\n"), sink, io.StringIO()).resume(1)
    said = sink.getvalue()
    assert "The pack small was 1.0.0 and is 1.2.0." in said
    assert said.index("has changed: small:main/count") < said.index("Question 1 of 1")
    assert re.search(r"Linear\((40|80), 3\)", said)
