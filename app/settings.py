"""Settings: `LOUDENG_*` in the environment or `.env`; an unknown name or an invalid value stops the start."""

import ipaddress
import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from urllib.parse import parse_qsl, urlsplit

from dotenv import dotenv_values
from pydantic import BeforeValidator, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app import key_files
from app.errors import Misconfigured
from app.key_files import MIN_KEY_BYTES, KeyFiles

PREFIX = "LOUDENG_"
KeyName = Literal["secret", "pii_key"]
KEY_NAMES: tuple[KeyName, ...] = get_args(KeyName)
# Accepted, so that a configuration written for a later version starts; out of the table until something reads them.
RESERVED: frozenset[str] = frozenset()
_WEAK_SECRETS = {"secret", "changeme", "change-me", "password", "loudeng"}


def _split_commas(value: Any) -> Any:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _parse_json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


Numbers = Annotated[tuple[int, ...], NoDecode, BeforeValidator(_split_commas)]
Networks = Annotated[
    tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...], NoDecode, BeforeValidator(_split_commas)
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
    health_port: int | None = Field(
        None,
        ge=1,
        le=65470,
        description="Port at which the worker answers `/health`, `/ready` and `/metrics`; the API processes answer at the "
        "ports after it, one each. Unset: only at `LOUDENG_PORT`.",
    )
    pool: int = Field(
        20,
        ge=4,
        le=200,
        description="Connections to the database that each process opens at most; a worker has one more.",
    )
    secret: str | None = Field(
        None,
        description="Key of the access tokens, at least 32 bytes. Unset: generated once into the data directory (0600).",
    )
    pii_key: str | None = Field(
        None,
        description="Key that encrypts phone numbers, at least 32 bytes. Unset: generated once into the data directory (0600).",
    )
    secret_previous: str | None = Field(
        None,
        description="The key of the access tokens before a rotation: what it signed is still valid. Unset afterwards.",
    )
    pii_key_previous: str | None = Field(
        None,
        description="The key that encrypted phone numbers before a rotation: what it encrypted can still be read. "
        "Unset when `rotate-pii-key` is done.",
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
    demo_history: bool = Field(
        False,
        description="In demo mode, give the street a past: the worker makes the tickets since the last quarter began, and a common life.",
    )
    docs: bool = Field(False, description="Serve the API documentation at `/docs` outside demo mode too.")
    preview: bool = Field(
        False, description="Serve the mini-program in the browser at `/app/` outside demo mode too."
    )
    console: bool = Field(
        False, description="Serve the office's console at `/console/` outside demo mode too."
    )
    wechat_appid: str | None = Field(None, description="The mini-program's appid.")
    wechat_secret: str | None = Field(None, description="The mini-program's secret.")
    wechat_api_base: str = Field("https://api.weixin.qq.com", description="WeChat's server API.")
    wecom_api_base: str = Field(
        "https://qyapi.weixin.qq.com", description="WeCom's server API, which group robots belong to."
    )
    wechat_push_token: str | None = Field(
        None, description="Token of WeChat's message push. Unset: `/wechat/push` answers 404."
    )
    wechat_push_aes_key: str | None = Field(
        None,
        description="AES key of WeChat's message push, 43 characters. Set: safe mode, and plain messages are refused.",
    )
    banned_words: Path | None = Field(
        None,
        description="A file of words, one a line, besides the shipped ones: a text with one of them waits for a person "
        "where WeChat does not check it.",
    )
    wechat_templates: Annotated[dict[str, Any], NoDecode, BeforeValidator(_parse_json)] = Field(
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

    @field_validator("secret", "pii_key", "secret_previous", "pii_key_previous")
    @classmethod
    def _check_secret(cls, value: str | None) -> str | None:
        if value is not None and (
            len(value.encode()) < MIN_KEY_BYTES or set(value.lower().split()) & _WEAK_SECRETS
        ):
            raise ValueError("must be at least 32 bytes and not a well-known word")
        if value is not None and len(set(value)) < 8:
            raise ValueError("repeats too few characters to be secret")
        return value

    @field_validator("database_url")
    @classmethod
    def _check_database_url(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("postgresql://", "postgres://")):
            raise ValueError("must start with postgresql://")
        return value

    @field_validator("wechat_push_aes_key")
    @classmethod
    def _check_aes_key(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"[0-9A-Za-z]{43}", value):
            raise ValueError("must be 43 letters and digits, as the console shows it")
        return value

    @field_validator("banned_words")
    @classmethod
    def _check_banned_words(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError("there is no such file")
        return value

    @field_validator("storage_url")
    @classmethod
    def _check_storage_url(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme != "s3" or not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,62}", parts.netloc):
            raise ValueError("must be s3://bucket or s3://bucket/prefix")
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        if unknown := options.keys() - {"endpoint", "region", "style"}:
            raise ValueError(f"knows endpoint, region and style, not {min(unknown)}")
        if not options.get("endpoint", "https://").startswith(("https://", "http://")):
            raise ValueError("endpoint must start with https:// or http://")
        if options.get("style", "path") not in {"path", "virtual"}:
            raise ValueError("style must be path or virtual")
        return value

    @model_validator(mode="after")
    def _check_demo_host(self) -> "Settings":
        if self.demo and not is_loopback(self.host):
            raise ValueError("LOUDENG_DEMO lets anybody sign in: it needs a loopback LOUDENG_HOST")
        return self

    def key(self, name: KeyName) -> bytes:
        """Return the configured key, or the one generated into the data directory. Raises Misconfigured."""
        return self.keys(name)[0]

    def keys(self, name: KeyName) -> tuple[bytes, ...]:
        """Return the key that encrypts or signs, and after it the previous one, which still reads. Raises Misconfigured."""
        given, previous = getattr(self, name), getattr(self, f"{name}_previous")
        found = (given,) if given else _generated_key(self.data_dir, name).keys()
        return tuple(key.encode() for key in (*found, previous) if key)

    def has_key(self, name: KeyName) -> bool:
        """Tell whether there is a key, without generating one."""
        return getattr(self, name) is not None or key_files.paths(self.data_dir, name)[0].exists()

    def key_source(self, name: KeyName) -> str:
        """Name the setting or the file a key comes from."""
        file, _ = key_files.paths(self.data_dir, name)
        return str(file) if getattr(self, name) is None else f"{PREFIX}{name}".upper()


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@cache
def _generated_key(data_dir: Path, name: KeyName) -> KeyFiles:
    """Return the key `name` of the data directory, generated when missing; two processes at once get the same."""
    return KeyFiles(data_dir, name)


def load() -> Settings:
    """Read the settings. Raises Misconfigured with one line for an unknown name or an invalid value."""
    names = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    variables = {*os.environ, *dotenv_values(".env")}
    unknown = sorted(name for name in variables if name.startswith(PREFIX) and name not in names)
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


def without_effect() -> list[str]:
    """Return the names of the settings that are set here although nothing reads them."""
    return sorted(f"{PREFIX}{name}".upper() for name in RESERVED & get().model_fields_set)


def table() -> str:
    """Return every setting that has an effect as a Markdown table, and the names of the others; docs/settings.md is this."""
    lines = ["# Settings", "", "Printed from `app/settings.py` by `make docs`; do not edit.", ""]
    lines += ["| setting | default | meaning |", "|---|---|---|"]
    for name, info in Settings.model_fields.items():
        if name in RESERVED:
            continue
        default = info.get_default(call_default_factory=True)
        text = "" if default in (None, (), {}) else _format(default)
        lines.append(
            f"| `{PREFIX}{name.upper()}` | {f'`{text}`' if text else 'unset'} | {info.description} |"
        )
    if RESERVED:
        names = ", ".join(f"`{PREFIX}{name.upper()}`" for name in Settings.model_fields if name in RESERVED)
        lines += ["", f"Reserved for a later version, accepted and without effect in this one: {names}."]
    return "\n".join(lines) + "\n"


def _format(default: Any) -> str:
    if isinstance(default, bool):
        return "true" if default else "false"
    return ",".join(map(str, default)) if isinstance(default, tuple) else str(default)
