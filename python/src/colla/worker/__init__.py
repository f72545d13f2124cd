"""The processes that run tasks: a warm parent (the zygote) and one executor for each core in use."""
