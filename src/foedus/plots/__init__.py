"""Figures: what draws takes data and axes, and returns the axes; it computes and shows nothing."""
