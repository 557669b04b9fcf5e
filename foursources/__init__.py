"""Tools of the course *Four Sources*: data, charts, explorers, lists, self-checks and checks of student code."""

from foursources.browse import browse
from foursources.charts import enable as _enable_charts
from foursources.check import check
from foursources.data import load
from foursources.explore import explore
from foursources.notebook import begin
from foursources.selfcheck import selfcheck

__all__ = ["begin", "browse", "check", "explore", "load", "selfcheck"]

_enable_charts()
