"""The language of what is kept: the organisation's, whoever moves the case and from where."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from rpa.i18n import speaking
from rpa.steps.toolbox import Toolbox

Arguments = ParamSpec("Arguments")
Kept = TypeVar("Kept")


def in_house_language(step: Callable[Arguments, Kept]) -> Callable[Arguments, Kept]:
    """Make ``step``, which is given a toolbox, write its reasons in the organisation's language.

    A clerk whose own programs speak English then leaves the same record as one who reads French.
    """

    @wraps(step)
    def spoken(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Kept:
        given = (*args, *kwargs.values())
        tools = next(one for one in given if isinstance(one, Toolbox))
        with speaking(tools.language):
            return step(*args, **kwargs)

    return spoken
