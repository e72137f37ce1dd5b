"""The theory: each equation one small pure function of arrays, numpy only."""
