"""What a careless team writes: each kind of text with a secret in it, and all those secrets."""

import base64
import json
from dataclasses import dataclass, field
from typing import Any

from tests.doubles import canaries

YARD = "canary-yard"
IMAGE = f"registry.example/shop/app:1.4.2@sha256:{'9f86d081884c7d65' * 4}"
COMMIT = "3f1e0c9a77b2d4e65a8899aa0b1c2d3e4f506172"
APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


@dataclass
class CarelessTexts:
    canaries: dict[str, str] = field(default_factory=dict, kw_only=True)
    """By where each stands."""

    def word(self, name: str) -> str:
        return self.canaries.setdefault(name, canaries.remembered(name))

    def key(self, name: str) -> str:
        return self.canaries.setdefault(name, canaries.generated(name))

    def pem(self, name: str) -> str:
        written, self.canaries[name] = canaries.private_key(name)
        return written

    def dsn(self, name: str) -> str:
        return f"postgres://shop:{self.word(name)}@db.{YARD}.svc:5432/shop"

    def docker_config(self, name: str) -> str:
        auth = base64.b64encode(f"ci:{self.word(name)}".encode()).decode()
        return json.dumps({"auths": {"registry.example": {"auth": auth}}})

    def release(self, name: str) -> str:
        written = canaries.released(self.word(name))
        self.canaries[f"{name}, packed"] = written[24:]
        return written

    def pod_spec(self, name: str) -> dict[str, Any]:
        literals = {
            "DB_PASSWORD": self.word(f"{name}: variable"),
            "API_TOKEN": self.key(f"{name}: token"),
            "DATABASE_URL": self.dsn(f"{name}: dsn"),
            "FLAVOUR": self.key(f"{name}: variable of no name"),
            "SETTINGS": json.dumps({"db": {"password": self.word(f"{name}: json")}}),
        }
        args = [
            f"--password={self.word(f'{name}: argument')}",
            "--db-password",
            self.word(f"{name}: next argument"),
            "mysql",
            f"-p{self.word(f'{name}: short argument')}",
            "-p",
            self.word(f"{name}: next short argument"),
        ]
        bearer = {"name": "Authorization", "value": f"Bearer {self.key(f'{name}: probe')}"}
        probe = {"httpGet": {"path": "/health", "port": 8080, "httpHeaders": [bearer]}}
        curl = ["sh", "-c", f"curl -u shop:{self.word(f'{name}: hook')} http://db/bye"]
        container = {
            "name": "app",
            "image": IMAGE,
            "env": [{"name": key, "value": value} for key, value in literals.items()],
            "args": args,
            "livenessProbe": probe,
            "lifecycle": {"preStop": {"exec": {"command": curl}}},
        }
        return {"containers": [container]}

    def notes(self, name: str) -> dict[str, str]:
        env = [{"name": "DB_PASSWORD", "value": self.word(f"{name}: applied")}]
        applied = {"kind": "Deployment", "spec": {"containers": [{"name": "app", "env": env}]}}
        return {
            APPLIED: json.dumps(applied),
            "example.com/api-token": self.key(f"{name}: annotation"),
            "example.com/settings": f"db:\n  password: {self.word(f'{name}: yaml note')}\n",
            "example.com/contact": f"ask ann, the password is {self.word(f'{name}: prose')}",
        }

    def log_lines(self, which: str) -> list[str]:
        token, key = self.key(f"{which}: coloured"), self.pem(f"{which}: key")
        return [
            "{", '  "level": "error",', f'  "password": "{self.word(f"{which}: json")}",',
            '  "msg": "login failed"', "}",
            f"Authorization: Bearer {token[:9]}\x1b[31m{token[9:]}\x1b[0m",
            f"level=error dsn={self.dsn(f'{which}: dsn')}",
            f'ERROR cannot reach {self.dsn(f"{which}: told")}: connection refused',
            *(f"ERROR {'retrying ' * 30}{self.dsn(f'{which}: far {at}')}" for at in range(2)),
            f"session {self.key(f'{which}: of no name')} expired",
            *key.splitlines(),
            f"FATAL: password={self.word(f'{which}: last')} was refused at commit {COMMIT}",
        ]  # fmt: skip
