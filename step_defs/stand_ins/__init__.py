"""Programs that stand in for what cannot run here; each says what the real one was recorded to say.

A scenario makes a directory ROOT (`pve.cluster.Cluster.make`) and puts ROOT/bin on PATH: the stand-in finds
its state in ROOT, also when its caller clears the environment.
"""
