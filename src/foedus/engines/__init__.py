"""Two ways to run the same equations: arrays over runs, and Mesa agents."""
