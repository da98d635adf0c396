"""The script beside the chart's Ollama, in a real shell; `ollama` and `sleep` are stand-ins."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.chart.rendering import Renderer

pytestmark = [pytest.mark.chart, pytest.mark.timeout(60)]

_OLLAMA = """\
#!/bin/sh
echo "$1 $2" >>calls
case "$1" in
show) [ -e "have-$2" ] ;;
pull)
  [ -e hangs ] && exec /bin/sleep 600
  echo x >>tries
  [ "$(wc -l <tries)" -le "$(cat failures)" ] && exit 1
  : >"have-$2" ;;
esac
"""
_SLEEP = """\
#!/bin/sh
echo "sleep $1" >>calls
[ "$1" = 3600 ] && exec /bin/sleep 600
exit 0
"""
"""A pause is noted and over at once; the last one, when all is there, is real."""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "calls").touch()
    (tmp_path / "failures").write_text("0")
    for name, text in (("ollama", _OLLAMA), ("sleep", _SLEEP)):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    return tmp_path


@contextmanager
def _running(chart: Renderer, place: Path, *models: str) -> Iterator[subprocess.Popen[str]]:
    argv = _container(chart, *models)
    environ = {"PATH": f"{place}{os.pathsep}{os.environ['PATH']}"}
    process = subprocess.Popen(
        argv, cwd=place, env=environ, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):  # nothing may be left of it
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def _container(chart: Renderer, *models: str) -> list[str]:
    objects = chart.objects({"ollama": {"enabled": True, "models": list(models)}})
    (deployment,) = (
        each
        for each in objects
        if each["kind"] == "Deployment" and each["metadata"]["name"].endswith("-ollama")
    )
    containers: list[dict[str, Any]] = deployment["spec"]["template"]["spec"]["containers"]
    (getting,) = (each for each in containers if each["name"] == "models")
    return [*getting["command"], *getting["args"]]


def _lines_until(process: subprocess.Popen[str], last: str) -> list[str]:
    assert process.stdout is not None
    lines: list[str] = []
    while not lines or lines[-1] != last:
        line = process.stdout.readline()
        assert line, lines
        lines.append(line.rstrip("\n"))
    return lines


def test_a_download_that_breaks_is_tried_again_and_the_next_model_follows(
    chart: Renderer, place: Path
) -> None:
    (place / "failures").write_text("3")
    with _running(chart, place, "small", "large") as process:
        lines = _lines_until(process, "large is here")
    assert [line for line in lines if line.endswith("is here")] == [
        "small is here",
        "large is here",
    ]
    assert sum("trying again" in line for line in lines) == 3
    calls = (place / "calls").read_text().splitlines()
    assert calls.count("pull small") == 4
    assert calls.count("pull large") == 1
    assert calls.count("sleep 15") == 3


def test_a_model_that_is_there_is_not_asked_for_again(chart: Renderer, place: Path) -> None:
    (place / "have-small").touch()
    with _running(chart, place, "small") as process:
        _lines_until(process, "small is here")
    assert "pull small" not in (place / "calls").read_text()


@pytest.mark.parametrize("is_loading", [True, False], ids=["while it loads", "when all is there"])
def test_it_ends_when_the_pod_is_told_to_stop(
    chart: Renderer, place: Path, is_loading: bool
) -> None:
    """And does not use up the time that a pod has for it, 30 s."""
    if is_loading:
        (place / "hangs").touch()
    with _running(chart, place, "small") as process:
        _lines_until(process, "Getting small" if is_loading else "small is here")
        process.terminate()
        assert process.wait(timeout=10) == 0
