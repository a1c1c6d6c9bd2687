"""Where data may come from: the Hub, folders of one's own, what is bundled with scikit-learn, or nowhere."""

from __future__ import annotations

from pathlib import Path

from synthgym.base.errors import UserError
from synthgym.synthesis.language.data.bundled import BundledCatalogue
from synthgym.synthesis.language.data.folder import FolderCatalogue
from synthgym.synthesis.language.data.hub import HubCatalogue
from synthgym.synthesis.language.data.source import Catalogue
from synthgym.synthesis.language.settings import GENERATED, HUB, SKLEARN, Settings


def catalogues(settings: Settings) -> list[Catalogue]:
    """The catalogues that settings name.

    Raises:
        UserError: A folder is not there, or holds no table; or two have a data set of one name.
    """
    found: list[Catalogue] = []
    owners: dict[str, str] = {}
    for name in settings.datasets:
        if name == HUB:
            found.append(HubCatalogue(settings))
        elif name == SKLEARN:
            found.append(BundledCatalogue())
        elif name != GENERATED:
            folder = FolderCatalogue(Path(name), settings)
            for each in folder.sets():
                if owners.setdefault(each, name) != name:
                    raise UserError(f"--datasets {owners[each]} and {name}: both hold {each!r}; rename one of them")
            found.append(folder)
    return found
