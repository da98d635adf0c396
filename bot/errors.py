"""Everything that can go wrong and that a person is told about.

Raised where it is known, caught once per turn.

KaiaError
├── SettingsError            a setting is missing, misspelt or contradicts another
├── StoreError               the store cannot be opened or written
│   ├── StoreIsHeld          another process runs turns on this store
│   └── StoreAway            it does not answer now; trying again may help
├── ClusterError             the cluster cannot be read
├── RecordingError           a recording cannot be written, or is none that can be served
├── EvaluationError          a scenario or a run cannot be used, or no run can begin
├── ModelError               the model gave no usable answer
│   ├── ModelMissing         the server does not have the model
│   ├── ModelWithoutTools    the model cannot call tools
│   ├── ModelUnreachable     refused, unknown host, connection cut
│   ├── ModelBusy            the server's queue is full, or we are rate limited
│   ├── ModelTimedOut        no answer within the time that covers queueing too
│   ├── ModelSaidNothing     an empty answer, or only a broken tool call
│   └── ModelRefused         the key, the request or its size was refused
├── SpeechError              a voice clip could not be turned into words
├── TurnError                the turn itself could not end well
│   ├── TurnTimedOut         the whole turn took longer than it may
│   └── TurnLostItsWay       the team stopped for a reason that is not one of ours
└── DeliveryError            the answer could not be posted yet; trying again may help
    └── ThreadGone           it never can be: archived, deleted, Kaia was removed
"""


class KaiaError(Exception):
    """`str()` of it is whole sentences for a person: what happened, and what they can do."""


class SettingsError(KaiaError):
    """A setting is missing, misspelt or contradicts another."""


class StoreError(KaiaError):
    """The store cannot be opened or written."""


class StoreIsHeld(StoreError):
    """Another process runs turns on this store."""


class StoreAway(StoreError):
    """The store does not answer now; trying again may help."""


class ClusterError(KaiaError):
    """The cluster cannot be read."""


class RecordingError(KaiaError):
    """A recording cannot be written, or is none that can be served."""


class EvaluationError(KaiaError):
    """A scenario or a run cannot be used, or no run can begin."""


class ModelError(KaiaError):
    """The model gave no usable answer."""


class ModelMissing(ModelError):
    """The server does not have the model."""


class ModelWithoutTools(ModelError):
    """The model cannot call tools."""


class ModelUnreachable(ModelError):
    """Connection refused, unknown host, or cut while answering."""


class ModelBusy(ModelError):
    """The server's queue is full, or we are rate limited."""


class ModelTimedOut(ModelError):
    """No answer within the time allowed, queueing included."""


class ModelSaidNothing(ModelError):
    """An empty answer, or only a tool call too broken to repair."""


class ModelRefused(ModelError):
    """The key, the request or its size was refused."""


class SpeechError(KaiaError):
    """A voice clip could not be turned into words."""


class TurnError(KaiaError):
    """The turn itself could not end well."""


class TurnTimedOut(TurnError):
    """The whole turn took longer than it may."""


class TurnLostItsWay(TurnError):
    """The team stopped for a reason that is not one of ours."""


class DeliveryError(KaiaError):
    """The answer could not be posted yet; trying again may help."""


class ThreadGone(DeliveryError):
    """The answer can never be posted: archived, deleted, or Kaia was removed."""
