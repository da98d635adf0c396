"""`python -m tests.rights`: writes the tables of rights and the roles of changes into docs."""

import os

from tests.chart import programs
from tests.chart.rendering import Renderer
from tests.rights import approved, table


def main() -> None:
    chart = Renderer(programs.get(os.environ).helm)
    approved.FILE.write_text(approved.written(chart), encoding="utf-8")
    made = table.block(chart)
    for document in table.DOCUMENTS:
        if table.BEGIN in (text := table.held(document)):
            document.write_text(table.inserted(text, made), encoding="utf-8")
            print(f"written: {document}")  # noqa: T201 - a command line's own words


if __name__ == "__main__":
    main()
