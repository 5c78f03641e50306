"""The real program as processes: killed in the middle of writes, told to stop, shared, raced, set up wrongly."""

import asyncio
import signal
import socket
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.people import API, Person, sign_in, writers
from tests.e2e.program import NOT_CONNECTED, STOPS_WITHIN, Serving, command

LOAD = 0.8  # seconds of writing after something died, or of asking before it stops
WRITERS = 8


def whole(home: Path) -> str:
    """Check the ledger with the program's own command and return what it says."""
    checked = command(home, "verify-ledger")
    assert (checked.returncode, checked.stderr) == (0, ""), checked.stdout
    assert "账本完好" in checked.stdout
    return checked.stdout


@pytest.mark.parametrize("victim", ["postmaster", "api", "worker", "supervisor"])
async def test_no_acknowledged_report_is_lost_when_one_is_killed(
    victim: str, home: Path, serving: Serving
) -> None:
    program = await serving()
    async with httpx.AsyncClient(base_url=program.url) as http:
        person = await sign_in(http)
        body = await person.stair_light()
    async with writers(WRITERS, program.url, person.token, body, beginning=2) as acknowledged:
        processes = program.all()
        program.child(victim).kill()
        await asyncio.sleep(LOAD)
    if victim == "supervisor":
        await program.gone(processes)
        program = await serving()
    await program.ready()
    everything = [ticket for one in acknowledged for ticket in one.values()]
    assert len(everything) == len(set(everything))
    assert len(everything) > WRITERS
    async with httpx.AsyncClient(base_url=program.url, timeout=10) as http:
        person = await sign_in(http)
        there = {ticket["id"] async for ticket in all_of(person)}
        assert set(everything) - there == set()
        for one in acknowledged:
            key, ticket = list(one.items())[-1]
            again = await person.post("/tickets", body, key)
            assert (again.status_code, again.json()["id"]) == (201, ticket)
            assert again.headers["idempotent-replayed"] == "true"
    whole(home)


async def all_of(person: Person) -> AsyncIterator[dict[str, Any]]:
    """Read every ticket of a person's own, page by page."""
    cursor: dict[str, str] = {}
    while True:
        page = await person.get("/tickets", box="mine", limit=100, **cursor)
        for ticket in page["items"]:
            yield ticket
        if page["next"] is None:
            return
        cursor = {"cursor": page["next"]}


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
async def test_told_to_stop_it_answers_what_is_in_flight_and_leaves_nothing_behind(
    how: signal.Signals, home: Path, serving: Serving
) -> None:
    program = await serving()
    async with httpx.AsyncClient(base_url=program.url) as http:
        person = await sign_in(http)
        body = await person.stair_light()
    processes = program.all()
    assert len(processes) >= 4  # supervisor, API, worker, postmaster
    under_way = [await half_sent(program.port, person.token, body) for _ in range(20)]
    await asyncio.sleep(0.2)
    told = time.monotonic()
    program.tell(how)
    await asyncio.sleep(0.5)
    answers = await asyncio.gather(*(finish(*one) for one in under_way))
    assert set(answers) == {b"HTTP/1.1 201 Created"}
    await program.gone(processes)
    assert time.monotonic() - told < STOPS_WITHIN
    assert program.process.wait() == 0


async def test_who_asks_while_it_stops_is_answered_and_sent_away_or_not_let_in(
    home: Path, serving: Serving
) -> None:
    program = await serving()
    async with httpx.AsyncClient(base_url=program.url) as http:
        token = (await sign_in(http)).token
    asking = [asyncio.create_task(ask_until_refused(program.url, token)) for _ in range(WRITERS)]
    await asyncio.sleep(LOAD)
    processes = program.all()
    program.tell(signal.SIGTERM)
    last = await asyncio.gather(*asking)
    assert [answer.headers["connection"] for answer in last] == ["close"] * WRITERS
    await program.gone(processes)


async def ask_until_refused(url: str, token: dict[str, str]) -> httpx.Response:
    """Ask without a pause until no connection is made any more; return the last answer. A lost one raises."""
    async with httpx.AsyncClient(base_url=url, headers=token, timeout=5) as http:
        answer = await http.get(f"{API}/me")
        while True:
            try:
                answer = await http.get(f"{API}/me")
            except NOT_CONNECTED:
                return answer


Half = tuple[asyncio.StreamReader, asyncio.StreamWriter, bytes]


async def half_sent(port: int, token: dict[str, str], body: dict[str, Any]) -> Half:
    """Begin to send a report; return what is left of it."""
    content = httpx.Request("POST", "http://test", json=body).content
    lines = (
        f"POST {API}/tickets HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: {token['Authorization']}",
        "Content-Type: application/json",
        f"Content-Length: {len(content)}",
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write("\r\n".join((*lines, "", "")).encode() + content[:10])
    await writer.drain()
    return reader, writer, content[10:]


async def finish(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, rest: bytes) -> bytes:
    """Send the rest and return the first line of the answer."""
    writer.write(rest)
    answer = await reader.readline()
    await reader.read()
    writer.close()
    return answer.strip()


async def test_a_second_command_shares_the_running_database(home: Path, serving: Serving) -> None:
    program = await serving()
    postmaster = program.child("postmaster")
    async with httpx.AsyncClient(base_url=program.url) as http:
        person = await sign_in(http)
        answer = await person.post("/tickets", await person.stair_light())
        assert answer.status_code == 201
        assert "：0 张工单" not in await asyncio.to_thread(whole, home)
        assert postmaster.is_running()
        assert (await person.get(f"/tickets/{answer.json()['id']}"))["status"] == "new"


async def test_a_ticket_left_alone_rises_by_itself_and_its_timeline_says_so(
    home: Path, serving: Serving
) -> None:
    program = await serving(sla_scale=0.002)
    async with httpx.AsyncClient(base_url=program.url) as http:
        person = await sign_in(http)
        made = await person.post("/tickets", await person.stair_light(category="lift_trapped"))
        ticket = made.json()
        assert (ticket["level"], ticket["holder"]["label"]) == (1, "万寿山社区第四网格")
        async with asyncio.timeout(10):
            while ticket["level"] == 1:
                await asyncio.sleep(0.1)
                ticket = await person.get(f"/tickets/{ticket['id']}")
        page = await person.get(f"/tickets/{ticket['id']}/events")
    assert [event["type"] for event in page["items"]][:4] == [
        "ticket.submitted",
        "ticket.reminded",
        "ticket.overdue",
        "ticket.escalated",
    ]
    assert [event["actor"] for event in page["items"]][1:4] == [None, None, None]


async def test_of_twenty_who_accept_at_once_in_two_processes_one_wins(home: Path, serving: Serving) -> None:
    program = await serving(workers=2)
    async with httpx.AsyncClient(base_url=program.url) as http:
        resident, head = await sign_in(http), await sign_in(http, "grid_head")
        body = await resident.stair_light()
        connections = [httpx.AsyncClient(base_url=program.url, headers=head.token) for _ in range(20)]
        await asyncio.gather(*(one.get("/health") for one in connections))
        for _ in range(6):
            ticket = (await resident.post("/tickets", body)).json()
            address, said = f"{API}/tickets/{ticket['id']}/accept", {"version": ticket["version"]}
            answers = await asyncio.gather(*(one.post(address, json=said) for one in connections))
            assert sorted(answer.status_code for answer in answers) == [200] + [409] * 19
            events = await resident.get(f"/tickets/{ticket['id']}/events")
            assert [event["type"] for event in events["items"]] == ["ticket.submitted", "ticket.accepted"]
        for one in connections:
            await one.aclose()


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"prot": "8000"}, "LOUDENG_PROT"),
        ({"port": "eight"}, "LOUDENG_PORT"),
        ({"sla_scale": "0"}, "LOUDENG_SLA_SCALE"),
        ({"secret": "short"}, "LOUDENG_SECRET"),
        ({"database_url": "mysql://localhost/loudeng"}, "LOUDENG_DATABASE_URL"),
        ({"host": "0.0.0.0"}, "LOUDENG_DEMO"),
    ],
)
def test_a_mistake_in_the_settings_is_one_clear_line(
    settings: dict[str, object], says: str, tmp_path: Path
) -> None:
    refused = command(tmp_path / "data", "serve", **settings)
    assert refused.returncode == 2
    assert refused.stdout == ""
    assert refused.stderr.startswith("loudeng: ")
    assert refused.stderr.count("\n") == 1
    assert says in refused.stderr
    assert not (tmp_path / "data").exists()


def test_a_port_in_use_is_one_clear_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = command(tmp_path / "data", "serve", port=port)
    assert refused.returncode == 2
    assert refused.stderr == f"loudeng: cannot listen on 127.0.0.1:{port}: Address already in use\n"
