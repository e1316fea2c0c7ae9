"""Recomputes the evidence from an exported ledger, with the standard library alone: python3 recompute.py [ledger.json [ledger.csv]]

Reads the two files beside it where none are named, counts the verdicts of each for itself, and says what follows. It ends with 1 where the
files disagree with each other or with what was claimed.
"""

import csv
import json
import runpy
import sys
from itertools import groupby, takewhile
from math import exp, isclose, log
from pathlib import Path
from types import SimpleNamespace
from typing import Any

HERE = Path(__file__).resolve().parent
PROOF_SHARE = 0.8
LEAST_CATCH_RATE = 0.7


def main(arguments: list[str]) -> int:
    """Print what the files show."""
    names = [*arguments, *(str(HERE / name) for name in ("ledger.json", "ledger.csv")[len(arguments) :])]
    ledger = json.loads(Path(names[0]).read_text(encoding="utf-8"))
    found = recomputed(ledger)
    wrong = [f"{name}: the file claims {ledger['result'][name]}" for name in found if not _same(found[name], ledger["result"][name])]
    if Path(names[1]).exists() and counted(_verdicts_of_csv(Path(names[1]))) != (found["n"], found["k"]):
        wrong.append("The CSV file counts other verdicts.")
    lines = [f"{name}: {value}" for name, value in found.items()]
    lines += [f"E: {exp(min(found['log_e'], 700)):.6g}", *(wrong or ["The files agree with this."])]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if wrong else 0


def recomputed(ledger: dict[str, Any]) -> dict[str, Any]:
    """What the ledger shows, by the names of its "result"."""
    arithmetic = SimpleNamespace(**runpy.run_path(str(HERE / "confidence.py")))
    terms, reviewers = ledger["terms"][-1], ledger["reviewers"]
    n, k = counted([entry["verdicts"][-1] if entry["verdicts"] else None for entry in ledger["entries"]])
    catch_rate = arithmetic.catch_rate_bound(reviewers["planted"], reviewers["caught"], terms["alpha"] * (1 - PROOF_SHARE))
    epsilon, alpha = terms["epsilon"] * max(catch_rate, LEAST_CATCH_RATE), terms["alpha"] * PROOF_SHARE
    threshold = ledger["attempt"]["number"] / alpha
    log_e = arithmetic.log_evidence(n, k, epsilon)
    return {
        "n": n,
        "k": k,
        "catch_rate": catch_rate,
        "tested_epsilon": epsilon,
        "tested_alpha": alpha,
        "threshold": threshold,
        "log_e": log_e,
        "bound": min(arithmetic.upper_bound(n, k, 1 / threshold) / catch_rate, 1.0) if catch_rate else 1.0,
        "is_proven": log_e >= log(threshold) and catch_rate >= LEAST_CATCH_RATE,
    }


def counted(verdicts: list[dict[str, Any] | None]) -> tuple[int, int]:
    """How many verdicts count, and how many of them are unsafe, up to the first draft that has none."""
    counting = [one for one in takewhile(lambda one: one is not None, verdicts) if one and one["counts"]]
    return len(counting), sum(1 for one in counting if one["unsafe"])


def _verdicts_of_csv(path: Path) -> list[dict[str, Any] | None]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        last = [list(rows)[-1] for _, rows in groupby(csv.DictReader(file), key=lambda row: row["position"])]
    return [{"counts": row["counts"] == "true", "unsafe": row["unsafe"] == "true"} if row["reason"] else None for row in last]


def _same(one: Any, other: Any) -> bool:
    return isclose(one, other, rel_tol=1e-9) if isinstance(one, float) and isinstance(other, float) else bool(one == other)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
