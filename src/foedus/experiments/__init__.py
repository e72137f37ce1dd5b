"""Large experiments: planned in a file, run on many processes or machines, safe from any crash."""
