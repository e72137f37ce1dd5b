"""What the recorded answers say about the parameters."""
