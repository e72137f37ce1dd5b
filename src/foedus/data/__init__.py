"""Files: scenarios, alliances, chronicles, parameters, theories, and measured tables.

Whatever reads a file raises `FileProblems`, with every problem at its line and column, where the
file is missing or is not what it should be.
"""
