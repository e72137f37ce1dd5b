"""What the numbers say: scores, comparisons with history, explanations."""
