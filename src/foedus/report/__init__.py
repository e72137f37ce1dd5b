"""A report on one crisis, or on all, as one self-contained HTML file."""
