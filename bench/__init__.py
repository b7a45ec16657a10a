"""Measured comparisons, each side by side with a peer in one run. Ratios count; the machine is noisy."""
