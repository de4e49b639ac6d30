"""Near-duplicates, splits that keep writers and agencies apart."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp_reports.corpus.likeness import likeness, near_duplicates, shingles
from nlp_reports.corpus.split import split_records

CORPUS = Path(__file__).parent.parent.parent / "corpus" / "reports.jsonl"


def record(writer: str, *texts: str, agency: str = "") -> dict[str, object]:
    return {
        "id": f"{writer}-{agency}", "writer": writer, "agency": agency,
        "units": [{"kind": "sentence", "text": t} for t in texts],
    }  # fmt: skip


def test_a_reworded_copy_is_found_and_a_writer_may_repeat_himself() -> None:
    a = "全年通过门户网站公开政府信息四百余条，其中民生类占六成。"
    b = "全年通过门户网站公开政府信息三百余条，其中民生类占六成。"
    [pair] = near_duplicates([record("w1", a), record("w2", b, "举办培训两期，参训干部近百人。")])
    assert pair.text == a and pair.other == b and 0.5 <= pair.jaccard < 1
    assert near_duplicates([record("w1", a, b)]) == []


@given(
    st.text(alphabet="公开信息目录及时更新", min_size=5, max_size=40),
    st.text(alphabet="公开信息目录及时更新", min_size=5, max_size=40),
)
def test_the_index_gives_the_jaccard_index_itself(a: str, b: str) -> None:
    first, second = shingles(a), shingles(b)
    true = len(first & second) / len(first | second)
    found = near_duplicates([record("w1", a), record("w2", b)], threshold=0.5)
    assert (round(true, 4) if true >= 0.5 else None) == (found[0].jaccard if found else None)


def test_our_corpus_is_no_template() -> None:
    records = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
    found = likeness(records)
    assert found["near_duplicate_rate"] < 0.03
    assert found["types"] > 10_000


@given(
    st.lists(
        st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("PQRST"), st.integers(1, 30)), min_size=1, max_size=40
    ),
    st.integers(0, 5),
)
def test_no_writer_or_agency_is_divided(rows: list[tuple[str, str, int]], seed: int) -> None:
    records = [record(w, *["x"] * n, agency=a) for w, a, n in rows]
    try:
        done = split_records(records, dev=0.2, test=0.3, seed=seed)
    except ValueError as error:
        assert "none is left for" in str(error)
        return
    for key in ("writer", "agency"):
        homes: dict[object, set[object]] = {}
        for item in done:
            homes.setdefault(item[key], set()).add(item["split"])
        assert all(len(splits) == 1 for splits in homes.values())


def test_shares_that_leave_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="leave something"):
        split_records([record("a", "x")], dev=0.5, test=0.5)


def test_sentences_without_a_writer_are_split_by_agency() -> None:
    records = [record("user", *["x"] * 5, agency=f"a{i}") for i in range(20)]
    assert {r["split"] for r in split_records(records)} == {"train", "dev", "test"}
    with pytest.raises(ValueError, match="only 1 groups"):
        split_records([record("w", "x", agency="a"), record("w", "y", agency="b")])
