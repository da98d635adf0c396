"""Commands that reach beyond the namespaces Kaia is kept to are refused; pure, it runs nothing."""

from collections.abc import Sequence

from bot.cluster.bounds import outside, spoken
from bot.tools.kubectl import Judge
from bot.tools.policy import Verdict
from bot.tools.questions import EVERYWHERE, Question, read_question

RULE = "stays_within_the_namespaces"


def kept_to(namespaces: Sequence[str], judge: Judge) -> Judge:
    """The same judge, and stricter; no namespaces are all of them. RBAC stays the wall: this says
    in words where it stands, before a command runs into it.
    """
    if not namespaces:
        return judge

    def stricter(
        command: str, *, namespace: str = "", version: tuple[int, int] = (1, 34)
    ) -> Verdict:
        verdict = judge(command, namespace=namespace, version=version)
        question = read_question(verdict.argv, "") if verdict.kind == "read" else None
        objection = _objection(question, namespaces) if question else ""
        return Verdict("refused", objection, rule=RULE) if objection else verdict

    return stricter


def _objection(question: Question, namespaces: Sequence[str]) -> str:
    if question.namespace == EVERYWHERE:
        return (
            f"Kaia looks only into {spoken(namespaces)}, not into all namespaces. Ask for each by"
            f" itself: `-n {namespaces[0]}`."
        )
    named = {question.namespace} if question.namespace else set()
    if question.verb in {"get", "describe"}:
        named |= {name.partition("/")[2] for name in question.names if _is_namespace(name)}
    beyond = sorted(named - {*namespaces})
    return outside(beyond, namespaces) if beyond else ""


def _is_namespace(name: str) -> bool:
    return name.partition("/")[0] == "namespace"
