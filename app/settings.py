"""What a deployment may set: `LOUDENG_*` in the environment or `.env`; an unknown name or a bad value stops the start."""

import ipaddress
import json
import os
import re
import secrets
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, urlsplit

from dotenv import dotenv_values
from pydantic import BeforeValidator, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.errors import Misconfigured

PREFIX = "LOUDENG_"
_KNOWN_WEAK = {"secret", "changeme", "change-me", "password", "loudeng"}


def _commas(value: Any) -> Any:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


Numbers = Annotated[tuple[int, ...], NoDecode, BeforeValidator(_commas)]
Networks = Annotated[
    tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...], NoDecode, BeforeValidator(_commas)
]


class Settings(BaseSettings):
    """Every setting with its default; the table in docs/settings.md is generated from these descriptions."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_file_encoding="utf-8", frozen=True, extra="ignore"
    )

    database_url: str | None = Field(
        None, description="Any PostgreSQL ≥ 15. Unset: an embedded PostgreSQL in the data directory."
    )
    data_dir: Path = Field(
        Path("data"), description="Where the embedded database, photos and generated secrets live."
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on.")
    workers: int = Field(1, ge=1, le=64, description="API processes.")
    secret: str | None = Field(
        None,
        description="Key of the access tokens, at least 32 bytes. Unset: generated once into the data directory (0600).",
    )
    pii_key: str | None = Field(
        None,
        description="Key that encrypts phone numbers, at least 32 bytes. Unset: generated once into the data directory (0600).",
    )
    public_url: str | None = Field(
        None, description="Address residents reach this server by; used in QR codes."
    )
    trusted_proxies: Networks = Field(
        (), description="Networks whose `X-Forwarded-For` is believed, separated by commas."
    )
    metrics_token: str | None = Field(
        None, description="Bearer token of `/metrics`. Unset: `/metrics` answers 404."
    )
    storage_url: str | None = Field(
        None,
        description="Where photos are kept: `s3://bucket/prefix?endpoint=https://…&region=…` "
        "(`&style=virtual` where the bucket is part of the host name), credentials from `AWS_ACCESS_KEY_ID`, "
        "`AWS_SECRET_ACCESS_KEY`. Unset: the data directory.",
    )
    demo: bool = Field(
        False,
        description="Load the demo street and let anybody sign in as its people; only on a loopback address.",
    )
    docs: bool = Field(False, description="Serve the API documentation at `/docs` outside demo mode too.")
    preview: bool = Field(
        False, description="Serve the mini-program in the browser at `/app/` outside demo mode too."
    )
    wechat_appid: str | None = Field(None, description="The mini-program's appid.")
    wechat_secret: str | None = Field(None, description="The mini-program's secret.")
    wechat_api_base: str = Field("https://api.weixin.qq.com", description="WeChat's server API.")
    wechat_push_token: str | None = Field(None, description="Token of WeChat's message push.")
    wechat_push_aes_key: str | None = Field(None, description="AES key of WeChat's message push (safe mode).")
    wechat_templates: Annotated[dict[str, Any], NoDecode, BeforeValidator(_json)] = Field(
        default_factory=dict, description="JSON: event → template id and field mapping."
    )
    webhook_retry_seconds: Numbers = Field(
        (0, 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400),
        description="Waits before each delivery attempt, in seconds, separated by commas.",
    )
    webhook_timeout_seconds: float = Field(15, gt=0, description="How long a webhook receiver may take.")
    webhook_allow_networks: Networks = Field(
        (), description="Private networks webhooks may go to, separated by commas."
    )
    sla_scale: float = Field(
        1,
        gt=0,
        description="Multiplies every duration of a ticket's life and treats all clocks as 24x7; for trials.",
    )
    upload_max_bytes: int = Field(10 * 1024 * 1024, ge=1024, description="Largest photo, in bytes.")
    upload_max_pixels: int = Field(50_000_000, ge=1, description="Largest photo, in pixels.")
    rate_limits: Literal["on", "off"] = Field(
        "on", description="`off` switches every rate limit off; for load tests."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Least severe log line that is written."
    )

    @field_validator("secret", "pii_key")
    @classmethod
    def _strong(cls, value: str | None) -> str | None:
        if value is not None and (len(value.encode()) < 32 or set(value.lower().split()) & _KNOWN_WEAK):
            raise ValueError("must be at least 32 bytes and not a well-known word")
        if value is not None and len(set(value)) < 8:
            raise ValueError("repeats too few characters to be secret")
        return value

    @field_validator("database_url")
    @classmethod
    def _postgres(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("postgresql://", "postgres://")):
            raise ValueError("must start with postgresql://")
        return value

    @field_validator("storage_url")
    @classmethod
    def _bucket(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme != "s3" or not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,62}", parts.netloc):
            raise ValueError("must be s3://bucket or s3://bucket/prefix")
        asked = dict(parse_qsl(parts.query, keep_blank_values=True))
        if unknown := asked.keys() - {"endpoint", "region", "style"}:
            raise ValueError(f"knows endpoint, region and style, not {min(unknown)}")
        if not asked.get("endpoint", "https://").startswith(("https://", "http://")):
            raise ValueError("endpoint must start with https:// or http://")
        if asked.get("style", "path") not in {"path", "virtual"}:
            raise ValueError("style must be path or virtual")
        return value

    @model_validator(mode="after")
    def _demo_stays_home(self) -> "Settings":
        if self.demo and not is_loopback(self.host):
            raise ValueError("LOUDENG_DEMO lets anybody sign in: it needs a loopback LOUDENG_HOST")
        return self

    def key(self, name: Literal["secret", "pii_key"]) -> bytes:
        """Return the key set by the deployment, or the one generated once into the data directory."""
        return (getattr(self, name) or _generated(self.data_dir, name)).encode()


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@cache
def _generated(data_dir: Path, name: str) -> str:
    """Read `name` from the data directory, making it first when missing; two processes agree on one."""
    path = data_dir / f"{name}.key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        fresh = data_dir / f".{name}.{secrets.token_hex(4)}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        try:
            os.link(fresh, path)  # fails when another process was faster: its key counts
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text()


def load() -> Settings:
    """Read the settings; raise Misconfigured with one clear line for an unknown name or a bad value."""
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    given = {*os.environ, *dotenv_values(".env")}
    unknown = sorted(name for name in given if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise Misconfigured(f"unknown setting {unknown[0]}; docs/settings.md lists them all")
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"{PREFIX}{first['loc'][0]}".upper() if first["loc"] else "settings"
        raise Misconfigured(f"{name}: {first['msg'].removeprefix('Value error, ')}") from None
    except ValueError as error:
        raise Misconfigured(f"settings: {error}") from None


@cache
def get() -> Settings:
    """Return the settings of this process, read once."""
    return load()


def table() -> str:
    """Return every setting as a Markdown table; docs/settings.md is this."""
    lines = ["# Settings", "", "Printed from `app/settings.py` by `make docs`; do not edit.", ""]
    lines += ["| setting | default | meaning |", "|---|---|---|"]
    for name, info in Settings.model_fields.items():
        default = info.get_default(call_default_factory=True)
        shown = "" if default in (None, (), {}) else _shown(default)
        lines.append(
            f"| `{PREFIX}{name.upper()}` | {f'`{shown}`' if shown else 'unset'} | {info.description} |"
        )
    return "\n".join(lines) + "\n"


def _shown(default: Any) -> str:
    if isinstance(default, bool):
        return "true" if default else "false"
    return ",".join(map(str, default)) if isinstance(default, tuple) else str(default)
