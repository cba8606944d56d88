"""What time brings about for signature requests: deadlines, reminders, mails."""

from prefect import flow, get_run_logger

from flows.tools import toolbox
from rpa.steps.signature_requests import tend


@flow(name="requests")
def requests(home: str) -> dict[str, int]:
    """End requests whose deadline has passed, remind of those to come, send what waits."""
    done = tend(toolbox(home))
    if done.failed:
        get_run_logger().warning("%s notices could not be sent", done.failed)
    return {
        "expired": done.expired,
        "reminded": done.reminded,
        "sent": done.sent,
        "failed": done.failed,
    }
