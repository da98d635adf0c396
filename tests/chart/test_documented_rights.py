"""The tables of rights in the documents, against the rules that helm renders."""

from pathlib import Path

import pytest

from tests.chart.rendering import Renderer
from tests.rights import approved, table

pytestmark = pytest.mark.chart


@pytest.mark.parametrize("document", table.DOCUMENTS, ids=lambda path: path.name)
def test_each_document_holds_the_tables_of_these_rules(chart: Renderer, document: Path) -> None:
    text = table.held(document)

    assert table.inserted(text, table.block(chart)) == text, "write it with python -m tests.rights"


def test_the_roles_of_approved_changes_are_the_charts(chart: Renderer) -> None:
    held = approved.FILE.read_text(encoding="utf-8")

    assert held == approved.written(chart), "write it with python -m tests.rights"
