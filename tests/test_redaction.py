# ruff: noqa: E501  # tables of texts read better with one text a line

import base64
import gzip
import json
import random
import string
import time
from collections.abc import Callable

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.errors import SettingsError
from bot.redaction import Redactor

CANARY = "cAn4ry-Xq7vT2mLp9"
B64 = base64.b64encode(CANARY.encode()).decode()
PEM = f"-----BEGIN RSA PRIVATE KEY-----\nMIIEvQIBADANBg\n{CANARY}\n-----END RSA PRIVATE KEY-----"
JWT = f"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJrYWlhIn0.{CANARY}"
SECRET_MANIFEST = {
    "apiVersion": "v1",
    "data": {"harmless-name": B64},
    "kind": "Secret",
    "metadata": {"name": "db"},
    "stringData": {"x": CANARY},
}

CARRIERS = {
    "secret in yaml": f"apiVersion: v1\ndata:\n  harmless: {B64}\n  b: |\n    {CANARY}\nkind: Secret\n",
    "stringData in yaml": f"kind: Secret\nmetadata:\n  name: x\nstringData:\n  harmless: {CANARY}\n",
    "secret in a yaml list": (
        f"apiVersion: v1\nitems:\n- apiVersion: v1\n  data:\n    a: {B64}\n  kind: Secret\n"
        "- kind: ConfigMap\n  data:\n    colour: blue\nkind: List\n"
    ),
    "secret flow mapping": f"kind: Secret\ndata: {{a: {B64}}}\n",
    "secret inside a config map": (
        f"kind: ConfigMap\ndata:\n  m.yaml: |\n    kind: Secret\n    stringData:\n      a: {CANARY}\n"
    ),
    "secret in json": json.dumps(SECRET_MANIFEST),
    "secret in pretty json": json.dumps({"items": [SECRET_MANIFEST]}, indent=4),
    "secret list in json": json.dumps({"kind": "SecretList", "items": [{"data": {"a": B64}}]}),
    "last applied in json": json.dumps(
        {"metadata": {"annotations": {"last-applied": json.dumps(SECRET_MANIFEST)}}}
    ),
    "last applied in yaml": f"  annotations:\n    last-applied: |\n      {json.dumps(SECRET_MANIFEST)}\n",
    "env in last applied": json.dumps(
        {"a": json.dumps({"env": [{"name": "DB_PASSWORD", "value": CANARY}]})}
    ),
    "describe env": f"    Environment:\n      DB_PASSWORD:  {CANARY}\n      MODE:         fast\n",
    "describe env of several lines": f"      DB_PASSWORD:  one\n                    {CANARY}\n      A: b\n",
    "describe env with spaces": f"      DB_PASSWORD:  correct {CANARY} horse\n",
    "yaml env": f"    - name: DB_PASSWORD\n      value: {CANARY}\n",
    "yaml env quoted": f'    - name: "DB_PASSWORD"\n      value: "{CANARY}"\n',
    "yaml env single quoted": f"    - name: DB_PASSWORD\n      value: 'it''s {CANARY}'\n",
    "yaml env block": f"    - name: DB_PASSWORD\n      value: |\n        a\n        {CANARY}\n    - name: B\n",
    "yaml env folded": f'    - name: DB_PASSWORD\n      value: "a b\n        {CANARY}"\n',
    "yaml env value first": f"    - value: {CANARY}\n      name: DB_PASSWORD\n",
    "yaml env flow": f"    - {{name: DB_PASSWORD, value: {CANARY}}}\n",
    "json env": json.dumps([{"name": "API_TOKEN", "value": CANARY}]),
    "json env value first": json.dumps([{"value": CANARY, "name": "API_TOKEN"}]),
    "json env pretty": json.dumps([{"name": "API_TOKEN", "value": CANARY}], indent=2),
    "json env with quotes in it": json.dumps([{"name": "API_TOKEN", "value": f'a"{CANARY}'}]),
    "docker env": json.dumps({"Env": [f"DB_PASSWORD={CANARY}", "A=b"]}),
    "docker env with a quote in it": json.dumps({"Env": [f'DB_PASSWORD=a"{CANARY}', "A=b"]}),
    "shell": f"export DB_PASSWORD={CANARY}",
    "env dump": f"A=b\nDB_PASSWORD=correct {CANARY} horse\nC=d",
    "shell quoted": f'DB_PASSWORD="correct {CANARY} horse" ./run',
    "logfmt": f'level=info msg="x" password={CANARY} user=bob',
    "log in quotes": f'level=info msg="login with password={CANARY}"',
    "log with a colon": f"2026-11-01T00:00:00Z trying password: {CANARY} for bob",
    "go struct": f"{{User:bob Password:{CANARY} Port:5432}}",
    "python dict": f"{{'user': 'bob', 'password': '{CANARY}'}}",
    "toml": f'api_key = "{CANARY}"',
    "properties": f"spring.datasource.password={CANARY}",
    "java option": f"java -Ddb.password={CANARY} -jar x.jar",
    "number": "DB_PASSWORD: 12345678901234567",
    "url query": f"GET /hook?user=a&token={CANARY}&x=1 HTTP/1.1",
    "url signature": f"https://x.blob.core.windows.net/a?sv=1&sig={CANARY}&se=2",
    "aws url": f"https://s3/x?X-Amz-Signature={CANARY}",
    "json": json.dumps({"password": CANARY}),
    "json in json": json.dumps({"log": json.dumps({"client_secret": CANARY})}),
    "json thrice": json.dumps(json.dumps(json.dumps({"client_secret": CANARY}))),
    "cut json": f'{{"a": 1, "password": "{CANARY}',
    "xml": f"<user>bob</user><password>{CANARY}</password>",
    "flag": f"run --db-password {CANARY} --verbose",
    "flag with equals": f"run --db-password={CANARY}",
    "flag in json": json.dumps({"args": ["--db-password", CANARY]}),
    "flag in yaml": f"args:\n- --db-password\n- {CANARY}\n",
    "flag in describe": f"    Args:\n      --db-password\n      {CANARY}\n    State:  Running\n",
    "curl user": f"curl -u bob:{CANARY} https://x",
    "bearer header": f"Authorization: Bearer {CANARY}",
    "bearer header in quotes": f'curl -H "Authorization: Bearer {CANARY}" https://x',
    "token header": f"Authorization: token {CANARY}",
    "header in json": json.dumps({"headers": {"Authorization": f"Bearer {CANARY}"}}),
    "header in a log": f"request authorization: Bearer {CANARY} accepted",
    "bearer alone": f"sent Bearer {CANARY} to the server",
    "api key header": f"X-Api-Key: {CANARY}",
    "cookie": f"Set-Cookie: session={CANARY}; Path=/; HttpOnly",
    "jwt": f"got {JWT} here",
    "pem": PEM,
    "pem in json": json.dumps({"key": PEM}),
    "pem without end": PEM.partition("-----END")[0],
    "pem without beginning": f"log line\n{PEM.partition('KEY-----')[2].replace('-', '+', 1)}".replace(
        CANARY, CANARY.replace("-", "+")
    ),
    "pem with prefixed lines": "\n".join(f"[pod/a] {line}" for line in PEM.split("\n")),
    "base64 of pem": base64.b64encode(PEM.encode()).decode(),
    "wrapped base64 of pem": base64.encodebytes((PEM * 3).encode()).decode(),
    "base64 of base64": base64.b64encode(base64.b64encode(PEM.encode())).decode(),
    "base64 of json": base64.b64encode(json.dumps({"password": CANARY}).encode()).decode(),
    "connection string": f"postgres://app:{CANARY}@db:5432/shop",
    "connection string, slash": f"postgres://app:a/b{CANARY}@db:5432/shop",
    "connection string, at": f"postgres://app:a@b{CANARY}@db:5432/shop",
    "connection string, no user": f"redis://:{CANARY}@cache:6379",
    "mysql dsn": f"app:{CANARY}@tcp(db:3306)/shop",
    "ado": f"Server=db;User Id=app;Password={CANARY};Encrypt=true",
    "sql": f"ALTER USER bob WITH PASSWORD '{CANARY}'",
    "sql identified": f"CREATE USER bob IDENTIFIED BY '{CANARY}'",
    "redis config": f"requirepass {CANARY}",
    "kubeconfig token": f"users:\n- name: a\n  user:\n    token: {CANARY}\n",
    "kubeconfig key": f"    client-key-data: {B64}\n",
    "docker config": json.dumps({"auths": {"ghcr.io": {"auth": B64}}}),
    "docker config in base64": base64.b64encode(
        json.dumps({"auths": {"ghcr.io": {"auth": B64}}}).encode()
    ).decode(),
    "npmrc": f"//registry.npmjs.org/:_authToken={CANARY}",
    "list under a name": f"passwords:\n- {CANARY}\n- other\nuser: a\n",
    "value on the next line": f"password:\n  {CANARY}\nuser: a\n",
    "short name": json.dumps({"user": "bob", "pass": CANARY}),
    "json in an environment": f'      DB_CREDENTIALS:  {{"k": "{CANARY}"}}\n',
    "yaml file in json": json.dumps({"data": {"a.yaml": f"db:\n  password: a {CANARY}\n  u: 1\n"}}),
    "properties file in json": json.dumps({"data": {"a": f"u=1\ndb.password=a {CANARY}\nx=1\n"}}),
    "yaml file in json twice": json.dumps(json.dumps({"a": f"db:\n  password: a {CANARY}\n  u: 1\n"})),
    "said": f"the db password is {CANARY}, try it",
    "said with a colon": f"here, password: {CANARY}",
    "said in a code mark": f"token: `{CANARY}`",
    "said with spaces": f"my API key: {CANARY}",
    "described config map": f"Data\n====\npassword:\n----\nit's {CANARY}\n\nmode:\n----\nfast\n\n",
    "described config map, last": f"db.password:\n----\na\n{CANARY}\n\n\nBinaryData\n====\n\nEvents:  <none>\n",
    "netrc": f"machine git.example login bot password {CANARY}",
    "netrc in json": json.dumps({"netrc": f"machine git.example\nlogin bot\npassword {CANARY}\n"}),
    "signed url in kubectl's json": f'"url": "https://x/a?sv=1\\u0026sig={CANARY}\\nnext"',
    "go map of a secret": f"DATA\nmap[harmless:{B64} other:{B64}]\n",
    "json data without its kind": json.dumps({"harmless": B64, "other": B64}),
    "yaml data without its kind": f"apiVersion: v1\ndata:\n  harmless: {B64}\n  other: {B64}\n",
    "custom columns": f"NAME   PASSWORD               AGE\ndb     {CANARY}   4d\nweb    {CANARY}   4d\n",
    "ado, short": f"Uid=app;Pwd={CANARY};",
    "odbc": f"DRIVER=x;UID=app;PWD={CANARY};",
    "oracle": f"jdbc:oracle:thin:scott/{CANARY}@db:1521:orcl",
    "mysql on the command line": f"mysql -h db -u root -p{CANARY} shop",
    "redis on the command line": f"redis-cli -h db -a {CANARY} ping",
    "sshpass": f"sshpass -p {CANARY} ssh bob@host",
    "described config map, indented": f"  Data\n  ====\n  password:\n  ----\n  it's {CANARY}\n\n",
    "base64 behind an equals sign": "body=" + base64.b64encode(f"password={CANARY}".encode()).decode(),
    "base64 behind an escape": "a\\n" + base64.b64encode(f"password={CANARY}".encode()).decode(),
    "helm release": yaml.safe_dump({"data": {"release": base64.b64encode(base64.b64encode(gzip.compress(CANARY.encode() * 30))).decode()}, "type": "helm.sh/release.v1"}),
    "slack hook": f"https://hooks.slack.com/services/T000/B000/{CANARY.replace('-', '')}",
}  # fmt: skip

FORMS = [
    "ghp_" + "a1B2" * 9, "gho_" + "a1B2" * 9, "github_pat_11ABC_" + "a1B2" * 15,
    "glpat-" + "a1B2" * 5, "xoxb-123-456-abcDEF", "xoxp-1-2-3-abcdef", "xapp-1-A1-2-abcdef",
    "sk-proj-" + "a1B2" * 10, "sk-ant-api03-" + "a1B2" * 10, "AIza" + "a1B2c" * 7,
    "sk_live_" + "a1B2" * 6, "rk_live_" + "a1B2" * 6, "npm_" + "a1B2" * 9, "hf_" + "aBcD" * 8,
    "AKIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE", "AGE-SECRET-KEY-1" + "QPZRY9" * 9,
    "dckr_pat_" + "a1B2" * 7, "hvs." + "a1B2" * 8, "pypi-AgEIcHlwaS5vcmc" + "a1" * 20,
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", "$2b$12$" + "a1B2c" * 10 + "abc",
]  # fmt: skip

ORDINARY = [
    "image: docker.io/library/nginx@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "uid: 0b6d6f0e-6a54-4f0c-9a57-0d9a3b5a5f63",
    "checkout-7d9f8b6c5d-abcde   1/1   Running   0   5d",
    'resourceVersion: "123456789"',
    "commit 3f786850e387550fdab836ed7e6dc881de23001b",
    "secretName: db",
    '"secretName": "db"',
    "    SecretName:  db-credentials",
    "secretKeyRef: {name: db, key: password}",
    "valueFrom:\n  secretKeyRef:\n    key: password\n    name: db",
    "- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef:\n      key: password\n      name: db",
    "tokenExpirationSeconds: 3607",
    "    TokenExpirationSeconds:  3607",
    "- serviceAccountToken:\n    expirationSeconds: 3607\n    path: token",
    "automountServiceAccountToken: true",
    "password authentication failed for user postgres",
    'FATAL: password authentication failed for user "postgres"',
    "token expired",
    "error: token has expired, log in again",
    "token: signature is invalid",
    "failed to refresh token: connection refused by host",
    "invalid credentials: user not found",
    "the password is not set",
    "the token is expired",
    "imagePullSecrets:\n- name: regcred",
    "secrets:\n- name: kaia-token",
    "DB_PASSWORD:",
    'DB_PASSWORD: ""',
    "DB_PASSWORD=",
    "DB_PASSWORD=${DB_PASSWORD}",
    "value: $(DB_PASSWORD)",
    "      DB_PASSWORD:  <set to the key 'password' in secret 'db'>  Optional: false",
    'secret "db" not found',
    'MountVolume.SetUp failed for volume "db-secret" : secret "db-secret" not found',
    "couldn't find key password in Secret shop/db",
    "Error from server (Forbidden): secrets is forbidden: User cannot list resource",
    "prompt_tokens: 512 completion_tokens=64 max_tokens: 4096",
    "http://token-service:8080/healthz",
    "registry.example/token-service:v1.2.3",
    "PWD=/app",
    "checksum/secret: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "TOKEN_SERVICE_PORT_8080_TCP=tcp://10.0.0.1:8080",
    "DB_PASSWORD_FILE=/run/secrets/db",
    "kind: ConfigMap\ndata:\n  colour: blue",
    '{"kind": "ConfigMap", "data": {"colour": "blue"}}',
    "http://host:8080/path/@scope/pkg",
    "git clone ssh://git@github.com/a/b",
    "Basic authentication is required",
    "Bearer authentication",
    "disk-pressure-abcdefghijklmnopqrstuvwxyz-task-runner-abcdefghijkl",
    "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBa\n-----END CERTIFICATE-----",
    "aGVsbG8gd29ybGQsIHRoaXMgaXMgYSBwbGFpbiB0ZXh0Lg==",
    "/var/lib/kubelet/pods/0b6d6f0e-6a54-4f0c-9a57-0d9a3b5a5f63/volumes/kubernetes.io~secret/db",
    "Type:        Secret (a volume populated by a Secret)",
    "kubernetes.io/service-account-token",
    "use --token to log in",
    "pass=12 fail=0",
    "the credentials: {}",
]  # fmt: skip


@pytest.mark.parametrize("carrier", CARRIERS.values(), ids=CARRIERS)
def test_a_secret_survives_in_no_carrier(carrier: str) -> None:
    redacted = Redactor().redact_counted(carrier)

    assert not _leaks(redacted.text)
    assert redacted.count


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("around", ["{}", "got {}.", '"{}"', "x={};y", "({})", "https://h/{}?a=b"])
def test_a_known_form_is_seen_wherever_it_stands(form: str, around: str) -> None:
    assert form[6:] not in Redactor().redact(around.format(form))


@pytest.mark.parametrize("form", FORMS)
def test_a_known_form_is_seen_in_base64(form: str) -> None:
    encoded = base64.b64encode(f"the token {form} of ours".encode()).decode()

    assert Redactor().redact(f"data: {encoded}\n") == "data: [redacted:base64]\n"


@pytest.mark.parametrize("text", ORDINARY)
def test_what_an_investigation_needs_is_left_alone(text: str) -> None:
    assert Redactor().redact(text) == text


def test_what_stands_beside_a_secret_is_left_alone() -> None:
    text = (
        "kind: List\nitems:\n- kind: ConfigMap\n  data:\n    colour: blue\n"
        "- kind: Secret\n  data:\n    a: c2VjcmV0\n  metadata:\n    name: db\n"
    )

    assert Redactor().redact(text) == text.replace("c2VjcmV0", "[redacted:secret]")


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ('{"password": "x1", "user": "bob"}', '{"password": "[redacted:password]", "user": "bob"}'),
        ("GET /?token=abc&x=1 200", "GET /?token=[redacted:token]&x=1 200"),
        ("postgres://app:pw@db:5432/x", "postgres://app:[redacted:password]@db:5432/x"),
        ("password=a user=bob", "password=[redacted:password] user=bob"),
        ("  TOKEN:  abc\n  MODE:  fast", "  TOKEN:  [redacted:token]\n  MODE:  fast"),
        ("Authorization: Bearer abc123", "Authorization: [redacted:authorization]"),
    ],
)
def test_only_the_secret_itself_is_replaced(text: str, redacted: str) -> None:
    assert Redactor().redact(text) == redacted


def test_a_cut_private_key_is_hidden_to_the_end() -> None:
    cut = "before\n" + PEM[: PEM.index(CANARY) + 5]

    assert Redactor().redact(cut) == "before\n[redacted:private-key]"


def test_the_house_may_have_patterns_of_its_own() -> None:
    redactor = Redactor([r"ACME-\d+", r"badge (?P<secret>\w+)"])

    assert redactor.redact("ACME-77, badge q1") == "[redacted:house], badge [redacted:house]"


@pytest.mark.parametrize("pattern", ["(", "[a-", "x*"])
def test_a_bad_pattern_is_named(pattern: str) -> None:
    with pytest.raises(SettingsError) as error:
        Redactor([pattern])

    assert repr(pattern) in str(error.value)


def test_a_value_dressed_as_a_mark_is_no_mark() -> None:
    assert "hunter2" not in Redactor().redact("password: [redacted:hunter2]")


SECRETS = st.text(string.ascii_letters + string.digits + "!#%+-./:=@_~^*?", min_size=6, max_size=30)
NOTATIONS = st.sampled_from([
    "DB_PASSWORD={}", "export DB_PASSWORD={}", "      DB_PASSWORD:  {}\n      A:  b",
    "- name: DB_PASSWORD\n  value: {}\n- name: B", '- name: DB_PASSWORD\n  value: "{}"\n',
    '{{"password": "{}", "a": 1}}', '{{\\"password\\":\\"{}\\",\\"a\\":1}}',
    '[{{"name":"DB_PASSWORD","value":"{}"}}]', '[{{"value":"{}","name":"DB_PASSWORD"}}]',
    "kind: Secret\ndata:\n  a: {}\n", '{{"data":{{"a":"{}"}},"kind":"Secret"}}',
    'run "--password={}" --x', "Authorization: Bearer {}", "password: '{}'", "token: `{}`",
    "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----",
])  # fmt: skip


@given(secret=SECRETS, notation=NOTATIONS, before=st.text(max_size=20), after=st.text(max_size=20))
@settings(max_examples=400, deadline=None)
def test_whatever_it_is_made_of_a_secret_in_a_carrier_is_hidden(
    secret: str, notation: str, before: str, after: str
) -> None:
    canary = "Zq9" + secret + "Zq9"
    text = f"{before}\n{notation.format(canary)}\n{after}"

    assert canary not in Redactor().redact(text)


ANYTHING = st.text(
    string.printable.replace("\r", "").replace("\x0b", "").replace("\x0c", ""), max_size=9
)


def _env(secret: str) -> list[dict[str, str]]:
    return [{"name": "A", "value": "b"}, {"name": "DB_PASSWORD", "value": secret}]


SERIALISED = {
    "env in json": lambda s: json.dumps(_env(s)),
    "env in pretty json": lambda s: json.dumps(_env(s), indent=4),
    "env in json in json": lambda s: json.dumps({"log": json.dumps(_env(s))}),
    "env in yaml": lambda s: yaml.safe_dump(_env(s)),
    "key in json": lambda s: json.dumps({"password": s, "z": 1}),
    "key in yaml": lambda s: yaml.safe_dump({"a": {"password": s, "z": 1}}),
    "key in json in json": lambda s: json.dumps({"log": json.dumps({"password": s, "z": 1})}),
    "secret in json": lambda s: json.dumps({"kind": "Secret", "data": {"a": s}}),
    "secret in yaml": lambda s: yaml.safe_dump({"kind": "Secret", "data": {"a": s}}),
    "secret in an annotation": lambda s: json.dumps({"a": json.dumps({"kind": "Secret", "data": {"a": s}})}),
}  # fmt: skip


@pytest.mark.parametrize("serialise", SERIALISED.values(), ids=SERIALISED)
@given(before=ANYTHING, after=ANYTHING)
@settings(deadline=None)
def test_no_quoting_lets_a_secret_through(
    serialise: Callable[[str], str], before: str, after: str
) -> None:
    assert "Zq7pT3xW9k" not in Redactor().redact(serialise(f"{before}Zq7pT3xW9k{after}"))


WORDS = st.sampled_from([
    *FORMS, "password", "token", ": ", "=", '"', "'", "\n", "  ", "- ", "name", "value", "kind",
    "Secret", "data", "{", "}", ",", "[redacted:token]", "[redacted:", "]", "://", "@", "\\", "-----BEGIN PRIVATE KEY-----",
    "-----END PRIVATE KEY-----", "Authorization", "Bearer ", "--", "x", "hunter2", "|", "is ", B64, "DB_PASSWORD", "api key",
])  # fmt: skip


@given(st.lists(st.one_of(WORDS, st.text(max_size=5)), max_size=30).map("".join))
@example("password: a[redacted:token]b")
@settings(max_examples=600, deadline=None)
def test_redacting_twice_changes_nothing(text: str) -> None:
    once = Redactor().redact(text)

    assert Redactor().redact(once) == once


HOSTILE = {
    "one long word": "a" * 1_000_000,
    "one long line of words": "word " * 200_000,
    "names": "password=" * 111_000,
    "names that never get a value": "password:" * 111_000,
    "open quotes": 'password="' * 100_000,
    "alternating quotes": "password=\"password='" * 50_000,
    "backslashes": "password=" + "\\" * 1_000_000,
    "escaped quotes": '\\"password\\":\\"x\\",' * 50_000,
    "key beginnings": "-----BEGIN PRIVATE KEY-----" * 37_000,
    "key ends": "-----END PRIVATE KEY-----\n" * 38_000,
    "key ends on one line": "-----END PRIVATE KEY-----" * 40_000,
    "schemes": "://" * 333_000,
    "schemes with passwords": "://a:b" * 166_000,
    "jwt beginnings": "eyJ" * 333_000,
    "bearers": "Bearer " * 142_000,
    "secrets": "kind: Secret\n" * 76_000,
    "deeper and deeper": "\n".join(" " * n + "data:" for n in range(1400)),
    "json secrets": '{"kind":"Secret","data":{"a":"b"}},' * 28_000,
    "open braces": "{" * 1_000_000,
    "names and values": "- name: A_TOKEN\n  value: abc\n" * 34_000,
    "values first": '"value":' * 125_000,
    "names without values": "name: x\n" * 125_000,
    "base64": B64 * 40_000,
    "base64 lines": ("QUFB" * 16 + "\n") * 15_000,
    "base64 of words": (base64.b64encode(b"just some words here").decode() + " ") * 34_000,
    "flags": "--password " * 90_000,
    "flags on lines": "--password\n" * 90_000,
    "indented": "password: |\n" + "  x\n" * 250_000,
    "blocks": "password: |\n  x\n" * 62_000,
    "spaces": "password:" + " " * 1_000_000,
    "blank lines": "password:" + "\n" * 1_000_000,
    "angle brackets": "<password>" * 100_000,
    "commas": "password=a," * 90_000,
    "dollars": "$1$" * 333_000,
    "random": base64.b64encode(random.Random(1).randbytes(700_000)).decode(),  # noqa: S311
    "random words": " ".join(base64.b64encode(random.Random(n).randbytes(24)).decode() for n in range(30_000)),  # noqa: S311
    "generated names": " ".join(f"checkout-{n:x}d9f8c6b5-x2x7k/MixedCase{n}" for n in range(30_000)),
    "slashes": "aB3/" * 250_000,
    "full lines": ("password=" + "x" * 54 + "y\n") * 15_000,
    "full lines, indented": ("  " + "x" * 76 + "\n") * 12_000,
    "percent": "%22" * 333_000,
    "percent and plus": "%2B+" * 250_000,
    "percent of percent": "%25" * 333_000,
    "strings": '"a\\n' * 200_000,
    "strings in strings": '\\"a\\\\n' * 120_000,
    "certificates": "MIIC" * 250_000,
    "certificates in lines": ("MIIC" * 16 + "\n") * 15_000,
    "go maps": "map[a:" * 160_000,
    "data": "data:\n  a: YWJjZGVmZ2g=\n" * 40_000,
    "json data": '{"a":"YWJjZGVm",' * 60_000,
    "headers": "NAME  PASSWORD\n" * 66_000,
    "columns": "NAME  PASSWORD\n" + "a     b\n" * 120_000,
    "mysql": "mysql -h " * 110_000,
    "all hints": " ".join(FORMS) * 500,
}  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_text_is_so_hostile_that_time_grows_faster_than_its_length(text: str) -> None:
    # Four for what is linear, sixteen for what is quadratic; a busy machine disturbs one in many.
    assert any(_growth(text) < 10 for _ in range(3))


def _growth(text: str) -> float:
    """How many times longer four times the text takes."""
    short = min(_seconds_to_redact(text[:60_000]) for _ in range(2))
    return _seconds_to_redact(text[:240_000]) / max(short, 0.005)


def _seconds_to_redact(text: str) -> float:
    begun = time.process_time()
    Redactor().redact(text)
    return time.process_time() - begun


def _leaks(text: str) -> bool:
    plain = CANARY.replace("-", "")
    return any(part in text for part in (CANARY, plain, B64, CANARY[:8], CANARY[-8:], "1234567890"))
