"""Slack's limits as numbers, from its block reference and from reports of those who met them."""

TEXT_CUT_AT = 40_000
"""chat.postMessage cuts longer text."""
UPDATED_TEXT = 4_000
"""chat.update refuses longer text with msg_too_long (reported, not documented)."""
MARKDOWN = 12_000
"""Of all markdown blocks of a message together, and of markdown_text."""
ALL_BLOCKS = 13_200
"""About where msg_blocks_too_long begins, as measured by users of Slack."""
BLOCKS = 50
SECTION_TEXT = 3_000
SECTION_FIELDS = 10
FIELD_TEXT = 2_000
HEADER_TEXT = 150
CONTEXT_ELEMENTS = 10
ACTIONS_ELEMENTS = 25
CONTEXT_ACTIONS_ELEMENTS = 5
BUTTON_TEXT = 75
BUTTON_VALUE = 2_000
URL = 3_000
ACTION_ID = 255
BLOCK_ID = 255
OPTIONS = 100
OPTION_TEXT = 75
INPUT_LABEL = 2_000
VIEW_BLOCKS = 100
VIEW_TITLE = 24
CONFIRM_TITLE = 100
CONFIRM_TEXT = 300
CONFIRM_BUTTON = 30
TABLE_ROWS = 100
TABLE_COLUMNS = 20
CONTAINER_CHILDREN = 10
CONTAINER_TITLE = 150
DATA_TABLE_ROWS = 101
"""A header and a hundred rows."""
DATA_TABLE_PAGE = 100
CHART_TITLE = 50
CHART_LABEL = 20
CHART_SERIES = 6
CHART_CATEGORIES = 20
CHART_SEGMENTS = 12
CHARTS = 2
"""To a message."""
ATTACHMENTS = 100
METADATA_BYTES = 8_192

STREAM_SECONDS = 300.0
"""After this long Slack ends a stream by itself."""
STREAM_CHARACTERS = 12_000
"""What one streamed message holds before appends are refused as msg_too_long."""
CONNECTIONS = 10
"""Socket Mode connections of one app at a time."""
TICKET_SECONDS = 30.0
"""How long the address given by apps.connections.open waits to be used."""
