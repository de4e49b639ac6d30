"""Four backends behind one protocol: trained on the samples, saved, loaded, tagging alike; changed files are refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.sparse import vstack

import nlp_reports as nr
from nlp_reports.classify import load_backend
from nlp_reports.classify.context import Unit, units_of
from nlp_reports.classify.features import OPENING, FeatureExtractor
from nlp_reports.classify.linear import decide
from nlp_reports.errors import DataFileError
from nlp_reports.schema import Report, Sentence
from nlp_reports.training.data import examples, optional, targets
from nlp_reports.training.linear import _lone, build_vocabulary, features_of, matrix, train_linear

pytestmark = pytest.mark.xdist_group("backends")


@pytest.fixture(scope="module")
def mini(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample reports alone, as a corpus: small enough to train every backend on."""
    from nlp_reports.corpus.build import write_corpus

    folder = tmp_path_factory.mktemp("mini")
    write_corpus(root / "corpus" / "src" / "samples", out=folder)
    return folder


@pytest.fixture(scope="module")
def linear(mini: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("linear") / "model"
    train_linear([mini], out=folder, split="all")
    return folder


@pytest.fixture(scope="module")
def spacy_model(mini: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("spacy")
    from nlp_reports.training.spacy import train_spacy

    folder = tmp_path_factory.mktemp("spacy") / "model"
    train_spacy([mini], out=folder, split="all", max_steps=20)
    return folder


@pytest.fixture(scope="module")
def transformers_model(mini: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("transformers")
    from nlp_reports.training.transformer import pretrain_encoder, train_transformers

    base = tmp_path_factory.mktemp("transformers")
    pretrain_encoder([mini], out=base / "encoder", split="all", layers=1, width=48, max_steps=3)
    train_transformers([mini], out=base / "model", encoder=base / "encoder", split="all", max_steps=3, epochs=1)
    return base / "model"


@pytest.mark.parametrize("name", ["linear", "spacy_model", "transformers_model"])
def test_a_trained_folder_loads_and_tags_by_the_protocol(
    name: str, request: pytest.FixtureRequest, samples: Path
) -> None:
    folder: Path = request.getfixturevalue(name)
    backend, twin = load_backend(folder), load_backend(folder)
    report = nr.tag(samples / "sample-05.html", pipeline=nr.Pipeline.default(model="rules")).report
    tags = backend.classify(report)
    assert len(tags) == len(report.sentences) and tags == twin.classify(report)
    for sentence, tag in zip(report.sentences, tags, strict=True):
        if sentence.kind == "heading":
            assert tag.themes == () and tag.stance == ""
        else:
            assert tag.stance in ("achievement", "problem", "rectification", "plan", "neutral")
            assert all(0 <= p <= 1 for p in (*tag.theme_scores.values(), *tag.stance_scores.values()))
            assert abs(sum(tag.stance_scores.values()) - 1) < 0.05
    assert backend.digest[:8] in backend.name
    assert {"config.json", "metrics.json"} <= {p.name for p in folder.iterdir()}


@pytest.mark.parametrize("name", ["linear", "spacy_model", "transformers_model"])
def test_a_changed_file_is_refused(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(request.getfixturevalue(name), folder)
    listed = json.loads((folder / "config.json").read_text("utf-8"))["files"]
    target = folder / listed[-1]
    target.write_bytes(target.read_bytes() + b"\n")
    with pytest.raises(DataFileError, match="digest"):
        load_backend(folder)


def test_a_newer_format_and_a_missing_file_are_refused(linear: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(linear, folder)
    config = json.loads((folder / "config.json").read_text("utf-8"))
    (folder / "config.json").write_text(json.dumps(config | {"format": 99}))
    with pytest.raises(DataFileError, match="newer"):
        load_backend(folder)
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "bias.npy").unlink()
    with pytest.raises(DataFileError, match="missing"):
        load_backend(folder)


def test_training_twice_gives_the_same_bytes(mini: Path, linear: Path, tmp_path: Path) -> None:
    train_linear([mini], out=tmp_path / "again", split="all")
    for path in linear.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes(), path.name


@pytest.mark.parametrize("options", [{"bare_share": 1.0}, {"bare_share": -0.1}, {"natural_weight": 0.0}])
def test_weights_of_zero_are_refused(mini: Path, tmp_path: Path, options: dict[str, float]) -> None:
    """liblinear may abort the process on them."""
    with pytest.raises(ValueError, match="bare_share"):
        train_linear([mini], out=tmp_path / "model", split="all", **options)  # type: ignore[arg-type]
    assert not (tmp_path / "model").exists()


def test_prediction_without_sklearn_equals_sklearn(mini: Path, linear: Path) -> None:
    """The forty lines of numpy give scikit-learn's decision values, up to the float16 that weights are stored in."""
    from sklearn.linear_model import LogisticRegression

    data = examples([mini], split="all")
    backend: Any = load_backend(linear)
    names = [seen.names for seen in features_of(data, rules=True)]
    x = matrix(backend.vectorizer, names)
    y, _ = targets(data.labels, backend.themes, backend.stances)
    k = backend.themes.index("platform_building")
    told = ~optional(data.labels, backend.themes)[:, k]
    extractor = FeatureExtractor()
    alone = [extractor.alone(u, opening=OPENING in row) for u, row in zip(data.units, names, strict=True)]
    both = vstack([x[told], matrix(backend.vectorizer, alone)[told]]).tocsr()
    weight = np.repeat([0.7, 0.3], told.sum())
    model = LogisticRegression(C=20.0, solver="liblinear", tol=0.01, random_state=0)
    model.fit(both, np.tile(y[told, k], 2), sample_weight=weight)
    raw = model.decision_function(x)
    slope, shift = backend._arrays["slope"][k], backend._arrays["shift"][k]
    ours = np.array([backend.scores(*backend.vectorizer(n))[k] for n in names])
    assert np.abs(ours - 1 / (1 + np.exp(-(raw * slope + shift)))).max() < 0.01


def test_the_bare_view_of_a_unit_knows_nothing_of_its_surroundings(mini: Path) -> None:
    data = examples([mini], split="all")
    names = [seen.names for seen in features_of(data, rules=True)]
    assert {name[0] for row in names for name in row} == set("cwhilpxr")
    extractor = FeatureExtractor()
    assert not {name[0] for unit in data.units for name in extractor.alone(unit)} & set("hilp")

    def views(heading: str, lead_in: str) -> tuple[set[str], set[str]]:
        unit = Unit(
            "全年组织更新3次，直播118场。",
            "overview",
            "sentence",
            0,
            headings=("一、总体情况", heading),
            lead_in=lead_in,
        )
        return set(extractor.report([unit])[0].names), set(extractor.alone(unit))

    (here, bare), (there, bare_there) = (
        views("（四）平台建设", ""),
        views("（二）依申请公开", "针对上年问题，作了以下改进："),
    )
    assert here != there and bare == bare_there


def test_a_statement_without_a_theme_gets_its_likeliest() -> None:
    p = np.array([[0.6, 0.45], [0.1, 0.35], [0.1, 0.2], [0.1, 0.35]])
    chosen = decide(p, np.array([0.5, 0.4]), lone=0.3, speaks=np.array([True, True, True, False]))
    assert chosen.tolist() == [[True, True], [False, True], [False, False], [False, False]]
    assert decide(p, np.array([0.5, 0.4]), lone=1.0, speaks=np.ones(4, bool)).sum() == 2


def test_a_lone_theme_that_is_left_open_counts_for_nothing() -> None:
    p, y = np.array([[0.35, 0.33], [0.35, 0.1]]), np.array([[0, 0], [1, 0]])
    cut, speaks = np.array([0.5, 0.5]), np.array([True, True])
    assert _lone(p, y, cut, speaks, np.array([[True, False], [False, False]])) < 1
    assert _lone(p, y, cut, speaks, np.zeros((2, 2), bool)) < 1  # one right, one wrong is better than none
    assert _lone(p, np.zeros((2, 2)), cut, speaks, np.zeros((2, 2), bool)) == 1


def test_what_a_unit_says_outweighs_a_heading_that_does_not_fit() -> None:
    """Published reports put trainings under 平台建设 and letters under 信息管理."""
    text = "全年组织业务培训2次，培训信息员45人次。"
    for heading in ("（四）平台建设", "（三）政府信息管理", "（二）依申请公开"):
        head = Sentence("s1", "overview", "heading", heading, 0, len(heading), level=1)
        unit = Sentence("s2", "overview", "sentence", text, 20, 20 + len(text), heading_path=("一、总体情况", heading))
        tags = load_backend().classify(Report("0", "", "", "", sentences=(head, unit)))[1]
        assert tags.themes == ("training",), heading


def test_vocabulary_and_features_are_stable(mini: Path) -> None:
    data = examples([mini], split="all")
    first, second = ([seen.names for seen in features_of(data, rules=True)] for _ in range(2))
    assert first == second and all(names for names in first)
    vocabulary, idf = build_vocabulary(first)
    assert vocabulary == sorted(vocabulary) and len(idf) == len(vocabulary) and (idf > 0).all()


def test_features_do_not_see_which_number_it_is(samples: Path) -> None:
    extractor = FeatureExtractor()

    def features(n: str) -> list[str]:
        from nlp_reports.schema import Sentence

        text = f"公开信息{n}条。"
        return extractor.report(units_of([Sentence("s1", "overview", "sentence", text, 0, len(text))]))[0].names

    assert features("12") == features("987") == features("3.5")


def test_every_training_tells_how_far_it_is(mini: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    train_linear([mini], out=tmp_path / "linear", split="all", progress=lines.append)
    assert "features" in lines[0] and lines[-1] == "fold 4 of 4 held out"
    pytest.importorskip("spacy")
    from nlp_reports.training.spacy import train_spacy

    lines.clear()
    train_spacy([mini], out=tmp_path / "spacy", split="all", max_steps=2, progress=lines.append)
    assert any("LOSS" in line for line in lines) and not any("\n" in line or "\x1b" in line for line in lines)
    pytest.importorskip("transformers")
    from nlp_reports.training.transformer import pretrain_encoder, train_transformers

    lines.clear()
    encoder = tmp_path / "encoder"
    pretrain_encoder([mini], out=encoder, split="all", layers=1, width=48, max_steps=1, progress=lines.append)
    assert lines and lines[0].startswith("epoch")
    lines.clear()
    train_transformers([mini], out=tmp_path / "t", encoder=encoder, split="all", max_steps=1, progress=lines.append)
    assert any(line.startswith("held-out loss") for line in lines)


def test_a_theme_that_is_left_open_costs_the_encoder_nothing() -> None:
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    from nlp_reports.classify.transformer import build_network

    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=20, hidden_size=12, num_hidden_layers=1, num_attention_heads=1, intermediate_size=12
    )
    network = build_network(transformers.BertModel(config), themes=2, stances=2).eval()
    ids = torch.tensor([[1, 2, 3]])

    def loss(second: float) -> float:
        goals = torch.tensor([[1.0, second]])
        return network(ids, torch.ones_like(ids), themes=goals, stance=torch.tensor([0]))["loss"].item()

    assert loss(0.0) != loss(1.0)
    known = network(ids, torch.ones_like(ids))["logits"][0]
    expected = 4 * torch.nn.functional.softplus(-known[0]) + torch.nn.functional.cross_entropy(
        known[None, 2:], torch.tensor([0])
    )
    everything_open = torch.tensor([[float("nan"), float("nan")]])
    found = network(ids, torch.ones_like(ids), themes=everything_open, stance=torch.tensor([0]))["loss"]
    assert torch.isfinite(found)
    assert loss(float("nan")) == pytest.approx(expected.item(), rel=1e-5)


def test_two_labels_of_one_theme_only_still_train(mini: Path, tmp_path: Path) -> None:
    record = json.loads((mini / "reports.jsonl").read_text("utf-8").splitlines()[0])
    for unit in record["units"]:
        if unit["kind"] == "sentence":
            unit["themes"], unit["stance"] = [], "achievement"
    (tmp_path / "reports.jsonl").write_text(json.dumps(record, ensure_ascii=False) + "\n", encoding="utf-8")
    train_linear([tmp_path], out=tmp_path / "model", split="all")
    tags = load_backend(tmp_path / "model").classify(
        nr.tag(
            "corpus/samples/sample-01.txt" if Path("corpus/samples").exists() else mini,
            pipeline=nr.Pipeline.default(model="rules"),
        ).report
    )
    assert {t.stance for t in tags} <= {"achievement", ""}
    assert all(not t.themes for t in tags)
