"""An alliance over decades: every answer leaves a trace, and members come and go by it."""
