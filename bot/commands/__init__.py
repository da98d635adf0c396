"""The subcommands of `kaia`, as they are called; what each does is built elsewhere."""
