"""``rpa ocr calibrate``: how far readings can be trusted, from the organisation's own reviews."""

from rpa.bootstrap.reading import has_second_engine
from rpa.cli.output import AsJson, print_json, print_table, say
from rpa.cli.rooms import tools_of
from rpa.cli.session import Home, settings_of
from rpa.i18n import _
from rpa.ocr.calibration import Engines, fitted, merged, shipped_calibration
from rpa.settings import CALIBRATION_FILE
from rpa.steps.calibrate import reviewed_values


def calibrate(*, home: Home = None, as_json: AsJson = False) -> None:
    """Fit probabilities to what reviewers decided, and use them from now on."""
    reviewed = list(reviewed_values(tools_of(home)))
    fit = fitted([one.evidence for one in reviewed], [one.is_right for one in reviewed])
    engines: Engines = "two" if has_second_engine() else "one"
    path = settings_of(home).path(CALIBRATION_FILE)
    path.write_text(
        merged(shipped_calibration(), {engines: fit}).model_dump_json(indent=1), encoding="utf-8"
    )
    if as_json:
        print_json({"file": str(path), "engines": engines, **fit.model_dump(mode="json")})
        return
    rows = [(promise, f"{level:.4f}") for promise, level in sorted(fit.thresholds.items())]
    print_table((_("Promised field error"), _("Accepted from")), rows)
    say(
        _(
            "{samples} reviewed values, {errors} of them misread; expected calibration error"
            " {error}. Used from now on: {file}",
            samples=fit.samples,
            errors=fit.errors,
            error=fit.expected_calibration_error,
            file=path,
        )
    )
