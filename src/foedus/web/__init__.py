"""What a browser shows without a server: the council as a picture that moves."""
