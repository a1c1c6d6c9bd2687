"""Where data may come from: the Hub, folders of one's own, what is bundled with scikit-learn, or nowhere."""

from __future__ import annotations

from pathlib import Path

from synthgym.base.errors import UserError
from synthgym.synthesis.language.data.bundled import BundledCatalogue
from synthgym.synthesis.language.data.folder import FolderCatalogue, data_sets
from synthgym.synthesis.language.data.hub import HubCatalogue
from synthgym.synthesis.language.data.source import Catalogue
from synthgym.synthesis.language.settings import GENERATED, HUB, SKLEARN, Settings
from synthgym.synthesis.run import SynthesisRun


def check_datasets(settings: Settings) -> None:
    """Whether what settings name as data is there.

    Raises:
        UserError: A folder is not there, or holds no table; two have a data set of one name; or none is named.
    """
    if not settings.datasets:
        raise UserError("--datasets: expected hub, sklearn, generated, or a folder; got none")
    owners: dict[str, str] = {}
    for name in _folders(settings):
        for each in data_sets(Path(name)):
            if owners.setdefault(each, name) != name:
                raise UserError(f"--datasets {owners[each]} and {name}: both hold {each!r}; rename one of them")


def open_catalogues(settings: Settings, run: SynthesisRun) -> list[Catalogue]:
    """The catalogues that settings name, in their order; see `check_datasets`."""
    found: list[Catalogue] = []
    for name in settings.datasets:
        if name == HUB:
            found.append(HubCatalogue(settings, run))
        elif name == SKLEARN:
            found.append(BundledCatalogue(run))
        elif name != GENERATED:
            found.append(FolderCatalogue(Path(name), settings, run))
    return found


def _folders(settings: Settings) -> list[str]:
    return [name for name in settings.datasets if name not in (HUB, SKLEARN, GENERATED)]
