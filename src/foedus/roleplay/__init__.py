"""A crisis played by persons: they decide for some members, the model for the rest."""
