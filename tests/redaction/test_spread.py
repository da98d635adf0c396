"""Secrets apart from their names: in lists, odd YAML, XML, other scripts, and in cut texts."""

import base64
import json

import pytest

from bot.redaction import Redactor
from bot.redaction.redactor import WITHHELD

# ruff: noqa: RUF001  # letters that look like others are what is tested

PASSWORD = "tarugo-nilope-742"
CUT = "tarugo-nil"

APART = {
    "a list on one line": f'"passwords": ["{PASSWORD}", "{PASSWORD}"]',
    "a list in a string": json.dumps({"a": json.dumps({"apiTokens": [PASSWORD]})}),
    "an explicit key": f"? password\n: {PASSWORD}\n",
    "three quotes": f'password = """\n{PASSWORD}\n"""',
    "another field between": f'{{"name": "DB_PASSWORD", "x": 1, "value": "{PASSWORD}"}}',
    "a comment between": f"- name: DB_PASSWORD\n  # of the shop\n  value: {PASSWORD}\n",
    "an attribute": f'<entry key="db.password">{PASSWORD}</entry>',
    "character data": f"<password><![CDATA[{PASSWORD}]]></password>",
    "html": f"&quot;password&quot;:&quot;{PASSWORD}&quot;",
    "escapes of go": f'{{"cfg":"\\u003cpassword\\u003e{PASSWORD}\\u003c/password\\u003e"}}',
    "an escaped sign": f'cfg: "password\\u003d{PASSWORD}"',
    "wide letters": f"ｐａｓｓｗｏｒｄ={PASSWORD}",
    "letters of another script": f"pаsswоrd: {PASSWORD}",
    "bold letters": f"𝐩𝐚𝐬𝐬𝐰𝐨𝐫𝐝: {PASSWORD}",
    "a wide colon": f"password：{PASSWORD}",
    "a space that does not break": f"password\u00a0= {PASSWORD}",
    "pretty quotes": f"password = “{PASSWORD}”",
    "german": f"das Passwort ist {PASSWORD}",
    "prose": f"the password for user shop is {PASSWORD}",
    "a pipe": f"echo {PASSWORD} | docker login --password-stdin",
    "sudo": f"echo '{PASSWORD}' | sudo -S systemctl restart shop",
    "openssl": f"openssl rsa -passin pass:{PASSWORD}",
    "a literal": f"kubectl create secret generic db --from-literal=hint={PASSWORD}",
    "sql": f"SET PASSWORD FOR shop = '{PASSWORD}'",
    "pgpass": f"db.example:5432:shop:shop:{PASSWORD}",
    "an error of go": f'parse "postgres://shop:x#y": invalid port ":{PASSWORD}" after host',
    "an error of go, in json": json.dumps({"e": f'invalid port ":{PASSWORD}" after host'}),
}  # fmt: skip


@pytest.mark.parametrize("text", APART.values(), ids=APART)
def test_it_is_hidden(text: str) -> None:
    found = Redactor().redact(text)

    assert PASSWORD not in found
    assert found != WITHHELD
    assert Redactor().redact(found) == found


@pytest.mark.parametrize(
    "text",
    [
        f"cannot reach postgres://shop:{CUT}…",
        f"cannot reach postgres://shop:{CUT}...",
        f"its command `psql postgres://shop:{CUT}`",
        f"cannot reach postgres://shop:{CUT}",
        f"cannot reach redis://:{CUT}…",
    ],
)
def test_a_password_that_was_cut_off_in_its_address_is_hidden(text: str) -> None:
    assert CUT not in Redactor().redact(text)


def test_a_config_map_that_holds_what_a_secret_would_is_hidden() -> None:
    encoded = {key: base64.b64encode(value) for key, value in (("a", b"shop"), ("b", b"tarugo742"))}
    data = "".join(f"  {key}: {value.decode()}\n" for key, value in encoded.items())
    text = f"apiVersion: v1\ndata:\n{data}kind: ConfigMap\n"

    assert encoded["b"].decode() not in Redactor().redact(text)


ORDINARY = (
    "dial redis://cache:6379: connect: connection refused",
    "cannot reach http://web:8080…",
    "use http://host:port",
    "Liveness: http-get http://:http",
    "imageID: docker://sha256:9f86d081884c7d65",
    "main.go:12:5:undefined",
    "10.0.0.1:80:5:refused",
    '"resources":["secrets","configmaps"],"verbs":["get"]',
    'imagePullSecrets: [{"name": "regcred"}]',
    'waits for secrets: ["shop-db", "shop-tls"]',
    '"keys":["a","b"],"tokenAudiences":["api"]',
    'dial tcp: invalid port "99999" after host',
    'invalid port ":8080" after host',
    "echo hello | grep h",
    "the password for user shop is wrong",
    "das Passwort ist falsch",
    "naïve café — “quoted”, тест, ｗｉｄｅ",
    "a &lt; b &amp;&amp; c \\u003e d",
    "-A KUBE-SERVICES -d 10.96.11.2/32 -p tcp -m comment",
)


@pytest.mark.parametrize("text", ORDINARY)
def test_what_only_looks_alike_stays(text: str) -> None:
    assert Redactor().redact(text) == text
