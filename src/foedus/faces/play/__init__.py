"""Role play for people: the words that the terminal and the browser share, and the class room."""
