"""One module per kind: objects in, findings out. Pure: a check reads nothing and asks nobody.

Each has `check(scene)`, which yields findings, and may have `needs(scene)`, which yields what it
wants read beyond what is always read. `needs` is asked again after each reading, at most three
times, and `check` once at the end, with whatever could be read.
"""
