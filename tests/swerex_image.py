"""An image with swe-rex's server in it, as swe-rex's Docker deployment wants one."""

from __future__ import annotations

from pathlib import Path

from synthgym.envs.sandboxes.docker import images

NAME = "synthgym/swerex-test"
DOCKERFILE = """
FROM synthgym/cpu
COPY ca.pem /ca.pem
RUN if [ -s /ca.pem ]; then export PIP_CERT=/ca.pem; fi; \\
    python3 -c 'import ensurepip' || (apt-get update && apt-get install -y python3-venv); \\
    python3 -m venv /opt/rex && /opt/rex/bin/pip install -q swe-rex==1.4.0 \\
    && ln -s /opt/rex/bin/swerex-remote /usr/local/bin/
"""


def build() -> str:
    """Builds it, where it is not there; returns its name."""
    ca = images.certificates()
    context: dict[str, bytes | Path] = {"Dockerfile": DOCKERFILE.encode(), "ca.pem": ca or b""}
    images._build(context, NAME, {}, lambda line: None)
    return NAME
