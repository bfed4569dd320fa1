"""Watching: what checks and operations come to, as metrics, once or for as long as a service runs."""
