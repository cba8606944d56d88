"""A toolbox around one real channel: register, store and decoder are real, too."""

from pathlib import Path

from rpa.bootstrap.intake import open_decoder
from rpa.domain.channel import ChannelKind
from rpa.intake.api import Channel
from rpa.processes.folder import load_process
from rpa.steps.owners import this_worker
from rpa.steps.toolbox import ChannelFacts, Toolbox
from rpa.store.folder import FolderStore
from rpa.testing.clock import FrozenClock
from rpa.testing.legacy import EXAMPLES
from rpa.testing.toolbox import fake_toolbox

PROCESS = EXAMPLES / "processes" / "changement-adresse"


def channel_toolbox(
    folder: Path, channel: Channel, kind: ChannelKind, *, clock: FrozenClock | None = None
) -> Toolbox:
    """Return a toolbox whose register and store lie in ``folder``; called again, the same ones."""
    return fake_toolbox(
        folder,
        load_process(PROCESS),
        clock or FrozenClock(),
        channels={channel.name: channel},
        channel_facts={channel.name: ChannelFacts(kind=kind, process=None)},
        store=FolderStore(folder / "store"),
        decoder=open_decoder(),
        actor=this_worker(),
    )
