"""The API as a pod reaches it: a token and a certificate in files, the address in variables."""

import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.cluster.access import ClusterAccess
from bot.cluster.api import ClusterApi, NotReadable
from bot.errors import ClusterError
from tests.apiserver import limits
from tests.apiserver.server import ApiServer

pytestmark = pytest.mark.cluster


@pytest.fixture
def account(apiserver: ApiServer, tmp_path: Path) -> Path:
    """What a kubelet mounts into a pod."""
    folder = tmp_path / "serviceaccount"
    folder.mkdir()
    (folder / "token").write_text(limits.token(apiserver.client))
    shutil.copyfile(apiserver.home / "pki" / "ca.crt", folder / "ca.crt")
    return folder


def api_of(apiserver: ApiServer, account: Path) -> ClusterApi:
    address = urlsplit(apiserver.url)
    environ = {
        "KUBERNETES_SERVICE_HOST": str(address.hostname),
        "KUBERNETES_SERVICE_PORT": str(address.port),
    }
    access = ClusterAccess(kind="in-cluster", server=apiserver.url)
    return ClusterApi(access, environ, service_account=account)


async def test_it_reads_with_its_own_account_and_through_no_proxy(
    apiserver: ApiServer, account: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Were it asked, nothing would answer.
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    api = api_of(apiserver, account)
    try:
        found = await api.get("/api/v1/namespaces/kaia/serviceaccounts/kaia")
        with pytest.raises(NotReadable) as refused:
            await api.get("/api/v1/namespaces/kaia/secrets")
    finally:
        await api.close()

    assert found["metadata"]["name"] == "kaia"
    assert refused.value.why == "forbidden"


async def test_a_renewed_token_is_taken_without_a_restart(
    apiserver: ApiServer, account: Path
) -> None:
    good = (account / "token").read_text()
    (account / "token").write_text("a.token.that-is-none")
    api = api_of(apiserver, account)
    try:
        with pytest.raises(ClusterError, match="credentials"):
            await api.get("/api/v1/namespaces/kaia")
        (account / "token").write_text(good)
        found = await api.get("/api/v1/namespaces/kaia")
    finally:
        await api.close()

    assert found["metadata"]["name"] == "kaia"


async def test_without_its_files_it_says_so(apiserver: ApiServer, tmp_path: Path) -> None:
    api = api_of(apiserver, tmp_path)
    try:
        with pytest.raises(ClusterError, match="credentials"):
            await api.get("/api/v1/namespaces")
    finally:
        await api.close()


async def test_a_list_of_several_pages_comes_whole(apiserver: ApiServer, account: Path) -> None:
    api = api_of(apiserver, account)
    try:
        roles = "/apis/rbac.authorization.k8s.io/v1/clusterroles"
        names = [
            item["metadata"]["name"]
            async for page in api.pages(roles, {"limit": 7})
            for item in page["items"]
        ]
    finally:
        await api.close()

    assert len(names) == len(set(names)) > 40
