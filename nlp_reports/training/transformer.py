"""Pre-training a small encoder on a corpus by masked-language modelling, and fine-tuning any encoder for the tags."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .. import __version__
from ..classify.prompt import contextual
from ..classify.taxonomy import load_taxonomy
from ..classify.transformer import MAX_TOKENS, build_network, require_transformers
from ..corpus.dataset import corpus_digest
from ..errors import DataFileError
from .data import Progress, agency_folds, best_thresholds, examples, fold_metrics, optional, silent, targets
from .folder import write_model


def pretrain_encoder(
    corpora: Sequence[Path], *, out: Path, split: str | None = "train", seed: int = 0, layers: int = 4, width: int = 192,
    epochs: float = 6.0, batch: int = 32, max_steps: int = -1, progress: Progress = silent,
) -> dict[str, float]:  # fmt: skip
    """Pre-train a small character-level BERT on the units of a corpus, offline.

    Args:
        corpora: corpus files or folders.
        out: folder for ``config.json``, ``model.safetensors`` and the tokenizer's files.
        split: which split to use.
        seed: for initialisation, order and masks.
        layers, width: size of the encoder.
        epochs, batch, max_steps: how long to train; ``max_steps`` wins when positive.
        progress: is told each epoch.

    Returns:
        ``loss`` of the last steps and the number of ``steps``.
    """
    _, transformers = require_transformers()
    from datasets import Dataset

    transformers.set_seed(seed)
    data = examples(corpora, split=split)
    texts = [contextual(u) for u in data.units]
    out.mkdir(parents=True, exist_ok=True)
    tokenizer = character_tokenizer(texts, out)
    config = transformers.BertConfig(
        vocab_size=len(tokenizer), hidden_size=width, num_hidden_layers=layers, num_attention_heads=max(width // 48, 1),
        intermediate_size=width * 4, max_position_embeddings=MAX_TOKENS + 2, pad_token_id=tokenizer.pad_token_id,
    )  # fmt: skip
    model = transformers.BertForMaskedLM(config)
    dataset = Dataset.from_list([dict(tokenizer(t, truncation=True, max_length=MAX_TOKENS)) for t in texts])
    collate = transformers.DataCollatorForLanguageModeling(tokenizer, mlm_probability=0.2, seed=seed)
    with tempfile.TemporaryDirectory() as scratch:
        trainer = transformers.Trainer(
            model=model, args=_arguments(scratch, seed=seed, epochs=epochs, batch=batch, rate=8e-4, max_steps=max_steps),
            train_dataset=dataset, data_collator=collate, callbacks=[_told(progress)],
        )  # fmt: skip
        result = trainer.train()
    model.bert.save_pretrained(out)
    tokenizer.save_pretrained(out)
    return {"loss": float(result.training_loss), "steps": float(result.global_step)}


def character_tokenizer(texts: Sequence[str], folder: Path) -> Any:
    """A BERT tokenizer whose vocabulary is the characters of the texts (those met twice), made without a hub."""
    _, transformers = require_transformers()
    counts = Counter(c for t in texts for c in t if not c.isspace())
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *sorted(c for c, n in counts.items() if n > 1)]
    for char in [c for c, n in counts.items() if n > 1 and c.isascii() and c.isalnum()]:
        vocabulary.append(f"##{char}")
    path = folder / "vocab.txt"
    path.write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    return transformers.BertTokenizerFast(vocab={t: i for i, t in enumerate(vocabulary)}, do_lower_case=True)


def _told(progress: Progress) -> Any:
    """A callback of the trainer that tells of each epoch and each held-out loss."""
    _, transformers = require_transformers()

    class Told(transformers.TrainerCallback):  # type: ignore[misc, name-defined]
        def on_epoch_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            progress(f"epoch {state.epoch:.0f} of {args.num_train_epochs:g}, step {state.global_step}")

        def on_evaluate(self, args: Any, state: Any, control: Any, metrics: Any, **_: Any) -> None:
            progress(f"held-out loss {metrics['eval_loss']:.4f}")

    return Told()


def _arguments(
    folder: str, *, seed: int, epochs: float, batch: int, rate: float, max_steps: int = -1, evaluate: bool = False
) -> Any:
    _, transformers = require_transformers()
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    return transformers.TrainingArguments(
        output_dir=folder, seed=seed, data_seed=seed, num_train_epochs=epochs, per_device_train_batch_size=batch,
        per_device_eval_batch_size=64, learning_rate=rate, warmup_steps=20, weight_decay=0.01, max_steps=max_steps,
        logging_strategy="no", report_to=[], use_cpu=not require_transformers()[0].cuda.is_available(),
        save_strategy="epoch" if evaluate else "no", eval_strategy="epoch" if evaluate else "no",
        load_best_model_at_end=evaluate, metric_for_best_model="eval_loss", greater_is_better=False, save_total_limit=1,
        disable_tqdm=True, remove_unused_columns=False, dataloader_pin_memory=False,
    )  # fmt: skip


def train_transformers(
    corpora: Sequence[Path], *, out: Path, encoder: Path, split: str | None = "train", seed: int = 0, epochs: float = 8.0,
    batch: int = 16, rate: float = 3e-4, max_steps: int = -1, taxonomy: Path | None = None, progress: Progress = silent,
) -> dict[str, Any]:  # fmt: skip
    """Fine-tune an encoder for themes and stance with ``Trainer`` and write the model folder.

    One fold of agencies is held out for early stopping (the best epoch is kept), thresholds and metrics.

    Args:
        corpora: corpus files or folders.
        out: the folder to write.
        encoder: a folder with an encoder and its tokenizer, e.g. from :func:`pretrain_encoder`.
        split, seed, epochs, batch, rate, max_steps: as their names say.
        taxonomy: YAML that adds themes.
        progress: is told each epoch and its held-out loss.

    Raises:
        MissingExtra: torch or transformers are not installed.
        DataFileError: NR301, NR302.
    """
    torch, transformers = require_transformers()
    from datasets import Dataset
    from safetensors.torch import save_file

    transformers.set_seed(seed)
    tax = load_taxonomy(taxonomy)
    data = examples(corpora, split=split)
    y, stance = targets(data.labels, tax.theme_ids, tax.stances)
    skip = optional(data.labels, tax.theme_ids)
    goals = np.where(skip, np.nan, y.astype(float))  # a theme left open is not learnt
    texts = [contextual(u) for u in data.units]
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(encoder, local_files_only=True)
        body = transformers.AutoModel.from_pretrained(encoder, local_files_only=True)
    except (OSError, ValueError) as error:
        raise DataFileError("NR302", path=str(encoder), detail=str(error).splitlines()[0]) from error
    network = build_network(body, themes=len(tax.theme_ids), stances=len(tax.stances))
    folds = agency_folds(data.groups, 6, seed)
    dev = folds[0] if len(folds) > 1 else np.arange(len(texts))
    rest = np.setdiff1d(np.arange(len(texts)), dev) if len(folds) > 1 else dev

    def dataset(rows: np.ndarray) -> Any:
        return Dataset.from_list(
            [
                dict(tokenizer(texts[i], truncation=True, max_length=MAX_TOKENS, return_token_type_ids=False))
                | {"themes": goals[i].tolist(), "stance": int(stance[i])}
                for i in rows.tolist()
            ]
        )

    def collate(items: list[dict[str, Any]]) -> dict[str, Any]:
        batch_ = tokenizer.pad([{k: i[k] for k in ("input_ids", "attention_mask")} for i in items], return_tensors="pt")
        return {
            "input_ids": batch_["input_ids"], "attention_mask": batch_["attention_mask"],
            "themes": torch.tensor([i["themes"] for i in items]), "stance": torch.tensor([i["stance"] for i in items]),
        }  # fmt: skip

    with tempfile.TemporaryDirectory() as scratch:
        arguments = _arguments(
            scratch, seed=seed, epochs=epochs, batch=batch, rate=rate, max_steps=max_steps, evaluate=True
        )
        arguments.label_names = ["themes", "stance"]
        trainer = transformers.Trainer(
            model=network, args=arguments, train_dataset=dataset(rest), eval_dataset=dataset(dev), data_collator=collate,
            callbacks=[transformers.EarlyStoppingCallback(early_stopping_patience=2), _told(progress)],
        )  # fmt: skip
        trainer.train()
        logits = np.asarray(trainer.predict(dataset(dev)).predictions)
    n = len(tax.theme_ids)
    held = 1 / (1 + np.exp(-logits[:, :n]))
    held[skip[dev]] = 0.0  # neither right nor wrong
    cut = best_thresholds(held, y[dev])
    threshold = dict(zip(tax.theme_ids, map(float, cut), strict=True))
    metrics = fold_metrics(held >= cut, y[dev], logits[:, n:].argmax(1) == stance[dev], tax.theme_ids)
    metrics |= {"units": len(y), "reports": len(data.records)}
    record = {
        "backend": "transformers", "version": __version__, "themes": list(tax.theme_ids), "stances": list(tax.stances),
        "threshold": threshold, "torch": torch.__version__, "transformers": transformers.__version__,
        "corpus": {"digest": corpus_digest(data.records), "split": split, "units": len(y), "reports": len(data.records)},
        "training": {"seed": seed, "epochs": epochs, "batch": batch, "rate": rate},
    }  # fmt: skip

    def fill(folder: Path) -> None:
        network.cpu().encoder.save_pretrained(folder / "encoder")
        tokenizer.save_pretrained(folder / "tokenizer")
        save_file({k: v.contiguous() for k, v in network.head.state_dict().items()}, folder / "head.safetensors")

    write_model(out, config=record, metrics=metrics, fill=fill)
    return metrics
