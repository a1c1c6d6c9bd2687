from __future__ import annotations

from synthgym.base.seeds import derive_seed, rng


def test_seeds_are_fixed_for_ever() -> None:
    assert derive_seed("episode", "synthgym/wine-v0", 3) == 4032081099
    assert rng("names", 7).randrange(10**9) == 38373256


def test_parts_do_not_run_together() -> None:
    seeds = {derive_seed(*parts) for parts in [("a", "b"), ("ab",), ("a", 1), ("a", "1"), ("a1",), (), (1,), ("1",)]}
    assert len(seeds) == 8


def test_seeds_fit_every_library() -> None:
    seeds = [derive_seed("x", i) for i in range(1000)]
    assert all(0 <= seed < 2**32 for seed in seeds)
    assert len(set(seeds)) == 1000
