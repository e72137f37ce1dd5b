"""The crisis room: one crisis, its sliders, its thousand runs, and why, in a browser."""
