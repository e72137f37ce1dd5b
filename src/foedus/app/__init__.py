"""The crisis room as a server: the page for everybody, and rooms in which persons decide."""
