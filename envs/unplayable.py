"""Which known challenges cannot be run on this machine, and why."""

from __future__ import annotations

from synthgym.envs.sandboxes import lacks_image
from synthgym.registry.collections.entries import CollectionIndex


def unplayable(index: CollectionIndex) -> dict[str, str]:
    """Why challenges of a collection cannot be run on this machine, by their ids; those that can are not in it.

    What the index says, and of challenges whose image the installed packages do not make up, whether a container engine
    has it. Where there are none of these, no engine is asked.
    """
    lacking = {image: lacks_image(image) for image in sorted(set(index.images.values()))}
    of_images = {name: reason for name, image in index.images.items() if (reason := lacking[image])}
    return {**of_images, **index.reasons}
