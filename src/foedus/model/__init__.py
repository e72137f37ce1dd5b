"""The theory: one equation one small pure function, and the two engines that run it."""
