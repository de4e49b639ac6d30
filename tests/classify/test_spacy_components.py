"""The spaCy factories: found by entry point, spans that slice, plain values that survive a DocBin and other processes."""

from __future__ import annotations

from pathlib import Path

import pytest

spacy = pytest.importorskip("spacy")
pytestmark = pytest.mark.xdist_group("backends")


@pytest.fixture(scope="module")
def text(samples: Path) -> str:
    return (samples / "sample-01.txt").read_text(encoding="utf-8")


def test_every_factory_by_entry_point(text: str) -> None:
    nlp = spacy.blank("zh")
    for name in ("sections", "sentences", "counts"):
        nlp.add_pipe(f"nlp_reports_{name}")
    nlp.add_pipe("nlp_reports_themes", config={"model": "rules"})
    doc = nlp(text)
    assert [s.label_ for s in doc.spans["nlp_reports_sections"]][-2:] == ["problems_improvements", "other_matters"]
    assert {"problem", "plan", "achievement"} <= {s.label_ for s in doc.spans["nlp_reports_units"]}
    count = next(c for c in doc.user_data["nlp_reports"]["counts"] if c["value"] == "286")
    assert doc.text[count["number_start"] : count["number_end"]] == "286"
    assert any("286" in s.text for s in doc.spans["nlp_reports_counts"])


def test_results_survive_a_docbin(text: str) -> None:
    from spacy.tokens import DocBin

    nlp = spacy.blank("zh")
    nlp.add_pipe("nlp_reports_counts")
    doc = nlp(text)
    [twin] = DocBin(docs=[doc], store_user_data=True).get_docs(nlp.vocab)
    assert list(twin.user_data["nlp_reports"]["counts"]) == doc.user_data["nlp_reports"]["counts"]
    assert [s.text for s in twin.spans["nlp_reports_counts"]] == [s.text for s in doc.spans["nlp_reports_counts"]]


def test_two_processes_give_the_same(text: str) -> None:
    nlp = spacy.blank("zh")
    nlp.add_pipe("nlp_reports_sentences")
    one = [[s.text for s in d.spans["nlp_reports_units"]] for d in nlp.pipe([text, text[:400]])]
    two = [[s.text for s in d.spans["nlp_reports_units"]] for d in nlp.pipe([text, text[:400]], n_process=2)]
    assert one == two and len(one[0]) > 20
