"""Importance correction between the engine that sampled and the trainer, as TRL computes it, and its size."""

from __future__ import annotations

import math

import torch

from synthgym.train.rl.settings import RLSettings


def corrected(
    logps: torch.Tensor, sampled: torch.Tensor, counted: torch.Tensor, settings: RLSettings, stale: bool
) -> dict[str, torch.Tensor | float]:
    """What belongs beside a pass's tensors, and figures to log.

    Args:
        logps: The trainer's, of the weights as they are, rows × tokens.
        sampled: The engine's, as it sampled.
        counted: Where a token counts.
        settings: See `RLSettings`.
        stale: Whether earlier weights sampled: theirs are then the old probabilities, which the loss clips by.
    """
    away = torch.where(counted, logps - sampled, 0.0)
    far = away.abs()[counted]
    ratio = _bounded(torch.exp(away.sum(-1, keepdim=True) if _of_sequences(settings) else away), settings)
    told = ratio.flatten() if _of_sequences(settings) else ratio[counted]
    found: dict[str, torch.Tensor | float] = {
        "sampling_logp_difference/mean": float(far.mean()) if far.numel() else 0.0,
        "sampling_logp_difference/max": float(far.max()) if far.numel() else 0.0,
        "importance_sampling_ratio/mean": float(told.mean()) if told.numel() else 1.0,
        "importance_sampling_ratio/min": float(told.min()) if told.numel() else 1.0,
        "importance_sampling_ratio/max": float(told.max()) if told.numel() else 1.0,
    }
    if stale:
        found["old_per_token_logps"] = torch.where(counted, sampled, logps)
        ratio = torch.ones_like(ratio)
    if settings.vllm_importance_sampling_correction:
        found["importance_sampling_ratio"] = ratio
    return found


def _of_sequences(settings: RLSettings) -> bool:
    return settings.vllm_importance_sampling_mode.startswith("sequence")


def _bounded(ratio: torch.Tensor, settings: RLSettings) -> torch.Tensor:
    low, high = settings.vllm_importance_sampling_clip_min, settings.vllm_importance_sampling_clip_max
    if settings.vllm_importance_sampling_mode.endswith("truncate"):
        return ratio.clamp(min=low, max=high) if (low, high) != (None, None) else ratio
    outside = (ratio < (low if low is not None else -math.inf)) | (ratio > (high if high is not None else math.inf))
    return ratio.masked_fill(outside, 0.0)
