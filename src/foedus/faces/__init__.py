"""What people meet: parse, call, show."""
