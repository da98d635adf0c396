"""Claims without a volume, and volumes that cannot be used. Pure, as all checks are."""
