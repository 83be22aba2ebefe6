"""The choice of works as a mixed-integer program, solved by `scipy.optimize.milp` (HiGHS).

Variables: treat segment i; a package begins at i. A package is a run of neighbouring segments of one road, at least
as long as the least package (or the whole stretch where that is shorter). The rows that say so are those of Rajan and
Takriti (2005) for least up-times, which leave the solver little to branch on.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, linprog, milp
from scipy.sparse import coo_array, csr_array, eye_array, hstack, vstack

from command_center.errors import CommandCenterError
from command_center.roads.pricing import price

Numbers = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
_M_PER_KM = 1000.0
_BILLION = 1e9
_TOUCH_M = 0.5
_RUPIAH = 1.0
# Below so many units the program is solved whole; above, on a core of this least width that grows by a factor.
_SMALL, _LEAST_GAP, _WIDER = 400, 1e-3, 4.0


class PlanError(CommandCenterError):
    """A plan that the solver could not give."""


@dataclass(frozen=True, eq=False)
class Choice:
    """`chosen`: which units are treated; `objective` their benefit; `bound` what no plan can exceed.

    `shortfall_idr`: by region, how much of its floor no plan can reach; empty where all floors are met.
    """

    chosen: Mask
    objective: float
    bound: float
    shortfall_idr: Mapping[str, float]


@dataclass(frozen=True)
class Task:
    """What one solve is asked: with `slack` floors may lack, in all as little as can be, or `most_lack` (billion)."""

    budget_idr: float
    floors_idr: Mapping[str, float]
    gap: float
    slack: bool = False
    most_lack: float | None = None
    worth: float = 0.0
    most: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Program:
    """The rows of the program that do not depend on the budget; made once for a frontier."""

    units: pd.DataFrame
    minimum_package_m: float
    time_limit_s: float = 60.0

    def choose(
        self, budget_idr: float, floors_idr: Mapping[str, float] | None = None, *, gap: float = 5e-4
    ) -> Choice:
        """Return the units of most benefit within the budget.

        `floors_idr`: the least to be spent in each region. Where no plan keeps to all of them, the plan that lacks
        the least in all is taken, and the most benefit among those. Raises PlanError where the solver gives up.
        """
        floors = {region: floor for region, floor in (floors_idr or {}).items() if floor > 0}
        found = self._best(budget_idr, floors, gap)
        if found is not None:
            return self._choice(*found, {})
        lacking = self._solve(Task(budget_idr, floors, gap, slack=True))
        if lacking is None:
            raise PlanError(
                "No plan was found",
                who="the analyst",
                next_step="look at the budget and at data/reference/roads.yml",
            )
        # What the floors lack in all stays the least; how it falls on the regions is free.
        best = self._solve(Task(budget_idr, floors, gap, slack=True, most_lack=float(lacking.fun)))
        chosen = best if best is not None else lacking
        spent = self.spent_by_region(chosen.x[: len(self.units)] > 0.5)
        short = {
            region: floor - spent.get(region, 0.0)
            for region, floor in floors.items()
            if spent.get(region, 0.0) < floor - _RUPIAH
        }
        bound = -float(chosen.mip_dual_bound) if best is not None else np.inf
        return self._choice(chosen, bound, short)

    def _best(
        self, budget_idr: float, floors: Mapping[str, float], gap: float
    ) -> tuple[OptimizeResult, float] | None:
        """Return the best plan that keeps all floors and its bound, None where there is no such plan.

        A large program is solved on its core: units that no plan within `width` of the bound treats otherwise are
        fixed, and the core grows until the gap is reached. What is fixed can hold no better plan than bound - width.
        """
        task = Task(budget_idr, floors, gap)
        if len(self.units) <= _SMALL:
            found = self._solve(task)
            return None if found is None else (found, -float(found.mip_dual_bound))
        prices = self._prices(task)
        if prices is None:
            return None
        over_budget, over_floors = prices
        cost = self.units["cost_idr"].to_numpy() / _BILLION
        region = self.units["region_code"].map(dict(zip(floors, over_floors, strict=True))).fillna(0.0)
        profit = self.units["benefit"].to_numpy() - (over_budget - region.to_numpy()) * cost
        priced = price(profit, self._is_first, np.where(self.units["is_open"], self._ends, -1))
        relaxed = priced.best + over_budget * budget_idr / _BILLION
        relaxed -= float(np.dot(over_floors, [floor / _BILLION for floor in floors.values()]))
        most = self._most_by_region(task, over_budget)
        top = min(relaxed, over_budget * budget_idr / _BILLION + sum(most.values())) if most else relaxed
        task = replace(task, worth=over_budget, most=most)
        width, deadline = max(gap, _LEAST_GAP) * abs(top), time.monotonic() + self.time_limit_s
        best: OptimizeResult | None = None
        while True:
            is_all = width >= abs(top)
            lost = width + relaxed - top
            fixed = None if is_all else (priced.within > lost, priced.without > lost)
            found = self._solve(task, fixed)
            if found is not None and (best is None or found.fun < best.fun):
                best = found
            if best is not None and found is not None:
                bound = min(top, max(-float(found.mip_dual_bound), -np.inf if is_all else top - width))
                is_done = bound <= -float(best.fun) * (1 + max(gap, 1e-9)) or time.monotonic() > deadline
                if is_all or is_done:
                    return best, bound
            elif is_all:
                return None
            width *= _WIDER

    def _most_by_region(self, task: Task, over_budget: float) -> dict[str, float]:
        """Return for each region the most profit it can give at a price of the budget, its floor kept.

        Runs may come in from neighbouring regions unpaid, so no plan gives more. With floors all regions are there.
        """
        if not task.floors_idr:
            return {}
        cost = self.units["cost_idr"].to_numpy() / _BILLION
        profit = self.units["benefit"].to_numpy() - over_budget * cost
        regions = self.units["region_code"].to_numpy()
        count, rows = len(self.units), self._package_rows
        most = {}
        for region in pd.unique(regions):
            inside = np.flatnonzero(regions == region)
            enters = ~self._is_first[inside] & (regions[inside - 1] != region)
            kept = np.concatenate([inside[~enters], inside + count])
            columns = np.concatenate([inside, inside + count])
            part = rows[kept][:, columns]
            floor = csr_array(np.concatenate([cost[inside], np.zeros(len(inside))])[None, :])
            least = task.floors_idr.get(str(region), 0.0) / _BILLION - 1e-9
            result = milp(
                np.concatenate([-profit[inside], np.zeros(len(inside))]),
                constraints=[LinearConstraint(part, -np.inf, 0.0), LinearConstraint(floor, least, np.inf)],
                integrality=np.concatenate([np.ones(len(inside)), np.zeros(len(inside))]),
                bounds=Bounds(np.zeros(len(columns)), self._limits[columns]),
                options={"time_limit": 2.0},
            )
            if result.mip_dual_bound is not None and np.isfinite(result.mip_dual_bound):
                most[str(region)] = -float(result.mip_dual_bound)
            elif result.status == 2:
                return {}
            else:
                most[str(region)] = float(np.maximum(profit[inside], 0).sum())
        return most

    def _prices(self, task: Task) -> tuple[float, Numbers] | None:
        """Return the worth of a further billion of budget and of floor, from the relaxed program; None if infeasible."""
        count = len(self.units)
        rows, lower, upper = self._rows(task)
        ranged = LinearConstraint(rows, lower, upper)
        at_most = np.isfinite(ranged.ub)
        matrix = vstack([ranged.A[at_most], -ranged.A[~at_most]]).tocsr()
        result = linprog(
            np.concatenate([-self.units["benefit"].to_numpy(), np.zeros(count)]),
            A_ub=matrix,
            b_ub=np.concatenate([ranged.ub[at_most], -ranged.lb[~at_most]]),
            bounds=np.column_stack([np.zeros(2 * count), self._limits]),
            method="highs",
        )
        if result.x is None or result.status != 0:
            return None
        worth = -result.ineqlin.marginals
        budget_at = self._package_rows.shape[0]
        return max(0.0, float(worth[budget_at])), np.maximum(0.0, worth[budget_at + 1 :])

    def spent_by_region(self, chosen: Mask) -> dict[str, float]:
        """Return the rupiah a choice spends in each region."""
        spent = self.units["cost_idr"].where(chosen, 0.0).groupby(self.units["region_code"]).sum()
        return {str(region): float(value) for region, value in spent.items()}

    def _choice(self, solved: OptimizeResult, bound: float, shortfall: Mapping[str, float]) -> Choice:
        benefit = self.units["benefit"].to_numpy()
        chosen = solved.x[: len(self.units)] > 0.5
        objective = float(benefit[chosen].sum())
        return Choice(chosen, objective, max(bound, objective), shortfall)

    def _solve(self, task: Task, fixed: tuple[Mask, Mask] | None = None) -> OptimizeResult | None:
        """Return the solver's result, None where there is no plan; `fixed`: units left out, and units treated."""
        count, shorts = len(self.units), len(task.floors_idr) if task.slack else 0
        rows, lower, upper = self._rows(task)
        objective = np.zeros(2 * count + shorts)
        if task.slack and task.most_lack is None:
            objective[2 * count :] = 1.0
        else:
            objective[:count] = -self.units["benefit"].to_numpy()
        low = np.zeros(len(objective))
        high = np.concatenate([self._limits, np.full(shorts, np.inf)])
        if fixed is not None:
            high[:count][fixed[0]] = 0.0
            low[:count][fixed[1]] = 1.0
        result = milp(
            objective,
            constraints=LinearConstraint(rows, lower, upper),
            integrality=np.concatenate([np.ones(count), np.zeros(len(objective) - count)]),
            bounds=Bounds(low, high),
            options={"mip_rel_gap": task.gap / 2, "time_limit": self.time_limit_s},
        )
        return result if result.x is not None else None

    def _rows(self, task: Task) -> tuple[csr_array, Numbers, Numbers]:
        """Return rows with their limits: packages, the budget, the floors, and what these may lack in all."""
        count, regions = len(self.units), list(task.floors_idr)
        cost = self.units["cost_idr"].to_numpy() / _BILLION
        shorts = len(regions) if task.slack else 0
        packages = self._package_rows
        budget = csr_array((cost, (np.zeros(count, int), np.arange(count))), shape=(1, 2 * count))
        at = pd.Index(regions, dtype="object").get_indexer(
            pd.Index(self.units["region_code"], dtype="object")
        )
        inside = np.flatnonzero(at >= 0)
        floors = csr_array((cost[inside], (at[inside], inside)), shape=(len(regions), 2 * count))
        blocks = [packages, budget, floors]
        lower = [np.full(packages.shape[0] + 1, -np.inf)]
        lower.append(np.array([task.floors_idr[region] / _BILLION for region in regions]) - 1e-9)
        upper = [
            np.zeros(packages.shape[0]),
            np.array([task.budget_idr / _BILLION]),
            np.full(len(regions), np.inf),
        ]
        if shorts:
            filled = csr_array((packages.shape[0] + 1, shorts))
            blocks = [
                hstack([vstack(blocks[:2]), filled]),
                hstack([floors, eye_array(shorts)]),
            ]
        if task.most_lack is not None:
            lack = csr_array((np.ones(shorts), (np.zeros(shorts, int), 2 * count + np.arange(shorts))))
            blocks.append(lack)
            lower.append(np.array([-np.inf]))
            upper.append(np.array([task.most_lack + 1e-9]))
        if task.most:
            profit = self.units["benefit"].to_numpy() - task.worth * cost
            at = pd.Index(list(task.most), dtype="object").get_indexer(
                pd.Index(self.units["region_code"], dtype="object")
            )
            blocks.append(
                csr_array((profit, (at, np.arange(count))), shape=(len(task.most), 2 * count + shorts))
            )
            lower.append(np.full(len(task.most), -np.inf))
            upper.append(np.array(list(task.most.values())) + 1e-9)
        kept = [block for block in blocks if block.shape[0]]
        return vstack(kept).tocsr(), np.concatenate(lower), np.concatenate(upper)

    @cached_property
    def _limits(self) -> Numbers:
        """Upper bounds: what nobody surveyed is not treated, and no package begins where it could not be long enough."""
        is_open = self.units["is_open"].to_numpy(dtype="float64")
        return np.concatenate([is_open, is_open * (self._ends >= 0)])

    @cached_property
    def _is_first(self) -> Mask:
        """Which units have no neighbour before them: the road begins, or there is a gap or an unsurveyed one."""
        units = self.units
        same = units["road_code"].eq(units["road_code"].shift()).to_numpy()
        touches = (units["from_m"] - units["to_m"].shift()).abs().le(_TOUCH_M).to_numpy()
        is_open = units["is_open"].to_numpy()
        first: Mask = ~(same & touches & is_open & np.roll(is_open, 1))
        return first

    @cached_property
    def _ends(self) -> npt.NDArray[np.int64]:
        """For each unit the last one a package beginning there must hold; -1 where none may begin."""
        first, length = self._is_first, self.units["length_km"].to_numpy() * _M_PER_KM
        stretch = np.cumsum(first) - 1
        reached = np.concatenate([[0.0], np.cumsum(length)])
        last = np.searchsorted(stretch, stretch, side="right") - 1
        ends = np.searchsorted(reached, reached[:-1] + self.minimum_package_m - 1e-6, side="left") - 1
        ends = np.maximum(ends, np.arange(len(length)))
        return np.where(ends <= last, ends, np.where(first, last, -1)).astype("int64")

    @cached_property
    def _package_rows(self) -> csr_array:
        """Rows at most 0: begin at i where i is treated and i-1 is not; what a beginning brings along is treated."""
        count, first, ends = len(self.units), self._is_first, self._ends
        every = np.arange(count)
        inner = every[~first]
        starts = coo_array(
            (
                np.concatenate([np.ones(count), -np.ones(len(inner)), -np.ones(count)]),
                (np.concatenate([every, inner, every]), np.concatenate([every, inner - 1, every + count])),
            ),
            shape=(count, 2 * count),
        )
        begins = every[ends >= 0]
        sizes = ends[begins] - begins + 1
        covered = np.repeat(begins, sizes) + (
            np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        )
        holds = coo_array(
            (
                np.concatenate([np.ones(len(covered)), -np.ones(count)]),
                (np.concatenate([covered, every]), np.concatenate([np.repeat(begins, sizes) + count, every])),
            ),
            shape=(count, 2 * count),
        )
        return vstack([starts, holds]).tocsr()
