"""The OCI runtime specification: bundles, state, features, and what hosts and drivers cannot give."""
