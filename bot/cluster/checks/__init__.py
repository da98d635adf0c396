"""What may be wrong in a cluster, a room for each kind: objects in, findings out. Pure: a check
reads nothing and asks nobody.

Each check has `check(scene)`, which yields findings, and may have `needs(scene)`, which yields what
it wants read beyond what is always read. `needs` is asked again after each reading, at most three
times, and `check` once at the end, with whatever could be read. `all` lists the checks there are.
"""
