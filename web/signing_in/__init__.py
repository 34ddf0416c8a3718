"""The way in: the region's own sign-in, and what has to be done before anything else."""
