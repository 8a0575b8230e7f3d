"""What `make` runs: the environment, the browser for tests, the demo server. No packages needed."""
