"""A cluster as a folder of small text files: how it is written, checked and read again."""
