"""Every error that synthgym raises on purpose. What they mean, and what is told apart: `synthgym.base.errors`."""

from __future__ import annotations

from synthgym.base.errors import (
    AgentError,
    BadSubmission,
    FailedInPlay,
    FileError,
    GraderError,
    HubError,
    HubRefused,
    InfrastructureError,
    MissingDependencyError,
    ModelError,
    NotAsStated,
    OutOfTurn,
    OutputFolderError,
    PathTaken,
    SandboxError,
    SpecError,
    SynthgymError,
    TooLarge,
    UnknownNameError,
    UserError,
)

__all__ = [
    "AgentError",
    "BadSubmission",
    "FailedInPlay",
    "FileError",
    "GraderError",
    "HubError",
    "HubRefused",
    "InfrastructureError",
    "MissingDependencyError",
    "ModelError",
    "NotAsStated",
    "OutOfTurn",
    "OutputFolderError",
    "PathTaken",
    "SandboxError",
    "SpecError",
    "SynthgymError",
    "TooLarge",
    "UnknownNameError",
    "UserError",
]
