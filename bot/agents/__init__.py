"""The team and its models; the only package that imports AutoGen, and it knows no kubectl."""
