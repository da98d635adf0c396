"""What becomes of a tree in an archive, and what is made only once."""

import json
import os
import tarfile
import time
from pathlib import Path

import pytest

from tests.image import archive, cache
from tests.node import archives
from tests.node.archives import Image


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    tree = tmp_path / "tree"
    for folder, mode in (("tmp", 0o1777), ("var/lib/kaia", 0o750)):
        (tree / folder).mkdir(parents=True)
        (tree / folder).chmod(mode)
    (tree / "tmp" / "link").symlink_to("/usr/local/bin/python")
    return tree


def test_only_the_state_is_not_roots(tree: Path, tmp_path: Path) -> None:
    layer = archives.write_layer(tmp_path / "layer", tree, {Path("var/lib/kaia"): 65532})
    with tarfile.open(layer) as written:
        entries = {entry.name: entry for entry in written}
    assert {name: entry.uid for name, entry in entries.items() if entry.uid or entry.gid} == {
        "var/lib/kaia": 65532
    }
    assert (entries["tmp"].mode, entries["var/lib/kaia"].mode) == (0o1777, 0o750)
    assert entries["tmp/link"].linkname == "/usr/local/bin/python"


def test_the_same_tree_is_the_same_layer(tree: Path, tmp_path: Path) -> None:
    one = archives.write_layer(tmp_path / "one", tree, {}).read_bytes()
    os.utime(tree / "tmp", (1, 1))
    assert archives.write_layer(tmp_path / "other", tree, {}).read_bytes() == one


def test_layers_are_in_the_order_of_the_image_and_named_once(tree: Path, tmp_path: Path) -> None:
    low = archives.write_layer(tmp_path / "low", tree, {})
    high = archives.write_layer(tmp_path / "high", tree / "var", {})
    images = [Image("a:1", {"User": "1"}, (low, high)), Image("b:1", {}, (low,))]
    with tarfile.open(archives.write(tmp_path / "archive", images)) as written:
        manifest = json.loads(_content(written, "manifest.json"))
        config = json.loads(_content(written, manifest[0]["Config"]))
        names = written.getnames()
    assert manifest[0]["Layers"][0] == manifest[1]["Layers"][0]
    assert [f"sha256:{name.removesuffix('.tar')}" for name in manifest[0]["Layers"]] == (
        config["rootfs"]["diff_ids"]
    )
    assert config["config"] == {"User": "1"}
    assert len(names) == len(set(names)) == 5


def test_the_chart_finds_the_image_by_its_default_name() -> None:
    name, _, version = archive.reference().rpartition(":")
    assert name == "docker.io/library/kaia"
    assert version


def test_what_is_kept_is_made_once_and_whole(tmp_path: Path) -> None:
    made: list[Path] = []

    def make(part: Path) -> None:
        made.append(part)
        part.write_text("whole")

    for _ in range(2):
        assert cache.kept(tmp_path / "tree-1", make).read_text() == "whole"
    assert made == [tmp_path / "tree.part"]
    assert [path.name for path in tmp_path.iterdir()] == ["tree-1"]


def test_what_has_not_been_asked_for_lately_goes(tmp_path: Path) -> None:
    old, recent = (cache.kept(tmp_path / name, Path.mkdir) for name in ("tree-1", "tree-2"))
    os.utime(old, (time.time() - 7200, time.time() - 7200))
    cache.kept(tmp_path / "tree-3", Path.mkdir)
    assert not old.exists()
    assert recent.exists()


def test_a_renamed_file_is_another_input(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("same")
    before = cache.digest_of([tmp_path])
    (tmp_path / "one").rename(tmp_path / "other")
    assert cache.digest_of([tmp_path]) != before


def _content(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    assert file is not None
    return file.read()
