"""Pages: everything from a report is escaped, nothing is loaded, every finding links to what it speaks of."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import nlp_reports as nr
from nlp_reports.render import notebook_view, overview_page, report_page
from nlp_reports.schema import Block, Report, Section, Sentence


class Page(HTMLParser):
    """Collects ids, links and loaded addresses; fails on tags that do not close."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.policy = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if values.get("id"):
            self.ids.append(str(values["id"]))
        if tag == "a":
            self.links.append(str(values.get("href")))
        if tag in ("script", "link", "img", "iframe"):
            self.loads.append(str(values.get("src") or values.get("href") or ""))
        if tag == "meta" and values.get("http-equiv") == "Content-Security-Policy":
            self.policy = str(values["content"])


@pytest.fixture(scope="module")
def doc(samples: Path) -> nr.Doc:
    return nr.tag(samples / "sample-02.html", pipeline=nr.Pipeline.default(model="rules"))


def test_links_lead_somewhere_and_nothing_is_loaded(doc: nr.Doc) -> None:
    page = Page(doc.to_html())
    assert len(page.ids) == len(set(page.ids))
    inner = [link[1:] for link in page.links if link.startswith("#")]
    assert len(inner) >= 5 and set(inner) <= set(page.ids)
    assert not any(page.loads) and "default-src 'none'" in page.policy and "unsafe" not in page.policy


def test_every_sentence_count_and_cell_is_there(doc: nr.Doc) -> None:
    ids = set(Page(doc.to_html()).ids)
    assert {
        s.sentence_id for s in doc.sentences if not s.text.startswith(("一、", "二、", "三、", "四、", "五、", "六、"))
    } <= ids
    assert {c.count_id for c in doc.counts} <= ids
    assert {f"cell-{c.cell_id}" for c in doc.cells} <= ids


def test_no_text_of_the_report_is_lost(doc: nr.Doc) -> None:
    shown = re.sub(r"\s|<[^>]*>", "", doc.to_html())
    for s in doc.sentences:
        assert re.sub(r"\s", "", s.text)[:12] in shown


def test_hostile_text_stays_text() -> None:
    text = "一、总体情况\n<script>alert(1)</script>公开\"信息'&amp;12条。</style><img src=x onerror=alert(2)>"
    sentence = Sentence("s0001", "overview", "sentence", text[7:], 7, len(text), themes=("fees",), stance="plan",
                        explanation=(("fees", '"><b onmouseover=x>', 7, 9),))  # fmt: skip
    report = Report("0" * 16, "<i>.txt", "", text, (Block("paragraph", 0, 6), Block("paragraph", 7, len(text))), title="<u>&",
                    sections=(Section("overview", 1, "一、总体情况<s>", 0, len(text), 7, paragraphs=((7, len(text)),)),),
                    sentences=(sentence,))  # fmt: skip
    for html in (report_page(report), overview_page([report]), notebook_view(report)):
        body = html.split("</style>", 1)[-1]
        assert "<img" not in body and "<script>alert" not in body and "<b onmouseover" not in body and "<u>" not in body


def test_report_without_anything() -> None:
    report = Report("0" * 16, "a.txt", "", "", status="partial", error="NR201 …")
    assert "NR201" in report_page(report)
    assert "0" in overview_page([])


def test_notebook_view_shows_findings_and_sentences(doc: nr.Doc) -> None:
    html = doc._repr_html_()
    assert "云岭市人民政府办公室" in html and "T3" in html and "<table>" in html


def test_diff_finds_what_was_copied_changed_new_and_gone(tmp_path: Path) -> None:
    from nlp_reports.render import diff_page
    from nlp_reports.render.diff import changed_cells, pair_sentences

    def tagged(name: str, body: str) -> Report:
        path = tmp_path / name
        path.write_text(body, encoding="utf-8")
        return nr.tag(path, pipeline=nr.Pipeline.default(model="rules")).report

    old = tagged(
        "a.txt",
        "青禾县水务局2022年政府信息公开工作年度报告\n一、总体情况\n公开水情信息112条，比上年多。信息员由办公室同志兼任。举办了一次开放日活动。",
    )
    new = tagged(
        "b.txt",
        "青禾县水务局2023年政府信息公开工作年度报告\n一、总体情况\n公开水情信息168条，比上年多。信息员由办公室同志兼任。建成了新的查阅点。",
    )
    pairs = pair_sentences(old, new)
    kinds = [("same" if p.likeness == 1 else "alike" if p.likeness else "left" if p.left else "right") for p in pairs]
    assert sorted(kinds) == ["alike", "left", "right", "same"]
    changed = next(p for p in pairs if 0 < p.likeness < 1)
    assert ("112", True) in changed.left_marks and "".join(t for t, _ in changed.right_marks) == changed.right.text
    assert changed_cells(old, new) == []
    assert "168" in diff_page(old, new)
