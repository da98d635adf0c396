"""A small recording, written by hand: one pod, its table, its log."""

import json
from pathlib import Path
from typing import Any

POD_FILE = "core/v1/pods/shop.json"
SERVER = "v1.34.4-abcdef"
POD = {"metadata": {"name": "web", "namespace": "shop"}, "spec": {}}
COLUMNS = [{"name": "Name", "type": "string"}, {"name": "Age", "type": "string"}]


def make(folder: Path) -> Path:
    put(
        folder / "recording.json",
        {
            "format": 1,
            "recorded_at": "2026-11-27T10:20:00Z",
            "kubernetes": "v1.34.4",
            "server": SERVER,
            "kaia": "0.1.0",
            "namespaces": ["shop"],
            "kinds": [{"group": "", "version": "v1", "plural": "pods", "kind": "Pod"},
                      {"group": "apps", "version": "v1", "plural": "deployments",
                       "kind": "Deployment"}],
            "not_read": [{"what": "secrets", "why": "never recorded"}],
            "redactions": 2,
            "note": "by hand",
        },
    )  # fmt: skip
    put(folder / "objects" / POD_FILE, {"apiVersion": "v1", "kind": "PodList", "items": [POD]})
    rows = [{"name": "web", "cells": ["web", "5m"]}]
    put(folder / "tables" / POD_FILE, {"columnDefinitions": COLUMNS, "rows": rows})
    put(folder / "access.json", {"shop": {"resourceRules": []}})
    log = folder / "logs" / "shop" / "web" / "app.log"
    log.parent.mkdir(parents=True)
    log.write_text("2026-11-27T10:19:00.5Z started\n")
    server = folder.parent / "servers" / SERVER
    put(server / "version.json", {"gitVersion": "v1.34.4"})
    put(server / "discovery.json", {"/api": {"items": []}, "/apis": {"items": []}})
    put(server / "openapi" / "v3.json", {"paths": {"api/v1": {}}})
    put(server / "openapi" / "v3" / "api" / "v1.json", {"openapi": "3.0.0"})
    return folder


def put(file: Path, found: Any) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(found))
