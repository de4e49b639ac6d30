"""The transformers backend: any encoder, one head for themes (sigmoid) and one for stance (softmax).

A model folder holds ``encoder/`` (config, safetensors), ``tokenizer/`` and ``head.safetensors``. torch and transformers are
imported here, when a model is loaded or trained. No hub is asked for anything: encoders come from a folder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import DataFileError, MissingExtra
from ..schema import Report
from .base import Tags
from .context import units_of
from .prompt import contextual

MAX_TOKENS = 256


def require_transformers() -> tuple[Any, Any]:
    """Import torch and transformers, or say which command installs them."""
    try:
        import torch
        import transformers
    except ImportError as error:
        raise MissingExtra(str(error.name or "transformers"), "transformers") from error
    return torch, transformers


def build_network(encoder: Any, *, themes: int, stances: int) -> Any:
    """The encoder with its two heads; the unit's vector is the mean over its tokens.

    ``forward`` takes ``input_ids``, ``attention_mask`` and, in training, ``themes`` (0/1, NaN where left open, units × themes) and ``stance``
    (index); it returns ``loss`` (when labels are given) and ``logits`` (themes, then stances).
    """
    torch, _ = require_transformers()
    nn = torch.nn

    class Network(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.encoder = encoder
            self.dropout = nn.Dropout(0.1)
            self.head = nn.Linear(encoder.config.hidden_size, themes + stances)

        def forward(
            self, input_ids: Any, attention_mask: Any, themes: Any = None, stance: Any = None
        ) -> dict[str, Any]:
            hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
            pooled = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1)
            logits = self.head(self.dropout(pooled))
            result = {"logits": logits}
            if themes is not None:
                n = themes.shape[1]
                told = ~torch.isnan(themes)
                result["loss"] = nn.functional.cross_entropy(logits[:, n:], stance)
                if told.any():
                    of_themes = nn.functional.binary_cross_entropy_with_logits(
                        logits[:, :n][told], themes[told].to(logits.dtype)
                    )
                    result["loss"] = result["loss"] + 4 * of_themes
            return result

    return Network()


class TransformerBackend:
    """Tags with a fine-tuned encoder; load one with :func:`nlp_reports.classify.load_backend`."""

    def __init__(self, *, network: Any, tokenizer: Any, name: str, digest: str, themes: Sequence[str],
                 stances: Sequence[str], threshold: Mapping[str, float]) -> None:  # fmt: skip
        self.name, self.digest = name, digest
        self._network, self._tokenizer = network, tokenizer
        self._themes, self._stances, self._threshold = tuple(themes), tuple(stances), dict(threshold)

    @classmethod
    def load(cls, folder: Path, config: Mapping[str, Any]) -> TransformerBackend:
        """Build the backend from a folder whose digest has been checked.

        Raises:
            DataFileError: NR302, when the files cannot be loaded.
        """
        _, transformers = require_transformers()
        from safetensors.torch import load_file

        try:
            encoder = transformers.AutoModel.from_pretrained(folder / "encoder", local_files_only=True)
            tokenizer = transformers.AutoTokenizer.from_pretrained(folder / "tokenizer", local_files_only=True)
            network = build_network(encoder, themes=len(config["themes"]), stances=len(config["stances"]))
            network.head.load_state_dict(load_file(folder / "head.safetensors"))
        except (OSError, ValueError, RuntimeError) as error:
            raise DataFileError("NR302", path=str(folder), detail=str(error).splitlines()[0]) from error
        network.eval()
        return cls(
            network=network, tokenizer=tokenizer, name=f"transformers-{config['digest'][:8]}", digest=config["digest"],
            themes=config["themes"], stances=config["stances"], threshold=config["threshold"],
        )  # fmt: skip

    def classify(self, report: Report) -> list[Tags]:
        """One :class:`Tags` a sentence, in order; headings get empty ones."""
        units = units_of(report.sentences)
        rows = iter(self.logits([contextual(u) for u in units if u.kind == "sentence"]))
        return [Tags() if u.kind == "heading" else self._tags(next(rows)) for u in units]

    def logits(self, texts: Sequence[str], *, batch: int = 32) -> list[list[float]]:
        """Raw scores, one row a text: themes, then stances."""
        torch, _ = require_transformers()
        rows: list[list[float]] = []
        for i in range(0, len(texts), batch):
            inputs = self._tokenizer(
                list(texts[i : i + batch]), padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt"
            )
            with torch.inference_mode():
                out = self._network(input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"])
            rows += out["logits"].tolist()
        return rows

    def _tags(self, row: Sequence[float]) -> Tags:
        import math

        n = len(self._themes)
        themes = {t: 1 / (1 + math.exp(-max(min(x, 30.0), -30.0))) for t, x in zip(self._themes, row, strict=False)}
        top = max(row[n:])
        weights = [math.exp(x - top) for x in row[n:]]
        stances = {s: w / sum(weights) for s, w in zip(self._stances, weights, strict=True)}
        chosen = tuple(t for t, p in themes.items() if p >= self._threshold.get(t, 0.5))
        return Tags(
            chosen, {t: p for t, p in themes.items() if p >= 0.01}, max(stances, key=stances.__getitem__), stances
        )
