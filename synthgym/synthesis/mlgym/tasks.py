"""The tasks that MLGym compares agents on, by their data sets and names: challenges must not overlap with them."""

from __future__ import annotations

from functools import partial

from synthgym.synthesis.verification.contamination import Task

_task = partial(Task, "MLGym")

TASKS = (
    _task("CIFAR-10", ("cifar10", "cifar10small"), (("cifar10",), ("cifar 10",))),
    _task("Fashion-MNIST", ("fashionmnist", "fmnist"), (("fashion mnist",), ("fashionmnist",), ("fmnist",))),
    _task(
        "Kaggle House Prices",
        (
            "houseprices",
            "housepricesadvancedregressiontechniques",
            "kagglehouseprice",
            "kagglehouseprices",
            "ameshousing",
            "ames",
        ),
        (("house price", "kaggle"), ("house prices", "kaggle"), ("ames", "housing"), ("ames", "iowa"), ("saleprice",)),
    ),
    _task(
        "COCO captions",
        ("coco", "coco2014", "coco2017", "cococaptions", "mscoco", "cococaption", "cococaptions2017"),
        (("coco", "caption"), ("coco", "captions"), ("coco", "captioning"), ("mscoco",), ("ms coco",)),
    ),
    _task("FineWeb", ("fineweb", "finewebedu", "fineweb10b", "fineweb2"), (("fineweb",),)),
    _task(
        "MNLI",
        ("mnli", "multinli", "gluemnli"),
        (("mnli",), ("multinli",), ("multi nli",), ("multi genre", "inference"), ("multigenre", "inference")),
    ),
    _task(
        "MinAtar Breakout",
        ("minatar", "minatarbreakout"),
        (("minatar",), ("breakout", "atari"), ("breakout", "paddle")),
    ),
    _task("MetaMaze", ("metamaze",), (("metamaze",), ("meta maze",))),
    _task(
        "MountainCarContinuous",
        ("mountaincar", "mountaincarcontinuous"),
        (("mountaincar",), ("mountain car",), ("mountaincarcontinuous",)),
    ),
    _task(
        "3-SAT time",
        ("3sat", "threesat"),
        (
            ("3sat",),
            ("3 satisfiability",),
            *(("3 sat", word) for word in ("boolean", "clauses", "formula", "formulas", "heuristic", "solver")),
        ),
    ),
    _task(
        "battle of the sexes", ("battleofsexes", "battleofthesexes"), (("battle of sexes",), ("battle of the sexes",))
    ),
    _task(
        "iterated prisoner's dilemma",
        ("prisonersdilemma", "iteratedprisonersdilemma"),
        (("prisoners dilemma",), ("prisoner dilemma",), ("prisoner s dilemma",)),
    ),
    _task("Colonel Blotto", ("blotto", "colonelblotto"), (("blotto",),)),
    _task(
        "Titanic",
        ("titanic",),
        tuple(
            ("titanic", word) for word in ("passenger", "passengers", "survive", "survived", "survival", "survivors")
        ),
    ),
)
