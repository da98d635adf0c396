"""The steps by which the tables came to be what they are, run at start; they only ever add.

Old and new releases work on the same tables while one replaces the other, and a newer release may
be taken back. So a step adds tables, columns that have a default or may be empty, and indexes. One
that an older release could not live with has to say so: it raises `schema.version`.
"""

from pathlib import Path

HEAD = "0004"
"""The newest step."""
FOLDER = Path(__file__).parent
