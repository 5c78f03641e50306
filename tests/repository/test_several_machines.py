"""What is shipped for several processes and machines, compose and Patroni, names what there is and fits together."""

import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from app.__main__ import _parser
from app.serve.supervisor import STOP_SECONDS
from app.settings import PREFIX, Settings

DEPLOY: Final = Path(__file__).parents[2] / "deploy"
COMPOSE: Final[dict[str, Any]] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
SERVICES: Final[dict[str, dict[str, Any]]] = COMPOSE["services"]
OURS: Final = {name: one for name, one in SERVICES.items() if "build" in one}


def test_compose_has_two_of_each_kind_of_process() -> None:
    assert {name: one["deploy"]["replicas"] for name, one in OURS.items()} == {"api": 2, "worker": 2}
    for name, one in OURS.items():
        arguments = _parser().parse_args(one["command"])
        assert (arguments.api_only, arguments.worker_only) == (name == "api", name == "worker")
        assert int(one["stop_grace_period"].removesuffix("s")) > STOP_SECONDS


def test_compose_gives_settings_that_the_program_takes() -> None:
    given: dict[str, str] = OURS["api"]["environment"]
    assert OURS["worker"]["environment"] == given
    ours: dict[str, Any] = {name.removeprefix(PREFIX).lower(): re.sub(r"\$\{\w+:\?\}", "k3y-" * 9 + "abcdef", value)
            for name, value in given.items() if name.startswith(PREFIX)}  # fmt: skip
    assert ours.keys() <= Settings.model_fields.keys()
    settings = Settings(**ours)
    # Only what comes through Caddy says who has asked.
    assert [str(network) for network in settings.trusted_proxies] == [
        COMPOSE["networks"]["default"]["ipam"]["config"][0]["subnet"]
    ]
    assert {name for name in given if not name.startswith(PREFIX)} == {
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
    }


def test_every_value_that_compose_asks_for_is_in_the_example() -> None:
    asked = set(re.findall(r"\$\{(\w+):\?\}", (DEPLOY / "compose.yaml").read_text("utf-8")))
    example = re.findall(r"^(\w+)=", (DEPLOY / "compose.env.example").read_text("utf-8"), re.MULTILINE)
    assert asked == set(example)


def test_what_compose_refers_to_is_there() -> None:
    volumes: list[str] = [
        each.partition(":")[0] for one in SERVICES.values() for each in one.get("volumes", ())
    ]
    for volume in volumes:
        assert (DEPLOY / volume).is_file() if volume.startswith(".") else volume in COMPOSE["volumes"]
    assert {name for one in SERVICES.values() for name in one.get("depends_on", ())} <= SERVICES.keys()
    caddy = (DEPLOY / "caddy/Caddyfile.compose").read_text("utf-8")
    assert f"dynamic a api {Settings.model_fields['port'].default} " in caddy


PATRONI: Final[dict[str, Any]] = yaml.safe_load((DEPLOY / "patroni/patroni.yml").read_text("utf-8"))


def test_patroni_replaces_a_silent_primary_in_time() -> None:
    dcs = PATRONI["bootstrap"]["dcs"]
    assert dcs["synchronous_mode"] is True
    # Patroni's own rule: a primary that cannot reach etcd has stepped down before another one is chosen.
    assert dcs["loop_wait"] + 2 * dcs["retry_timeout"] <= dcs["ttl"] <= 20


@pytest.mark.parametrize(("file", "port"), [("haproxy.cfg", 5432), ("etcd.yml", 2380)])
def test_the_three_nodes_are_the_same_everywhere(file: str, port: int) -> None:
    nodes = {f"10.0.0.1{number}" for number in (1, 2, 3)}
    text = (DEPLOY / "patroni" / file).read_text("utf-8")
    assert set(re.findall(rf"(10\.0\.0\.\d+):{port}", text)) == nodes
    assert {host.partition(":")[0] for host in PATRONI["etcd3"]["hosts"].split(",")} == nodes
    assert PATRONI["restapi"]["connect_address"] == "10.0.0.11:8008"
    assert "check port 8008" in (DEPLOY / "patroni/haproxy.cfg").read_text("utf-8")
