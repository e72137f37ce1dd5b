"""How good the forecasts are: scores, baselines, each crisis left out."""
