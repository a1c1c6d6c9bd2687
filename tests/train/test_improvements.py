"""The tables of how far agents got: overall, by kind, and beside the first agent."""

from __future__ import annotations

from synthgym.registry.collections.index import SHIPPED, read_index
from synthgym.train.evaluation.improvements import improvement_tables
from synthgym.train.evaluation.scores import ScoreRecord


def episode(agent: str, env_id: str, improvement: float) -> ScoreRecord:
    return ScoreRecord(
        env_id=env_id,
        challenge_hash=env_id,
        solver=agent,
        seed=0,
        metric="accuracy",
        direction="higher",
        baseline=0.5,
        reference=1.0,
        noise=0.01,
        final=0.5 + improvement / 2,
        improvement=improvement,
        steps=4,
    )


def of_kinds(agents: dict[str, tuple[float, float]], count: int = 6) -> list[ScoreRecord]:
    """Episodes on shipped challenges: each agent earns one figure on tables, and another on games."""
    entries = read_index(SHIPPED).entries
    found = []
    for kind, place in (("file", 0), ("module", 1)):
        for entry in [entry for entry in entries if entry.kind == kind][:count]:
            name = f"synthgym/{entry.id}-v{entry.version}"
            found += [episode(agent, name, earned[place]) for agent, earned in agents.items()]
    return found


def test_overall_and_by_kind() -> None:
    overall, games, tables = improvement_tables(of_kinds({"base": (0.0, 0.1), "better": (0.5, 0.1)}))
    assert overall.title == "Improvement (12 challenges)"
    assert games.title == "Improvement, challenges of kind game (6 challenges)"
    assert tables.title == "Improvement, challenges of kind table (6 challenges)"
    assert overall.head[-2:] == ["above base", "95% interval"]
    assert [row[0] for row in overall.rows] == ["base", "better"]
    assert overall.rows[0][-2:] == ["", ""]
    assert overall.rows[1][1] == "0.300"
    assert tables.rows[1][1:3] == ["0.500", "0.500 to 0.500"]
    assert tables.rows[1][-2:] == ["+0.500", "+0.500 to +0.500"]
    assert games.rows[1][-2:] == ["+0.000", "+0.000 to +0.000"]
    assert float(overall.rows[1][-1].split(" to ")[0]) > 0


def test_one_agent_one_kind_one_challenge() -> None:
    (table,) = improvement_tables([episode("only", "toys/line-v0", 0.25)])
    assert table.head == ["", "mean", "95% interval", "solved", "95% interval"]
    assert table.rows == [["only", "0.250", "", "100%", ""]]


def test_a_kind_that_not_all_have_played_has_no_table() -> None:
    records = of_kinds({"a": (0.1, 0.1), "b": (0.2, 0.2)})
    games = {entry.id for entry in read_index(SHIPPED).entries if entry.kind == "module"}
    records = [each for each in records if each.solver == "a" or each.env_id.split("/")[1][:-3] not in games]
    assert [table.title for table in improvement_tables(records)] == [
        "Improvement (6 challenges)",
        "Improvement, challenges of kind table (6 challenges)",
    ]


def test_figures_are_signed_and_rounded() -> None:
    overall, *_ = improvement_tables(of_kinds({"a": (0.1, 0.1), "worse": (-0.25, -0.125)}))
    assert overall.rows[1][1] == "-0.188"
    assert overall.rows[1][-2] == "-0.288"
