"""Facts in and out: the closed sets, the parameter register, the files and their rules."""
