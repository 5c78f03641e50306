"""Behind nginx as it is shipped (deploy/nginx), with a certificate of its own."""

import asyncio
import io
import ipaddress
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which
from typing import Final, NamedTuple

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from PIL import Image

from tests.e2e.people import API, sign_in
from tests.e2e.program import ROOT, Program, Serving, free_port

SHIPPED: Final = ROOT / "deploy/nginx/loudeng.conf"
DOMAIN: Final = "lou.example.cn"
PROXY, OUTSIDE = "127.0.0.1", "127.0.0.2"  # Linux has all of 127.0.0.0/8
SLOW_CLIENTS: Final = 120  # more than requests may run at once


class Nginx(NamedTuple):
    """Its addresses, and what trusts its certificate."""

    http: str
    https: str
    tls: ssl.SSLContext

    def client(self, token: dict[str, str] | None = None) -> httpx.AsyncClient:
        """Return a client from outside."""
        transport = httpx.AsyncHTTPTransport(verify=self.tls, local_address=OUTSIDE)
        return httpx.AsyncClient(transport=transport, base_url=self.https, headers=token, timeout=60)


@pytest.fixture(scope="module")
async def program(serving: Serving) -> Program:
    return await serving(trusted_proxies=f"{PROXY}/32", metrics_token="t" * 32)


@pytest.fixture(scope="module")
async def nginx(program: Program, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Nginx]:
    async with running(program.port, tmp_path_factory.mktemp("nginx")) as it:
        yield it


@asynccontextmanager
async def running(port: int, folder: Path) -> AsyncIterator[Nginx]:
    """Run nginx with the shipped file: other ports and another certificate, nothing else changed."""
    certificate, key = make_certificate(folder)
    plain, secure = free_port(), free_port()
    shipped = SHIPPED.read_text("utf-8")
    for there, here in (
        ("listen 80;", f"listen {PROXY}:{plain};"),
        ("listen 443 ssl", f"listen {PROXY}:{secure} ssl"),
        ("server 127.0.0.1:8000;", f"server 127.0.0.1:{port};"),
        (f"/etc/letsencrypt/live/{DOMAIN}/fullchain.pem", str(certificate)),
        (f"/etc/letsencrypt/live/{DOMAIN}/privkey.pem", str(key)),
    ):
        assert shipped.count(there) == 1, there
        shipped = shipped.replace(there, here)
    places = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{place}_temp_path {folder}/{place};" for place in places)
    user = "user root;" if os.geteuid() == 0 else ""  # the folder is its owner's only
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ {temporary}\n{shipped}\n}}\n",
        "utf-8",
    )
    program = which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program, "run `make nginx`"
    process = await asyncio.create_subprocess_exec(
        program, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")
    )
    try:
        tls = ssl.create_default_context(cafile=str(certificate))
        await answering(secure)
        yield Nginx(f"http://{PROXY}:{plain}", f"https://{PROXY}:{secure}", tls)
    finally:
        process.terminate()
        await process.wait()


async def answering(port: int) -> None:
    for _ in range(200):
        with suppress(OSError):
            _, writer = await asyncio.open_connection(PROXY, port)
            writer.close()
            return
        await asyncio.sleep(0.05)
    pytest.fail("nginx does not answer: its error.log says why")


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate that its own key has signed, for the proxy's address; return both files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, DOMAIN)])
    now = datetime.now(UTC)
    names = [x509.DNSName(DOMAIN), x509.IPAddress(ipaddress.ip_address(PROXY))]
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    written = folder / "certificate.pem", folder / "key.pem"
    written[0].write_bytes(certificate.public_bytes(pem))
    private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    written[1].write_bytes(key.private_bytes(pem, *private))
    return written


def photo(megabytes: float) -> bytes:
    """Return a photo of this size: nothing in it can be compressed."""
    side = int((megabytes * 1e6 / 3) ** 0.5)
    out = io.BytesIO()
    Image.frombytes("RGB", (side, side), os.urandom(side * side * 3)).save(out, "PNG", compress_level=0)
    return out.getvalue()


async def upload(nginx: Nginx, program: Program, content: bytes) -> httpx.Response:
    async with httpx.AsyncClient(base_url=program.url) as direct:
        person = await sign_in(direct)
    async with nginx.client(person.token) as http:
        return await http.post(f"{API}/photos", files={"file": ("photo.png", content)})


async def test_a_photo_of_eight_megabytes_passes(nginx: Nginx, program: Program) -> None:
    content = photo(8.5)
    assert len(content) > 8 << 20
    assert (await upload(nginx, program, content)).status_code == 201


async def test_a_photo_that_is_too_large_is_refused_in_chinese(nginx: Nginx, program: Program) -> None:
    refused = await upload(nginx, program, photo(11))
    assert refused.status_code == 413
    assert refused.json()["title"] == "内容太大了，请压缩后再上传"


async def test_what_no_photo_can_be_is_refused_before_it_arrives(nginx: Nginx, program: Program) -> None:
    refused = await upload(nginx, program, bytes(14 << 20))
    assert (refused.status_code, refused.headers["content-type"]) == (413, "application/problem+json")


async def test_http_is_sent_to_https(nginx: Nginx) -> None:
    async with httpx.AsyncClient(base_url=nginx.http) as http:
        answer = await http.get("/app/?scene=x", headers={"Host": DOMAIN})
    assert (answer.status_code, answer.headers["location"]) == (301, f"https://{DOMAIN}/app/?scene=x")


async def test_the_audit_trail_has_the_address_that_nginx_saw(nginx: Nginx) -> None:
    made_up = {"X-Forwarded-For": "203.0.113.9"}
    async with nginx.client(made_up) as http:
        admin = await sign_in(http, "admin")
        entries = (await admin.get("/audit"))["items"]
    assert entries[0]["address"] == OUTSIDE


async def test_clients_that_are_slow_to_send_hold_nobody_up(nginx: Nginx) -> None:
    port = httpx.URL(nginx.https).port
    opened = [
        await asyncio.open_connection(PROXY, port, ssl=nginx.tls, server_hostname=DOMAIN)
        for _ in range(SLOW_CLIENTS)
    ]
    try:
        for _, writer in opened:
            writer.write(f"POST {API}/auth/demo HTTP/1.1\r\nHost: {DOMAIN}\r\n".encode())
            writer.write(b'Content-Type: application/json\r\nContent-Length: 30\r\n\r\n{"pers')
            await writer.drain()
        async with nginx.client() as http, asyncio.timeout(5):
            await sign_in(http)
    finally:
        for _, writer in opened:
            writer.transport.abort()


async def test_no_other_protocol_is_spoken(nginx: Nginx) -> None:
    async with nginx.client({"Connection": "Upgrade", "Upgrade": "websocket"}) as http:
        assert (await http.get("/health")).json() == {"status": "ok"}


async def test_figures_are_not_shown_outside(nginx: Nginx, program: Program) -> None:
    token = {"Authorization": f"Bearer {'t' * 32}"}
    async with httpx.AsyncClient(base_url=program.url, headers=token) as direct, nginx.client(token) as http:
        assert (await direct.get("/metrics")).status_code == 200
        assert (await http.get("/metrics")).status_code == 404
