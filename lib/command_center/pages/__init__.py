"""Pages: layout, cards, controls. A notebook opens one and shows its blocks, cell by cell."""

from command_center.pages.home import HomePage, open_home
from command_center.pages.indicator import IndicatorPage, open_indicator
from command_center.pages.problem import ProblemPage, open_problem
from command_center.pages.readiness import ReadinessPage, open_readiness
from command_center.pages.region import RegionPage, open_region
from command_center.pages.roads import RoadsPage, open_roads
from command_center.pages.sector import SectorPage, open_sector
from command_center.pages.workflow import WorkflowPage, open_workflow
from command_center.pages.workflow_ageing import AgeingPage, open_ageing
from command_center.pages.workflow_steps import StepsPage, open_steps
from command_center.pages.workflow_trial import TrialPage, open_trial

__all__ = [
    "AgeingPage",
    "HomePage",
    "IndicatorPage",
    "ProblemPage",
    "ReadinessPage",
    "RegionPage",
    "RoadsPage",
    "SectorPage",
    "StepsPage",
    "TrialPage",
    "WorkflowPage",
    "open_ageing",
    "open_home",
    "open_indicator",
    "open_problem",
    "open_readiness",
    "open_region",
    "open_roads",
    "open_sector",
    "open_steps",
    "open_trial",
    "open_workflow",
]
