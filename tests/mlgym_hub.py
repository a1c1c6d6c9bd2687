"""Tasks in MLGym's format whose data, or model, is on the Hugging Face Hub; the Hub is `hub_server`'s.

`stripes` has pictures, as MLGym's tasks of pictures have: written with `datasets`, so that the parquet files say that a
column holds pictures and another one classes. What is told of a class in other columns, and in the pictures' paths, is
there on purpose. Each call makes repositories of other names, because the Hub's cache outlives a test.
"""

from __future__ import annotations

import io
import uuid
from pathlib import Path
from typing import Any, Literal

import numpy as np
import yaml
from hub_server import HubServer

CLASSES = ("across", "down", "plain")
TRAIN, TEST = 240, 230

EVALUATE = """
import argparse, json
import pandas as pd
from datasets import load_dataset

parser = argparse.ArgumentParser()
parser.add_argument("--submission_file")
truth = load_dataset({name!r}, split="test")
said = pd.read_csv(parser.parse_args().submission_file)
assert len(said) == len(truth), "wrong number of rows"
right = [a == b for a, b in zip(truth["label"], said["label"])]
print(json.dumps({{"accuracy": sum(right) / len(right), "rows": len(right)}}))
"""

BASELINE = """
import numpy as np, pandas as pd
from datasets import load_dataset
from sklearn.linear_model import LogisticRegression

data = load_dataset({name!r})
def pixels(rows):
    return np.array([np.asarray(picture, dtype=float).ravel() / 255 for picture in rows["img"]])
model = LogisticRegression(max_iter=200).fit(pixels(data["train"]), data["train"]["label"])
pd.DataFrame({{"label": model.predict(pixels(data["test"]))}}).to_csv("submission.csv", index=False)
print("baseline done")
"""

# The same without `datasets`, whose import takes seconds: most tests ask about other things.
EVALUATE_QUICKLY = EVALUATE.replace("from datasets import load_dataset\n", "").replace(
    'load_dataset({name!r}, split="test")',
    'pd.read_parquet("data/test-00000-of-00001.parquet")  # in place of load_dataset({name!r})',
)
BASELINE_QUICKLY = """
import io
import numpy as np, pandas as pd
test = pd.read_parquet("data/test-00000-of-00001.parquet")
seen = pd.read_parquet("data/train-00000-of-00001.parquet")
pixels = lambda rows: np.array([np.frombuffer(cell["bytes"][-192:], dtype=np.uint8) for cell in rows["img"]]) / 255.0
from sklearn.neighbors import KNeighborsClassifier
model = KNeighborsClassifier().fit(pixels(seen), seen["label"])
pd.DataFrame({"label": model.predict(pixels(test))}).to_csv("submission.csv", index=False)
print("baseline done")
"""


def new_name(name: str) -> str:
    """A repository that nobody has heard of."""
    return f"u{uuid.uuid4().hex[:8]}/{name}"


def picture(label: int, lot: np.random.Generator) -> bytes:
    """A bitmap of 8 × 8 pixels, whose last 192 bytes are its colours, with stripes that are hard to see."""
    from PIL import Image

    light = lot.integers(60, 196, (8, 8, 3)).astype(float)
    if label == 0:
        light[::2] += 45
    elif label == 1:
        light[:, ::2] += 45
    file = io.BytesIO()
    Image.fromarray(light.clip(0, 255).astype(np.uint8)).save(file, "bmp")
    return file.getvalue()


def stripes(rows: int, seed: int) -> bytes:
    """A split of `stripes` as a parquet file."""
    from datasets import ClassLabel, Dataset, Features, Image, Value

    lot = np.random.default_rng(seed)
    labels = lot.integers(0, len(CLASSES), rows).tolist()
    data = {
        "img": [{"bytes": picture(k, lot), "path": f"{CLASSES[k]}/{i}.bmp"} for i, k in enumerate(labels)],
        "label": labels,
        "label_text": [CLASSES[k] for k in labels],
        "number": list(range(rows)),
        "taken_by": [("ann", "ben")[i % 2] for i in range(rows)],
    }
    kinds = {"label_text": Value("string"), "number": Value("int64"), "taken_by": Value("string")}
    features = Features({"img": Image(), "label": ClassLabel(names=list(CLASSES)), **kinds})
    file = io.BytesIO()
    Dataset.from_dict(data, features=features).to_parquet(file)
    return file.getvalue()


def stripes_files(folder: str = "plain_text/") -> dict[str, bytes]:
    """The repository of `stripes`."""
    return {
        "README.md": b"---\nlicense: mit\n---\n",
        f"{folder}train-00000-of-00001.parquet": stripes(TRAIN, 1),
        f"{folder}test-00000-of-00001.parquet": stripes(TEST, 2),
    }


def imitation(column: str, shape: tuple[int, ...], rows: dict[str, int]) -> dict[str, bytes]:
    """A repository of the form of MLGym's two of pictures: ten classes, this column, and no picture of theirs."""
    from datasets import ClassLabel, Dataset, Features, Image
    from PIL import Image as pillow

    lot, files = np.random.default_rng(0), {}
    typical = lot.integers(0, 256, (10, *shape))
    features = Features({column: Image(), "label": ClassLabel(num_classes=10)})
    for split, count in rows.items():
        labels, pictures = lot.integers(0, 10, count).tolist(), []
        for label in labels:
            file = io.BytesIO()
            pixels = typical[label] + lot.normal(0, 40, shape)
            pillow.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(file, "png")
            pictures.append({"bytes": file.getvalue(), "path": None})
        table = io.BytesIO()
        Dataset.from_dict({column: pictures, "label": labels}, features=features).to_parquet(table)
        files[f"plain/{split}-00000-of-00001.parquet"] = table.getvalue()
    return files


BASELINE_PAIRS = """
import pandas as pd
import torch
from datasets import load_dataset
from transformers import BertForSequenceClassification, BertTokenizer

MODEL = {model!r}
pairs = load_dataset({short!r})
read = BertTokenizer.from_pretrained(MODEL)
model = BertForSequenceClassification.from_pretrained(MODEL, num_labels=3)
steps = torch.optim.AdamW(model.parameters(), lr=0.01)
for row in pairs["train"].select(range(20)):
    words = read(row["premise"], row["hypothesis"], return_tensors="pt")
    model(**words, labels=torch.tensor([row["label"]])).loss.backward()
    steps.step()
    steps.zero_grad()
hidden = pairs["validation_matched"]
with torch.no_grad():
    words = [read(row["premise"], row["hypothesis"], return_tensors="pt") for row in hidden]
    said = [model(**each).logits.argmax().item() for each in words]
model.save_pretrained("trained")
pd.DataFrame({"label": said}).to_csv("submission.csv", index=False)
print("baseline done")
"""

EVALUATE_PAIRS = """
import argparse, json, os
import pandas as pd
from datasets import load_dataset
from transformers import BertTokenizer

parser = argparse.ArgumentParser()
parser.add_argument("--submission_file")
truth = load_dataset({short!r})["validation_matched"]
read = BertTokenizer.from_pretrained({model!r})
said = pd.read_csv(parser.parse_args().submission_file)["label"]
assert len(said) == len(truth), "wrong number of rows"
right = [a == b for a, b in zip(truth["label"], said)]
words = len(read(truth[0]["premise"])["input_ids"])
weights = "model.safetensors" in os.listdir({model!r})
print(json.dumps({"accuracy": sum(right) / len(right), "words": words, "weights": weights}))
"""


def pairs_files() -> dict[str, bytes]:
    """A repository of the form of MNLI's: pairs of sentences, three classes, an odd name for a split."""
    from datasets import ClassLabel, Dataset, Features, Value

    lot, files = np.random.default_rng(0), {}
    kinds = {"premise": Value("string"), "hypothesis": Value("string"), "genre": Value("string")}
    features = Features({**kinds, "label": ClassLabel(names=["entailment", "neutral", "contradiction"])})
    for split, rows in {"train": 60, "validation_matched": 220, "validation_mismatched": 30}.items():
        labels = lot.integers(0, 3, rows).tolist()
        data = {
            "premise": ["it rains today"] * rows,
            "hypothesis": [("it is wet", "a bird sings", "it is dry")[label] for label in labels],
            "genre": [("fiction", "travel")[i % 2] for i in range(rows)],
            "label": labels,
        }
        file = io.BytesIO()
        Dataset.from_dict(data, features=features).to_parquet(file)
        files[f"data/{split}-00000-of-00001.parquet"] = file.getvalue()
    return files


def tiny_bert(folder: Path) -> dict[str, bytes]:
    """A model's repository: BERT with next to nothing in it, made in `folder`, and a file that nobody is given."""
    import torch
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"it rains today is wet a bird sings dry".split()]  # noqa: SIM905
    sizes = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8}
    config = BertConfig(vocab_size=len(words), **sizes)
    BertModel(config).save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(words) + "\n")
    (folder / "tokenizer_config.json").write_text('{"do_lower_case": true, "tokenizer_class": "BertTokenizer"}')
    (folder / "pytorch_model.bin").write_bytes(b"pickled")
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def download(hub: HubServer, repo_id: str, kind: Literal["dataset", "model"] = "dataset", **only: Any) -> str:
    """Has the Hub's client put a repository into the cache, as `hf download` does; gives the commit's folder."""
    from huggingface_hub import snapshot_download

    return str(snapshot_download(repo_id, repo_type=kind, endpoint=hub.url, **only))


def write_hub_task(
    root: Path, name: str, repo_id: str, baseline: str = BASELINE_QUICKLY, evaluate: str = EVALUATE_QUICKLY, **more: Any
) -> None:
    """Writes a task of `stripes`' kind into a checkout; the code may say ``{name!r}`` for the repository's name."""
    config = {
        "id": name,
        "name": name,
        "description": "Tell the stripes apart.\n{dataset_docs}\nHand in `submission.csv`.",
        "dataset_configs": [f"datasets/{name}.yaml"],
        "task_entrypoint": "CSVSubmissionTasks",
        "training_timeout": 120,
        "starter_code": [f"data/{name}/baseline.py", f"data/{name}/evaluate.py"],
        "baseline_paths": ["baseline.py"],
        "baseline_scores": [{"accuracy": 0.5}],
        "evaluation_paths": ["evaluate.py"],
        **more,
    }
    data = {"name": "stripes", "description": "Stripes.", "data_path": repo_id, "is_local": False}
    files = {
        f"configs/tasks/{name}.yaml": yaml.safe_dump(config),
        f"configs/datasets/{name}.yaml": yaml.safe_dump(data),
        f"data/{name}/baseline.py": _filled(baseline, repo_id),
        f"data/{name}/evaluate.py": _filled(evaluate, repo_id),
    }
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text.lstrip("\n"))


def _filled(text: str, repo_id: str) -> str:
    return text.replace("{name!r}", repr(repo_id)).replace("{{", "{").replace("}}", "}")
