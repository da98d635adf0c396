"""Text without secrets, for everything that keeps or shows text; pure, and it asks nobody.

Finders look at the whole text, each for one kind of carrier, and never see another's work:

- `tokens`: what is a secret by its own form, wherever it stands
- `pairs`: a value beside a name that says so, in every notation that kubectl and people use
- `manifests`: the data of a Kubernetes Secret, YAML or JSON
- `encoded`: base64 of anything that the others find
"""

from bot.redaction.redactor import Redacted, Redactor

__all__ = ["Redacted", "Redactor"]
