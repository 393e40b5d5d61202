"""A mistake is called what its own pack calls it."""

from __future__ import annotations

from pathlib import Path

from app.study.mistakes import mistake_title
from content.compiled import PackLibrary


def test_two_packs_name_one_id_differently(tmp_path: Path) -> None:
    for pack, title in (("first", "Bias left out"), ("second", "Bias forgotten")):
        (tmp_path / pack).mkdir()
        (tmp_path / pack / "pack.yaml").write_text(
            f"id: {pack}\nversion: 1.0.0\ntitle: {pack}\nlanguages: [en]\n"
            f"mistakes: {{bias: {{title: {title}}}}}\n",
            encoding="utf-8",
        )
    with PackLibrary([tmp_path], None) as library:
        assert mistake_title(library, "second:cnn.params/count", "bias", "en") == "Bias forgotten"
        assert mistake_title(library, "first:cnn.params", "bias", "en") == "Bias left out"
        assert mistake_title(library, "third:cnn.params", "bias", "en") == ""
