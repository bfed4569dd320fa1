"""Containers as jails of FreeBSD, held by its base system's tools."""
