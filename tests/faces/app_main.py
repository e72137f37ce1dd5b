"""Starts the app as the command does; the simulated visitor of the tests runs this file."""

from foedus.app.server import serve

serve(host="127.0.0.1", port=8080, show=False)
