"""Sources that publish by themselves: government sites, flash feeds and weekly blogs, no two alike.

Every source draws its own level, hours, days, batches, wakes (a self-exciting part) and day-to-day unrest. None of it
is taken from the forms that `core.polling_model` fits: hours are sums of bumps, unrest is a Gamma factor a day, batches
are geometric, wakes last between ten minutes and two hours.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from core.calendar import CELLS, HOURS, DayKind, cell_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from core.calendar import WorkCalendar

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How one source publishes, as only an oracle knows."""

    table: Floats
    """Batches an hour for each cell of `core.calendar`."""
    batch: float
    """Mean items of a batch, 1 or more."""
    wake: float
    """Items that follow in the wake of one."""
    wake_h: float
    """Mean delay of a follower, hours."""
    unrest: float
    """Variance of the factor of a day; 0 for steady ones."""

    @property
    def item_rates(self) -> Floats:
        """Items an hour for each cell, wakes included."""
        return self.table * self.batch / (1 - self.wake)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One simulated source."""

    group: str
    zone: str
    habits: Habits
    least_h: float
    most_h: float
    later: Habits | None = None
    """Habits from the change on, where there is one."""
    items: Floats = field(default_factory=lambda: np.zeros(0))
    """Moments of publication in hours since 1970, ascending."""


def _bumps(rng: np.random.Generator, centres: Iterable[float], widths: Iterable[float], floor: float) -> Floats:
    hours = np.arange(HOURS) + 0.5
    shape: Floats = np.full(HOURS, floor)
    for centre, width in zip(centres, widths, strict=True):
        gap = np.abs(hours - centre)
        shape += rng.uniform(0.4, 1.0) * np.exp(-0.5 * (np.minimum(gap, HOURS - gap) / width) ** 2)
    scaled: Floats = shape / shape.mean()
    return scaled


def _table(per_day: float, days: Floats, work: Floats, rest: Floats) -> Floats:
    """Return batches an hour by cell; `days` has nine factors, whose first seven average 1."""
    rows = [days[kind] * (work if kind.is_working else rest) for kind in DayKind]
    return np.concatenate(rows) * per_day / HOURS


def government(rng: np.random.Generator) -> Site:
    """Draw an office: its own hours, some that post at night, few on weekends, fewer on holidays, batches, wakes."""
    bumps = int(rng.integers(1, 4))
    is_odd = rng.random() < 0.12
    centres = rng.uniform(17, 22, bumps) if is_odd else rng.uniform(8.5, 18, bumps)
    floor = 10 ** rng.uniform(-2.5, -1.0)
    work = _bumps(rng, centres, rng.uniform(0.5, 2.0, bumps), floor)
    rest = _bumps(rng, rng.uniform(9, 18, 1), [2.5], 0.1)
    week = rng.gamma(6, 1 / 6, 7)
    week[5:] *= rng.beta(1.2, 6)
    week *= 7 / week.sum()
    holiday = week[:5].mean() * rng.uniform(0.01, 0.25)
    days = np.array([*week, holiday, week[:5].mean() * rng.uniform(0.7, 1.1)])
    habits = Habits(
        table=_table(float(np.exp(rng.normal(np.log(2.2), 0.9))), days, work, rest),
        batch=1 + rng.exponential(0.8),
        wake=rng.uniform(0, 0.4),
        wake_h=10 ** rng.uniform(-0.8, 0.3),
        unrest=rng.uniform(0, 0.8),
    )
    return Site(group="government", zone="Asia/Shanghai", habits=habits, least_h=5 / 60, most_h=6)


def flash(rng: np.random.Generator) -> Site:
    """Draw a flash feed: 30 to 250 items a day round the clock, by its own editors' shifts and markets."""
    bumps = int(rng.integers(1, 4))
    work = _bumps(rng, rng.uniform(0, 24, bumps), rng.uniform(2, 5, bumps), rng.uniform(0.1, 1.0))
    week = rng.gamma(40, 1 / 40, 7)
    week[5:] *= rng.uniform(0.3, 1.0)
    week *= 7 / week.sum()
    days = np.array([*week, week[5:].mean() * rng.uniform(0.7, 1.2), week[:5].mean()])
    wake = rng.uniform(0.1, 0.5)
    habits = Habits(
        table=_table(float(10 ** rng.uniform(1.5, 2.4)) * (1 - wake), days, work, work),
        batch=1.0,
        wake=wake,
        wake_h=10 ** rng.uniform(-1.0, -0.2),
        unrest=rng.uniform(0, 0.2),
    )
    zone = str(rng.choice(["Asia/Shanghai", "Asia/Hong_Kong", "America/New_York"]))
    return Site(group="flash", zone=zone, habits=habits, least_h=1 / 60, most_h=1)


def blog(rng: np.random.Generator) -> Site:
    """Draw a blog: half an article to four a week; some keep a day and an hour, some none."""
    is_regular = rng.random() < 0.6
    floor, width = (0.05, rng.uniform(0.6, 2.0)) if is_regular else (1.0, 4.0)
    hours = _bumps(rng, rng.uniform(7, 22, 1), [width], floor)
    week = rng.gamma(0.6 if is_regular else 8.0, 1.0, 7) + 0.02
    week *= 7 / week.sum()
    days = np.array([*week, week.mean(), week[:5].mean()])
    habits = Habits(
        table=_table(float(10 ** rng.uniform(-0.3, 0.6)) / 7, days, hours, hours),
        batch=1 + rng.exponential(0.1),
        wake=rng.uniform(0, 0.15),
        wake_h=1.0,
        unrest=0.0,
    )
    zone = str(rng.choice(["Asia/Shanghai", "Europe/Berlin", "America/Los_Angeles"]))
    return Site(group="blog", zone=zone, habits=habits, least_h=10 / 60, most_h=24)


MAKERS: dict[str, Callable[[np.random.Generator], Site]] = {"government": government, "flash": flash, "blog": blog}


def shifted(site: Site, rng: np.random.Generator) -> Site:
    """Change a source's habits from some day on: other hours, much more, much less, or silence."""
    kind = rng.choice(["hours", "more", "less", "silent"], p=[0.5, 0.2, 0.2, 0.1])
    other = MAKERS[site.group](rng).habits
    factor = {"hours": 1.0, "more": 20.0, "less": 0.1, "silent": 0.0}[kind]
    now = site.habits
    if kind == "hours":
        later = replace(now, table=other.table * now.table.sum() / other.table.sum())
    else:
        most = 10.0 / max(float((now.table * now.batch).mean()), 1e-9)  # nobody posts more than ten items an hour
        later = replace(now, table=now.table * min(factor, most))
    return replace(site, later=later)


def with_items(
    site: Site, rng: np.random.Generator, *, begin: int, change: int, end: int, calendar: WorkCalendar
) -> Site:
    """Let a source publish from one hour to another; `change` is the hour from which its later habits hold."""
    hours = np.arange(begin, end)
    cells = np.array([cell_of(int(hour), site.zone, calendar) for hour in hours])
    later = site.later or site.habits
    rates = np.where(hours < change, site.habits.table[cells], later.table[cells])
    habits = site.habits
    if habits.unrest > 0.01:
        factors = rng.gamma(1 / habits.unrest, habits.unrest, (end - begin) // HOURS + 2)
        rates = rates * factors[(hours - begin) // HOURS]
    batches = rng.poisson(rates)
    moments = np.repeat(hours, batches) + rng.random(int(batches.sum()))
    sizes = rng.geometric(1 / habits.batch, len(moments))
    generation = np.repeat(moments, sizes)
    found = [generation]
    while len(generation):
        offspring = rng.poisson(habits.wake, len(generation))
        generation = np.repeat(generation, offspring) + rng.exponential(habits.wake_h, int(offspring.sum()))
        found.append(generation)
    items = np.sort(np.concatenate(found))
    return replace(site, items=items[items < end])


def make_world(
    seed: int,
    *,
    mix: dict[str, int],
    begin: int,
    change: int,
    end: int,
    shift: float,
    calendar_of: Callable[[str], WorkCalendar],
) -> list[Site]:
    """Draw a world.

    Args:
        seed: Of all chance.
        mix: Sources by group.
        begin: First hour.
        change: Hour from which a part of the sources has other habits.
        end: Hour after the last.
        shift: Share of the sources that change.
        calendar_of: The calendar of a zone.
    """
    rng = np.random.default_rng(seed)
    sites = []
    for group, count in mix.items():
        for _ in range(count):
            site = MAKERS[group](rng)
            if rng.random() < shift:
                site = shifted(site, rng)
            sites.append(with_items(site, rng, begin=begin, change=change, end=end, calendar=calendar_of(site.zone)))
    return sites


def true_rates(site: Site, *, is_changed: bool) -> tuple[float, ...]:
    """Return a source's items an hour by cell."""
    habits = site.later if is_changed and site.later is not None else site.habits
    assert len(habits.table) == CELLS
    return tuple(float(rate) for rate in np.maximum(habits.item_rates, 1e-5))
