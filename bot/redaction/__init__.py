"""Text without secrets, for everything that keeps or shows text; pure, and it asks nobody.

Finders look at the whole text, each for one kind of carrier, and never see another's work:

- `tokens`: what is a secret by its own form, wherever it stands
- `pairs`: a value beside a name that says so, in every notation that kubectl and people use
- `spread`: the same where something stands between the two
- `columns`: a value beneath such a name
- `manifests`: the data of a Kubernetes Secret, YAML or JSON
- `bare_data`: the same where the kind is missing, and only the values tell
- `runs`: base64 of anything that the others find, and what looks random
- `house`: the patterns of this house's own
- `arguments`: all of these in the arguments of a command, which are a line each
- `views`: all of these in what is wrapped, quoted or encoded, or only looks like letters

`marks` says what stands in a secret's place. A text that cannot be searched is withheld.
"""

from bot.redaction.redactor import WITHHELD, Redacted, Redactor

__all__ = ["WITHHELD", "Redacted", "Redactor"]
