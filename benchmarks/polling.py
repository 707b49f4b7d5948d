"""How late news is found at an equal number of requests: our policy, fixed intervals, entry frequency, an oracle.

python -m benchmarks.polling [--seeds 5] [--scenario usual|holiday|shift|cold] [--ablations] [--told]
        [--learning 3] [--policies fixed ours oracle steady entry]

`oracle` is our rule with the true rates; `steady` the same without the pace of the day.
"""

from __future__ import annotations

import argparse
import heapq
import sys
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.polling_policies import EntryFrequency, Fixed, Oracle, Ours, Parts, Told
from benchmarks.polling_world import make_world
from core.calendar import hours_of
from core.polling_budget import Budget
from scheduler.workdays import calendar_for

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.polling_policies import Policy
    from benchmarks.polling_world import Floats, Site
    from core.calendar import WorkCalendar

MIX = {"government": 100, "flash": 20, "blog": 80}
FIXED_H = 0.5
WEEK_H = 168
WEIGHTS = {"government": 2.0, "flash": 1.0, "blog": 1.0}
WHOLE = Parts()
BEFORE_H = 11 * WEEK_H
"""How long sources have published before what is measured, so that first lists have a past."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From when requests are made, what is measured, and what changes."""

    begin: int
    """First request, in hours since 1970."""
    measured: int
    """From when on news is measured."""
    end: int
    change: int
    shift: float


def span_of(scenario: str, *, learning_weeks: int = 3) -> Span:
    """Return the span of a scenario: four weeks measured, after some of learning but for `cold`."""
    first = datetime(2026, 9, 14, tzinfo=UTC) if scenario == "holiday" else datetime(2026, 5, 18, tzinfo=UTC)
    measured = int(hours_of(first)) - 8
    begin = measured if scenario == "cold" else measured - learning_weeks * WEEK_H
    change = measured + WEEK_H if scenario == "shift" else measured + 999 * WEEK_H
    return Span(
        begin=begin,
        measured=measured,
        end=measured + 4 * WEEK_H,
        change=change,
        shift=0.3 if scenario == "shift" else 0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a policy did in the measured time."""

    requests: float
    """Per hour."""
    delays: dict[str, Floats]
    """Minutes, by group."""

    def figures(self) -> dict[str, float]:
        """Return mean and 95th percentile, of all and by group."""
        every = {"all": np.concatenate(list(self.delays.values())), **self.delays}
        found = {"requests_h": self.requests}
        for group, delays in every.items():
            if not len(delays):
                continue
            found[f"{group}_mean"] = float(delays.mean())
            found[f"{group}_p95"] = float(np.percentile(delays, 95))
        return found


def play(sites: Sequence[Site], policy: Policy, span: Span, *, rng: np.random.Generator) -> Result:
    """Let a policy ask the sources from the beginning to the end of a span."""
    policy.begin(span.begin)
    count = getattr(policy, "count", lambda: None)
    asked: list[list[float]] = [[] for _ in sites]
    last = [float(span.begin)] * len(sites)
    upto = [int(np.searchsorted(site.items, span.begin)) for site in sites]
    items = [site.items.tolist() for site in sites]
    queue = [(span.begin + rng.random() * 0.5, place) for place in range(len(sites))]
    heapq.heapify(queue)
    hour = span.begin
    while queue and queue[0][0] < span.end + 48:
        now, place = heapq.heappop(queue)
        while hour < int(now):
            hour += 1
            policy.tick(hour)
        there, found = items[place], upto[place]
        while found < len(there) and there[found] <= now:
            found += 1
        count()
        asked[place].append(now)
        wait = policy.wait(place, last[place], now, found - upto[place])
        upto[place], last[place] = found, now
        heapq.heappush(queue, (now + wait, place))
    return _result(sites, asked, span)


def _result(sites: Sequence[Site], asked: Sequence[Sequence[float]], span: Span) -> Result:
    delays: dict[str, list[Floats]] = {}
    requests = 0
    for site, moments in zip(sites, asked, strict=True):
        times = np.array(moments)
        requests += int(((times >= span.measured) & (times < span.end)).sum())
        items = site.items[(site.items >= span.measured) & (site.items < span.end)]
        delays.setdefault(site.group, []).append((times[np.searchsorted(times, items)] - items) * 60)
    return Result(
        requests=requests / (span.end - span.measured),
        delays={group: np.concatenate(each) for group, each in delays.items()},
    )


def calendar_of(zone: str) -> WorkCalendar:
    """Return the calendar of a zone."""
    return calendar_for(zone=zone, jurisdiction="")


def matched(play_at: Callable[[float], Result], *, requests: float) -> Result:
    """Return the result at the factor that costs so many requests, found by bisection."""
    low, high, best = 0.1, 10.0, play_at(1.0)
    for _ in range(12):
        middle = (low * high) ** 0.5
        best = play_at(middle)
        if abs(best.requests / requests - 1) < 0.005:
            break
        low, high = (low, middle) if best.requests > requests else (middle, high)
    return best


def compare(seed: int, span: Span, policies: Sequence[str]) -> dict[str, dict[str, float]]:
    """Play one world by every policy."""
    sites = make_world(
        seed,
        mix=MIX,
        begin=span.measured - BEFORE_H,
        change=span.change,
        end=span.end + 1,
        shift=span.shift,
        calendar_of=calendar_of,
    )
    budget = Budget(per_hour=sum(MIX.values()) / FIXED_H)

    soon = replace(span, begin=span.measured - 24)  # it has nothing to learn but the last seven days

    def rng() -> np.random.Generator:
        return np.random.default_rng(seed + 1000)

    def ours(parts: Parts = WHOLE, kind: type[Ours] = Ours) -> Result:
        policy = kind(sites, budget=budget, calendar_of=calendar_of, weights=WEIGHTS, parts=parts)
        if isinstance(policy, Oracle):
            policy.change = span.change
        return play(sites, policy, span, rng=rng())

    def entry() -> Result:
        return matched(
            lambda factor: play(sites, EntryFrequency(sites, factor=factor), soon, rng=rng()), requests=budget.per_hour
        )

    whole = {
        "fixed": lambda: play(sites, Fixed(FIXED_H), soon, rng=rng()),
        "ours": ours,
        "oracle": lambda: ours(kind=Oracle),
        "steady": lambda: ours(replace(WHOLE, pace=False), kind=Oracle),
        "entry": entry,
    }
    ablated = {f"no {part}": partial(ours, replace(WHOLE, **{part: False})) for part in ABLATIONS}
    told = {f"told {part}": partial(ours, kind=type("Told", (Told,), {"part": part})) for part in TOLD}
    return {name: (whole | ablated | told)[name]().figures() for name in policies}


ABLATIONS = ("profile", "burst", "drift", "index", "weight", "holidays", "placing", "pace")
TOLD = ("level", "days", "hours", "burst", "government", "flash", "blog")


def main() -> None:
    """Print mean and deviation over the seeds of each figure; delays in minutes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--scenario", default="usual")
    parser.add_argument("--learning", type=int, default=3, help="Weeks of learning before four are measured.")
    parser.add_argument("--policies", nargs="+", default=["fixed", "ours", "oracle", "steady", "entry"])
    parser.add_argument("--ablations", action="store_true", help="Also ours without each of its parts.")
    parser.add_argument("--told", action="store_true", help="Also ours, told each part of the truth.")
    options = parser.parse_args()
    policies = [*options.policies, *(f"no {part}" for part in ABLATIONS if options.ablations)]
    policies += [f"told {part}" for part in TOLD if options.told]
    span = span_of(options.scenario, learning_weeks=options.learning)
    runs = []
    for seed in range(options.first, options.first + options.seeds):
        began = time.process_time()
        runs.append(compare(seed, span, policies))
        print(f"seed {seed}: {time.process_time() - began:.0f} s of processor", file=sys.stderr)
    show(runs, policies)


def show(runs: Sequence[dict[str, dict[str, float]]], policies: Sequence[str]) -> None:
    """Print mean and deviation over the worlds of each figure, and of our mean delay against every other policy's."""
    for name in policies:
        figures = []
        for key in runs[0][name]:
            values = [run[name][key] for run in runs]
            figures.append(f"{key} {np.mean(values):.2f}±{np.std(values):.2f}")
        print(f"{name:12}", *figures, sep="  ")
    for name in [each for each in policies if each != "ours" and "ours" in policies]:
        shares = [run["ours"]["all_mean"] / run[name]["all_mean"] for run in runs]
        print(f"ours against {name}: {np.mean(shares):.3f}±{np.std(shares):.3f}")


if __name__ == "__main__":
    main()
