"""`kaia triage -A` on a kube-apiserver with thousands of pods, beside kubectl's own listing."""

import asyncio
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from bot.cluster.access import find_access
from bot.cluster.api import opened_api
from bot.cluster.reading import Scope
from bot.cluster.triage import look
from bot.redaction import Redactor
from tests.apiserver import crowd, programs, server

PODS = 5_000
BROKEN = 50
ROUNDS = 3
_SAMPLE_SECONDS = 0.005
_KINDS = "pods,events,deployments,replicasets,services,endpointslices"


@dataclass(frozen=True, slots=True)
class Cost:
    seconds: float
    megabytes: float
    """Most memory at once, of the process and what it waited for."""
    output: bytes


@dataclass(frozen=True, slots=True)
class Figures:
    own_seconds: float
    """Reading and judging alone, in a process that has everything imported."""
    triage: Cost
    kubectl: Cost
    found: int
    """Findings; one for each broken Deployment is right."""


async def measure(folder: Path) -> Figures:
    """Raises ProgramsMissing where there is no API server to measure on."""
    found = programs.find(os.environ)
    running = server.start(folder / "home", found)
    try:
        await crowd.write(running, pods=PODS, broken=BROKEN)
        environ = {**os.environ, "KUBECONFIG": str(running.limited_kubeconfig)}
        own = min([await _own(environ) for _ in range(ROUNDS)])
        kaia = [sys.executable, "-m", "bot", "triage", "-A", "--json"]
        kubectl = [str(running.kubectl), "get", _KINDS, "-A", "-o", "json"]
        triage = await _best(kaia, environ)
        listing = await _best(kubectl, environ, rounds=1)
        faults = [
            each for each in orjson.loads(triage.output)["findings"] if each["severity"] != "info"
        ]
        return Figures(own, triage, listing, len(faults))
    finally:
        server.stop(folder / "home")


async def _own(environ: Mapping[str, str]) -> float:
    access = await find_access(environ, asks=False)
    async with opened_api(access, environ) as api:
        begun = time.perf_counter()
        await look(api, Redactor().redact, Scope())
        return time.perf_counter() - begun


async def _best(argv: Sequence[str], environ: Mapping[str, str], rounds: int = ROUNDS) -> Cost:
    costs = [await asyncio.to_thread(_cost, argv, environ) for _ in range(rounds)]
    return min(costs, key=lambda each: each.seconds)


def _cost(argv: Sequence[str], environ: Mapping[str, str]) -> Cost:
    """A process of its own. What `wait4` says of its memory begins with that of this process."""
    begun = time.perf_counter()
    process = subprocess.Popen(argv, env=dict(environ), stdout=subprocess.PIPE)
    assert process.stdout is not None
    most = [0]
    sampler = threading.Thread(target=_sample, args=(process, most))
    sampler.start()
    output = process.stdout.read()
    process.wait()
    seconds = time.perf_counter() - begun
    sampler.join()
    return Cost(seconds, most[0] / 1024, output)


def _sample(process: "subprocess.Popen[bytes]", most: list[int]) -> None:
    """Kilobytes at the most so far, as the kernel counts since the program began."""
    status = Path(f"/proc/{process.pid}/status")
    while process.poll() is None:
        try:
            found = re.search(r"VmHWM:\s+(\d+)", status.read_text())
        except OSError:
            return
        most[0] = int(found[1]) if found else most[0]
        time.sleep(_SAMPLE_SECONDS)
